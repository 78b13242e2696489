from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Settings of surveys and follow-ups."""

    _inherit = "res.company"

    care_survey_id = fields.Many2one("survey.survey", "Survey for Campaigns")
    care_complaint_survey_id = fields.Many2one(
        "survey.survey", "Survey after Complaints"
    )
    care_ask_after_complaint = fields.Boolean(
        "Ask after Complaints",
        default=True,
        help="When a complaint is solved, the customer is asked once whether the "
        "solution is satisfactory.",
    )
    care_unsatisfied_action = fields.Selection(
        [("reopen", "Reopen the complaint"), ("alert", "Notify the team manager")],
        "When the Customer Is Not Satisfied",
        default="reopen",
        required=True,
    )
    care_low_score = fields.Float(
        "Low Score",
        default=40.0,
        help="Scores up to this value, out of 100, are followed up.",
    )
    care_low_action = fields.Selection(
        [
            ("activity", "Activity for the account manager"),
            ("complaint", "Complaint"),
            ("none", "Nothing"),
        ],
        "After a Low Score",
        default="activity",
        required=True,
    )
    care_happy_suggest = fields.Boolean(
        "Suggest Asking for a Referral",
        default=True,
        help="The account manager gets an activity to ask a very satisfied customer "
        "for a referral.",
    )
    care_happy_score = fields.Float("Very Satisfied from", default=90.0)

    @api.constrains("care_low_score", "care_happy_score")
    def _check_care_scores(self):
        for company in self:
            if not 0 <= company.care_low_score < company.care_happy_score <= 100:
                raise ValidationError(
                    self.env._(
                        "Scores must be between 0 and 100, and the limit of a low "
                        "score must be below that of a very high one."
                    )
                )
