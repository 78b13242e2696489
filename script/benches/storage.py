"""Where the tier of a customer in a company is kept: a row or a jsonb column.

The app keeps one row per customer and company in ``care_partner_tier``, and
``care_tier_id`` of the customer reads, searches, groups and sorts through it. Odoo's
own way, a company-dependent field, is one jsonb column of the customer. A manual field
made for the bench is one; both hold the same tiers of the same customers in two
companies. Medians; prints JSON.
"""

from common import environment, setup, vacuum
from measure import Meter, arguments, machine, note, report
from shop import ensure_shop

from odoo.tools import SQL

JSONB = "x_care_bench_tier_id"
PERCENT = {"A": 4, "B": 14, "C": 34, "D": 96}
"""Share of the customers up to a tier; the rest has none."""


def main():
    args = parse_arguments()
    setup()
    db = args.db or f"bench_storage_{args.customers}"
    ensure_shop(db, args.customers, 0)
    with environment(db) as env:
        add_jsonb_field(env)
    with environment(db) as env:
        companies = add_company(env)
        fill(env, companies)
    vacuum(db)
    meter = Meter(db, ("care_partner_tier", "res_partner"), runs=args.runs)
    meter.compare(*(reader(meter, field) for field in ("care_tier_id", JSONB)))
    meter.compare(writer(meter, write_rows), writer(meter, write_jsonb))
    report(result(db, args, meter))


def parse_arguments():
    return arguments("storage", __doc__).parse_args()


def add_jsonb_field(env):
    Field = env["ir.model.fields"]
    if Field.search_count([("name", "=", JSONB)]):
        return
    Field.create(
        {
            "name": JSONB,
            "field_description": "Tier (bench)",
            "model_id": env["ir.model"]._get_id("res.partner"),
            "ttype": "many2one",
            "relation": "care.tier",
            "company_dependent": True,
            "index": True,
        }
    )


def add_company(env):
    companies = env["res.company"].search([], order="id", limit=2)
    if len(companies) < 2:
        companies += env["res.company"].create({"name": "Second"})
    return companies


def fill(env, companies):
    """The same tiers in both places, spread by a hash of customer and company."""
    tiers = {tier.code: tier.id for tier in env["care.tier"].search([])}
    arms = [
        SQL("WHEN place < %s THEN %s", percent, tiers[code])
        for code, percent in PERCENT.items()
    ]
    env.cr.execute("DELETE FROM care_partner_tier")
    env.cr.execute(
        SQL(
            """
            INSERT INTO care_partner_tier (partner_id, company_id, tier_id)
            SELECT id, company, CASE %(arms)s END
              FROM (
                SELECT p.id, company,
                       abs(hashint8(p.id * 7919 + company)) %% 100 AS place
                  FROM res_partner p, unnest(%(companies)s) AS company
                 WHERE p.ref LIKE 'BENCH-%%'
              ) AS placed
            """,
            arms=SQL(" ").join(arms),
            companies=companies.ids,
        )
    )
    env.cr.execute(
        SQL(
            """
            UPDATE res_partner p SET %s = own.tiers
              FROM (
                SELECT partner_id, jsonb_object_agg(company_id, tier_id) AS tiers
                  FROM care_partner_tier WHERE tier_id IS NOT NULL GROUP BY partner_id
              ) AS own
             WHERE own.partner_id = p.id
            """,
            SQL.identifier(JSONB),
        )
    )


def reader(meter, field):
    """What lists, filters and charts do with the field."""

    def read(env):
        Partner = env["res.partner"]
        best = env["care.tier"].search([("code", "=", "A")])
        steps = {
            "filter A, 80 by name": lambda: Partner.search(
                [(field, "=", best.id)], limit=80
            ).ids,
            "count A": lambda: Partner.search_count([(field, "=", best.id)]),
            "count by tier": lambda: [
                (tier.id, count)
                for tier, count in Partner._read_group([], [field], ["__count"])
            ],
            "80 by tier": lambda: [
                partner[field].id
                for partner in Partner.search([], order=f"{field}, id", limit=80)
            ],
        }
        for name, step in steps.items():
            step()
            with meter.step(f"{field}: {name}", env):
                found = step()
            meter.agree(name, found)

    return read


def writer(meter, write):
    """Another tier for each customer of the first company, set-based."""

    def write_all(env):
        tiers = env["care.tier"].search([]).ids
        following = dict(zip(tiers, tiers[1:] + tiers[:1], strict=True))
        arms = [SQL("WHEN %s THEN %s", *pair) for pair in following.items()]
        with meter.step(write.__name__, env):
            write(env, SQL(" ").join(arms))

    return write_all


def write_rows(env, arms):
    env.cr.execute(
        SQL(
            "UPDATE care_partner_tier SET tier_id = CASE tier_id %s END"
            " WHERE company_id = %s AND tier_id IS NOT NULL",
            arms,
            env.company.id,
        )
    )


def write_jsonb(env, arms):
    env.cr.execute(
        SQL(
            """
            UPDATE res_partner
               SET %(column)s = %(column)s || jsonb_build_object(
                        %(company)s, CASE (%(column)s->>%(company)s)::int %(arms)s END)
             WHERE %(column)s->>%(company)s IS NOT NULL
            """,
            column=SQL.identifier(JSONB),
            company=str(env.company.id),
            arms=arms,
        )
    )


def result(db, args, meter):
    names = ["filter A, 80 by name", "count A", "count by tier", "80 by tier"]
    pairs = {name: (f"care_tier_id: {name}", f"{JSONB}: {name}") for name in names}
    pairs["write all"] = ("write_rows", "write_jsonb")
    table = {
        name: {
            "rows_ms": round(1000 * meter.median(ours), 2),
            "jsonb_ms": round(1000 * meter.median(theirs), 2),
            "jsonb / rows": round(meter.median(theirs) / meter.median(ours), 2),
        }
        for name, (ours, theirs) in pairs.items()
    }
    for name, figures in table.items():
        note(f"{name}: {figures}")
    with environment(db) as env:
        return {
            "bench": "storage",
            "sizes": {"customers": args.customers, "companies": 2},
            "runs": args.runs,
            "milliseconds": table,
            "machine": machine(env),
        }


if __name__ == "__main__":
    main()
