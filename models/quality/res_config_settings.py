from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_check_pass = fields.Float(related="company_id.care_check_pass", readonly=False)
    care_check_second_share = fields.Float(
        related="company_id.care_check_second_share", readonly=False
    )
