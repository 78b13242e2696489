"""Databases and set-based copies of rows, for the benches and ``load-cdnow``.

Runs in Odoo's own Python, with ``ODOO_RC`` naming the configuration.
"""

import os
from contextlib import contextmanager

import odoo.cli  # noqa: F401  sets Odoo's process up (time zone, garbage collector)
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.db import exp_db_exist, exp_drop, exp_duplicate_database
from odoo.sql_db import db_connect
from odoo.tools import SQL, config

MODULE = "customer_care"
TEMPLATE = os.environ["CARE_TEMPLATE"]
"""Database with the dependencies of the module, without demo data; script/bench and
script/load-cdnow make it and say its name."""


def setup():
    """Read the configuration; keep the log to warnings."""
    config.parse_config(["--no-http", "--log-level=warn"], setup_logging=True)


def ensure_database(name, *, module=MODULE, fresh=False, upgrade=False):
    """Make the database ``name`` with the module installed, unless it is there.

    :param module: another one than the app
    :param fresh: drop it first
    :param upgrade: bring the module in it up to date with the code
    """
    if fresh:
        exp_drop(name)
    if not exp_db_exist(name):
        exp_duplicate_database(TEMPLATE, name)
        Registry.new(name, update_module=True, install_modules=[module])
    elif module not in Registry(name)._init_modules:
        raise SystemExit(
            f"The database “{name}” is there, but {module} is not installed in it."
        )
    elif upgrade:
        Registry.new(name, update_module=True, upgrade_modules=[module])


@contextmanager
def environment(name):
    """Superuser environment in a transaction of its own; commits at the end."""
    with Registry(name).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})


def copy_rows(cr, table, row_id, source, values):
    """Insert a copy of row ``row_id`` of ``table`` for each row of ``source``: what
    the ORM stored in that row, in all columns, except for ``values``.

    :param source: SQL of a FROM item named ``src``
    :param values: {column: SQL expression over ``src``}
    :return: number of rows
    """
    cr.execute(
        SQL(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s",
            table,
        )
    )
    columns = [c for (c,) in cr.fetchall() if c != "id" or c in values]
    cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s, %s AS model WHERE model.id = %s",
            SQL.identifier(table),
            SQL(", ").join(SQL.identifier(c) for c in columns),
            SQL(", ").join(values.get(c, SQL.identifier("model", c)) for c in columns),
            source,
            SQL.identifier(table),
            row_id,
        )
    )
    return cr.rowcount


def insert_again(cr, table, source):
    """Statement that inserts the rows of a copy of a table with new ids"""
    cr.execute(SQL("SELECT * FROM %s LIMIT 0", SQL.identifier(source)))
    names = [column.name for column in cr.description if column.name != "id"]
    columns = SQL(", ").join(map(SQL.identifier, names))
    return SQL(
        "INSERT INTO %s (%s) SELECT %s FROM %s",
        SQL.identifier(table),
        columns,
        columns,
        SQL.identifier(source),
    )


def vacuum(name, *tables):
    """VACUUM and ANALYZE tables, all of the database if none is named."""
    with db_connect(name).cursor() as cr:
        cr._cnx.autocommit = True
        for target in [SQL.identifier(table) for table in tables] or [SQL()]:
            cr.execute(SQL("VACUUM (ANALYZE) %s", target))
