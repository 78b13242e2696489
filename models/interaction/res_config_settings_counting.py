from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_required_visit = fields.Selection(
        related="company_id.care_required_visit", readonly=False, required=True
    )
    care_required_phone = fields.Selection(
        related="company_id.care_required_phone", readonly=False, required=True
    )
    care_required_online = fields.Selection(
        related="company_id.care_required_online", readonly=False, required=True
    )
    care_purpose_visit = fields.Boolean(
        related="company_id.care_purpose_visit", readonly=False
    )
    care_purpose_phone = fields.Boolean(
        related="company_id.care_purpose_phone", readonly=False
    )
    care_purpose_online = fields.Boolean(
        related="company_id.care_purpose_online", readonly=False
    )
