from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Protection of customer data."""

    _inherit = "res.company"

    care_export_limit = fields.Integer(
        "Export Limit (customers in 24 hours)",
        default=200,
        help="Users cannot export more customers than this in 24 hours; "
        "administrators are exempt and are told of refused exports. 0: only "
        "administrators can export customers.",
        prefetch="care",
    )

    @api.constrains("care_export_limit")
    def _check_care_export_limit(self):
        if any(company.care_export_limit < 0 for company in self):
            raise ValidationError(self.env._("The export limit cannot be negative."))
