from odoo import models

from ...tools import satisfaction


class SurveyUserInput(models.Model):
    """Actions after an answer: answer buttons in mails, low and high scores."""

    _inherit = "survey.user_input"

    # ------------------------------------------------------------
    # Two clicks
    # ------------------------------------------------------------

    def _care_choice_question(self):
        """Question answered by the buttons in a mail: the measured one if it has two
        options, else none."""
        question = self.survey_id._care_measured_questions()[:1]
        options = question.suggested_answer_ids
        return question if len(options) == 2 else question.browse()

    def _care_choose(self, outcome, comment=None):
        """Fill in whether the customer is satisfied, with a comment if the survey has a
        text question.

        :param outcome: ``satisfied`` or ``unsatisfied``
        :return: whether it could be filled in
        """
        if not self or self.state == "done":
            return False
        self.ensure_one()
        question = self._care_choice_question()
        if not question:
            return False
        scores = question._care_option_scores()
        by_score = sorted(question.suggested_answer_ids, key=scores.get)
        option = by_score[-1] if outcome == "satisfied" else by_score[0]
        self._care_note_caller(self.env.user)
        if self.state == "new":
            self._mark_in_progress()
        self._save_lines(question, str(option.id))
        text = self.survey_id.question_ids.filtered(
            lambda question: question.question_type in ("text_box", "char_box")
        )[:1]
        if comment and text:
            self._save_lines(text, comment)
        self._mark_done()
        return True

    # ------------------------------------------------------------
    # Follow up
    # ------------------------------------------------------------

    def _care_responsible(self):
        """User to follow up: the account manager, else the salesperson, else the
        manager set on the company."""
        self.ensure_one()
        for user in (
            self.care_partner_id.care_manager_id,
            self.care_manager_id,
            self.care_partner_id.user_id,
            self.care_user_id,
        ):
            if user.active and not user.share:
                return user
        return self.care_company_id._care_manager()

    def _care_follow_up(self):
        """Follow up on low and very high scores by the settings of the company."""
        company = self.env.company.sudo()
        FollowUp = self.env["care.follow.up"].sudo()
        for answer in self.sudo():
            if answer.care_anonymous or not answer.care_partner_id:
                continue
            held = answer._care_to_review()
            if not held:
                FollowUp._note_later(answer)
            cause, value = answer._care_low_cause(company)
            if cause:
                if not answer.care_complaint_id:
                    FollowUp._open(answer, "low", company.care_low_action, cause, value)
            elif (
                company.care_happy_suggest
                and not held
                and answer._care_is_happy(company)
            ):
                FollowUp._open(answer, "happy", "activity")

    def _care_low_cause(self, company):
        """Why an answer is followed up: ``score``, ``recommend`` or ``perceived``, or
        False, and the score from 0 to 100 that is low"""
        sides = {
            "score": self.care_score if self.care_scored else None,
            **self._care_other_sides(),
        }
        if cause := satisfaction.low_side(sides, company.care_low_score):
            return cause, sides[cause]
        if not self.care_scored and self.care_nps == "-100":
            return "recommend", sides["recommend"]
        return False, None

    def _care_other_sides(self):
        values = {"nps": [], "perception": []}
        for line in self.user_input_line_ids:
            if line.care_measure in values:
                values[line.care_measure].append(line.care_value)
        return {
            "recommend": satisfaction.average(values["nps"]),
            "perceived": satisfaction.average(values["perception"]),
        }

    def _care_is_happy(self, company):
        return (
            self.care_scored
            and satisfaction.band(
                self.care_score, company.care_low_score, company.care_happy_score
            )
            == "high"
            and self.care_nps in (False, "100")
        )
