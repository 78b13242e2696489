from odoo import fields, models


class ResUsers(models.Model):
    """Makes two requests of one user that excuse contacts follow each other."""

    _inherit = "res.users"

    care_excused_at = fields.Datetime(
        "Last Excuse of Contacts",
        readonly=True,
        copy=False,
        groups="customer_care.group_manager",
    )
