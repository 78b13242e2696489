from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_risk_threshold = fields.Float(
        related="company_id.care_risk_threshold", readonly=False
    )
    care_risk_cases_at_once = fields.Integer(
        related="company_id.care_risk_cases_at_once", readonly=False
    )
    care_risk_react_hours = fields.Float(
        related="company_id.care_risk_react_hours", readonly=False
    )
    care_risk_result_days = fields.Integer(
        related="company_id.care_risk_result_days", readonly=False
    )
    care_margin_percent = fields.Float(
        related="company_id.care_margin_percent", readonly=False
    )
