from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_steps_required = fields.Boolean(
        related="company_id.care_steps_required", readonly=False
    )
    care_short_priority = fields.Selection(
        related="company_id.care_short_priority", readonly=False
    )
    care_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Compensation Currency"
    )
    care_compensation_own = fields.Monetary(
        related="company_id.care_compensation_own",
        currency_field="care_currency_id",
        readonly=False,
    )
    care_compensation_all = fields.Monetary(
        related="company_id.care_compensation_all",
        currency_field="care_currency_id",
        readonly=False,
    )
    care_compensation_manager = fields.Monetary(
        related="company_id.care_compensation_manager",
        currency_field="care_currency_id",
        readonly=False,
    )
