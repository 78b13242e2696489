from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_risk_medium = fields.Float(
        related="company_id.care_risk_medium", readonly=False
    )
    care_risk_high = fields.Float(related="company_id.care_risk_high", readonly=False)
