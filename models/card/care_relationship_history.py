from odoo import fields, models

DECISION_ROLES = [
    ("decision_maker", "Decision Maker"),
    ("influencer", "Influencer"),
    ("buyer", "Buyer"),
    ("user", "End User"),
    ("finance", "Finance"),
]
RELATIONSHIP_LEVELS = [
    ("passer_by", "Passer-by"),
    ("acquaintance", "Acquaintance"),
    ("friend", "Friend"),
    ("confidant", "Confidant"),
]


class CareRelationshipHistory(models.Model):
    """Changes of the relationship with a contact person, one row each. Only the app
    writes rows."""

    _name = "care.relationship.history"
    _description = "Relationship Change"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Contact Person",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    date = fields.Date(required=True, readonly=True, default=fields.Date.context_today)
    old_level = fields.Selection(RELATIONSHIP_LEVELS, "From", readonly=True)
    new_level = fields.Selection(RELATIONSHIP_LEVELS, "To", readonly=True)
    user_id = fields.Many2one(
        "res.users", "By", readonly=True, default=lambda self: self.env.user
    )
