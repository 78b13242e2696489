from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .outlook_words import OutlookWords

RISK_BANDS = [
    ("high", "High"),
    ("medium", "Medium"),
    ("low", "Low"),
    ("lost", "Lost"),
]
RISK_RULES = [("model", "Model"), ("simple", "Silence since the Last Order")]


class CareOutlook(models.Model):
    """What is to be expected of a customer in one company, from its orders. Only the
    nightly job writes rows."""

    _name = "care.outlook"
    _description = "Customer Outlook"
    _order = "risk desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    tier_id = fields.Many2one("care.tier", readonly=True, ondelete="set null")
    tier_sequence = fields.Integer(readonly=True, aggregator=None)
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, ondelete="set null"
    )
    date = fields.Date(
        "As of", required=True, readonly=True, help="Orders before this day count."
    )
    order_count = fields.Integer("Orders", readonly=True)
    last_order_date = fields.Date("Last Order", readonly=True)
    interval_last = fields.Integer(
        "Last Interval (Days)", readonly=True, aggregator="avg"
    )
    interval_median = fields.Float(
        "Usual Interval (Days)", readonly=True, digits=(16, 1), aggregator="avg"
    )
    interval_spread = fields.Float(
        "Spread of Intervals (Days)", readonly=True, digits=(16, 1), aggregator=None
    )
    silence_days = fields.Integer("Silent for (Days)", readonly=True, aggregator="avg")
    silence_ratio = fields.Float(
        "Silence / Interval", readonly=True, digits=(16, 2), aggregator="avg"
    )
    next_order_date = fields.Date("Next Order", readonly=True)
    next_order_from = fields.Date("Next Order from", readonly=True)
    next_order_to = fields.Date("Next Order to", readonly=True)
    next_amount = fields.Monetary("Expected Amount", readonly=True)
    year_amount = fields.Monetary("Purchases in 12 Months", readonly=True)
    risk = fields.Float(
        "Risk (%)",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="Probability of no order in the next three months.",
    )
    risk_band = fields.Selection(RISK_BANDS, readonly=True)
    risk_rule = fields.Selection(RISK_RULES, "Risk from", readonly=True)
    reasons = fields.Json("Data of the Reasons", readonly=True, exportable=False)
    reason = fields.Char("Reasons", compute="_compute_reason")
    at_risk = fields.Boolean(
        "At Risk of Leaving",
        compute="_compute_at_risk",
        search="_search_at_risk",
        help="The risk has reached the threshold of the tier, and the customer bought "
        "in the last 12 months.",
    )

    _partner_company_uniq = models.UniqueIndex("(partner_id, company_id)")
    _risk_idx = models.Index("(company_id, risk DESC, id)")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason(self):
        words = OutlookWords(self.env)
        for row, text in zip(self, words.texts(self), strict=True):
            row.reason = text

    @api.depends(
        "risk",
        "year_amount",
        "tier_id.risk_threshold",
        "company_id.care_risk_threshold",
    )
    def _compute_at_risk(self):
        for row in self:
            tier, company = row.tier_id.sudo(), row.company_id.sudo()
            threshold = tier.risk_threshold if tier else company.care_risk_threshold
            row.at_risk = threshold and row.risk >= threshold and row.year_amount > 0

    def _search_at_risk(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                """
                EXISTS (
                    SELECT FROM res_company company
                 LEFT JOIN care_tier tier ON tier.id = %(tier)s
                     WHERE company.id = %(company)s AND %(at_risk)s)
                """,
                tier=SQL.identifier(alias, "tier_id"),
                company=SQL.identifier(alias, "company_id"),
                at_risk=self._sql_at_risk(alias),
            )
        )
        return domain if True in value else ~domain

    @api.model
    def _sql_at_risk(self, alias="r"):
        """Whether a row is at risk, beside ``company`` and ``tier``, its own"""
        return SQL(
            "%s AND %s > 0",
            self._sql_risk_reached(
                SQL.identifier(alias, "risk", to_flush=self._fields["risk"])
            ),
            SQL.identifier(alias, "year_amount", to_flush=self._fields["year_amount"]),
        )

    @api.model
    def _sql_risk_reached(self, risk):
        """Whether a risk reaches the threshold of ``tier``, else of ``company``"""
        tier, company = self.env["care.tier"], self.env["res.company"]
        threshold = SQL(
            "COALESCE(%s, %s, 0)",
            SQL.identifier(
                "tier", "risk_threshold", to_flush=tier._fields["risk_threshold"]
            ),
            SQL.identifier(
                "company",
                "care_risk_threshold",
                to_flush=company._fields["care_risk_threshold"],
            ),
        )
        return SQL("%(at)s > 0 AND %(risk)s >= %(at)s", at=threshold, risk=risk)

    def action_open_reorders(self):
        """Open what the customer is expected to order."""
        self.check_access("read")
        return self.partner_id.action_open_care_outlook()
