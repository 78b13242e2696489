from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL


class CareOutlookMonth(models.Model):
    """Early warning at the end of a month, or as of the last night of the current one,
    by department and tier. Only the nightly job writes rows: what is expected changes
    every night, and reports of past months must not."""

    _name = "care.outlook.month"
    _description = "Early Warning of a Month"
    _order = "month desc, id"
    _rec_name = "month"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True)
    date = fields.Date(
        "As of",
        required=True,
        readonly=True,
        help="Orders before this day count.",
    )
    department_id = fields.Many2one("crm.team", readonly=True, ondelete="set null")
    tier_id = fields.Many2one("care.tier", readonly=True, ondelete="set null")
    customer_count = fields.Integer("Customers", readonly=True)
    risk_count = fields.Integer("Customers at Risk", readonly=True)
    risk_amount = fields.Monetary(
        "Sales at Risk",
        readonly=True,
        help="What customers above the threshold of their tier bought in 12 months.",
    )
    due_count = fields.Integer(
        "Reorders Due",
        readonly=True,
        help="Customers and product categories with an order expected in the month.",
    )
    ordered_count = fields.Integer("Reordered", readonly=True)

    _month_idx = models.Index("(company_id, month)")

    @api.model
    def _keep(self, company, today):
        """Keep the figures of the month that the day before belongs to, once all rows
        are as of ``today``; then note what is due in the new month."""
        Reorder = self.env["care.outlook.category"]
        ended = fields.Date.start_of(fields.Date.subtract(today, days=1), "month")
        current = fields.Date.start_of(today, "month")
        if ended == current or not self._is_kept(company, ended, today):
            Reorder._note_due(company, ended)
            self._replace_month(company, ended, today)
        if ended != current:
            Reorder._note_due(company, current)

    @api.model
    def _is_kept(self, company, month, today):
        """Whether the month has been closed: what is due in the next one is noted by
        then in the same columns."""
        return bool(
            self.sudo().search_count(
                [
                    ("company_id", "=", company.id),
                    ("month", "=", month),
                    ("date", ">=", today),
                ],
                limit=1,
            )
        )

    @api.model
    def _replace_month(self, company, month, today):
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(
            SQL(
                "DELETE FROM care_outlook_month WHERE company_id = %s AND month = %s",
                company.id,
                month,
            )
        )
        cr.execute(
            SQL(
                """
                WITH customers AS (
                    SELECT r.partner_id, r.tier_id, 1 AS customers,
                           (%(at_risk)s)::int AS risks,
                           CASE WHEN %(at_risk)s THEN r.year_amount END AS amount,
                           0 AS due, 0 AS ordered
                      FROM care_outlook r
                      JOIN res_company company ON company.id = r.company_id
                 LEFT JOIN care_tier tier ON tier.id = r.tier_id
                     WHERE r.company_id = %(company)s
                 UNION ALL
                    SELECT r.partner_id, r.tier_id, 0, 0, NULL, COUNT(*),
                           COUNT(*) FILTER (
                               WHERE r.last_order_date > r.noted_order_date
                                  OR r.ordered_on IS NOT NULL)
                      FROM care_outlook_category r
                     WHERE r.company_id = %(company)s
                       AND r.noted_due_date >= %(month)s
                       AND r.noted_due_date < %(next_month)s
                  GROUP BY r.partner_id, r.tier_id
                )
                INSERT INTO care_outlook_month (
                       company_id, month, date, create_uid, create_date, write_uid,
                       write_date, department_id, tier_id, customer_count, risk_count,
                       risk_amount, due_count, ordered_count)
                SELECT %(company)s, %(month)s, %(today)s, %(uid)s, %(now)s, %(uid)s,
                       %(now)s, COALESCE(manager.sale_team_id, rep.sale_team_id),
                       c.tier_id, SUM(c.customers), SUM(c.risks),
                       COALESCE(SUM(c.amount), 0), SUM(c.due), SUM(c.ordered)
                  FROM customers c
                  JOIN res_partner partner ON partner.id = c.partner_id
             LEFT JOIN res_users manager ON manager.id = partner.care_manager_id
             LEFT JOIN res_users rep ON rep.id = partner.user_id
              GROUP BY 8, 9
                """,
                at_risk=self.env["care.outlook"]._sql_at_risk(),
                company=company.id,
                month=month,
                next_month=month + relativedelta(months=1),
                today=today,
                uid=self.env.uid,
                now=cr.now(),
            )
        )
        self.invalidate_model()
