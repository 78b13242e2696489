from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Excuses that need no approval."""

    _inherit = "res.company"

    care_excuse_allowance = fields.Integer(
        "Excuses without Approval",
        default=3,
        help="Contacts that a person may excuse in a calendar month without the "
        "approval of the supervisor.",
        prefetch="care",
    )
    care_excuse_days = fields.Integer(
        "Days before the End of a Window",
        default=31,
        help="Contacts of windows that end later than this, or have not begun, are "
        "excused only with approval.",
        prefetch="care",
    )

    @api.constrains("care_excuse_allowance", "care_excuse_days")
    def _check_care_excuses(self):
        if any(
            company.care_excuse_allowance < 0 or company.care_excuse_days < 0
            for company in self
        ):
            raise ValidationError(
                self.env._(
                    "The number of excuses without approval and their days must not "
                    "be negative."
                )
            )
