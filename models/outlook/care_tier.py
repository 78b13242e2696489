from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CareTier(models.Model):
    _inherit = "care.tier"

    risk_threshold = fields.Float(
        "Open Cases from Risk (%)",
        default=75,
        digits=(16, 1),
        aggregator=None,
        help="The nightly job opens a case when the risk of a customer of this tier "
        "reaches this percentage. 0: never.",
    )

    @api.constrains("risk_threshold")
    def _check_risk_threshold(self):
        if any(not 0 <= tier.risk_threshold <= 100 for tier in self):
            raise ValidationError(
                self.env._("A risk must be between 0 and 100 percent.")
            )
