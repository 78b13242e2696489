import json
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..core.order_amount import sql_order_amount, sql_order_rate
from ..tier.customer_sales import days_in_utc, sql_year_sales
from .care_risk_case import ALARM_STATES, CLOSED_STATES

OPEN_BATCH = 100


class CareRiskCase(models.Model):
    """How cases are opened: by the nightly job, and by who has seen a competitor."""

    _inherit = "care.risk.case"

    # ------------------------------------------------------------
    # By the job
    # ------------------------------------------------------------

    @api.model
    def _open_for_risk(self, partner_risks):
        """Open cases of customers whose risk reaches the threshold of their tier, once
        per episode: not while a case is open, and after a loss only when the customer
        has ordered again. Who has not ordered for a year has left already. Two workers
        may do this at once. Nobody gets more open ones than can be worked on: the
        first come first, the others when a case is closed. Never commits.

        :param partner_risks: [(partner_id, company_id, risk in percent, reasons)], the
            most important first
        :return: the new cases, as superuser
        """
        Case = self.sudo()
        if not self._is_outlook_on():
            return Case.browse()
        given = {(row[0], row[1]): (row[2], row[3]) for row in partner_risks}
        due = {*self._due_for_case(given)}
        values = []
        for partner_id, company_id, user in Case._within_capacity(
            [key for key in given if key in due]
        ):
            risk, reasons = given[partner_id, company_id]
            if isinstance(reasons, str):
                reasons = json.loads(reasons)
            values.append(
                {
                    "partner_id": partner_id,
                    "company_id": company_id,
                    "user_id": user.id,
                    "opened_by": "job",
                    "risk": risk,
                    "reasons": reasons,
                }
            )
        cases = Case.browse()
        quiet = Case.with_context(mail_auto_subscribe_no_notify=True)
        for batch in split_every(OPEN_BATCH, values, list):
            cases += quiet._create_once(batch).with_env(Case.env)
        cases._tell_opened()
        return cases

    @api.model
    def _within_capacity(self, keys):
        """Those of the customers whose user has fewer open cases of the job than
        the company allows.

        :param keys: [(partner_id, company_id)], the most important first
        :yields: partner_id, company_id, user
        """
        running = {
            (company, user): count
            for company, user, count in self._read_group(
                [("opened_by", "=", "job"), ("closed_at", "=", False)],
                ["company_id", "user_id"],
                ["__count"],
            )
        }
        Partner = self.env["res.partner"].browse(partner for partner, _company in keys)
        for partner, (partner_id, company_id) in zip(Partner, keys, strict=True):
            company = self.env["res.company"].browse(company_id)
            user = self._user_for(partner, company)
            count = running.get((company, user), 0)
            if count < (company.care_risk_cases_at_once or count + 1):
                running[company, user] = count + 1
                yield partner_id, company_id, user

    def _tell_opened(self):
        """One message to each user, or to the supervisor of nobody's own, however many
        cases there are."""
        for user, cases in self.grouped(
            lambda case: case.user_id or case.supervisor_id
        ).items():
            if not user.active:
                continue
            told = cases._care_in_language_of(user)
            user._care_send_digest(
                told.env._("Customers at risk: %s", len(cases)),
                told,
                {
                    case: ": ".join(filter(None, (case.partner_id.name, case.reason)))
                    for case in told
                },
                "customer_care.risk_case_action",
            )

    @api.model
    def _create_once(self, vals_list):
        """Create cases; those that another worker has opened meanwhile are left out."""
        try:
            with self.env.cr.savepoint():
                return self.create([dict(vals) for vals in vals_list])
        except UniqueViolation:
            if len(vals_list) == 1:
                return self.browse()
            return self.browse().union(
                *(self._create_once([vals]) for vals in vals_list)
            )

    @api.model
    def _due_for_case(self, given):
        """(customer, company) of those above their threshold, without an open case,
        and not in an episode that is over.

        :param given: {(partner_id, company_id): (risk, reasons)}
        """
        if not given:
            return []
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                WITH given AS (
                    SELECT * FROM UNNEST(%(partners)s::int[], %(companies)s::int[],
                                         %(risks)s::float[])
                        AS given(partner_id, company_id, risk)
                ), due AS (
                    SELECT given.partner_id, given.company_id
                      FROM given
                      JOIN res_partner customer ON customer.id = given.partner_id
                       AND customer.active
                       AND customer.commercial_partner_id = customer.id
                      JOIN res_company company ON company.id = given.company_id
                 LEFT JOIN care_partner_tier status
                        ON status.partner_id = given.partner_id
                       AND status.company_id = given.company_id
                 LEFT JOIN care_tier tier ON tier.id = status.tier_id
                     WHERE %(risk_reached)s
                       AND EXISTS (
                           SELECT 1 FROM sale_order o
                             JOIN res_partner p ON p.id = o.partner_id
                            WHERE p.commercial_partner_id = given.partner_id
                              AND o.company_id = given.company_id
                              AND o.state = 'sale' AND o.amount_untaxed > 0
                              AND o.date_order <= %(now)s
                              AND o.date_order > %(now)s::timestamp - INTERVAL '1 year')
                )
                SELECT due.partner_id, due.company_id
                  FROM due
                 WHERE NOT EXISTS (
                    SELECT 1 FROM care_risk_case past
                     WHERE past.partner_id = due.partner_id
                       AND past.company_id = due.company_id
                       AND (past.closed_at IS NULL OR (
                            (past.state = 'lost' OR past.closed_at > %(now)s::timestamp
                                - (SELECT care_risk_result_days FROM res_company
                                    WHERE id = due.company_id) * INTERVAL '1 day')
                            AND NOT EXISTS (
                                SELECT 1 FROM sale_order o
                                  JOIN res_partner p ON p.id = o.partner_id
                                 WHERE p.commercial_partner_id = due.partner_id
                                   AND o.company_id = due.company_id
                                   AND o.state = 'sale' AND o.amount_untaxed > 0
                                   AND o.date_order > past.closed_at
                                   AND o.date_order <= %(now)s)))
                 )
              ORDER BY due.partner_id, due.company_id
                """,
                partners=[partner for partner, _company in given],
                companies=[company for _partner, company in given],
                risks=[risk for risk, _reasons in given.values()],
                risk_reached=self.env["care.outlook"]._sql_risk_reached(
                    SQL.identifier("given", "risk")
                ),
                now=fields.Datetime.now(),
            )
        )

    # ------------------------------------------------------------
    # By people
    # ------------------------------------------------------------

    @api.model
    def _report_competitor(self, partner, company, competitor=None, offer=None):
        """A competitor was seen at a customer: open its case or sharpen the open one,
        and tell the supervisor. Superuser; callers check access.

        :return: the case, as superuser
        """
        customer = partner.commercial_partner_id
        Case = self.sudo().with_company(company)
        case = Case.search(
            [
                ("partner_id", "=", customer.id),
                ("company_id", "=", company.id),
                ("closed_at", "=", False),
            ]
        )
        if not case:
            return Case.create(
                {
                    "partner_id": customer.id,
                    "company_id": company.id,
                    "state": "secret",
                    "opened_by": "report",
                    "competitor": competitor,
                    "competitor_offer": offer,
                }
            )
        values = {}
        if case.state not in (*ALARM_STATES, *CLOSED_STATES):
            values["state"] = "secret"
        if competitor and competitor not in (case.competitor or ""):
            values["competitor"] = ", ".join(
                filter(None, (case.competitor, competitor))
            )
        if offer and offer not in (case.competitor_offer or ""):
            values["competitor_offer"] = "\n".join(
                filter(None, (case.competitor_offer, offer))
            )
        again = bool(case.alerted_at)
        case._care_unlock().write(values)
        if again:
            case._tell(
                case.supervisor_id | case.user_id,
                lambda told: told.env._("A competitor was seen again."),
            )
        return case

    def _merge_into(self, kept):
        """Close this case of a customer who is merged with that of ``kept``."""
        names = ("cause", "competitor", "competitor_offer", "answer", "price_offer")
        kept._care_unlock().write(
            {name: self[name] for name in names if self[name] and not kept[name]}
        )
        self._care_unlock().write({"active": False, "closed_at": fields.Datetime.now()})
        self.activity_unlink(self._case_activities())
        reports = self.env["care.interaction"].sudo()
        reports.search([("risk_case_id", "=", self.id)]).risk_case_id = kept
        self._message_log(body=self.env._("Merged with %s", kept._get_html_link()))

    # ------------------------------------------------------------
    # What would be lost
    # ------------------------------------------------------------

    def _value_loss(self):
        """Margin of the 12 months until today: that of the orders where it is known,
        otherwise sales times the margin of the company."""
        for company, cases in self.sudo().grouped("company_id").items():
            amounts = dict(
                self.env.execute_query(
                    cases._sql_margins(company, cases.partner_id.ids)
                )
            )
            for case in cases:
                loss = max(float(amounts.get(case.partner_id.id) or 0), 0)
                case._care_unlock().cost_of_loss = company.currency_id.round(loss)

    @api.model
    def _sql_margins(self, company, customers):
        """Rows (customer, margin)"""
        self.env["sale.order"].flush_model()
        self.env["account.move"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        share = company.care_margin_percent / 100
        margin = self.env["sale.order"]._fields.get("margin")
        if not margin or not margin.store:
            return SQL(
                "SELECT partner_id, amount * %s FROM (%s) AS sales",
                share,
                sql_year_sales(company, customers),
            )
        today = company._care_today()
        first = today - relativedelta(years=1) + timedelta(days=1)
        start, end = days_in_utc(company, first, today)
        return SQL(
            """
            SELECT p.commercial_partner_id,
                   SUM(COALESCE(o.margin / COALESCE(NULLIF(%(rate)s, 0), 1),
                                %(amount)s * %(share)s))
              FROM sale_order o
              JOIN res_partner p ON p.id = o.partner_id
             WHERE o.company_id = %(company)s AND o.state = 'sale'
               AND o.date_order >= %(start)s AND o.date_order < %(end)s
               AND p.commercial_partner_id = ANY(%(customers)s)
          GROUP BY p.commercial_partner_id
            """,
            rate=sql_order_rate(company),
            amount=sql_order_amount(company),
            share=share,
            company=company.id,
            start=start,
            end=end,
            customers=list(customers),
        )
