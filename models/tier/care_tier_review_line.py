from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

INVOICE_TYPES = ("out_invoice", "out_refund")


class CareTierReviewLine(models.Model):
    """One customer in one review. Written in bulk by the review; a manager may only
    exclude a line from application."""

    _name = "care.tier.review.line"
    _description = "Tier Review Line"
    _inherit = ["care.reason.mixin"]
    _order = "monthly_amount desc, id"
    _rec_name = "partner_id"

    review_id = fields.Many2one(
        "care.tier.review", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="review_id.company_id")
    currency_id = fields.Many2one(related="review_id.currency_id")
    review_state = fields.Selection(related="review_id.state", string="Review State")
    monthly_amount = fields.Monetary(
        readonly=True, help="Average untaxed amount a month over the review window."
    )
    share = fields.Float(
        "Share (%)",
        readonly=True,
        digits=(16, 2),
        help="Share of all sales in the window.",
    )
    cumulative_share = fields.Float(
        "Cumulative Share (%)",
        readonly=True,
        digits=(16, 2),
        aggregator="max",
        help="Cumulative share of this customer and all larger ones.",
    )
    overdue_days = fields.Integer(
        readonly=True,
        aggregator="max",
        help="Age of the oldest overdue receivable on the day of the review.",
    )
    current_tier_id = fields.Many2one("care.tier", readonly=True, ondelete="restrict")
    computed_tier_id = fields.Many2one(
        "care.tier",
        readonly=True,
        ondelete="restrict",
        help="Tier by amount only, before overdue receivables, locks and held "
        "downgrades are considered.",
    )
    proposed_tier_id = fields.Many2one("care.tier", readonly=True, ondelete="restrict")
    current_tier_color = fields.Integer(
        related="current_tier_id.color", string="Current Color", aggregator=None
    )
    proposed_tier_color = fields.Integer(
        related="proposed_tier_id.color", string="Proposed Color", aggregator=None
    )
    decision = fields.Selection(
        [
            ("keep", "Keep"),
            ("upgrade", "Upgrade"),
            ("downgrade", "Downgrade"),
            ("held", "Held"),
            ("locked", "Locked"),
        ],
        readonly=True,
    )
    excluded = fields.Boolean(
        "Exclude", help="The customer keeps its tier when the review is applied."
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id")

    _review_partner_uniq = models.UniqueIndex("(review_id, partner_id)")

    def write(self, vals):
        if not self.env.su and set(vals) - {"excluded"}:
            raise AccessError(
                self.env._("Review lines can only be excluded or included.")
            )
        if any(line.review_id.state != "computed" for line in self):
            raise UserError(
                self.env._(
                    "Customers can only be excluded while the review is awaiting "
                    "approval."
                )
            )
        return super().write(vals)

    def action_exclude(self):
        self.write({"excluded": True})

    def action_include(self):
        self.write({"excluded": False})

    def action_open_partner(self):
        self.ensure_one()
        return self.partner_id._get_records_action()

    def action_open_documents(self):
        """Orders or invoices of the customer that the review counted."""
        self.ensure_one()
        review = self.review_id
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Documents Counted for %s", self.partner_id.display_name
            ),
            "view_mode": "list,form",
            "context": {"create": False},
        }
        if review.source == "sale":
            start, end = review._window_utc()
            domain = [("date_order", ">=", start), ("date_order", "<", end)]
            model, states = "sale.order", [("state", "=", "sale")]
        else:
            domain = [
                ("invoice_date", ">=", review.date_from),
                ("invoice_date", "<=", review.date_to),
            ]
            model, states = (
                "account.move",
                [("state", "=", "posted"), ("move_type", "in", INVOICE_TYPES)],
            )
        customer = [
            ("company_id", "=", review.company_id.id),
            ("partner_id.commercial_partner_id", "=", self.partner_id.id),
        ]
        return action | {"res_model": model, "domain": customer + domain + states}

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise AccessError(
                self.env._("Review lines can only be deleted with their review.")
            )
