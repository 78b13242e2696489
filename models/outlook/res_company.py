from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    care_risk_medium = fields.Float(
        "Medium Risk from (%)",
        default=45,
        digits=(16, 1),
        prefetch="care",
    )
    care_risk_high = fields.Float(
        "High Risk from (%)",
        default=75,
        digits=(16, 1),
        prefetch="care",
    )

    @api.constrains("care_risk_medium", "care_risk_high")
    def _check_care_risk(self):
        for company in self:
            if not 0 < company.care_risk_medium <= company.care_risk_high <= 100:
                raise ValidationError(
                    self.env._(
                        "Risk bands must be between 0 and 100, and high risk cannot "
                        "start below medium risk."
                    )
                )

    def _care_risk_bands(self):
        """Bounds as in ``tools/outlook.py``"""
        company = self.sudo()
        return (
            (company.care_risk_high, "high"),
            (company.care_risk_medium, "medium"),
            (0.0, "low"),
        )
