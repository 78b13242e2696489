"""Speed of a manager's reports, pages and lists in a company of several years.

One generated company and one with a tenth of everything: customers with orders, tiers
and their history, complaints with two clocks each, contact targets, contacts and
answers. For each report's default view, the same figures in plain SQL; for dashboard,
month-end report, pages of people, lists, kanbans, the form of a customer and a rep's
day, seconds and queries at both sizes. Reports are read with a cursor that may only
read. Prints JSON; exits with 1 if a limit is not kept.
"""

import json
from datetime import date, datetime, time
from functools import partial
from statistics import median
from time import perf_counter

from answers import copy_answers, first_answer
from client import form_specification, list_specification, read_kanban
from common import copy_rows, environment, setup
from measure import arguments, limit, machine, note, report
from shop import add_users, generate, take_up

from odoo import api
from odoo.fields import Domain
from odoo.modules.registry import Registry
from odoo.tools import SQL, file_open

REPS = 40
DAYS = 730
"""Over so many days up to now orders, complaints, contacts and targets are spread."""
BATCH = 50_000
"""Records at a time, where the ORM keeps them in memory"""
PERIOD = 90
"""Days that the dashboard shows"""
DASHBOARD = "customer_care/data/files/customer_care_dashboard.json"
VIEWS = {
    # report: (domain, groups, measures, the same in plain SQL)
    "care.complaint.report": (
        [("kind", "=", "customer"), ("date", ">=", "-12m")],
        ["date:month"],
        [
            "__count",
            "reply_success:avg",
            "resolve_success:avg",
            "answer_median:avg",
            "late_count:sum",
        ],
        """
        WITH clocks AS (
            SELECT s.complaint_id, s.target,
                   BOOL_OR(s.deadline < COALESCE(s.reached_at,
                                                 now() AT TIME ZONE 'UTC')) AS missed,
                   BOOL_AND(s.reached_at IS NOT NULL) AS reached
              FROM care_sla_status s
              JOIN care_complaint c ON c.id = s.complaint_id
             WHERE s.cancelled IS NOT TRUE
               AND c.received_at >= CURRENT_DATE - interval '1 year' GROUP BY 1, 2)
        SELECT date_trunc('month', c.received_at), COUNT(*),
               AVG(CASE WHEN r.missed THEN 0 WHEN r.reached THEN 100 END),
               AVG(CASE WHEN s.missed THEN 0 WHEN s.reached THEN 100 END),
               PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM
                   LEAST(c.replied_at, c.resolved_at) - c.received_at)),
               COUNT(*) FILTER (WHERE c.closed_at IS NULL
                                AND c.sla_deadline < now() AT TIME ZONE 'UTC')
          FROM care_complaint c
     LEFT JOIN clocks r ON r.complaint_id = c.id AND r.target = 'reply'
     LEFT JOIN clocks s ON s.complaint_id = c.id AND s.target = 'resolve'
         WHERE c.kind = 'customer' AND c.company_id = 1
           AND c.received_at >= CURRENT_DATE - interval '1 year' GROUP BY 1
        """,
    ),
    "care.contact.report": (
        [("date", "<", "today")],
        ["department_id", "user_id"],
        ["__count", "owed:sum", "done:sum", "missed:sum", "attainment:avg"],
        """
        SELECT u.sale_team_id, t.user_id, COUNT(*), SUM(t.goal), SUM(t.counted),
               SUM(t.goal - t.counted) FILTER (WHERE t.state = 'missed'),
               100.0 * SUM(t.counted) / NULLIF(SUM(t.goal), 0)
          FROM care_plan_target t LEFT JOIN res_users u ON u.id = t.user_id
         WHERE t.state <> 'superseded' AND t.date_end < CURRENT_DATE
           AND t.company_id = 1 GROUP BY 1, 2
        """,
    ),
    "care.tier.report": (
        [("direction", "in", ["up", "down"])],
        ["old_tier_id", "new_tier_id"],
        ["__count"],
        """
        SELECT h.old_tier_id, h.new_tier_id, COUNT(*) FROM care_tier_history h
          JOIN care_tier o ON o.id = h.old_tier_id
          JOIN care_tier n ON n.id = h.new_tier_id
         WHERE n.sequence <> o.sequence AND h.company_id = 1 GROUP BY 1, 2
        """,
    ),
    "care.customer.report": (
        [("tier_id", "!=", False)],
        ["tier_id"],
        ["__count", "monthly_amount:sum", "stale_count:sum", "behind_count:sum"],
        """
        SELECT s.tier_id, COUNT(*), SUM(s.monthly_amount),
               COUNT(*) FILTER (WHERE t.verify_days > 0 AND (
                   p.care_verified_date IS NULL
                   OR p.care_verified_date < CURRENT_DATE - t.verify_days)),
               COUNT(*) FILTER (WHERE s.purchase_state IN ('falling', 'lost'))
          FROM care_partner_tier s JOIN care_tier t ON t.id = s.tier_id
          JOIN res_partner p ON p.id = s.partner_id AND p.active
         WHERE s.company_id = 1 GROUP BY 1
        """,
    ),
    "care.satisfaction.report": (
        [("dimension", "=", False)],
        ["date:month", "tier_id"],
        ["__count", "score:avg"],
        """
        SELECT date_trunc('month', end_datetime), care_tier_id, COUNT(*), AVG(score)
          FROM (SELECT a.end_datetime, a.care_tier_id, AVG(care_value) FILTER (
                           WHERE care_measure = 'satisfaction') AS score
                  FROM survey_user_input a
                  JOIN survey_user_input_line l ON l.user_input_id = a.id
                 WHERE a.state = 'done' AND l.care_measure IS NOT NULL
                   AND l.care_dimension IS NULL
              GROUP BY a.id) part
      GROUP BY 1, 2
        """,
    ),
}


def main():
    args = parse_arguments()
    setup()
    large, small = (
        Bench(f"{args.db}_{args.customers // part}", args, part) for part in (1, 10)
    )
    for bench in (small, large):
        bench.ensure()
        bench.run()
    report(result(args, large, small))


def parse_arguments():
    parser = arguments("reports", __doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--complaints", type=int, default=200_000)
    parser.add_argument("--targets", type=int, default=500_000)
    parser.add_argument("--contacts", type=int, default=300_000)
    parser.add_argument("--answers", type=int, default=50_000)
    parser.set_defaults(db="bench_reports")
    return parser.parse_args()


class Bench:
    """One of the two companies

    :param part: what everything is divided by
    """

    open_days = 14
    form = 2
    """Raise it when the company is filled in another way: kept ones are made anew."""

    def __init__(self, db, args, part):
        names = ("customers", "orders", "complaints", "targets", "contacts", "answers")
        self.db = db
        self.runs = args.runs
        self.size = {name: getattr(args, name) // part for name in names}
        self.seconds, self.queries, self.plain = {}, {}, {}

    def ensure(self):
        take_up(self.db, self.size | {"days": DAYS, "form": self.form}, self.fill)

    # What is there -----------------------------------------------------------

    def fill(self, env):
        today = datetime.combine(date.today(), time.min)
        generate(env, self.size["customers"], self.size["orders"], today)
        users = add_users(env, "rep", REPS, "sales_team.group_sale_salesman")
        add_users(env, "manager", 1, "sales_team.group_sale_manager")
        teams = env["crm.team"].create(
            [
                {"name": f"Team {number}", "member_ids": [(6, 0, members.ids)]}
                for number in range(4)
                for members in [users[number::4]]
            ]
        )
        partner = env["res.partner"].search([("ref", "=", "BENCH-0")])
        partner.write({"user_id": users[0].id, "care_manager_id": users[0].id})
        partner.care_tier_id = env.ref("customer_care.care_tier_a")
        answer = self.first_answer(env, partner)
        complaint = self.first_complaint(env, partner)
        contact = env["care.interaction"].create(
            {
                "partner_id": partner.id,
                "user_id": users[0].id,
                "state": "done",
                "summary": "All well",
            }
        )
        env["care.plan.target"]._generate()
        env.flush_all()
        self.add_tiers(env.cr, env.company.id, users.ids)
        self.add_complaints(env.cr, complaint, users.ids)
        self.add_targets(env.cr, users.ids)
        self.add_contacts(env.cr, contact, users.ids)
        self.add_answers(env, answer, users.ids)
        env.cr.execute("ANALYZE")
        note(f"{self.db}: {len(teams)} departments, {len(users)} people")

    @staticmethod
    def first_complaint(env, partner):
        """One complaint made by the app, with a clock for answer and solution"""
        policies = env["care.sla.policy"]
        policies.search([]).active = False
        for target, hours in (("reply", 4), ("resolve", 24)):
            policies.create({"name": target, "target": target, "hours": hours})
        return env["care.complaint"].create(
            {"subject": "Broken", "partner_id": partner.id}
        )

    @staticmethod
    def add_tiers(cr, company, users):
        cr.execute(
            """
            CREATE TEMP TABLE bench_customer ON COMMIT DROP AS
            SELECT id, (row_number() OVER (ORDER BY id) - 1)::int AS number
              FROM res_partner WHERE ref LIKE 'BENCH-%%';
            CREATE INDEX ON bench_customer (number);
            UPDATE res_partner SET
                   user_id = (%(users)s::int[])[1 + id %% %(reps)s],
                   care_manager_id = (%(users)s::int[])[1 + id %% %(reps)s],
                   care_verified_date = CURRENT_DATE - id %% 400
             WHERE ref LIKE 'BENCH-%%';
            INSERT INTO care_partner_tier (
                   partner_id, company_id, tier_id, monthly_amount, purchase_state)
            SELECT c.id, %(company)s, t.id, 100 * (c.number %% 200),
                   (ARRAY['steady', 'growing', 'falling', 'dormant'])[1 + c.number %% 4]
              FROM bench_customer c
              JOIN (SELECT id, row_number() OVER (ORDER BY sequence) - 1 AS place
                      FROM care_tier WHERE company_id IS NULL) t
                ON t.place = c.number %% 4
            ON CONFLICT (partner_id, company_id) DO NOTHING;
            INSERT INTO care_account_member (partner_id, role_id, user_id)
            SELECT c.id, r.id, (%(users)s::int[])[1 + c.id %% %(reps)s]
              FROM bench_customer c, care_role r WHERE r.kind = 'salesperson'
            ON CONFLICT (partner_id, role_id)
            WHERE is_additional IS NOT TRUE DO NOTHING;
            INSERT INTO care_tier_history (
                   partner_id, company_id, date, old_tier_id, new_tier_id,
                   reason_data)
            SELECT c.id, %(company)s, CURRENT_DATE - (c.number * 7 + n * 180) %% 700,
                   o.id, t.id, '[{"code": "text", "text": "Bench"}]'
              FROM bench_customer c, generate_series(0, 2) AS n,
                   (SELECT id, sequence, row_number() OVER (ORDER BY sequence) AS place
                      FROM care_tier WHERE company_id IS NULL) t,
                   (SELECT id, row_number() OVER (ORDER BY sequence) AS place
                      FROM care_tier WHERE company_id IS NULL) o
             WHERE t.place = 1 + (c.number + n) %% 4
               AND o.place = 1 + (c.number + n + 1) %% 4;
            ANALYZE
            """,
            {"company": company, "users": users, "reps": REPS},
        )

    def add_complaints(self, cr, complaint, users):
        """The newest are open; one answer in eight is late."""
        self.stage(cr, "complaint", self.size["complaints"])
        at = SQL("(now() AT TIME ZONE 'UTC')::timestamp(0) - src.ago")
        closed = SQL("src.ago > make_interval(days => %s)", self.open_days)
        copy_rows(
            cr,
            "care_complaint",
            complaint.id,
            SQL("bench_complaint AS src"),
            {
                "id": SQL("src.id"),
                "name": SQL("'B' || src.number"),
                "partner_id": SQL("src.partner_id"),
                "user_id": SQL("(%s::int[])[1 + src.number %% %s]", users, REPS),
                "received_at": at,
                "replied_at": SQL("%s + src.wait", at),
                "resolved_at": SQL(
                    "CASE WHEN %s THEN %s + 5 * src.wait END", closed, at
                ),
                "closed_at": SQL("CASE WHEN %s THEN %s + 6 * src.wait END", closed, at),
                "sla_deadline": SQL(
                    "CASE WHEN NOT %s THEN %s + interval '1 day' END", closed, at
                ),
            },
        )
        for event in complaint.event_ids:
            copy_rows(
                cr,
                "care_complaint_event",
                event.id,
                SQL("bench_complaint AS src"),
                {"complaint_id": SQL("src.id"), "at": at},
            )
        for clock in complaint.sla_ids:
            factor = 1 if clock.target == "reply" else 5
            reached = SQL("%s + %s * src.wait", at, factor)
            if clock.target == "resolve":
                reached = SQL("CASE WHEN %s THEN %s END", closed, reached)
            copy_rows(
                cr,
                "care_sla_status",
                clock.id,
                SQL("bench_complaint AS src"),
                {
                    "complaint_id": SQL("src.id"),
                    "deadline": SQL("%s + %s * interval '7 hours'", at, factor),
                    "reached_at": reached,
                    "over": SQL("%s IS NOT NULL", reached),
                },
            )
        ids = complaint.search([], order="id").ids
        for place in range(0, len(ids), BATCH):
            complaint.browse(ids[place : place + BATCH])._sum_up_sla()
            complaint.env.flush_all()
            complaint.env.invalidate_all()

    def add_targets(self, cr, users):
        """Windows of a month; one in five was missed, those of now are open."""
        cr.execute("SELECT id FROM care_plan_target ORDER BY id LIMIT 1")
        [target] = cr.fetchone()
        self.stage(cr, "target", self.size["targets"], order="n DESC")
        month = SQL(
            "(date_trunc('month', now())"
            " - make_interval(months => (src.number / %s)::int))::date",
            max(self.size["targets"] // 24, 1),
        )
        copy_rows(
            cr,
            "care_plan_target",
            target,
            SQL(
                "(SELECT s.*, r.id AS rule_id FROM bench_target s JOIN (SELECT id,"
                " row_number() OVER (ORDER BY id) - 1 AS place, COUNT(*) OVER () AS n"
                " FROM care_plan_rule) r ON r.place = s.number %% r.n) AS src"
            ),
            {
                "id": SQL("src.id"),
                "rule_id": SQL("src.rule_id"),
                "partner_id": SQL("src.partner_id"),
                "user_id": SQL("(%s::int[])[1 + src.partner_id %% %s]", users, REPS),
                "date_start": SQL("%s - (src.number %% 997)::int", month),
                "date_end": SQL("(%s + interval '1 month - 1 day')::date", month),
                "date_aim": SQL("%s + (src.number %% 28)::int", month),
                "goal": SQL("1"),
                "done": SQL("CASE WHEN src.number %% 5 = 0 THEN 0 ELSE 1 END"),
                "counted": SQL("CASE WHEN src.number %% 5 = 0 THEN 0 ELSE 1 END"),
                "state": SQL(
                    "CASE WHEN src.number %% 5 <> 0 THEN 'met'"
                    " WHEN src.number < %s THEN 'open' ELSE 'missed' END",
                    self.size["targets"] // 24,
                ),
            },
        )

    def add_contacts(self, cr, contact, users):
        self.stage(cr, "contact", self.size["contacts"])
        at = SQL("(now() AT TIME ZONE 'UTC')::timestamp(0) - src.ago")
        copy_rows(
            cr,
            "care_interaction",
            contact.id,
            SQL("bench_contact AS src"),
            {
                "id": SQL("src.id"),
                "partner_id": SQL("src.partner_id"),
                "user_id": SQL("(%s::int[])[1 + src.partner_id %% %s]", users, REPS),
                "date_start": at,
                "date_end": SQL("%s + interval '1 hour'", at),
                "date": SQL("(%s)::date", at),
                "target_id": SQL("NULL"),
            },
        )

    @staticmethod
    def first_answer(env, partner):
        """Of a customer without an open complaint, to one of the app's ready surveys"""
        env["survey.survey"]._care_make_ready_surveys()
        partner.email = "bench@example.com"
        return first_answer(env, name="Bench", domain=f"[('id', '=', {partner.id})]")

    def add_answers(self, env, answer, users):
        self.stage(env.cr, "answer", self.size["answers"])
        person = SQL("(%s::int[])[1 + src.partner_id %% %s]", users, REPS)
        at = SQL("(now() AT TIME ZONE 'UTC')::timestamp(0) - src.ago")
        copy_answers(
            answer,
            SQL("bench_answer AS src"),
            {
                "id": SQL("src.id"),
                "end_datetime": at,
                "partner_id": SQL("src.partner_id"),
                "care_partner_id": SQL("src.partner_id"),
                "care_user_id": person,
                "care_manager_id": person,
            },
        )

    def stage(self, cr, name, count, order="ago DESC"):
        """Numbers, customers and times of ``count`` rows, always the same

        :param order: the oldest first, as people enter them: PostgreSQL reads the rows
            of a month much faster where they lie together
        """
        table = {
            "complaint": "care_complaint",
            "target": "care_plan_target",
            "contact": "care_interaction",
            "answer": "survey_user_input",
        }[name]
        cr.execute(
            SQL(
                """
                CREATE TEMP TABLE %(stage)s ON COMMIT DROP AS
                SELECT nextval(%(sequence)s)::int AS id, n AS number,
                       partner_id, ago,
                       make_interval(mins => (n * 131 %% 480)::int) AS wait
                  FROM (SELECT n, c.id AS partner_id,
                               make_interval(secs => n::bigint * 7919 %% %(seconds)s)
                                   AS ago
                          FROM generate_series(1, %(count)s) AS n
                          JOIN bench_customer c
                            ON c.number = n::bigint * 31 %% %(customers)s
                      ORDER BY %(order)s, n) AS src
                """,
                stage=SQL.identifier(f"bench_{name}"),
                order=SQL(order),  # pylint: disable=sql-injection
                sequence=f"{table}_id_seq",
                seconds=DAYS * 86400,
                count=count,
                customers=self.size["customers"],
            )
        )

    # What is measured -----------------------------------------------------------

    def run(self):
        for _run in range(self.runs):
            with Registry(self.db).cursor(readonly=True) as cr:
                self.measure_reports(cr)
        for _run in range(self.runs):
            with environment(self.db) as env:
                self.measure_pages(env)
                env.cr.rollback()
        note(f"{self.db}: {self.runs} runs")

    def measure_reports(self, cr):
        cr.execute("SET TRANSACTION READ ONLY")
        env = self.manager(api.Environment(cr, 1, {}))
        self.timed("dashboard", env, lambda: self.dashboard(env))
        for model, (domain, groups, measures, plain) in VIEWS.items():
            view = partial(env[model].formatted_read_group, domain, groups, measures)
            self.timed(model, env, view)
            start = perf_counter()
            cr.execute(plain)
            cr.fetchall()
            self.plain.setdefault(model, []).append(perf_counter() - start)

    def measure_pages(self, env):
        env = self.manager(env)
        rep = env["res.users"].search([("login", "=", "rep0")])
        month = env["care.month.report"].new({"company_id": env.company.id})
        pages = {
            "month-end report": lambda: month.content,
            "page of a person": lambda: env["care.evaluation"].browse(rep.id).content,
            "list of people": lambda: first_page(env["care.evaluation"]),
            "complaints": lambda: first_page(
                env["care.complaint"], [("closed_at", "=", False)]
            ),
            "complaints, kanban": lambda: read_kanban(
                env["care.complaint"], [("closed_at", "=", False)]
            ),
            "contacts": lambda: first_page(env["care.interaction"]),
            "contacts, kanban": lambda: read_kanban(env["care.interaction"], []),
            "answers": lambda: first_page(env["care.answer"]),
            "all contacts due": lambda: first_page(
                env["care.plan.target"], [("state", "=", "open")]
            ),
            "customers": lambda: first_page(env["res.partner"]),
            "customers, kanban": lambda: read_kanban(env["res.partner"], []),
            "form of a customer": lambda: open_form(env["res.partner"]),
            "a rep's contacts": lambda: first_page(
                env["care.plan.target"].with_user(rep),
                [("user_id", "=", rep.id), ("state", "=", "open")],
            ),
            "a rep's day": lambda: read_kanban(
                env["care.plan.target"].with_user(rep),
                [("user_id", "=", rep.id), ("state", "=", "open")],
            ),
        }
        for name, page in pages.items():
            self.timed(name, env, page)

    def manager(self, env):
        return env(user=env["res.users"].search([("login", "=", "manager0")]).id)

    def timed(self, name, env, work):
        env.invalidate_all()
        queries, start = env.cr.sql_log_count, perf_counter()
        work()
        self.seconds.setdefault(name, []).append(perf_counter() - start)
        self.queries[name] = env.cr.sql_log_count - queries

    @staticmethod
    def dashboard(env):
        for model, method, args in dashboard_calls(env):
            getattr(env[model], method)(*args)


def dashboard_calls(env):
    """All that the spreadsheet asks for, over the period it begins with.

    :return: [(model, method, arguments)]
    """
    with file_open(DASHBOARD) as file:
        book = json.load(file)
    calls = []
    for pivot in book["pivots"].values():
        groups = [row["fieldName"] for row in pivot["rows"]]
        measures = [measure["fieldName"] for measure in pivot["measures"]]
        name, method, args = group(env, pivot["model"], pivot, groups, measures)
        if groups:
            method, args[1] = "formatted_read_grouping_sets", [[], groups]
        calls.append((name, method, args))
    for figure in book["sheets"][0]["figures"]:
        data = figure["data"]
        if data["type"] != "scorecard":
            meta = data["metaData"]
            source = data | {"domain": data["searchParams"]["domain"]}
            calls.append(
                group(env, meta["resModel"], source, meta["groupBy"], [meta["measure"]])
            )
    for found in book["lists"].values():
        order = found["orderBy"][0]["name"]
        args = [found["domain"], found["columns"], 0, 10, order]
        calls.append((found["model"], "search_read", args))
    return calls


def group(env, name, source, groups, measures):
    model, domain = env[name], source["domain"]
    if match := source["fieldMatching"].get("care-period"):
        since = PERIOD * (1 - match.get("offset", 0))
        domain = Domain(domain) & Domain(match["chain"], ">=", f"-{since}d")
        if since > PERIOD:
            domain &= Domain(match["chain"], "<", f"-{since - PERIOD}d")
    aggregates = [
        name if name == "__count" else f"{name}:{model._fields[name].aggregator}"
        for name in measures
    ]
    return name, "formatted_read_group", [list(domain), groups, aggregates]


def first_page(model, domain=()):
    model.web_search_read(
        list(domain), list_specification(model.env, model._name), limit=80
    )
    model.search_count(list(domain), limit=10_001)


def open_form(model):
    specification = form_specification(model.env, model._name)
    model.search([("ref", "=", "BENCH-7")]).web_read(specification)


def result(args, large, small):
    limits = {}
    for name, seconds in large.seconds.items():
        limits[name] = limit(
            median(seconds),
            1,
            tenth=round(median(small.seconds[name]), 3),
            queries=large.queries[name],
            queries_tenth=small.queries[name],
        )
    for model, plain in large.plain.items():
        ratio = median(large.seconds[model]) / median(plain)
        at_most = 1.5 if model == "care.satisfaction.report" else 2
        limits[f"{model} ÷ plain SQL"] = limit(
            ratio, at_most, plain=round(median(plain), 3)
        )
    with environment(large.db) as env:
        facts = machine(env)
    return {"size": large.size, "runs": args.runs, "limits": limits, "machine": facts}


if __name__ == "__main__":
    main()
