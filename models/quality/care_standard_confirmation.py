from odoo import fields, models


class CareStandardConfirmation(models.Model):
    """A member has read a version of a service standard. Rows are never changed."""

    _name = "care.standard.confirmation"
    _description = "Confirmation of a Service Standard"
    _order = "confirmed_at desc, id desc"
    _rec_name = "user_id"

    standard_id = fields.Many2one(
        "care.service.standard", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", "Person", readonly=True, ondelete="set null")
    confirmed_at = fields.Datetime(
        "Confirmed", required=True, readonly=True, default=fields.Datetime.now
    )

    _user_uniq = models.UniqueIndex(
        "(standard_id, user_id)", "This person has confirmed the standard already."
    )
    _user_idx = models.Index("(user_id)")
