from odoo import fields, models


class ResCompany(models.Model):
    """Contacts from activities and meetings."""

    _inherit = "res.company"

    care_log_activities = fields.Boolean(
        "Log Calls and Meetings as Contacts",
        default=True,
        help="Calls, e-mails and meetings with customers are logged as contacts when "
        "marked done; calendar meetings become planned contacts.",
    )
