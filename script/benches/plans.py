"""Speed of contact plans against a raw SQL insert of the same rows.

Customers of one tier whose plan has 8 rules; each role of each customer has somebody.
Generating from nothing is held against one INSERT of the rows it makes into the same
table; both are rolled back, in alternating order, medians. Then a second run with
nothing to do, the day of a rep with 500 open targets in this database and in one with a
tenth of the customers, and logging one contact. Prints JSON; exits with 1 if a limit is
not kept.
"""

from common import environment, insert_again, setup, vacuum
from measure import Meter, arguments, limit, machine, report, rounded
from shop import add_customers, add_users, take_up

from odoo.tools import SQL

TABLES = ("care_plan_target", "care_interaction")
TODAY = "2026-11-10"
REPS = 40
OPEN_TARGETS = 500
RULES = (
    # role, channel, times, every, unit
    ("sales_rep", "visit", 2, 1, "month"),
    ("sales_rep", "phone", 1, 1, "month"),
    ("beauty_consultant", "onsite", 1, 2, "month"),
    ("beauty_consultant", "phone", 2, 1, "month"),
    ("brand_manager", "visit", 1, 45, "day"),
    ("brand_manager", "phone", 1, 1, "month"),
    ("logistics_manager", "phone", 1, 2, "week"),
    ("care_manager", "phone", 1, 3, "month"),
)


def main():
    args = parse_arguments()
    setup()
    small = f"{args.db}_tenth"
    ensure_plans(args.db, args.customers)
    ensure_plans(small, args.customers // 10)
    bench = Bench(args.db, small, Meter(args.db, TABLES, runs=args.runs))
    bench.prepare()
    bench.meter.compare(bench.raw_generate, bench.generate)
    bench.keep()
    for _run in range(args.runs):
        bench.again()
    bench.day(small, "tenth: ")
    bench.day(args.db, "")
    for _run in range(args.runs):
        with bench.meter.transaction() as env:
            bench.log(env)
    report(bench.result())


def parse_arguments():
    parser = arguments("plans", __doc__)
    parser.set_defaults(customers=20_000)
    args = parser.parse_args()
    args.db = args.db or f"bench_plans_{args.customers}"
    return args


def ensure_plans(db, customers):
    """Make the database, or take it up again without targets and contacts."""
    take_up(db, {"customers": customers, "plans": 1}, lambda env: fill(env, customers))
    with environment(db) as env:
        for table in TABLES:
            env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
    vacuum(db)


def fill(env, customers):
    partner = env["res.partner"].create({"name": "Customer", "is_company": True})
    env.flush_all()
    add_customers(env.cr, partner, customers)
    plan = env["care.plan"].create({"name": "Bench"})
    tier = env.ref("customer_care.care_tier_a")
    tier.plan_id = plan
    env["care.role"].with_context(active_test=False).search([]).active = True
    env["care.plan.rule"].create(
        [
            {
                "plan_id": plan.id,
                "role_id": env.ref(f"customer_care.care_role_{role}").id,
                "channel": channel,
                "times": times,
                "every": every,
                "unit": unit,
                "accept_higher_channel": channel == "phone",
                "date_from": "2024-01-01",
            }
            for role, channel, times, every, unit in RULES
        ]
    )
    users = add_users(env, "rep", REPS, "sales_team.group_sale_salesman")
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO care_partner_tier (partner_id, company_id, tier_id)
        SELECT id, %(company)s, %(tier)s FROM res_partner WHERE ref LIKE 'BENCH-%%';
        INSERT INTO care_account_member (partner_id, role_id, user_id)
        SELECT partner.id, role.id,
               (%(users)s::int[])[1 + (partner.id + role.id) %% %(reps)s]
          FROM res_partner partner,
               (SELECT DISTINCT role_id AS id FROM care_plan_rule
                 WHERE plan_id = %(plan)s) AS role
         WHERE partner.ref LIKE 'BENCH-%%'
        """,
        {
            "company": env.company.id,
            "tier": tier.id,
            "plan": plan.id,
            "users": users.ids,
            "reps": REPS,
        },
    )


class Bench:
    def __init__(self, db, small, meter):
        self.db = db
        self.small = small
        self.meter = meter
        self.sizes = {}

    def prepare(self):
        """The rows that generating makes, for the raw insert."""
        with environment(self.db) as env:
            env["care.plan.target"]._generate(TODAY)
            env.cr.execute(
                "DROP TABLE IF EXISTS bench_ready;"
                "CREATE TABLE bench_ready AS SELECT * FROM care_plan_target"
            )
            self.sizes["rows"] = env["care.plan.target"].search_count([])
            if not self.sizes["rows"]:
                raise SystemExit("Nothing was generated.")
            env.cr.execute("DELETE FROM care_plan_target")
        vacuum(self.db, *TABLES, "bench_ready")

    def generate(self, env):
        with self.meter.step("generate", env):
            env["care.plan.target"]._generate(TODAY)
        self.meter.agree("rows", self.fingerprint(env))

    def raw_generate(self, env):
        statement = insert_again(env.cr, "care_plan_target", "bench_ready")
        with self.meter.step("raw insert", env):
            env.cr.execute(statement)
        self.meter.agree("rows", self.fingerprint(env))

    @staticmethod
    def fingerprint(env):
        env.cr.execute(
            """
            SELECT count(*), sum(hashtext(concat_ws('|', partner_id, rule_id, user_id,
                   date_start, date_end, date_aim, goal, state))) FROM care_plan_target
            """
        )
        return env.cr.fetchone()

    def keep(self):
        """Targets for good; then one rep with exactly 500 open ones in this window."""
        for db in (self.db, self.small):
            with environment(db) as env:
                env.cr.execute("DROP TABLE IF EXISTS bench_ready")
                env["care.plan.target"]._generate(TODAY)
            vacuum(db)

    def again(self):
        with environment(self.db) as env:
            before = self.written(env)
            with self.meter.step("second run", env):
                made = env["care.plan.target"]._generate(TODAY)
            if made or self.written(env) != before:
                raise SystemExit("The second run wrote something.")

    @staticmethod
    def written(env):
        """Rows that this transaction has written to the table."""
        env.cr.execute(
            """
            SELECT pg_stat_get_xact_tuples_inserted(oid),
                   pg_stat_get_xact_tuples_updated(oid)
              FROM pg_class WHERE relname = 'care_plan_target'
            """
        )
        return env.cr.fetchone()

    def day(self, db, which):
        """The queries of the web client for My Contacts, as kanban and as list."""
        with environment(db) as env:
            rep = env["res.users"].search([("login", "=", "rep1")])
            Target = env["care.plan.target"]
            domain = [
                ("user_id", "=", rep.id),
                ("state", "=", "open"),
                ("date_start", "<=", TODAY),
            ]
            mine = Target.search(domain)
            if missing := max(OPEN_TARGETS - len(mine), 0):
                others = [("user_id", "!=", rep.id), *domain[1:]]
                Target.search(others, limit=missing).user_id = rep
            mine[OPEN_TARGETS:].user_id = False
            env.flush_all()
            count = Target.search_count(domain)
            if count != OPEN_TARGETS:
                raise SystemExit(f"{count} open targets, not {OPEN_TARGETS}")
            self.open_views(env(user=rep.id), domain, which)
            env.cr.rollback()

    def open_views(self, env, domain, which):
        Target = env["care.plan.target"].with_context(care_mine=True)
        views = Target.get_views([(False, "kanban"), (False, "list")])["views"]
        for kind in ("kanban", "list"):
            names = Target.fields_get(attributes=["type"])
            spec = {
                name: {"fields": {"display_name": {}}}
                if names[name]["type"] == "many2one"
                else {}
                for name in names
                if f'name="{name}"' in views[kind]["arch"]
            }
            for _run in range(self.meter.runs):
                with self.meter.step(f"{which}my contacts, {kind}", env):
                    if kind == "kanban":
                        Target.web_read_group(
                            domain,
                            ["due"],
                            ["__count"],
                            auto_unfold=True,
                            unfold_read_specification=spec,
                            unfold_read_default_limit=20,
                        )
                    else:
                        Target.web_search_read(domain, spec, limit=80)

    def log(self, env):
        rep = env["res.users"].search([("login", "=", "rep1")])
        target = env["care.plan.target"].search(
            [("user_id", "=", rep.id), ("state", "=", "open")], limit=1
        )
        values = {
            "partner_id": target.partner_id.id,
            "channel": target.channel,
            "state": "done",
            "date_start": "2026-11-09 08:00:00",
            "summary": "All well",
        }
        with self.meter.step("log one contact", env):
            env["care.interaction"].with_user(rep).create(values)

    def result(self):
        meter = self.meter
        limits = {
            "generate / raw SQL": limit(
                meter.median("generate") / meter.median("raw insert"),
                2,
                seconds=round(meter.median("generate"), 2),
                raw_seconds=round(meter.median("raw insert"), 2),
            ),
            "second run, seconds": limit(meter.median("second run"), 1),
            "log one contact, queries": limit(meter.queries["log one contact"], 25),
        }
        for which in ("", "tenth: "):
            for kind in ("kanban", "list"):
                name = f"{which}my contacts, {kind}"
                limits[f"{name}, queries"] = limit(
                    meter.queries[name], 30, seconds=round(meter.median(name), 3)
                )
        with environment(self.db) as env:
            env.cr.execute("SELECT count(*) FROM care_partner_tier")
            self.sizes["customers"] = env.cr.fetchone()[0]
            facts = machine(env)
        return {
            "bench": "plans",
            "sizes": self.sizes | {"rules": len(RULES), "reps": REPS},
            "limits": limits,
            "runs": meter.runs,
            "seconds": rounded(meter.seconds),
            "queries": meter.queries,
            "machine": facts,
        }


if __name__ == "__main__":
    main()
