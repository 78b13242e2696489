from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from .survey_user_input_review import BROWSER_CUSTOMERS, NETWORK_CUSTOMERS, ORIGIN_DAYS

PLACE_CROWDS = {
    "browser": ("care_browser", BROWSER_CUSTOMERS, ORIGIN_DAYS),
    "network": ("care_network", NETWORK_CUSTOMERS, 1),
}
"""{reason: (fingerprint, so many answers are too many, within days)} of one feedback
point, where visitors share a network from one day to the next"""


class SurveyUserInput(models.Model):
    """Answers of visitors, who opened the link of a feedback point."""

    _inherit = "survey.user_input"

    care_place_id = fields.Many2one(
        "care.survey.place",
        "Feedback Point",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )

    def _care_hold(self):  # pylint: disable=missing-return
        """Nobody knows who visitors are, so several answers from one browser or network
        wait for review."""
        visitors = self.filtered("care_place_id")
        super(SurveyUserInput, self - visitors)._care_hold()
        office = visitors._care_office_networks() if visitors else ()
        for answer in visitors:
            if answer.care_caller_id:
                answer._care_hold_for("colleague")
            elif answer.sudo().care_network in office:
                answer._care_hold_for("office")
            for reason in PLACE_CROWDS:
                answer._care_hold_visitors(reason)

    def _care_hold_visitors(self, reason):
        name, most, days = PLACE_CROWDS[reason]
        if not self.sudo()[name]:
            return
        since = fields.Datetime.now() - timedelta(days=days)
        answers = self.sudo().search(
            Domain(name, "=", self.sudo()[name])
            & Domain("care_place_id", "=", self.care_place_id.id)
            & Domain("state", "=", "done")
            & Domain("end_datetime", ">=", since)
        )
        if len(answers) >= most:
            answers._care_hold_for(reason)
