"""Speed of rewards and penalties against a raw SQL insert of the same rows.

Targets of ten months of which every fifth was missed, settled complaints of which every
tenth was answered late, promises of which some were disputed, orders to make good.
Proposing a month from nothing is held against one INSERT of the rows it makes into the
same table; both are rolled back, in alternating order, medians. Then a second run with
nothing to do, and the statement of a person. Prints JSON; exits with 1 if a limit is
not kept.
"""

from common import copy_rows, environment, insert_again, setup, vacuum
from measure import Meter, arguments, limit, machine, report, rounded
from shop import add_customers, add_users, take_up

from odoo.tools import SQL

TABLES = ("care_merit_entry",)
MONTH = "2026-10-01"
MONTHS = 10
TEAMS = 20
PEOPLE = 200
TARGETS_EACH = 10
"""Targets of a customer, one in each month"""
COMPLAINTS_EACH = 4
PROMISES_EACH = 0.4
MISSED_EVERY = 5
LATE_EVERY = 10
ORDERED_EVERY = 100
DISPUTED_EVERY = 20


def main():
    args = parse_arguments()
    setup()
    ensure_merits(args.db, args.customers)
    bench = Bench(args.db, Meter(args.db, TABLES, runs=args.runs))
    bench.prepare()
    bench.meter.compare(bench.raw_propose, bench.propose)
    bench.keep()
    for _run in range(args.runs):
        bench.again()
    for _run in range(args.runs):
        bench.statement()
    report(bench.result())


def parse_arguments():
    parser = arguments("merits", __doc__)
    parser.set_defaults(customers=50_000)
    args = parser.parse_args()
    args.db = args.db or f"bench_merits_{args.customers}"
    return args


def ensure_merits(db, customers):
    """Make the database, or take it up again with an empty ledger."""
    take_up(db, {"customers": customers, "merits": 1}, lambda env: fill(env, customers))
    with environment(db) as env:
        env.cr.execute("DELETE FROM care_merit_entry")
    vacuum(db)


def fill(env, customers):
    env["res.groups"]._switch_care_features(merit=True, promise=True)
    partner = env["res.partner"].create({"name": "Customer", "is_company": True})
    env.flush_all()
    add_customers(env.cr, partner, customers)
    people = add_people(env)
    env.cr.execute(
        "CREATE TEMP TABLE place ON COMMIT DROP AS SELECT id AS partner_id,"
        " row_number() OVER (ORDER BY id) AS number FROM res_partner"
        " WHERE ref LIKE 'BENCH-%'"
    )
    add_targets(env, partner, people)
    add_complaints(env, partner, people)
    add_promises(env, partner, people)


def add_people(env):
    people = add_users(env, "rep", PEOPLE, "sales_team.group_sale_salesman")
    leaders = add_users(env, "boss", TEAMS, "sales_team.group_sale_salesman")
    for number, leader in enumerate(leaders):
        env["crm.team"].create(
            {
                "name": f"Team {number}",
                "user_id": leader.id,
                "member_ids": [(6, 0, people[number::TEAMS].ids)],
            }
        )
    return people


def sql_person(people):
    return SQL("(%s::int[])[(1 + src.number %% %s)::int]", people.ids, len(people))


def add_targets(env, partner, people):
    plan = env["care.plan"].create({"name": "Bench"})
    role = env["care.role"].search([("kind", "=", "salesperson")], limit=1)
    rule = env["care.plan.rule"].create(
        {"plan_id": plan.id, "role_id": role.id, "channel": "visit"}
    )
    target = env["care.plan.target"].create(
        {
            "partner_id": partner.id,
            "rule_id": rule.id,
            "role_id": role.id,
            "channel": "visit",
            "date_start": "2025-01-01",
            "date_end": "2025-01-31",
            "state": "superseded",
        }
    )
    env.flush_all()
    start = SQL("(DATE '2026-01-01' + make_interval(months => src.month::int))::date")
    missed = SQL("(src.number + src.month) %% %s = 0", MISSED_EVERY)
    copy_rows(
        env.cr,
        "care_plan_target",
        target.id,
        SQL(
            "(SELECT partner_id, number, month FROM place,"
            " generate_series(0, %s) AS month) AS src",
            MONTHS - 1,
        ),
        {
            "partner_id": SQL("src.partner_id"),
            "user_id": sql_person(people),
            "channel": SQL(
                "CASE WHEN src.number %% 2 = 0 THEN 'visit' ELSE 'phone' END"
            ),
            "date_start": start,
            "date_end": SQL("%s + (src.number %% 28)::int", start),
            "state": SQL("CASE WHEN %s THEN 'missed' ELSE 'met' END", missed),
            "done": SQL("CASE WHEN %s THEN 0 ELSE 1 END", missed),
        },
    )


def add_complaints(env, partner, people):
    complaint = env["care.complaint"].create(
        {"subject": "Broken", "partner_id": partner.id}
    )
    complaint.action_close()
    env.flush_all()
    at = SQL(
        "TIMESTAMP '2026-01-01' + make_interval(mins => ("
        "(src.number * %s + src.turn) * 7919 %% 430000)::int)",
        COMPLAINTS_EACH,
    )
    late = SQL("(src.number + src.turn) %% %s = 0", LATE_EVERY)
    copy_rows(
        env.cr,
        "care_complaint",
        complaint.id,
        SQL(
            "(SELECT partner_id, number, turn FROM place,"
            " generate_series(1, %s) AS turn) AS src",
            COMPLAINTS_EACH,
        ),
        {
            "partner_id": SQL("src.partner_id"),
            "name": SQL("'B' || src.number || '-' || src.turn"),
            "access_token": SQL("NULL"),
            "user_id": sql_person(people),
            "responsible_id": sql_person(people),
            "received_at": at,
            "closed_at": SQL("%s + interval '3 days'", at),
            "sla_reply_deadline": SQL("%s + interval '4 hours'", at),
            "sla_reply_result": SQL("CASE WHEN %s THEN 'missed' ELSE 'met' END", late),
        },
    )
    # A clock that was kept has no deadline left on the complaint.
    env.cr.execute(
        "UPDATE care_complaint SET sla_reply_deadline = NULL"
        " WHERE sla_reply_result = 'met'"
    )


def add_promises(env, partner, people):
    promise = env["care.promise"].create(
        {"name": "Samples", "partner_id": partner.id, "date_due": "2026-01-01"}
    )
    notice = env["care.notice"].create(
        {
            "kind": "order",
            "user_id": people[0].id,
            "text": "Make it good",
            "date_due": "2026-01-01",
        }
    )
    env.flush_all()
    day = SQL("DATE '2026-01-01' + (src.number %% 300)::int")
    copy_rows(
        env.cr,
        "care_promise",
        promise.id,
        SQL(
            "(SELECT * FROM place WHERE number <= (SELECT COUNT(*) * %s FROM place))"
            " AS src",
            PROMISES_EACH,
        ),
        {
            "partner_id": SQL("src.partner_id"),
            "user_id": sql_person(people),
            "date_due": day,
            "state": SQL(
                "CASE WHEN src.number %% %s = 0 THEN 'disputed' ELSE 'kept' END",
                DISPUTED_EVERY,
            ),
        },
    )
    for source, values in (
        (
            SQL(
                "(SELECT id, date_due, user_id, 'care.promise' AS model"
                " FROM care_promise WHERE state = 'disputed') AS src"
            ),
            {"promise_id": SQL("src.id")},
        ),
        (
            SQL(
                "(SELECT id, date_end AS date_due, user_id, 'care.plan.target' AS model"
                " FROM care_plan_target WHERE state = 'missed' AND id %% %s = 0)"
                " AS src",
                ORDERED_EVERY,
            ),
            {},
        ),
    ):
        copy_rows(
            env.cr,
            "care_notice",
            notice.id,
            source,
            {
                "name": SQL("'N-' || src.model || src.id"),
                "user_id": SQL("src.user_id"),
                "date_due": SQL("src.date_due"),
                "res_model": SQL("src.model"),
                "res_id": SQL("src.id"),
                **values,
            },
        )


class Bench:
    def __init__(self, db, meter):
        self.db = db
        self.meter = meter
        self.sizes = {}

    def prepare(self):
        """The rows that proposing makes, for the raw insert."""
        with environment(self.db) as env:
            env["care.merit.entry"]._propose(MONTH)
            env.cr.execute(
                "DROP TABLE IF EXISTS bench_ready;"
                "CREATE TABLE bench_ready AS SELECT * FROM care_merit_entry"
            )
            self.sizes["entries of the month"] = env["care.merit.entry"].search_count(
                []
            )
            env.cr.execute("DELETE FROM care_merit_entry")
        vacuum(self.db, *TABLES, "bench_ready")

    def propose(self, env):
        with self.meter.step("propose", env):
            env["care.merit.entry"]._propose(MONTH)
        self.meter.agree("rows", self.fingerprint(env))

    def raw_propose(self, env):
        statement = insert_again(env.cr, "care_merit_entry", "bench_ready")
        with self.meter.step("raw insert", env):
            env.cr.execute(statement)
        self.meter.agree("rows", self.fingerprint(env))

    @staticmethod
    def fingerprint(env):
        env.cr.execute(
            """
            SELECT count(*), sum(hashtext(concat_ws('|', res_model, res_id, cause,
                   user_id, department_id, day, month, amount))) FROM care_merit_entry
            """
        )
        return env.cr.fetchone()

    def keep(self):
        """The entries of all months, for good"""
        with environment(self.db) as env:
            env.cr.execute("DROP TABLE IF EXISTS bench_ready")
            for month in range(1, MONTHS + 1):
                env["care.merit.entry"]._propose(f"2026-{month:02}-01")
            self.sizes["entries"] = env["care.merit.entry"].search_count([])
        vacuum(self.db, *TABLES)

    def again(self):
        with environment(self.db) as env:
            before = self.written(env)
            with self.meter.step("second run", env):
                made = env["care.merit.entry"]._propose(MONTH)
            if made or self.written(env) != before:
                raise SystemExit("The second run wrote something.")

    @staticmethod
    def written(env):
        """Rows that this transaction has written to the table"""
        env.cr.execute(
            """
            SELECT pg_stat_get_xact_tuples_inserted(oid),
                   pg_stat_get_xact_tuples_updated(oid)
              FROM pg_class WHERE relname = 'care_merit_entry'
            """
        )
        return env.cr.fetchone()

    def statement(self):
        """The page of a leader with the entries of a month"""
        with environment(self.db) as env:
            leader = env["res.users"].search([("login", "=", "boss1")])
            Statement = env["care.merit.statement"].with_user(leader)
            domain = [("user_id", "=", leader.id), ("month", "=", MONTH)]
            Statement.search(domain).mapped("content")  # reads templates and rights
            with self.meter.step("statement", env):
                [statement] = Statement.search(domain)
                if "o_care_merit_statement" not in statement.content:
                    raise SystemExit("The statement is empty.")
            self.sizes["entries of a statement"] = statement.entry_count

    def result(self):
        meter = self.meter
        with environment(self.db) as env:
            for model in ("care.plan.target", "care.complaint", "care.promise"):
                self.sizes[env[model]._description] = env[model].search_count([])
            facts = machine(env)
        return {
            "bench": "merits",
            "sizes": self.sizes,
            "limits": {
                "propose / raw SQL": limit(
                    meter.median("propose") / meter.median("raw insert"),
                    2,
                    seconds=round(meter.median("propose"), 2),
                    raw_seconds=round(meter.median("raw insert"), 2),
                ),
                "second run, seconds": limit(meter.median("second run"), 1),
                "statement, queries": limit(
                    meter.queries["statement"],
                    15,
                    seconds=round(meter.median("statement"), 3),
                ),
            },
            "runs": meter.runs,
            "seconds": rounded(meter.seconds),
            "queries": meter.queries,
            "machine": facts,
        }


if __name__ == "__main__":
    main()
