from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_log_activities = fields.Boolean(
        related="company_id.care_log_activities", readonly=False
    )
    care_futile_visits = fields.Integer(
        related="company_id.care_futile_visits", readonly=False
    )
