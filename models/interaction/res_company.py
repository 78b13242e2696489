from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Contacts from activities and meetings, and visits in vain."""

    _inherit = "res.company"

    care_log_activities = fields.Boolean(
        "Log Calls and Meetings as Contacts",
        default=True,
        help="Calls, e-mails and meetings with customers are logged as contacts when "
        "marked done; calendar meetings become planned contacts.",
        prefetch="care",
    )
    care_futile_visits = fields.Integer(
        "Visits in Vain",
        default=3,
        help="The supervisor is told when so many visits in a row met nobody. "
        "0: never.",
        prefetch="care",
    )

    @api.constrains("care_futile_visits")
    def _check_care_futile_visits(self):
        if any(company.care_futile_visits < 0 for company in self):
            raise ValidationError(
                self.env._("The number of visits in vain cannot be negative.")
            )
