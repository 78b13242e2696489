from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_public_form = fields.Boolean(
        related="company_id.care_public_form", readonly=False
    )
    care_public_form_url = fields.Char(
        "Public Page", related="company_id.care_public_form_url"
    )
