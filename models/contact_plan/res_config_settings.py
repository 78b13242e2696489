from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_hours_visit = fields.Float(
        related="company_id.care_hours_visit", readonly=False
    )
    care_hours_phone = fields.Float(
        related="company_id.care_hours_phone", readonly=False
    )
    care_hours_online = fields.Float(
        related="company_id.care_hours_online", readonly=False
    )
    care_due_margin = fields.Integer(
        related="company_id.care_due_margin", readonly=False
    )

    @api.model
    def _on_care_switched_on(self, features):
        if "visit" in features:
            self.env["care.plan.target"]._forget_passed()
        return super()._on_care_switched_on(features)
