"""Opening a customer's form with and without the app, and the upkeep of cards.

Two databases have the same customers, contacts, orders and users; only one has the app,
with tiers, account teams, contact targets and reports. A rep opens the same customers
in both by turns, as the web client does: one call that reads all fields of the form,
with nothing in the cache. Then the nightly job over all cards, from nothing and again,
and one change of a card. The Care tab is read when somebody opens it: its call is
measured apart. Prints JSON; exits with 1 if a limit is not kept.
"""

import random
import statistics

from client import form_specification
from common import TEMPLATE, copy_rows, ensure_database, environment, setup, vacuum
from measure import Meter, arguments, limit, machine, note, report, rounded
from shop import (
    MARKER,
    SEED,
    add_customers,
    add_orders,
    add_users,
    first_rows,
    read_marker,
    stage_orders,
)

from odoo.service.db import exp_drop, exp_duplicate_database
from odoo.tools import SQL

ORDERS_EACH = 3
REPS = 40
OPENED = 60
"""Customers opened per run."""
BATCH_TABLES = ("res_partner", "care_partner_tier")


def main():
    args = parse_arguments()
    setup()
    bare = f"{args.db}_without"
    ensure(args.db, args.customers, app=True)
    ensure(bare, args.customers, app=False)
    bench = Bench(args.db, bare, args)
    for run in range(args.runs + 1):
        names = ["with", "without"]
        for name in names if run % 2 else reversed(names):
            bench.open(name, warm_up=run == 0)
        note(f"open the form: run {run} of {args.runs}")
    bench.job()
    bench.change()
    report(bench.result())


def parse_arguments():
    parser = arguments("card", __doc__)
    args = parser.parse_args()
    args.db = args.db or f"bench_card_{args.customers}"
    return args


def ensure(db, customers, app):
    """Make one of the databases, or take it up again."""
    wanted = f"card {SEED} {customers} {app}"
    found = read_marker(db)
    if found == wanted:
        note(f"using the database {db}")
        if app:
            ensure_database(db, upgrade=True)
        return
    note(f"generating {customers:,} customers in {db}")
    if found is not None:
        exp_drop(db)
    if app:
        ensure_database(db)
    else:
        exp_duplicate_database(TEMPLATE, db)
    with environment(db) as env:
        env["ir.config_parameter"].set_param(MARKER, "unfinished")
    with environment(db) as env:
        fill(env, customers)
        if app:
            fill_app(env)
        env["ir.config_parameter"].set_param(MARKER, wanted)
    if app:
        with environment(db) as env:
            env["care.plan.target"]._generate("2026-01-10")
    vacuum(db)


def fill(env, customers):
    partner, order = first_rows(env)
    partner.email = "customer@example.com"
    env.flush_all()
    add_customers(env.cr, partner, customers)
    stage_orders(env.cr, customers, customers * ORDERS_EACH)
    add_orders(env.cr, order)
    order._action_cancel()
    order.unlink()
    contact = env["res.partner"].create(
        {"name": "Contact", "parent_id": partner.id, "function": "Buyer"}
    )
    env.flush_all()
    source = SQL(
        "(SELECT nextval('res_partner_id_seq')::int AS id, id AS parent_id"
        "   FROM res_partner WHERE ref LIKE 'BENCH-%%') AS src"
    )
    copy_rows(
        env.cr,
        "res_partner",
        contact.id,
        source,
        {
            "id": SQL("src.id"),
            "parent_id": SQL("src.parent_id"),
            "commercial_partner_id": SQL("src.parent_id"),
            "ref": SQL("NULL"),
        },
    )
    contact.unlink()
    partner.unlink()
    users = add_users(env, "rep", REPS, "sales_team.group_sale_salesman")
    env.flush_all()
    env.cr.execute(
        "UPDATE res_partner SET user_id = (%s::int[])[1 + id %% %s]"
        " WHERE ref LIKE 'BENCH-%%'",
        [users.ids, REPS],
    )
    env.cr.execute("ANALYZE")


def fill_app(env):
    """Tiers, teams, a plan, two reports each and roles of the contacts."""
    role = env["care.role"].search([("kind", "=", "salesperson")])
    plan = env["care.plan"].create({"name": "Bench"})
    tier = env.ref("customer_care.care_tier_a")
    tier.plan_id = plan
    env["care.plan.rule"].create(
        [
            {
                "plan_id": plan.id,
                "role_id": role.id,
                "channel": channel,
                "date_from": "2024-01-01",
            }
            for channel in ("visit", "phone")
        ]
    )
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO care_partner_tier (partner_id, company_id, tier_id)
        SELECT id, %(company)s, %(tier)s FROM res_partner WHERE ref LIKE 'BENCH-%%';
        INSERT INTO care_account_member (partner_id, role_id, user_id)
        SELECT id, %(role)s, user_id FROM res_partner WHERE ref LIKE 'BENCH-%%'
            ON CONFLICT DO NOTHING;
        INSERT INTO care_interaction (partner_id, user_id, role_id, company_id, channel,
                                      state, date_start, date_end, date, summary)
        SELECT id, user_id, %(role)s, %(company)s, 'phone', 'done', day, day, day::date,
               'All well'
          FROM res_partner, (VALUES ('2025-11-03 08:00'::timestamp),
                                    ('2025-12-03 08:00'::timestamp)) AS days(day)
         WHERE ref LIKE 'BENCH-%%';
        UPDATE res_partner SET care_decision_role = 'buyer'
         WHERE name = 'Contact' AND parent_id IS NOT NULL;
        ANALYZE
        """,
        {"company": env.company.id, "tier": tier.id, "role": role.id},
    )


class Bench:
    def __init__(self, db, bare, args):
        self.dbs = {"with": db, "without": bare}
        self.args = args
        self.meter = Meter(db, BATCH_TABLES, runs=args.runs)
        self.opens = {"with": [], "without": [], "tab": []}
        self.queries = {"with": [], "without": [], "tab": []}
        rng = random.Random(SEED)
        self.references = [
            f"BENCH-{number}" for number in rng.sample(range(args.customers), OPENED)
        ]

    def open(self, name, warm_up):
        """Each customer by its own rep, as the web client opens the form."""
        meter = Meter(self.dbs[name])
        with environment(self.dbs[name]) as env:
            partners = env["res.partner"].search([("ref", "in", self.references)])
            by_user = partners.grouped("user_id")
            for user, own in by_user.items():
                mine = env(user=user.id, context={"lang": "en_US"})
                specification = form_specification(mine, "res.partner")
                for number in own.ids:
                    partner = mine["res.partner"].browse(number)
                    with meter.step("open", mine):
                        partner.web_read(specification)
                    self.queries[name].append(meter.queries["open"])
                    if name == "with":
                        with meter.step("tab", mine):
                            partner.web_read({"care_card": {}})
                        self.queries["tab"].append(meter.queries["tab"])
            env.cr.rollback()
        if not warm_up:
            self.opens[name].append(statistics.median(meter.seconds["open"]))
            if name == "with":
                self.opens["tab"].append(statistics.median(meter.seconds["tab"]))

    def job(self):
        """All cards, from empty columns and again."""
        with environment(self.dbs["with"]) as env:
            env.cr.execute(
                "UPDATE res_partner SET care_initial = NULL, care_completeness = NULL,"
                " care_card_number = NULL WHERE care_completeness IS NOT NULL"
                " OR care_card_number IS NOT NULL OR care_initial IS NOT NULL"
            )
        vacuum(self.dbs["with"], "res_partner")
        with environment(self.dbs["with"]) as env:
            partners = env["res.partner"].with_context(active_test=False).search([])
            ids = partners.ids
            for step in ("first pass", "second pass"):
                with self.meter.step(step, env):
                    for place in range(0, len(ids), 1000):
                        env["res.partner"].browse(
                            ids[place : place + 1000]
                        )._refresh_care_cards()
            self.cards = len(ids)
            env.cr.rollback()
        vacuum(self.dbs["with"], "res_partner")

    def change(self):
        for _run in range(self.args.runs):
            with self.meter.transaction() as env:
                partner = env["res.partner"].search([("ref", "=", "BENCH-7")])
                own = partner.with_user(partner.user_id)
                own.care_card_number  # noqa: B018  the user's rights are in the cache
                with self.meter.step("change a card", env):
                    own.care_kind = "company"

    def result(self):
        meter = self.meter
        seconds = {
            name: statistics.median(values) for name, values in self.opens.items()
        }
        queries = {
            name: statistics.median(values) for name, values in self.queries.items()
        }
        limits = {
            "open the form, queries more": limit(
                queries["with"] - queries["without"],
                6,
                queries=queries["with"],
                queries_without=queries["without"],
            ),
            "open the form, with / without the app": limit(
                seconds["with"] / seconds["without"],
                1.2,
                seconds=round(seconds["with"], 4),
                seconds_without=round(seconds["without"], 4),
            ),
        }
        with environment(self.dbs["with"]) as env:
            facts = machine(env)
        return {
            "bench": "card",
            "sizes": {"customers": self.args.customers, "partners": self.cards},
            "limits": limits,
            "runs": meter.runs,
            "tab": {"seconds": round(seconds["tab"], 4), "queries": queries["tab"]},
            "open_seconds": {
                name: [round(value, 4) for value in values]
                for name, values in self.opens.items()
            },
            "seconds": rounded(meter.seconds),
            "queries": meter.queries,
            "machine": facts,
        }


if __name__ == "__main__":
    main()
