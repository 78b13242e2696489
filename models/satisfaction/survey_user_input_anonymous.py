from odoo import fields, models


class SurveyUserInput(models.Model):
    """Anonymous answers before they are published."""

    _inherit = "survey.user_input"

    care_waiting_campaign_id = fields.Many2one(
        "care.campaign",
        "Waits for Publication in",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The answer is anonymous and not yet in the results.",
    )

    def _mark_in_progress(self):
        """Keep no start: the average duration of the survey would tell of each
        answer."""
        result = super()._mark_in_progress()
        self.filtered(
            lambda answer: answer.care_anonymous
            and not answer.survey_id.is_time_limited
        )._care_write({"start_datetime": False})
        return result

    def _notify_new_participation_subscribers(self):
        """Followers of the survey would learn when somebody answered."""
        named = self.filtered(lambda answer: not answer.care_anonymous)
        return super(SurveyUserInput, named)._notify_new_participation_subscribers()
