from odoo import fields, models
from odoo.tools import SQL

from .care_partner_tier import CREDIT_STATES, PURCHASE_STATES

BEHIND_STATES = ("falling", "dormant", "lost")
"""Purchase states of a customer that falls behind"""


class CareCustomerReport(models.Model):
    """Customers as they stand: a row for each customer of each company."""

    _name = "care.customer.report"
    _description = "Customers by Tier"
    _inherit = ["care.analysis"]
    _auto = False
    _order = "monthly_amount desc, id"
    _rec_name = "partner_id"
    _depends = {
        "care.partner.tier": [
            "partner_id",
            "company_id",
            "tier_id",
            "monthly_amount",
            "purchase_state",
            "credit_state",
            "last_order_date",
        ],
        "care.tier": ["verify_days"],
        "res.partner": [
            "active",
            "care_region_id",
            "care_segment_id",
            "user_id",
            "care_manager_id",
            "care_completeness",
            "care_verified_date",
        ],
        "res.users": ["sale_team_id"],
    }

    tier_id = fields.Many2one("care.tier", readonly=True)
    tier_color = fields.Integer(related="tier_id.color", string="Tier Color")
    segment_id = fields.Many2one("care.segment", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    manager_id = fields.Many2one("res.users", "Account Manager", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    monthly_amount = fields.Monetary(
        "Monthly Sales",
        readonly=True,
        help="Average over the window of the last review, in the currency of the "
        "current company at today's rate.",
    )
    last_order_date = fields.Date("Last Order", readonly=True)
    purchase_state = fields.Selection(PURCHASE_STATES, "Purchases", readonly=True)
    credit_state = fields.Selection(CREDIT_STATES, "Payment", readonly=True)
    completeness = fields.Integer("Card Complete (%)", readonly=True, aggregator="avg")
    verified_date = fields.Date("Verified on", readonly=True)
    customer_count = fields.Integer("Customers", readonly=True)
    stale_count = fields.Integer(
        "Stale Cards",
        readonly=True,
        help="Cards never verified, or not verified within the period set on the tier.",
    )
    behind_count = fields.Integer(
        "Falling Behind",
        readonly=True,
        help="Customers whose purchases have declined or stopped.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT status.id, status.partner_id, status.company_id, status.tier_id,
                   %(currency)s AS currency_id,
                   status.monthly_amount * rates.rate AS monthly_amount,
                   status.purchase_state, status.credit_state, status.last_order_date,
                   customer.care_region_id AS region_id,
                   customer.care_segment_id AS segment_id,
                   customer.user_id, customer.care_manager_id AS manager_id,
                   COALESCE(manager.sale_team_id, rep.sale_team_id) AS department_id,
                   customer.care_completeness AS completeness,
                   customer.care_verified_date AS verified_date, 1 AS customer_count,
                   CASE WHEN %(stale)s THEN 1 ELSE 0 END AS stale_count,
                   CASE WHEN status.purchase_state IN %(behind)s THEN 1 ELSE 0 END
                       AS behind_count
              FROM care_partner_tier status
              JOIN %(rates)s ON rates.company_id = status.company_id
              JOIN res_partner customer
                ON customer.id = status.partner_id AND customer.active
         LEFT JOIN care_tier tier ON tier.id = status.tier_id
         LEFT JOIN res_users manager ON manager.id = customer.care_manager_id
         LEFT JOIN res_users rep ON rep.id = customer.user_id
            """,
            currency=self.env.company.currency_id.id,
            stale=self.env["care.tier"]._sql_card_is_stale(
                "customer", "tier", fields.Date.context_today(self)
            ),
            behind=BEHIND_STATES,
            rates=self._sql_rates(),
        )

    def action_open(self):
        return self._open(self.partner_id)
