from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .care_campaign import OPEN_STATES
from .survey_question import changes

SURVEY_MEANING = {
    "access_token",
    "certification",
    "questions_selection",
    "is_time_limited",
    "time_limit",
    "users_login_required",
}
"""Who can answer, and whether all are asked the same; a new token would break the links
of the mails."""


class SurveySurvey(models.Model):
    """Surveys can be used in campaigns. Once customers have answered, questions and
    options cannot be changed."""

    _inherit = "survey.survey"

    def write(self, vals):
        if "active" in vals and not vals["active"]:
            self.filtered("active")._care_check_not_in_use()
        if SURVEY_MEANING & set(vals):
            self.filtered(
                lambda survey: changes(survey, vals, SURVEY_MEANING)
            )._care_check_unanswered()
        return super().write(vals)

    def _care_open_campaign(self):
        """A campaign that asks customers with one of these surveys"""
        campaigns = self.env["care.campaign"].sudo()
        if not self.ids:
            return campaigns
        return campaigns.search(
            Domain("survey_id", "in", self.ids) & Domain("state", "in", OPEN_STATES),
            limit=1,
        )

    def _care_check_not_in_use(self):
        """:raise UserError: customers are being asked with one of these surveys"""
        if campaign := self._care_open_campaign():
            raise UserError(
                self.env._(
                    "The campaign “%(campaign)s” is asking customers with the survey "
                    "“%(survey)s”. Close the campaign first.",
                    campaign=campaign.name,
                    survey=campaign.survey_id.title,
                )
            )
        company = (
            self.env["res.company"]
            .sudo()
            .search([("care_complaint_survey_id", "in", self.ids)], limit=1)
        )
        if company:
            raise UserError(
                self.env._(
                    "Customers of %(company)s are asked with the survey “%(survey)s” "
                    "after complaints. Choose another one first, under Settings ▸ "
                    "Customer Care ▸ Satisfaction.",
                    company=company.name,
                    survey=company.care_complaint_survey_id.title,
                )
            )

    def _care_measured_questions(self):
        return self.sudo().question_ids.filtered("care_measure")

    def _care_check_usable(self, anonymous=False):
        """:raise UserError: nobody could answer, or the answers would say nothing"""
        self.ensure_one()
        survey = self.sudo()
        survey.check_validity()
        if not survey._care_measured_questions():
            raise UserError(
                self.env._(
                    "No question of the survey “%s” measures anything. Set "
                    "“Measures” on at least one of them.",
                    survey.title,
                )
            )
        if survey.users_login_required:
            raise UserError(
                self.env._(
                    "The survey “%s” asks customers to log in. Disable “Require "
                    "Login”.",
                    survey.title,
                )
            )
        if anonymous and survey.question_ids.filtered(
            lambda question: question.save_as_email or question.save_as_nickname
        ):
            raise UserError(
                self.env._(
                    "The survey “%s” asks for a name or an e-mail address, which is "
                    "not allowed in an anonymous campaign.",
                    survey.title,
                )
            )

    def _care_asks_customers(self):
        """Is the survey used by a campaign or after complaints? Its answers then come
        from invitations only."""
        self.ensure_one()
        Campaign = self.env["care.campaign"].sudo()
        Company = self.env["res.company"].sudo()
        Place = self.env["care.survey.place"].sudo().with_context(active_test=False)
        return (
            self.id in self._care_ready_ids()
            or bool(Campaign.search_count([("survey_id", "=", self.id)], limit=1))
            or bool(Place.search_count([("survey_id", "=", self.id)], limit=1))
            or bool(
                Company.search_count(
                    Domain("care_survey_id", "=", self.id)
                    | Domain("care_complaint_survey_id", "=", self.id),
                    limit=1,
                )
            )
        )

    def _check_answer_creation(
        self,
        user,
        partner,
        email,
        test_entry=False,
        check_attempts=True,
        invite_token=False,
    ):
        """Refuse answers without an invitation, which would not be counted.

        :raise UserError: the survey asks customers, and this is no test
        """
        if not test_entry and self._care_asks_customers():
            raise UserError(
                self.env._(
                    "The survey “%s” is used for campaigns, where answers without "
                    "an invitation are not counted. Invite customers with a "
                    "campaign, or share a copy of the survey.",
                    self.sudo().title,
                )
            )
        return super()._check_answer_creation(
            user, partner, email, test_entry, check_attempts, invite_token
        )

    def _prepare_statistics(self, user_input_lines=None):
        """Without lines Odoo counts all answers, also those hidden from the user."""
        hidden = Domain("survey_id", "in", self.ids) & Domain(
            "care_company_id", "!=", False
        )
        if not user_input_lines and self.env["survey.user_input"].sudo().search_count(
            hidden, limit=1
        ):
            return dict.fromkeys(
                (
                    "global_success_rate",
                    "count_all",
                    "count_finished",
                    "count_failed",
                    "count_passed",
                ),
                0,
            )
        return super()._prepare_statistics(user_input_lines)

    def _care_freeze(self):
        """Write the scores of options that depend on their order as numbers, so that
        they stay whatever happens to the order."""
        questions = self._care_measured_questions()
        for option, score in questions._care_option_scores().items():
            if option.care_value != score:
                option._care_unlock().write({"care_value": score})

    def _care_check_unanswered(self):
        """:raise UserError: customers answer or have answered, so nothing of it may
        change"""
        self._care_check_not_asked()
        answered = self.ids and self.env["survey.user_input"].sudo().search(
            Domain("survey_id", "in", self.ids)
            & Domain("care_company_id", "!=", False)
            & Domain("state", "!=", "new"),
            limit=1,
        )
        if answered:
            raise UserError(
                self.env._(
                    "Customers have answered “%s”, so its questions and options "
                    "cannot be changed. Duplicate the survey and change the copy, "
                    "or archive it.",
                    answered.survey_id.title,
                )
            )

    def _care_check_not_asked(self):
        """:raise UserError: a campaign is running, whose customers see the survey"""
        if asking := self._care_open_campaign():
            raise UserError(
                self.env._(
                    "The campaign “%(campaign)s” asks customers with “%(survey)s”, so "
                    "its questions and options cannot be changed. Duplicate the survey "
                    "and change the copy.",
                    campaign=asking.name,
                    survey=asking.survey_id.title,
                )
            )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_care_answered(self):
        self._care_check_unanswered()
