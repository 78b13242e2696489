from odoo import api, fields, models


class CareTierHistory(models.Model):
    """Every change of a customer's tier, by review or by hand. Only the app writes
    rows; users cannot change them."""

    _name = "care.tier.history"
    _description = "Tier History"
    _inherit = ["care.reason.mixin"]
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date(required=True, readonly=True)
    old_tier_id = fields.Many2one(
        "care.tier",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    new_tier_id = fields.Many2one(
        "care.tier",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    old_tier_color = fields.Integer(
        related="old_tier_id.color", string="Old Color", aggregator=None
    )
    new_tier_color = fields.Integer(
        related="new_tier_id.color", string="New Color", aggregator=None
    )
    review_id = fields.Many2one(
        "care.tier.review", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    user_id = fields.Many2one("res.users", "Changed by", readonly=True)
    is_undone = fields.Boolean(
        "Undone",
        readonly=True,
        help="A move that was undone with its review, or the change that undid it. "
        "Neither counts as tier migration.",
    )

    _partner_idx = models.Index("(partner_id, company_id, id)")
    _date_idx = models.Index(
        "(company_id, date) INCLUDE (partner_id, old_tier_id, new_tier_id, is_undone)"
    )
    """Tier changes of a period are counted from the index alone."""

    @api.model
    def _record(self, changes, reason, company):
        """Add rows for changes by hand, dated today.

        :param changes: tuples (commercial partner, old tier, new tier)
        :param reason: a sentence as in ``care.reason.mixin``
        """
        return self.sudo().create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "date": fields.Date.context_today(self),
                    "old_tier_id": old.id,
                    "new_tier_id": new.id,
                    "user_id": self.env.uid,
                    "reason_data": [reason],
                }
                for partner, old, new in changes
            ]
        )
