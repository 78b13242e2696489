"""A desk with many open complaints: the app's, or the one it is held against."""

from common import MODULE, copy_rows, environment, vacuum
from measure import Meter
from shop import add_customers, add_users, take_up

from odoo import fields
from odoo.tools import SQL

AGENTS = 10
"""Users who see and handle all complaints."""
REPS = 40
OWN_CUSTOMERS = 200
"""Of the first rep; the others have the rest."""
OWN_COMPLAINTS = 20
"""That the first rep handles, of anybody's customers."""
QUARTERS = 4
"""Moments are a quarter of a working hour apart."""
REPLY, RESOLVE = 4, 24
"""Working hours of the two policies."""
WARN_REPLY, WARN_RESOLVE = 1, 4
"""Working hours before the deadline at which they warn and escalate."""
NEWEST, SPREAD, LATE = 2, 64, 23
"""Complaints were received at least 2 working hours ago, over 64 quarters; late ones
another 23 hours before."""
FIRST = (NEWEST + LATE) * QUARTERS + SPREAD
"""Moments before now."""
LATE_EACH = 100
"""One of so many complaints is late."""


class Desk:
    """A database with customers, users and policies, which is kept, and open
    complaints, which are made anew by each run as their clocks have gone on."""

    module = MODULE
    model = None
    tables = ()
    agent_group = rep_group = None
    open_domain = late_domain = None
    clock_fields = {}
    """What the page reads beside the fields of the list."""

    def __init__(self, db, runs):
        self.db = db
        self.meter = Meter(db, self.tables, runs=runs)
        self.late = {}

    def milliseconds(self, step):
        return round(1000 * self.meter.median(step), 1)

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    def ensure(self, customers, complaints):
        size = {"customers": customers, "desks": 1}
        take_up(self.db, size, lambda env: self.fill(env, customers), self.module)
        with environment(self.db) as env:
            self.clear(env.cr)
            self.stage(env, complaints)
            self.add_complaints(env)
        vacuum(self.db)
        self.complaints = complaints

    def fill(self, env, customers):
        partner = env["res.partner"].create({"name": "Customer", "is_company": True})
        env.flush_all()
        add_customers(env.cr, partner, customers)
        partner.unlink()
        agents = add_users(env, "agent", AGENTS, self.agent_group)
        reps = add_users(env, "rep", REPS, self.rep_group)
        self.set_up(env, agents, reps)

    def clear(self, cr):
        """Delete, as truncating would empty orders and invoices that refer to it too"""
        table = self.model.replace(".", "_")
        cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
        for log, column in (
            ("mail_message", "model"),
            ("mail_followers", "res_model"),
            ("mail_activity", "res_model"),
        ):
            cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s = %s",
                    SQL.identifier(log),
                    SQL.identifier(column),
                    self.model,
                )
            )

    def moments(self, env):
        """Instants a quarter of a working hour apart, from long before now until the
        last deadline."""
        calendar = env.company.resource_calendar_id
        now = fields.Datetime.now()
        return [
            calendar.plan_hours(place / QUARTERS, now) if place else now
            for place in range(-FIRST, RESOLVE * QUARTERS)
        ]

    def stage(self, env, complaints):
        """Table bench_row: of each complaint its customer, handler and moments. All
        have got their reply; the solution is due in the next days."""
        customers = env["res.partner"].search([("ref", "like", "BENCH-")], order="id")
        agents, rep = self.users(env)
        env.cr.execute(
            """
            CREATE TEMP TABLE bench_row ON COMMIT DROP AS
            SELECT number, late, partner_id, user_id,
                   moments[place] + shift AS received,
                   moments[place + 1] + shift AS replied,
                   moments[place + %(reply)s] + shift AS reply_due,
                   moments[place + %(reply)s - %(warn_reply)s] + shift AS reply_warn,
                   moments[place + %(resolve)s] + shift AS due,
                   moments[place + %(resolve)s - %(warn_resolve)s] + shift AS warn
              FROM (SELECT number, number %% %(late_each)s = 0 AS late,
                           number %% 600 * interval '1 second' AS shift,
                           (%(customers)s::int[])[1 + (hashint4(number) & 2147483647)
                                                    %% %(many)s] AS partner_id,
                           CASE WHEN number %% %(own_each)s = 7 THEN %(rep)s
                                ELSE (%(agents)s::int[])[1 + number %% %(team)s]
                           END AS user_id,
                           %(first)s - %(newest)s - (hashint4(-number) & %(mask)s)
                           - CASE WHEN number %% %(late_each)s = 0 THEN %(late)s
                                  ELSE 0 END AS place
                      FROM generate_series(1, %(complaints)s) AS number) AS rows,
                   (SELECT %(moments)s::timestamp[] AS moments) AS times
            """,
            {
                "complaints": complaints,
                "customers": customers.ids,
                "many": len(customers),
                "agents": agents.ids,
                "team": len(agents),
                "rep": rep.id,
                "own_each": complaints // OWN_COMPLAINTS,
                "late_each": LATE_EACH,
                "moments": self.moments(env),
                "first": FIRST + 1,
                "newest": NEWEST * QUARTERS,
                "mask": SPREAD - 1,
                "late": LATE * QUARTERS,
                "reply": REPLY * QUARTERS,
                "warn_reply": WARN_REPLY * QUARTERS,
                "resolve": RESOLVE * QUARTERS,
                "warn_resolve": WARN_RESOLVE * QUARTERS,
            },
        )
        env.cr.execute("ANALYZE bench_row")

    @staticmethod
    def copy(record, values, source="bench_row AS src"):
        """A copy of the record for each row of bench_row. The statistics are for the
        checks of foreign keys, which were planned for an empty table."""
        cr = record.env.cr
        rows = copy_rows(
            cr,
            record._table,
            record.id,
            SQL(source),
            {name: SQL(f"src.{column}") for name, column in values.items()},
        )
        cr.execute(SQL("ANALYZE %s", SQL.identifier(record._table)))
        return rows

    # ------------------------------------------------------------
    # People
    # ------------------------------------------------------------

    def users(self, env):
        """Those who handle complaints, and a rep with few customers."""
        Users = env["res.users"]
        agents = Users.search([("login", "like", "agent")], order="id", limit=AGENTS)
        return agents, Users.search([("login", "=", "rep0")])

    def agent(self, env):
        return env(user=self.users(env)[0][0].id)

    def rep(self, env):
        return env(user=self.users(env)[1].id)

    # ------------------------------------------------------------
    # Work
    # ------------------------------------------------------------

    def create(self, env, count):
        """As many complaints of different customers, each with two clocks."""
        customers = env["res.partner"].search([("ref", "like", "BENCH-")], limit=count)
        rows = [self.values(env, customer.id) for customer in customers]
        with self.meter.step(f"create {count}", env):
            records = env[self.model].create(rows)
            if count == 1:
                env.cr.commit()
        clocks = len(self.clocks(records))
        if clocks != 2 * count:
            raise SystemExit(f"{clocks} clocks of {count} complaints in {self.db}")

    def move(self, env, count, stage, name):
        records = env[self.model].search([], order="id", limit=count)
        with self.meter.step(f"move {count} {name}", env):
            records.write({"stage_id": env.ref(stage).id})

    def page(self, env, who, specification, count_limit):
        """What the web client asks for, and the count of what is late."""
        records = env[self.model]
        with self.meter.step(f"page, {who}", env):
            records.web_search_read(
                self.open_domain, specification, limit=80, count_limit=count_limit
            )
        with self.meter.step(f"count, {who}", env):
            return records.search_count(self.open_domain + self.late_domain)


class Care(Desk):
    """The app."""

    model = "care.complaint"
    tables = ("care_complaint", "care_complaint_event", "care_sla_status")
    agent_group = "customer_care.group_user_all"
    rep_group = "customer_care.group_user"
    open_domain = [("closed_at", "=", False)]
    late_domain = [("sla_state", "=", "missed")]

    def set_up(self, env, agents, reps):
        """Two policies; customers have tiers and somebody who is responsible."""
        policies = env["care.sla.policy"]
        used = policies.union(
            env.ref("customer_care.care_sla_reply"),
            env.ref("customer_care.care_sla_resolve"),
        )
        (policies.search([]) - used).active = False
        team = env.ref("customer_care.care_team_main")
        team.write({"member_ids": [(6, 0, agents.ids)], "manager_id": agents[0].id})
        role = env["care.role"].search([("kind", "=", "salesperson")], limit=1)
        env.flush_all()
        env.cr.execute(
            """
            INSERT INTO care_partner_tier (partner_id, company_id, tier_id)
            SELECT id, %(company)s, (%(tiers)s::int[])[1 + id %% %(scale)s]
              FROM res_partner WHERE ref LIKE 'BENCH-%%';
            INSERT INTO care_account_member (partner_id, role_id, user_id)
            SELECT id, %(role)s,
                   CASE WHEN place <= %(own)s THEN %(rep)s
                        ELSE (%(reps)s::int[])[1 + place %% %(others)s] END
              FROM (SELECT id, row_number() OVER (ORDER BY id) AS place
                      FROM res_partner WHERE ref LIKE 'BENCH-%%') AS customer
                ON CONFLICT DO NOTHING
            """,
            {
                "company": env.company.id,
                "tiers": (tiers := env["care.tier"].search([])).ids,
                "scale": len(tiers),
                "role": role.id,
                "own": OWN_CUSTOMERS,
                "rep": reps[0].id,
                "reps": reps[1:].ids,
                "others": len(reps) - 1,
            },
        )

    def values(self, env, customer):
        return {
            "partner_id": customer,
            "subject": "The bottle leaks",
            "description": "<p>The whole box is wet.</p>",
            "root_cause": "The cap was loose.",
            "solution": "A new bottle.",
        }

    def clocks(self, records):
        return records.sla_ids

    def add_complaints(self, env):
        env.cr.execute(
            """
            ALTER TABLE bench_row ADD id int, ADD name varchar, ADD tier int,
                ADD rank int, ADD escalate timestamp, ADD priority varchar;
            UPDATE bench_row SET id = nextval('care_complaint_id_seq'),
                name = 'B' || number, tier = tier.id, rank = tier.sequence,
                escalate = CASE WHEN late THEN NULL ELSE warn END,
                priority = number % 3
              FROM care_partner_tier own JOIN care_tier tier ON tier.id = own.tier_id
             WHERE own.partner_id = bench_row.partner_id;
            ANALYZE bench_row
            """
        )
        customer = env["res.partner"].search([("ref", "=", "BENCH-0")])
        model = env[self.model].create(self.values(env, customer.id))
        model.action_reply_given()
        env.flush_all()
        self.copy_complaint(model)
        self.done(env)
        env.cr.execute("DELETE FROM care_complaint WHERE id = %s", [model.id])
        env.invalidate_all(flush=False)

    def copy_complaint(self, model):
        self.copy(
            model,
            {
                "id": "id",
                "name": "name",
                "partner_id": "partner_id",
                "user_id": "user_id",
                "tier_id": "tier",
                "tier_sequence": "rank",
                "priority": "priority",
                "received_at": "received",
                "replied_at": "replied",
                "sla_deadline": "due",
                "sla_warn_at": "warn",
            },
        )
        for event in model.event_ids:
            self.copy(event, {"complaint_id": "id", "at": event.kind})
        for status in model.sla_ids:
            self.copy(
                status,
                {
                    "complaint_id": "id",
                    "deadline": "reply_due",
                    "warn_at": "reply_warn",
                    "reached_at": "replied",
                }
                if status.target == "reply"
                else {
                    "complaint_id": "id",
                    "deadline": "due",
                    "warn_at": "warn",
                    "escalate_at": "escalate",
                },
            )

    @staticmethod
    def done(env):
        """Somebody has been told of what is late."""
        env.cr.execute(
            """
            INSERT INTO care_sla_alert (status_id, escalation_id)
            SELECT status.id, level.id
              FROM bench_row
              JOIN care_sla_status status ON status.complaint_id = bench_row.id
              JOIN care_sla_escalation level USING (policy_id)
             WHERE bench_row.late AND status.over IS NOT TRUE
            """
        )

    # ------------------------------------------------------------
    # Escalation
    # ------------------------------------------------------------

    def make_late(self, env, count):
        """Clocks have just run out; that they would has been told before."""
        env.cr.execute(
            """
            CREATE TEMP TABLE bench_late ON COMMIT DROP AS
            SELECT id, policy_id, complaint_id FROM care_sla_status
             WHERE escalate_at IS NOT NULL AND over IS NOT TRUE
               AND id %% (9 * %(open)s / %(count)s / 10) = 0
             ORDER BY id LIMIT %(count)s;
            UPDATE care_sla_status status
               SET deadline = %(now)s, warn_at = %(now)s, escalate_at = %(now)s
              FROM bench_late WHERE status.id = bench_late.id;
            UPDATE care_complaint SET sla_deadline = %(now)s, sla_warn_at = %(now)s
              FROM bench_late WHERE care_complaint.id = complaint_id;
            INSERT INTO care_sla_alert (status_id, escalation_id)
            SELECT bench_late.id, level.id
              FROM bench_late JOIN care_sla_escalation level USING (policy_id)
             WHERE level.hours < 0;
            DROP TABLE bench_late
            """,
            {"open": self.complaints, "count": count, "now": fields.Datetime.now()},
        )
