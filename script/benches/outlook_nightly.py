"""Speed of the nightly outlook job and of what it is for.

A generated company with 24 months of orders of five lines each. The job is held against
one SQL statement that aggregates the same orders and lines with their intervals; its
peak of memory, the monthly training and the list of reorders have limits of their own.
The job is timed in its batches, as the scheduled action runs it, on rows of the night
before. Prints JSON; exits with 1 if a limit is not kept.
"""

from datetime import datetime, timedelta

from common import copy_rows, environment, setup, vacuum
from measure import Meter, arguments, limit, machine, peak, report, rounded
from shop import add_users, generate, take_up

from odoo.tools import SQL

LINES = 5
PRODUCTS, CATEGORIES = 50, 10
REPS = 40
NIGHT, MEMORY, TRAINING, PAGE = 5, 500, 60, 0.3
TABLES = ("care_outlook", "care_outlook_category", "care_outlook_model")


def main():
    report(measure(parse_arguments("outlook_nightly", __doc__)))


def parse_arguments(name, doc):
    parser = arguments(name, doc)
    parser.add_argument("--orders", type=int, default=1_000_000)
    args = parser.parse_args()
    args.db = args.db or f"bench_outlook_{args.customers}_{args.orders}"
    return args


def measure(args):
    setup()
    size = {"customers": args.customers, "orders": args.orders, "lines": LINES}
    take_up(args.db, size, lambda env: fill(env, args.customers, args.orders))
    return run(args)


def fill(env, customers, orders):
    env["res.groups"]._switch_care_features(outlook=True)
    generate(env, customers, orders, datetime.now() - timedelta(days=1))
    categories = env["product.category"].create(
        [{"name": f"Category {number}"} for number in range(CATEGORIES)]
    )
    products = env["product.product"].create(
        [
            {
                "name": f"Goods {number}",
                "type": "service",
                "categ_id": categories[number % CATEGORIES].id,
            }
            for number in range(PRODUCTS)
        ]
    )
    model = env["sale.order"].create(
        {
            "partner_id": env["res.partner"].create({"name": "Model"}).id,
            "order_line": [
                (0, 0, {"product_id": products[0].id, "price_unit": 1, "tax_ids": []})
            ],
        }
    )
    env.flush_all()
    copy_rows(
        env.cr,
        "sale_order_line",
        model.order_line.id,
        SQL(
            "(SELECT o.id, o.partner_id, o.amount_untaxed, n"
            "   FROM sale_order o, generate_series(1, %s) AS n"
            "  WHERE o.state = 'sale') AS src",
            LINES,
        ),
        {
            "order_id": SQL("src.id"),
            "order_partner_id": SQL("src.partner_id"),
            "product_id": SQL(
                "%s + (src.partner_id * 7 + src.n * (1 + src.id %% 2)) %% %s",
                products[0].id,
                PRODUCTS,
            ),
            "product_uom_qty": SQL("1 + src.id %% 9"),
            "price_subtotal": SQL("src.amount_untaxed / %s", LINES),
            "state": SQL("'sale'"),
        },
    )
    model.order_line.unlink()
    model.unlink()
    give_to_reps(env)


def give_to_reps(env):
    """Every customer belongs to one of the reps and has a tier."""
    reps = add_users(env, "rep", REPS, "sales_team.group_sale_salesman")
    role = env["care.role"].search([("kind", "=", "salesperson")], limit=1)
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO care_account_member (partner_id, role_id, user_id)
        SELECT id, %s, (%s::int[])[1 + id %% %s] FROM res_partner
         WHERE ref LIKE 'BENCH-%%'
        """,
        [role.id, reps.ids, REPS],
    )
    tiers = env["care.tier"].search([])
    env.cr.execute(
        """
        INSERT INTO care_partner_tier (partner_id, company_id, tier_id)
        SELECT id, %s, (%s::int[])[1 + id %% %s] FROM res_partner
         WHERE ref LIKE 'BENCH-%%'
        """,
        [env.company.id, tiers.ids, len(tiers)],
    )


def run(args):
    meter = Meter(args.db, runs=args.runs)
    with environment(args.db) as env:
        company, sizes = env.company, {}
        facts = machine(env)
        night(env, meter, "first night", company)
    vacuum(args.db, *TABLES)
    with environment(args.db) as env:
        for _run in range(args.runs):
            raw(env, meter, env.company)
            night(env, meter, "night", env.company)
    memory = peak()
    with environment(args.db) as env:
        with meter.step("training", env):
            env["care.outlook"]._train(companies=env.company)
        for name in ("care.outlook", "care.outlook.category"):
            sizes[name] = env[name].search_count([])
        rep = env["res.users"].search([("login", "=", "rep0")])
        for user in (rep, env.ref("base.user_admin")):
            page(env, meter, user)
    pages = [name for name in meter.seconds if name.startswith("page")]
    limits = {
        "night / raw SQL": limit(
            meter.median("night") / meter.median("raw orders", "raw lines"), NIGHT
        ),
        "process after the nights, MB": limit(memory, MEMORY),
        "training, s": limit(meter.median("training"), TRAINING),
        "reorders due, s": limit(max(map(meter.median, pages)), PAGE),
    }
    return {
        "machine": facts,
        "sizes": sizes,
        "seconds": rounded(meter.seconds),
        "queries": meter.queries,
        "megabytes": rounded(meter.megabytes),
        "limits": limits,
    }


def night(env, meter, name, company):
    with meter.step(name, env):
        env["care.outlook"]._refresh(companies=company)


def raw(env, meter, company):
    """The least that any solution reads: orders, and lines by category, by day with the
    days between"""
    with meter.step("raw orders", env):
        env.cr.execute(
            """
            SELECT partner, COUNT(*), SUM(amount),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY days)
              FROM (SELECT partner, day, amount,
                           day - LAG(day) OVER (PARTITION BY partner ORDER BY day)
                               AS days
                      FROM (SELECT p.commercial_partner_id AS partner,
                                   o.date_order::date AS day,
                                   SUM(o.amount_untaxed) AS amount
                              FROM sale_order o
                              JOIN res_partner p ON p.id = o.partner_id
                             WHERE o.company_id = %s AND o.state = 'sale'
                          GROUP BY 1, 2) AS daily) AS intervals
          GROUP BY partner
            """,
            [company.id],
        )
        env.cr.fetchall()
    with meter.step("raw lines", env):
        env.cr.execute(
            """
            SELECT partner, category, COUNT(*), SUM(quantity),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY days)
              FROM (SELECT partner, category, day, quantity,
                           day - LAG(day) OVER (
                               PARTITION BY partner, category ORDER BY day) AS days
                      FROM (SELECT p.commercial_partner_id AS partner,
                                   t.categ_id AS category,
                                   o.date_order::date AS day,
                                   SUM(l.product_uom_qty) AS quantity
                              FROM sale_order o
                              JOIN res_partner p ON p.id = o.partner_id
                              JOIN sale_order_line l ON l.order_id = o.id
                              JOIN product_product pp ON pp.id = l.product_id
                              JOIN product_template t ON t.id = pp.product_tmpl_id
                             WHERE o.company_id = %s AND o.state = 'sale'
                          GROUP BY 1, 2, 3) AS daily) AS intervals
          GROUP BY partner, category
            """,
            [company.id],
        )
        env.cr.fetchall()


def page(env, meter, user):
    """What the list of reorders asks the server for"""
    Reorder = env["care.outlook.category"].with_user(user)
    view = Reorder.get_view(view_type="list")
    fields = view["models"]["care.outlook.category"]
    spec = {
        name: {"fields": {"display_name": {}}}
        if Reorder._fields[name].type == "many2one"
        else {}
        for name in fields
    }
    domain = list(Reorder._due()) + (
        [("partner_id.care_member_ids.user_id", "=", user.id)]
        if user.login.startswith("rep")
        else []
    )
    for _run in range(meter.runs):
        with meter.step(f"page of {user.login}", env):
            Reorder.web_search_read(domain, spec, limit=80)


if __name__ == "__main__":
    main()
