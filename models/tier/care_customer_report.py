from odoo import api, fields, models
from odoo.tools import SQL

from ..core.care_analysis import Flag
from .care_partner_tier import CREDIT_STATES, POTENTIALS, PURCHASE_STATES

BEHIND_STATES = ("falling", "dormant", "lost")
"""Purchase states of a customer that falls behind"""
CHART_LIMIT = 2000
"""Customers on the chart of value and potential; a browser draws more too slowly, and
nobody tells them apart."""


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
            "care_potential",
            "user_id",
            "care_manager_id",
            "care_completeness",
            "care_verified_date",
        ],
        "res.users": ["sale_team_id"],
    }

    tier_id = fields.Many2one("care.tier", readonly=True)
    tier_color = fields.Integer(
        related="tier_id.color", string="Tier Color", aggregator=None
    )
    segment_id = fields.Many2one("care.segment", readonly=True)
    potential = fields.Selection(
        POTENTIALS,
        readonly=True,
        help="How much more the customer could buy, as it is judged.",
    )
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
    stale_count = Flag(
        "Stale Cards",
        readonly=True,
        help="Cards never verified, or not verified within the period set on the tier.",
    )
    behind_count = Flag(
        "Falling Behind",
        readonly=True,
        help="Customers whose purchases have declined or stopped.",
    )

    @property
    def _table_query(self):
        """Exclude the few archived customers instead of joining all active ones, so
        that PostgreSQL drops the join where no column of the customer is asked for."""
        return SQL(
            """
            SELECT status.id, status.partner_id, status.company_id, status.tier_id,
                   %(currency)s AS currency_id,
                   status.monthly_amount * rates.rate AS monthly_amount,
                   status.purchase_state, status.credit_state, status.last_order_date,
                   customer.care_region_id AS region_id,
                   customer.care_segment_id AS segment_id,
                   customer.care_potential AS potential,
                   customer.user_id, customer.care_manager_id AS manager_id,
                   COALESCE(manager.sale_team_id, rep.sale_team_id) AS department_id,
                   customer.care_completeness AS completeness,
                   customer.care_verified_date AS verified_date, 1 AS customer_count,
                   %(stale)s AS stale_count,
                   status.purchase_state IN %(behind)s AS behind_count
              FROM care_partner_tier status
              JOIN %(rates)s ON rates.company_id = status.company_id
         LEFT JOIN res_partner customer ON customer.id = status.partner_id
         LEFT JOIN care_tier tier ON tier.id = status.tier_id
         LEFT JOIN res_users manager ON manager.id = customer.care_manager_id
         LEFT JOIN res_users rep ON rep.id = customer.user_id
             WHERE NOT EXISTS (
                       SELECT FROM res_partner archived
                        WHERE archived.id = status.partner_id
                          AND archived.active IS NOT TRUE)
            """,
            currency=self.env.company.currency_id.id,
            stale=self.env["care.tier"]._sql_card_is_stale(
                "customer", "tier", fields.Date.context_today(self)
            ),
            behind=BEHIND_STATES,
            rates=self._sql_rates(),
        )

    @api.readonly
    def action_open(self):
        return self._open(self.partner_id)

    @api.model
    @api.readonly
    def get_value_potential(self, domain):
        """Customers as points of a chart: those that buy most, with what they buy a
        month in the currency of the current company, and their potential.

        The queries do not depend on the number of customers.

        :return: dict of ``points``, ``tiers`` with their counts, ``total`` and the
            ``currency_id``
        """
        self.browse().check_access("read")
        counts = self._read_group(domain, ["tier_id"], ["__count"])
        rows = self.search_fetch(
            domain,
            ["partner_id", "tier_id", "monthly_amount", "potential"],
            order="monthly_amount desc, id",
            limit=CHART_LIMIT,
        )
        return {
            "points": [
                {
                    "partner_id": row.partner_id.id,
                    "name": row.partner_id.display_name,
                    "tier_id": row.tier_id.id,
                    "amount": row.monthly_amount,
                    "potential": row.potential,
                }
                for row in rows.sudo()
            ],
            "tiers": [
                {**tier._to_chart(self.env.company), "count": count}
                for tier, count in counts
            ],
            "total": sum(count for _tier, count in counts),
            "currency_id": self.env.company.currency_id.id,
        }
