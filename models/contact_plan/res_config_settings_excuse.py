from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_excuse_allowance = fields.Integer(
        related="company_id.care_excuse_allowance", readonly=False
    )
    care_excuse_days = fields.Integer(
        related="company_id.care_excuse_days", readonly=False
    )
