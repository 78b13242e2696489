from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_export_limit = fields.Integer(
        related="company_id.care_export_limit", readonly=False
    )
