from odoo import fields, models


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

    def set_values(self):
        """Switching the feature on charges nobody for what happened before."""
        begins = self.group_care_merit and not self.env["res.groups"]._has_care_feature(
            "merit"
        )
        result = super().set_values()
        if begins:
            for company in (
                self.env["res.company"]
                .sudo()
                .search([("care_merit_start", "=", False)])
            ):
                company.care_merit_start = company._care_today()
        return result
