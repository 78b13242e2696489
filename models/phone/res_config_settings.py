from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_map_app = fields.Selection(
        related="company_id.care_map_app", readonly=False, required=True
    )
