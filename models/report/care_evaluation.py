from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .care_indicator import IN_ACCOUNT_TEAM

MONTHS = 3
"""Whole months that are evaluated, and those before them for comparison"""
COUNTS = {
    "attainment": "owed",
    "missed": "owed",
    "reply_success": "reply_count",
    "resolve_success": "resolve_count",
    "satisfied": "satisfied_count",
    "score": "scored",
    "stale_share": "customers",
    "behind_share": "customers",
    "right": "inspected",
}
"""Number of records that each measure is made of"""


class CareEvaluation(models.Model):
    """Evaluation of each user in an account team or sales team: figures of the current
    company over the last three full months."""

    _name = "care.evaluation"
    _description = "Personal Evaluation"
    _auto = False
    _order = "user_id"
    _rec_name = "user_id"
    _depends = {
        "care.account.member": ["user_id"],
        "res.users": ["active", "sale_team_id"],
    }

    user_id = fields.Many2one("res.users", "Person", readonly=True)
    department_id = fields.Many2one("crm.team", readonly=True)
    period = fields.Char(
        compute="_compute_period",
        help="The last three whole months: those of contacts and complaints. Customers "
        "are as of today.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_portfolio")
    customer_count = fields.Integer(
        "Customers",
        compute="_compute_portfolio",
        help="Customers with a tier that have this user in their account team.",
    )
    monthly_amount = fields.Monetary("Monthly Sales", compute="_compute_portfolio")
    stale_count = fields.Integer("Stale Cards", compute="_compute_portfolio")
    behind_count = fields.Integer("Falling Behind", compute="_compute_portfolio")
    owed = fields.Integer(
        "Contacts Agreed",
        compute="_compute_contacts",
        help="Contacts of the windows that ended in the period.",
    )
    attainment = fields.Float(
        "Contacts Made (%)", compute="_compute_contacts", digits=(16, 1)
    )
    complaint_count = fields.Integer(
        "Complaints",
        compute="_compute_complaints",
        help="Complaints received in the period.",
    )
    reply_count = fields.Integer(
        "Answers Due",
        compute="_compute_complaints",
        help="Complaints received in the period whose answer has come or is late.",
    )
    reply_success = fields.Float(
        "Answered in Time (%)", compute="_compute_complaints", digits=(16, 1)
    )
    content = fields.Html(compute="_compute_content", sanitize=False)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT person.id, person.id AS user_id,
                   person.sale_team_id AS department_id
              FROM res_users person
             WHERE person.active
               AND (person.sale_team_id IS NOT NULL
                    OR EXISTS (SELECT FROM care_account_member member
                                WHERE member.user_id = person.id))
            """
        )

    @api.model
    def _period(self):
        """First and last day of the last three whole months"""
        this_month = fields.Date.start_of(self.env.company._care_today(), "month")
        return (
            this_month - relativedelta(months=MONTHS),
            this_month - relativedelta(days=1),
        )

    @api.model
    def _say_period(self, first, last):
        return f"{format_date(self.env, first)} – {format_date(self.env, last)}"

    @api.depends_context("company", "lang")
    def _compute_period(self):
        self.period = self._say_period(*self._period())

    @api.depends_context("company")
    def _compute_portfolio(self):
        """A customer counts for everybody in its account team, once"""
        names = ("customer_count", "monthly_amount", "stale_count", "behind_count")
        Report = self.env["care.customer.report"]
        query = Report._search(
            Domain("company_id", "=", self.env.company.id)
            & Domain("tier_id", "!=", False)
        )
        query.add_join(
            "JOIN",
            "looks_after",
            SQL(
                "(SELECT DISTINCT partner_id, user_id FROM care_account_member"
                " WHERE user_id = ANY (%s))",
                self.user_id.ids,
                to_flush=self.env["care.account.member"]._fields["user_id"],
            ),
            SQL(
                "looks_after.partner_id = %s", SQL.identifier(query.table, "partner_id")
            ),
        )
        query.groupby = SQL("looks_after.user_id")
        rows = self.env.execute_query(
            query.select(
                SQL("looks_after.user_id"),
                *(
                    SQL("SUM(%s)", Report._field_to_sql(query.table, name, query))
                    for name in names
                ),
            )
        )
        found = {user: values for user, *values in rows}
        for person in self:
            person.currency_id = self.env.company.currency_id
            for name, value in zip(
                names, found.get(person.user_id.id, [0] * len(names)), strict=True
            ):
                person[name] = value

    @api.depends_context("company")
    def _compute_contacts(self):
        first, last = self._period()
        rows = self.env["care.contact.report"]._read_group(
            self._scope() & Domain("date", ">=", first) & Domain("date", "<=", last),
            ["user_id"],
            ["owed:sum", "attainment:avg"],
        )
        found = {user: values for user, *values in rows}
        for person in self:
            person.owed, person.attainment = found.get(person.user_id, (0, 0))

    @api.depends_context("company")
    def _compute_complaints(self):
        rows = self.env["care.complaint.report"]._read_group(
            self._scope() & self._received(),
            ["user_id"],
            ["__count", "reply_success:count", "reply_success:avg"],
        )
        found = {user: values for user, *values in rows}
        for person in self:
            person.complaint_count, person.reply_count, person.reply_success = (
                found.get(person.user_id, (0, 0, 0))
            )

    def _scope(self):
        return Domain("company_id", "=", self.env.company.id) & Domain(
            "user_id", "in", self.user_id.ids
        )

    def _received(self):
        """Complaints received in the period"""
        since, until = self.env["care.indicator"]._instants(
            self.env.company, *self._period()
        )
        return (
            Domain("date", ">=", since)
            & Domain("date", "<", until)
            & Domain("kind", "!=", "suggestion")
        )

    @api.depends_context("company", "lang", "uid")
    def _compute_content(self):
        for person in self:
            person.content = person.user_id and self.env["ir.qweb"]._render(
                "customer_care.evaluation_body", person._figures()
            )

    # ------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------

    def _figures(self):
        """Figures of the page: the person and the department, in this period and
        before"""
        self.ensure_one()
        Indicator = self.env["care.indicator"]
        first, last = self._period()
        before = first - relativedelta(months=MONTHS), first - relativedelta(days=1)
        department = self.sudo().department_id
        tiers = self._tiers()
        own = self._measure(first, last, user=self.user_id)
        own |= self._portfolio(tiers)
        earlier = self._measure(*before, user=self.user_id)
        earlier |= dict.fromkeys(("customers", "stale_share", "behind_share"))
        team = department and self.sudo()._measure_team(first, last, department)
        return {
            "period": self._say_period(first, last),
            "earlier_period": self._say_period(*before),
            "rows": [
                {
                    "name": name,
                    "own": self._say_measure(own, key, unit),
                    "earlier": self._say_measure(earlier, key, unit),
                    "team": self._say_measure(team, key, unit),
                    "definition": definition,
                }
                for key, (name, unit, definition) in self._measures().items()
            ],
            "tiers": tiers,
            "moves": self._moves(first, last),
            "figures": {
                "trend": Indicator._trend(self.env.company, last, user=self.user_id)
            },
            "say": Indicator._say,
        }

    @api.model
    def _say_measure(self, values, key, unit):
        """:return: the figure, and the number of records it is made of, in words"""
        Indicator = self.env["care.indicator"]
        if not values:
            return Indicator._say(None), ""
        return (
            Indicator._say(values[key], unit),
            Indicator._say_count(values[COUNTS[key]]),
        )

    @api.model
    def _measures(self):
        """{measure: (name, unit, what it is)}"""
        return {
            "attainment": (
                self.env._("Contacts made"),
                "%",
                self.env._("Contacts made ÷ contacts agreed."),
            ),
            "missed": (
                self.env._("Contacts missed"),
                "",
                self.env._("Contacts not made before their window ended."),
            ),
            "reply_success": (
                self.env._("Answered in time"),
                "%",
                self.env._(
                    "Complaints answered before their deadline ÷ complaints that "
                    "were answered or are late."
                ),
            ),
            "resolve_success": (
                self.env._("Solved in time"),
                "%",
                self.env._(
                    "Complaints solved before their deadline ÷ complaints "
                    "that were solved or are late."
                ),
            ),
            "satisfied": (
                self.env._("Satisfied with the solution"),
                "%",
                self.env._(
                    "Satisfied customers ÷ customers who answered whether they are."
                ),
            ),
            "score": (
                self.env._("Satisfaction"),
                self.env._("of 100"),
                self.env._("Average score of the surveys answered by customers."),
            ),
            "stale_share": (
                self.env._("Stale cards"),
                "%",
                self.env._("Cards to verify ÷ customers, as of today."),
            ),
            "behind_share": (
                self.env._("Falling behind"),
                "%",
                self.env._(
                    "Customers whose purchases have fallen or stopped ÷ all "
                    "customers, as of today."
                ),
            ),
            "right": (
                self.env._("Correct in spot checks"),
                "%",
                self.env._("Records found correct ÷ records inspected."),
            ),
        }

    @api.model
    def _measure(self, first, last, user=None, department=None):
        Indicator = self.env["care.indicator"]
        company = self.env.company
        return {
            **Indicator._contacts(company, first, last, department, user),
            **Indicator._complaints(company, first, last, department, user),
            **Indicator._satisfaction(company, first, last, department, user),
            **self._inspected(first, last, user, department),
        }

    @api.model
    def _measure_team(self, first, last, department):
        scope = self.env["care.indicator"]._scope(self.env.company, department)
        return self._measure(first, last, department=department) | self._portfolio(
            self._tiers_of(scope)
        )

    @api.model
    def _portfolio(self, tiers):
        """Shares of a portfolio

        :param tiers: see ``_tiers_of``
        """
        customers, stale, behind = (
            sum(row[place] for row in tiers) for place in (1, 3, 4)
        )
        return {
            "customers": customers,
            "stale_share": 100 * stale / customers if customers else None,
            "behind_share": 100 * behind / customers if customers else None,
        }

    @api.model
    def _inspected(self, first, last, user, department):
        domain = self.env["care.indicator"]._scope(self.env.company, department, user)
        domain &= Domain("month", ">=", first) & Domain("month", "<=", last)
        [[right, count]] = self.env["care.spot.check.line"]._read_group(
            domain & Domain("result", "!=", False), [], ["right_share:avg", "__count"]
        )
        return {"right": right, "inspected": count}

    def _tiers(self):
        """Portfolio of the person by tier"""
        return self._tiers_of(
            self.env["care.indicator"]._scope(
                self.env.company, user=self.user_id, person=IN_ACCOUNT_TEAM
            )
        )

    @api.model
    def _tiers_of(self, scope):
        """:return: [(tier, customers, monthly sales, stale cards, falling behind)]"""
        return self.env["care.customer.report"]._read_group(
            scope & Domain("tier_id", "!=", False),
            ["tier_id"],
            [
                "customer_count:sum",
                "monthly_amount:sum",
                "stale_count:sum",
                "behind_count:sum",
            ],
        )

    def _moves(self, first, last):
        rows = dict(
            self.env["care.tier.report"]._read_group(
                self.env["care.indicator"]._scope(
                    self.env.company, user=self.user_id, person=IN_ACCOUNT_TEAM
                )
                & Domain("date", ">=", first)
                & Domain("date", "<=", last),
                ["direction"],
                ["__count"],
            )
        )
        return self.env._(
            "%(up)s moved up, %(down)s moved down, %(new)s received their first tier.",
            up=rows.get("up", 0),
            down=rows.get("down", 0),
            new=rows.get("new", 0),
        )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    @api.readonly
    def action_open_customers(self):
        return self._open_report(
            "customer", IN_ACCOUNT_TEAM, Domain("tier_id", "!=", False)
        )

    @api.readonly
    def action_open_contacts(self):
        first, last = self._period()
        return self._open_report(
            "contact",
            "user_id",
            Domain("date", ">=", first) & Domain("date", "<=", last),
        )

    @api.readonly
    def action_open_complaints(self):
        return self._open_report("complaint", "user_id", self._received())

    def _open_report(self, name, person, domain):
        """Open the report with the rows counted for this person"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"customer_care.{name}_report_action"
        )
        scope = self.env["care.indicator"]._scope(
            self.env.company, user=self.user_id, person=person
        )
        return action | {"domain": list(scope & domain), "context": {}}
