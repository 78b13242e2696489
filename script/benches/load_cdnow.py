"""Load the CDNOW purchase history and review its customers.

23,570 customers who first bought at the CD shop CDNOW in the first quarter of 1997,
and their 69,659 purchases until June 1998, become customers and confirmed sales orders
of a company "CDNOW". Two reviews as of 1998-07-01, by monthly amount and by share of
sales, are computed and left to approve; the result is printed per tier. Running it
again adds what is missing and computes again.

The data (Fader and Hardie) come with the package lifetimes 0.11.3 on PyPI, of which
only that file is used; it is kept in $XDG_CACHE_HOME/customer_care.
"""

import argparse
import tempfile
import time
from decimal import Decimal

from common import copy_rows, ensure_database, environment, setup, vacuum
from public_data import CUSTOMERS, PURCHASES, cdnow_purchases

from odoo.tools import SQL

REVIEW_DATE = "1998-07-01"
MONTHS = 3
METHODS = {"amount": "monthly amount", "share": "share of sales"}
OWN_TIERS = [
    # code, name, color, from monthly amount, up to share of sales
    ("A", "VIP", 3, 30, 70),
    ("B", "Main", 10, 15, 90),
    ("C", "Ordinary", 4, 5, 99),
    ("D", "Small", 0, 0, 100),
]
"""One customer of the CD shop in eight spends 5 dollars a month or more; the thresholds
that the app brings start at 1,000."""


def run():
    args = parse_arguments()
    purchases = cdnow_purchases()
    setup()
    ensure_database(args.db)
    start = time.monotonic()
    with environment(args.db) as env:
        company = find_or_create_company(env)
        customers, orders = load(company, purchases)
        check(company, purchases)
    print(
        f"Database {args.db}: {customers:,} customers and {orders:,} orders added in "
        f"{time.monotonic() - start:.0f} s; company CDNOW now has {CUSTOMERS:,} "
        f"customers and {PURCHASES:,} orders."
    )
    vacuum(args.db)
    with environment(args.db) as env:
        review_all(find_or_create_company(env))


def parse_arguments():
    summary, details = __doc__.split("\n\n", 1)
    parser = argparse.ArgumentParser(
        prog="script/load-cdnow",
        description=summary,
        epilog=details,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "db", nargs="?", default="cdnow", help="made if missing (default: cdnow)"
    )
    return parser.parse_args()


# ----------------------------------------------------------------------
# Customers and orders
# ----------------------------------------------------------------------


def find_or_create_company(env):
    company = env["res.company"].search([("name", "=", "CDNOW")], limit=1)
    if not company:
        dollar = env.ref("base.USD")
        dollar.active = True
        company = env["res.company"].create(
            {"name": "CDNOW", "currency_id": dollar.id, "care_review_months": MONTHS}
        )
        env.ref("base.user_admin").company_ids += company
    if not env["care.tier"].search_count([("company_id", "=", company.id)]):
        env["care.tier"].create(
            [
                {
                    "company_id": company.id,
                    "code": code,
                    "name": name,
                    "sequence": 10 * place,
                    "color": color,
                    "min_monthly_amount": amount,
                    "max_cumulative_share": share,
                    "is_key_account": place == 1,
                }
                for place, (code, name, color, amount, share) in enumerate(OWN_TIERS, 1)
            ]
        )
    return company.with_company(company)


def load(company, purchases):
    """Make what is missing of all customers and orders.

    The first order is made by Odoo, the others are copies of its rows, so that every
    column holds what Odoo would store. They have no followers and no messages.

    :return: numbers of customers and of orders added
    """
    cr = company.env.cr
    before = count(company)
    first = first_order(company, purchases[0])
    company.env.flush_all()
    stage(cr, purchases)
    add_customers(cr, company, first.partner_id)
    add_orders(cr, company, first)
    add_lines(cr, company, first.order_line)
    company.env.invalidate_all()
    after = count(company)
    return [after[key] - before[key] for key in ("customers", "orders")]


def first_order(company, purchase):
    env = company.env
    customer, nth, day, cds, dollars = purchase
    order = env["sale.order"].search(
        [("company_id", "=", company.id), ("name", "=", order_name(customer, nth))]
    )
    if order:
        return order
    product = env["product.product"].create(
        {
            "name": "CDs",
            "default_code": "CDNOW",
            "type": "service",
            "invoice_policy": "order",
            "company_id": company.id,
            "taxes_id": [],
        }
    )
    partner = env["res.partner"].create(
        {
            "name": f"CDNOW customer {customer}",
            "ref": f"CDNOW-{customer}",
            "company_id": company.id,
        }
    )
    line = {
        "product_id": product.id,
        "name": line_name(cds),
        "product_uom_qty": 1,
        "price_unit": float(dollars),
        "tax_ids": [],
    }
    return env["sale.order"].create(
        {
            "name": order_name(customer, nth),
            "origin": "CDNOW",
            "partner_id": partner.id,
            "company_id": company.id,
            "user_id": False,
            "date_order": f"{day} 12:00:00",
            "state": "sale",
            "order_line": [(0, 0, line)],
        }
    )


def order_name(customer, nth):
    return f"CDNOW-{customer}-{nth:03}"


def line_name(cds):
    """The history knows the dollars of a purchase, not of a CD: one line of it all."""
    return f"{cds} CD" if cds == 1 else f"{cds} CDs"


def stage(cr, purchases):
    """Temporary table of the purchases; noon, so that no time zone moves the day."""
    cr.execute(
        "CREATE TEMP TABLE purchase (ref varchar, partner varchar, name varchar,"
        " at timestamp, description varchar, amount numeric) ON COMMIT DROP"
    )
    with tempfile.TemporaryFile("w+") as rows:
        for customer, nth, day, cds, dollars in purchases:
            name, description = order_name(customer, nth), line_name(cds)
            rows.write(
                f"CDNOW-{customer}\tCDNOW customer {customer}\t{name}\t"
                f"{day} 12:00\t{description}\t{dollars}\n"
            )
        rows.seek(0)
        cr.copy_expert("COPY purchase FROM STDIN", rows)
    cr.execute("ANALYZE purchase")


def add_customers(cr, company, partner):
    missing = SQL(
        """(
            SELECT nextval('res_partner_id_seq')::int AS id, ref, partner
              FROM (SELECT DISTINCT ref, partner FROM purchase ORDER BY ref) AS customer
             WHERE NOT EXISTS (
                    SELECT FROM res_partner p
                     WHERE p.company_id = %s AND p.ref = customer.ref)
        ) AS src""",
        company.id,
    )
    values = {
        "id": SQL("src.id"),
        "commercial_partner_id": SQL("src.id"),
        "name": SQL("src.partner"),
        "complete_name": SQL("src.partner"),
        "ref": SQL("src.ref"),
    }
    return copy_rows(cr, "res_partner", partner.id, missing, values)


def add_orders(cr, company, order):
    missing = SQL(
        """(
            SELECT purchase.*, p.id AS partner_id
              FROM purchase
              JOIN res_partner p ON p.company_id = %(company)s AND p.ref = purchase.ref
             WHERE NOT EXISTS (
                    SELECT FROM sale_order o
                     WHERE o.company_id = %(company)s AND o.name = purchase.name)
          ORDER BY purchase.at, purchase.name
        ) AS src""",
        company=company.id,
    )
    values = {
        "name": SQL("src.name"),
        "date_order": SQL("src.at"),
        "partner_id": SQL("src.partner_id"),
        "partner_invoice_id": SQL("src.partner_id"),
        "partner_shipping_id": SQL("src.partner_id"),
        "amount_untaxed": SQL("src.amount"),
        "amount_total": SQL("src.amount"),
    }
    return copy_rows(cr, "sale_order", order.id, missing, values)


def add_lines(cr, company, line):
    missing = SQL(
        """(
            SELECT purchase.*, o.id AS order_id, o.partner_id
              FROM purchase
              JOIN sale_order o ON o.company_id = %s AND o.name = purchase.name
             WHERE NOT EXISTS (SELECT FROM sale_order_line l WHERE l.order_id = o.id)
          ORDER BY o.id
        ) AS src""",
        company.id,
    )
    amounts = (
        "price_unit",
        "price_subtotal",
        "price_total",
        "price_reduce_taxexcl",
        "price_reduce_taxinc",
        "technical_price_unit",
        "untaxed_amount_to_invoice",
    )
    values = {
        "order_id": SQL("src.order_id"),
        "order_partner_id": SQL("src.partner_id"),
        "name": SQL("src.description"),
    }
    return copy_rows(
        cr,
        "sale_order_line",
        line.id,
        missing,
        values | dict.fromkeys(amounts, SQL("src.amount")),
    )


def count(company):
    cr = company.env.cr
    cr.execute(
        """
        SELECT count(DISTINCT o.partner_id) AS customers,
               count(DISTINCT o.id) AS orders,
               count(line.id) AS lines,
               COALESCE(sum(line.price_subtotal), 0) AS dollars
          FROM sale_order o
     LEFT JOIN sale_order_line line ON line.order_id = o.id
         WHERE o.company_id = %s AND o.origin = 'CDNOW' AND o.state = 'sale'
        """,
        [company.id],
    )
    return cr.dictfetchone()


def check(company, purchases):
    """Raise unless the database holds the history, all of it, once."""
    expected = {
        "customers": CUSTOMERS,
        "orders": PURCHASES,
        "lines": PURCHASES,
        "dollars": float(sum(Decimal(dollars) for *_, dollars in purchases)),
    }
    found = count(company)
    if found != expected:
        raise SystemExit(f"The database has {found}; the history has {expected}.")


# ----------------------------------------------------------------------
# Reviews
# ----------------------------------------------------------------------


def review_all(company):
    """Print both methods with the shared tiers, then with the company's own.

    Only the latter stay: the former are thousands of dollars, so they are computed in
    a savepoint that is rolled back.
    """
    env = company.env
    own = env["care.tier"].search([("company_id", "=", company.id)])
    with env.cr.savepoint(flush=False) as savepoint:
        own.active = False
        reviews = compute_reviews(company)
        print("\nTiers that the app brings (not kept in the database):")
        print_reviews(reviews)
        env.flush_all()
        savepoint.rollback()
    env.invalidate_all(flush=False)
    print("\nTiers of company CDNOW, scaled to a CD shop (kept, to approve):")
    print_reviews(compute_reviews(company))


def compute_reviews(company):
    """The review of each method, computed anew unless somebody has applied it."""
    Review = company.env["care.tier.review"]
    reviews = Review
    for method in METHODS:
        settings = {
            "company_id": company.id,
            "date": REVIEW_DATE,
            "months": MONTHS,
            "source": "sale",
            "method": method,
        }
        review = Review.search(
            [(name, "=", value) for name, value in settings.items()]
            + [("state", "!=", "cancelled")],
            limit=1,
        ) or Review.create(settings)
        if review.state in ("draft", "computed"):
            review.action_compute()
        reviews += review
    return reviews


def print_reviews(reviews):
    row = "{:<15} {:<5} {:>12} {:>10} {:>15} {:>15}"
    heads = ("method", "tier", "bound", "customers", "monthly amount", "share of sales")
    print(row.format(*heads))
    for review in reviews:
        groups = {
            tier: values
            for tier, *values in review.line_ids._read_group(
                [("review_id", "=", review.id)],
                ["computed_tier_id"],
                ["__count", "monthly_amount:sum", "share:sum"],
            )
        }
        scale = review.env["care.tier"]._for_company(review.company_id)
        for tier in scale.union(*groups):
            count, amount, share = groups.get(tier, (0, 0, 0))
            cells = (f"{count:,}", f"{amount:,.2f}", f"{share:.2f} %")
            print(
                row.format(
                    METHODS[review.method], tier.code, bound(review, tier), *cells
                )
            )
    window = f"{reviews[0].date_from} to {reviews[0].date_to}"
    total = f"{reviews[0].amount_total:,.2f} {reviews[0].currency_id.name}"
    print(f"Window {window}: sales {total}.")


def bound(review, tier):
    if review.method == "amount":
        return f"from {tier.min_monthly_amount:,.0f}"
    return f"to {tier.max_cumulative_share:.0f} %"


if __name__ == "__main__":
    run()
