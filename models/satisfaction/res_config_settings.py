from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_survey_id = fields.Many2one(
        related="company_id.care_survey_id", readonly=False
    )
    care_complaint_survey_id = fields.Many2one(
        related="company_id.care_complaint_survey_id", readonly=False
    )
    care_ask_after_complaint = fields.Boolean(
        related="company_id.care_ask_after_complaint", readonly=False
    )
    care_unsatisfied_action = fields.Selection(
        related="company_id.care_unsatisfied_action", readonly=False
    )
    care_complaint_quarantine_days = fields.Integer(
        related="company_id.care_complaint_quarantine_days", readonly=False
    )
    care_survey_hours = fields.Boolean(
        related="company_id.care_survey_hours", readonly=False
    )
    care_survey_from = fields.Float(
        related="company_id.care_survey_from", readonly=False
    )
    care_survey_until = fields.Float(
        related="company_id.care_survey_until", readonly=False
    )
    care_survey_zone = fields.Selection(
        related="company_id.care_survey_zone", readonly=False
    )
    care_low_score = fields.Float(related="company_id.care_low_score", readonly=False)
    care_low_action = fields.Selection(
        related="company_id.care_low_action", readonly=False
    )
    care_happy_suggest = fields.Boolean(
        related="company_id.care_happy_suggest", readonly=False
    )
    care_happy_score = fields.Float(
        related="company_id.care_happy_score", readonly=False
    )
