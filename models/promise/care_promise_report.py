from odoo import api, fields, models
from odoo.tools import SQL

from ..core.care_analysis import Flag, Mean
from .care_promise import SOURCES, STATES


class CarePromiseReport(models.Model):
    """Analysis of promises, one row per promise"""

    _name = "care.promise.report"
    _description = "Promises Kept"
    _inherit = ["care.analysis"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "promise_id"
    _depends = {
        "care.promise": [
            "partner_id",
            "user_id",
            "supervisor_id",
            "department_id",
            "company_id",
            "promised_at",
            "date_due",
            "kept_at",
            "state",
            "source",
            "company_cost",
            "disputed_at",
        ],
        "res.partner": ["care_region_id"],
    }

    promise_id = fields.Many2one("care.promise", readonly=True)
    date = fields.Datetime("Promised on", readonly=True)
    date_due = fields.Date("Due", readonly=True)
    user_id = fields.Many2one("res.users", "Promiser", readonly=True)
    supervisor_id = fields.Many2one("res.users", readonly=True)
    department_id = fields.Many2one(help="The person's sales team on the day.")
    state = fields.Selection(STATES, readonly=True)
    source = fields.Selection(SOURCES, readonly=True)
    kept_rate = Mean(
        "Kept (%)",
        help="Promises kept ÷ promises that were kept or broken. Open ones do not "
        "count yet.",
    )
    in_time_rate = Mean(
        "Kept in Time (%)",
        help="Promises kept by their due day ÷ promises that were kept or broken.",
    )
    late_count = Flag("Late", readonly=True, help="Late promises, not kept yet.")
    broken_count = Flag("Broken", readonly=True)
    disputed_count = Flag(
        "Disputed", readonly=True, help="Promises that were disputed at some time."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    cost = fields.Monetary(
        readonly=True, help="In the currency of the current company at today's rate."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT promise.id, promise.id AS promise_id, promise.promised_at AS date,
                   promise.date_due, promise.partner_id, promise.company_id,
                   promise.user_id, promise.supervisor_id, promise.department_id,
                   customer.care_region_id AS region_id, promise.state,
                   promise.source,
                   CASE promise.state WHEN 'kept' THEN 100.0 WHEN 'broken' THEN 0.0 END
                       AS kept_rate,
                   CASE WHEN promise.state = 'broken' THEN 0.0
                        WHEN promise.state <> 'kept' THEN NULL
                        WHEN (promise.kept_at AT TIME ZONE 'UTC'
                              AT TIME ZONE %(tz)s)::date > promise.date_due THEN 0.0
                        ELSE 100.0 END AS in_time_rate,
                   promise.state = 'late' AS late_count,
                   promise.state = 'broken' AS broken_count,
                   promise.disputed_at IS NOT NULL AS disputed_count,
                   %(currency)s AS currency_id,
                   promise.company_cost * rates.rate AS cost
              FROM care_promise promise
         LEFT JOIN res_partner customer ON customer.id = promise.partner_id
         LEFT JOIN %(rates)s ON rates.company_id = promise.company_id
            """,
            currency=self.env.company.currency_id.id,
            tz=self.env.company._care_tz().zone,
            rates=self._sql_rates(),
        )

    @api.readonly
    def action_open(self):
        self.ensure_one()
        return self._open(self.promise_id)
