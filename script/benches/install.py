"""How long it takes to install the app where a company has worked with Odoo for years.

A database with many customers and orders, in which the app has never been, and one that
is empty: a copy of each gets the app, by turns. Prints JSON; exits with 1 if the limit
is not kept.
"""

import time
from statistics import median

from common import MODULE, TEMPLATE, environment, setup, vacuum
from measure import arguments, limit, machine, note, report
from shop import MARKER, generate

from odoo.modules.registry import Registry
from odoo.service.db import exp_db_exist, exp_drop, exp_duplicate_database

LIMIT = 1.5


def main():
    args = parse_arguments()
    setup()
    full = f"{args.db}_{args.customers}_{args.orders}"
    ensure_full(full, args.customers, args.orders)
    seconds = {"empty": [], "full": []}
    for run in range(args.runs):
        for name, source in (("empty", TEMPLATE), ("full", full)):
            seconds[name].append(install(source, f"{args.db}_copy"))
        note(f"run {run + 1} of {args.runs}")
    with environment(f"{args.db}_copy") as env:
        facts = machine(env)
    exp_drop(f"{args.db}_copy")
    empty, loaded = median(seconds["empty"]), median(seconds["full"])
    report(
        {
            "bench": "install",
            "sizes": {"customers": args.customers, "orders": args.orders},
            "limits": {
                "full / empty": limit(
                    loaded / empty,
                    LIMIT,
                    seconds=round(loaded, 1),
                    empty=round(empty, 1),
                )
            },
            "runs": args.runs,
            "machine": facts,
        }
    )


def parse_arguments():
    parser = arguments("install", __doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.set_defaults(db="bench_install")
    return parser.parse_args()


def ensure_full(db, customers, orders):
    """The database with customers and orders, which is kept; an unfinished one is made
    anew."""
    if exp_db_exist(db):
        with environment(db) as env:
            if env["ir.config_parameter"].get_param(MARKER):
                note(f"using the database {db}")
                return
        exp_drop(db)
    note(f"generating {customers:,} customers and {orders:,} orders in {db}")
    exp_duplicate_database(TEMPLATE, db)
    with environment(db) as env:
        generate(env, customers, orders)
        env["ir.config_parameter"].set_param(MARKER, f"{customers} {orders}")
    vacuum(db)


def install(source, db):
    """:return: seconds that installing the app in a copy takes"""
    if exp_db_exist(db):
        exp_drop(db)
    exp_duplicate_database(source, db)
    start = time.perf_counter()
    Registry.new(db, update_module=True, install_modules=[MODULE])
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
