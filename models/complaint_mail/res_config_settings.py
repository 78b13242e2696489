from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_mail_unknown = fields.Selection(
        related="company_id.care_mail_unknown", readonly=False
    )
    care_reopen_days = fields.Integer(
        related="company_id.care_reopen_days", readonly=False
    )
    care_reopen_at_once = fields.Boolean(
        related="company_id.care_reopen_at_once", readonly=False
    )
    care_mail_authserv = fields.Char(
        related="company_id.care_mail_authserv", readonly=False
    )
    care_acknowledge = fields.Boolean(
        related="company_id.care_acknowledge", readonly=False
    )
