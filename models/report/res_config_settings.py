from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_month_report_user_ids = fields.Many2many(
        related="company_id.care_month_report_user_ids", readonly=False
    )
    care_month_report_departments = fields.Boolean(
        related="company_id.care_month_report_departments", readonly=False
    )
