from odoo import api, fields, models
from odoo.tools import SQL

from ..satisfaction.care_answer import BANDS, sql_band
from .care_loyalty import LOYALTY_KINDS, LOYALTY_STATES


class CareLoyaltyReport(models.Model):
    """Kind of loyalty against tier and latest satisfaction: satisfied is not loyal."""

    _name = "care.loyalty.report"
    _description = "Loyalty and Satisfaction"
    _inherit = ["care.analysis"]
    _auto = False
    _order = "id"
    _rec_name = "partner_id"
    _depends = {
        "care.loyalty": ["partner_id", "company_id", "kind", "proposed_kind", "state"],
        "care.partner.tier": ["partner_id", "company_id", "tier_id", "monthly_amount"],
        "res.partner": ["care_region_id", "user_id", "care_manager_id", "active"],
        "res.users": ["sale_team_id"],
        "survey.user_input": ["care_partner_id"],
        "res.company": ["care_low_score", "care_happy_score"],
    }

    kind = fields.Selection(LOYALTY_KINDS, "Kind of Loyalty", readonly=True)
    state = fields.Selection(LOYALTY_STATES, readonly=True)
    tier_id = fields.Many2one("care.tier", readonly=True)
    band = fields.Selection(BANDS, "Satisfaction", readonly=True)
    score = fields.Float(
        "Latest Score", readonly=True, aggregator="avg", digits=(16, 1)
    )
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    manager_id = fields.Many2one("res.users", "Account Manager", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT loyalty.id, loyalty.partner_id, loyalty.company_id,
                   COALESCE(loyalty.kind, loyalty.proposed_kind) AS kind, loyalty.state,
                   tier.tier_id, latest.score, latest.band,
                   customer.care_region_id AS region_id, customer.user_id,
                   customer.care_manager_id AS manager_id,
                   COALESCE(manager.sale_team_id, rep.sale_team_id) AS department_id
              FROM care_loyalty loyalty
              JOIN res_partner customer
                ON customer.id = loyalty.partner_id AND customer.active
         LEFT JOIN care_partner_tier tier
                ON tier.partner_id = loyalty.partner_id
               AND tier.company_id = loyalty.company_id
         LEFT JOIN res_users manager ON manager.id = customer.care_manager_id
         LEFT JOIN res_users rep ON rep.id = customer.user_id
         LEFT JOIN (
                SELECT DISTINCT ON (wave.care_partner_id, wave.company_id)
                       wave.care_partner_id, wave.company_id, wave.score,
                       %(band)s AS band
                  FROM (%(waves)s) AS wave
                  JOIN res_company company ON company.id = wave.company_id
              ORDER BY wave.care_partner_id, wave.company_id, wave.at DESC,
                       wave.last_id DESC
              ) AS latest
                ON latest.care_partner_id = loyalty.partner_id
               AND latest.company_id = loyalty.company_id
            """,
            band=sql_band(SQL("wave.score"), "company"),
            waves=self.env["res.partner"]._care_sql_visible_waves(),
        )

    @api.readonly
    def action_open(self):
        self.ensure_one()
        self.check_access("read")
        return self._open(self.partner_id)
