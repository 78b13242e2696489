from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_promise_own = fields.Monetary(
        related="company_id.care_promise_own",
        currency_field="care_currency_id",
        readonly=False,
    )
    care_promise_all = fields.Monetary(
        related="company_id.care_promise_all",
        currency_field="care_currency_id",
        readonly=False,
    )
    care_promise_manager = fields.Monetary(
        related="company_id.care_promise_manager",
        currency_field="care_currency_id",
        readonly=False,
    )
    care_promise_remind_days = fields.Integer(
        related="company_id.care_promise_remind_days", readonly=False
    )
    care_promise_broken_days = fields.Integer(
        related="company_id.care_promise_broken_days", readonly=False
    )
    care_promise_dispute_days = fields.Integer(
        related="company_id.care_promise_dispute_days", readonly=False
    )

    @api.model
    def _on_care_switched_on(self, features):
        if "promise" in features:
            self.env["care.promise"]._forget_passed()
        return super()._on_care_switched_on(features)
