from odoo import api, fields, models
from odoo.fields import Domain


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_merit_unit = fields.Selection(
        related="company_id.care_merit_unit", readonly=False
    )
    care_merit_hear_days = fields.Integer(
        related="company_id.care_merit_hear_days", readonly=False
    )
    care_merit_start = fields.Date(
        related="company_id.care_merit_start", readonly=False
    )
    care_praise_score = fields.Float(
        related="company_id.care_praise_score", readonly=False
    )
    care_praise_answers = fields.Integer(
        related="company_id.care_praise_answers", readonly=False
    )
    care_praise_months = fields.Integer(
        related="company_id.care_praise_months", readonly=False
    )
    care_general_manager_id = fields.Many2one(
        related="company_id.care_general_manager_id", readonly=False
    )

    @api.onchange("group_care_merit")
    def _onchange_group_care_merit(self):
        """Offer today as the start, whatever stood there when the feature was on."""
        has = self.env["res.groups"]._has_care_feature
        if self.group_care_merit and not has("merit"):
            today = self.company_id._care_today()
            self.care_merit_start = max(self.care_merit_start or today, today)

    @api.model
    def _on_care_switched_on(self, features):
        """Begin today in each company, in that of the settings as they say."""
        if "merit" in features:
            for company in self.env["res.company"].sudo().search(Domain.TRUE):
                today = company._care_today()
                start = company.care_merit_start or today
                if company != self.env.company:
                    start = max(start, today)
                company.care_merit_start = start
        return super()._on_care_switched_on(features)
