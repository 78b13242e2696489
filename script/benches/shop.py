"""A shop with many customers and orders, made up but always the same."""

import json
import random
import tempfile
from datetime import datetime, timedelta

from common import MODULE, copy_rows, ensure_database, environment, vacuum
from measure import note

from odoo.service.db import exp_db_exist
from odoo.sql_db import db_connect
from odoo.tools import SQL

SEED = 20260101
START, END = datetime(2024, 1, 1), datetime(2026, 1, 1)
"""24 months of orders."""
CUSTOMER_SIGMA = 1.64
ORDER_SIGMA = 0.5
"""Spread of the log-normal amounts: between customers, and between the orders of one.
Together they let the top fifth of the customers hold about 80 % of the amount."""
MEDIAN_ORDER = 2_000
MARKER = "customer_care.bench"


def ensure_shop(db, customers, orders):
    """Make the database of a bench, or take it up again if it is of the same size."""
    take_up(
        db,
        {"customers": customers, "orders": orders},
        lambda env: generate(env, customers, orders),
    )


def take_up(db, size, fill, module=MODULE):
    """Take a database up again if it is of the same size, else make it.

    :param size: {what there is: how many}
    :param fill: puts it there, gets an environment
    """
    wanted = json.dumps({"seed": SEED} | size)
    found = read_marker(db)
    if found == wanted:
        note(f"using the database {db}")
        ensure_database(db, module=module, upgrade=True)
        return
    numbers = ", ".join(f"{number:,} {name}" for name, number in size.items())
    note(f"generating {numbers} in {db}")
    ensure_database(db, module=module, fresh=found is not None)
    with environment(db) as env:
        env["ir.config_parameter"].set_param(MARKER, "unfinished")
    with environment(db) as env:
        fill(env)
        env["ir.config_parameter"].set_param(MARKER, wanted)
    vacuum(db)


def read_marker(db):
    """What an earlier bench made in ``db``; None if there is no such database.

    :raise SystemExit: the database is somebody else's, so it is not touched
    """
    if not exp_db_exist(db):
        return None
    with db_connect(db).cursor() as cr:
        cr.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [MARKER])
        row = cr.fetchone()
    if not row:
        raise SystemExit(f"{db} is not a database of a bench; choose another --db.")
    return row[0]


def generate(env, customers, orders, end=END):
    """:param end: end of the 24 months of orders"""
    partner, order = first_rows(env)
    env.flush_all()
    add_customers(env.cr, partner, customers)
    if orders:
        stage_orders(env.cr, customers, orders)
        add_orders(env.cr, order, end - END)
    order._action_cancel()
    order.unlink()
    partner.unlink()


def first_rows(env):
    """A customer and an order made by Odoo, of which all others are copies."""
    partner = env["res.partner"].create({"name": "Customer", "is_company": True})
    product = env["product.product"].create({"name": "Goods", "type": "service"})
    line = {"product_id": product.id, "price_unit": 1, "tax_ids": []}
    order = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "company_id": env.company.id,
            "date_order": START,
            "state": "sale",
            "order_line": [(0, 0, line)],
        }
    )
    return partner, order


def add_users(env, name, count, group):
    """Users with the logins rep0, rep1 and so on, if ``name`` is rep."""
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"{name.title()} {number}",
                    "login": f"{name}{number}",
                    "group_ids": [(4, env.ref(group).id)],
                }
                for number in range(count)
            ]
        )
    )


def order_rows(customers, orders):
    """Rows (number of the customer, instant, amount), the same in each run; every
    customer has one order at least."""
    rng = random.Random(SEED)
    weights = [rng.lognormvariate(0, CUSTOMER_SIGMA) for _ in range(customers)]
    seconds = int((END - START).total_seconds())
    for number in range(orders):
        customer = number if number < customers else rng.randrange(customers)
        at = START + timedelta(seconds=rng.randrange(seconds))
        amount = MEDIAN_ORDER * weights[customer] * rng.lognormvariate(0, ORDER_SIGMA)
        yield f"{customer}\t{at}\t{amount:.2f}\n"


def stage_orders(cr, customers, orders):
    cr.execute(
        "CREATE TEMP TABLE bench_order (customer int, at timestamp, amount numeric)"
        " ON COMMIT DROP"
    )
    with tempfile.TemporaryFile("w+") as file:
        file.writelines(order_rows(customers, orders))
        file.seek(0)
        cr.copy_expert("COPY bench_order FROM STDIN", file)
    cr.execute("ANALYZE bench_order")


def add_customers(cr, partner, customers):
    """Customers with the references BENCH-0, BENCH-1 and so on."""
    source = SQL(
        "(SELECT nextval('res_partner_id_seq')::int AS id, number"
        "   FROM generate_series(0, %s) AS number) AS src",
        customers - 1,
    )
    name = SQL("'Customer ' || src.number")
    values = {
        "id": SQL("src.id"),
        "commercial_partner_id": SQL("src.id"),
        "name": name,
        "complete_name": name,
        "ref": SQL("'BENCH-' || src.number"),
    }
    copy_rows(cr, "res_partner", partner.id, source, values)
    cr.execute("ANALYZE res_partner")


def add_orders(cr, order, later=timedelta()):
    """Orders without lines, which no review reads.

    :param later: how much later than staged they are
    """
    source = SQL(
        "(SELECT bench_order.*, p.id AS partner_id,"
        "        row_number() OVER (ORDER BY at, customer) AS number"
        "   FROM bench_order JOIN res_partner p ON p.ref = 'BENCH-' || customer"
        "  ORDER BY at, customer) AS src"
    )
    values = {
        "name": SQL("'B' || src.number"),
        "date_order": SQL("src.at + %s", later),
        "partner_id": SQL("src.partner_id"),
        "partner_invoice_id": SQL("src.partner_id"),
        "partner_shipping_id": SQL("src.partner_id"),
        "amount_untaxed": SQL("src.amount"),
        "amount_total": SQL("src.amount"),
    }
    copy_rows(cr, "sale_order", order.id, source, values)


def top_fifth(cr):
    """Percent of the amount that the top fifth of the customers hold."""
    cr.execute(
        """
        SELECT 100 * SUM(amount) FILTER (WHERE place <= customers / 5) / SUM(amount)
          FROM (
            SELECT SUM(amount_untaxed) AS amount, COUNT(*) OVER () AS customers,
                   row_number() OVER (ORDER BY SUM(amount_untaxed) DESC) AS place
              FROM sale_order WHERE state = 'sale' GROUP BY partner_id
          ) AS ranked
        """
    )
    return round(float(cr.fetchone()[0]), 1)
