from odoo import api, fields, models
from odoo.tools import SQL

from ..core.care_analysis import Flag, Mean
from .care_risk_case import RISK_CAUSES, RISK_ORIGINS, RISK_STATES


class CareRiskReport(models.Model):
    """Analysis of cases of customers at risk, one row per case. False alarms do not
    count."""

    _name = "care.risk.report"
    _description = "Win-Back Rate"
    _inherit = ["care.analysis"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "case_id"
    _depends = {
        "care.risk.case": [
            "active",
            "partner_id",
            "user_id",
            "supervisor_id",
            "company_id",
            "opened_at",
            "closed_at",
            "opened_by",
            "state",
            "cause",
            "competitor",
            "cost_of_loss",
            "cost_of_keeping",
            "lesson",
            "alerted_at",
            "react_by",
            "reacted_at",
        ],
        "res.partner": ["care_region_id"],
        "res.users": ["sale_team_id"],
    }

    case_id = fields.Many2one("care.risk.case", readonly=True)
    date = fields.Datetime("Opened on", readonly=True)
    closed_at = fields.Datetime("Closed on", readonly=True)
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True)
    supervisor_id = fields.Many2one("res.users", readonly=True)
    state = fields.Selection(RISK_STATES, readonly=True)
    cause = fields.Selection(RISK_CAUSES, readonly=True)
    opened_by = fields.Selection(RISK_ORIGINS, readonly=True)
    competitor = fields.Char(readonly=True)
    won_rate = Mean(
        "Won Back (%)",
        help="Cases won back ÷ cases that were won back or lost. Open ones do not "
        "count yet.",
    )
    in_time_rate = Mean(
        "Supervisor in Time (%)",
        help="Cases in which the supervisor reacted in time ÷ cases in which the "
        "supervisor was told.",
    )
    lost_count = Flag("Lost", readonly=True)
    won_count = Flag("Won Back", readonly=True)
    to_analyze_count = Flag("Lost without Analysis", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    cost_of_loss = fields.Monetary(
        "Cost of Loss",
        readonly=True,
        help="In the currency of the current company at today's rate.",
    )
    cost_of_keeping = fields.Monetary("Cost of Keeping", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT risk.id, risk.id AS case_id, risk.opened_at AS date,
                   risk.closed_at, risk.partner_id, risk.company_id,
                   risk.user_id, risk.supervisor_id,
                   person.sale_team_id AS department_id,
                   customer.care_region_id AS region_id, risk.state, risk.cause,
                   risk.opened_by, risk.competitor,
                   CASE risk.state WHEN 'won_back' THEN 100.0
                                   WHEN 'lost' THEN 0.0 END AS won_rate,
                   CASE WHEN risk.alerted_at IS NULL THEN NULL
                        WHEN risk.reacted_at <= risk.react_by THEN 100.0
                        WHEN risk.reacted_at IS NULL AND risk.closed_at IS NULL
                             AND risk.react_by >= %(now)s THEN NULL
                        ELSE 0.0 END AS in_time_rate,
                   risk.state = 'lost' AS lost_count,
                   risk.state = 'won_back' AS won_count,
                   risk.state = 'lost' AND (risk.cause IS NULL
                       OR COALESCE(risk.lesson, '') = '') AS to_analyze_count,
                   %(currency)s AS currency_id,
                   risk.cost_of_loss * rates.rate AS cost_of_loss,
                   risk.cost_of_keeping * rates.rate AS cost_of_keeping
              FROM care_risk_case risk
         LEFT JOIN res_partner customer ON customer.id = risk.partner_id
         LEFT JOIN res_users person ON person.id = risk.user_id
         LEFT JOIN %(rates)s ON rates.company_id = risk.company_id
             WHERE risk.active
            """,
            now=fields.Datetime.now(),
            currency=self.env.company.currency_id.id,
            rates=self._sql_rates(),
        )

    @api.readonly
    def action_open(self):
        self.ensure_one()
        return self._open(self.case_id)
