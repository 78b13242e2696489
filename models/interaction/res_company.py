from odoo import fields, models


class ResCompany(models.Model):
    """Contacts from activities and meetings."""

    _inherit = "res.company"

    care_log_activities = fields.Boolean(
        "Calls and Meetings Become Contacts",
        default=True,
        help="Calls and meetings with customers that are marked done are logged as "
        "contacts; meetings in the calendar as planned contacts.",
    )
