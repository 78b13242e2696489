from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_review_months = fields.Integer(
        related="company_id.care_review_months", readonly=False
    )
    care_review_source = fields.Selection(
        related="company_id.care_review_source", readonly=False
    )
    care_review_method = fields.Selection(
        related="company_id.care_review_method", readonly=False
    )
    care_downgrade_after = fields.Integer(
        related="company_id.care_downgrade_after", readonly=False
    )
    care_review_auto_apply = fields.Boolean(
        related="company_id.care_review_auto_apply", readonly=False
    )
    care_review_user_id = fields.Many2one(
        related="company_id.care_review_user_id", readonly=False
    )
