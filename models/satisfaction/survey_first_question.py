from odoo import models

MOST_CHOICES = 11
FACES = (
    (87.5, "\N{GRINNING FACE}"),
    (62.5, "\N{SMILING FACE WITH SMILING EYES}"),
    (37.5, "\N{NEUTRAL FACE}"),
    (12.5, "\N{DISAPPOINTED FACE}"),
    (0.0, "\N{ANGRY FACE}"),
)
"""Faces of options by their score, from this score on; those that old mail programs
know too"""


class SurveySurvey(models.Model):
    """The first question of a survey, which mails can show as buttons."""

    _inherit = "survey.survey"

    def _care_first_question(self):
        """The question to show in mails; empty if it cannot be shown there."""
        survey = self.sudo()
        questions = survey.question_ids
        return questions.browse() if survey._care_first_hindrance() else questions[:1]

    def _care_first_hindrance(self):
        """Why mails cannot show the first question, in words; False if they can."""
        survey = self.sudo()
        question = survey.question_ids[:1]
        if question.question_type not in ("simple_choice", "scale"):
            return self.env._("The first question is no single choice and no scale.")
        if not question.care_measure:
            return self.env._("The first question does not measure anything.")
        if survey.questions_selection == "random":
            return self.env._("The survey draws its questions at random.")
        if survey.is_time_limited:
            return self.env._("The survey has a time limit.")
        if question.comments_allowed and question.comment_count_as_answer:
            return self.env._("The first question can be answered in other words.")
        if len(question._care_choices()) > MOST_CHOICES:
            return self.env._(
                "The first question has more than %s options.", MOST_CHOICES
            )
        return False


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    def _care_choices(self):
        """The options of a single choice or scale: ``value`` (id of the option, or mark
        of the scale), ``label``, and a ``face`` where they tell satisfaction"""
        if self.question_type == "scale":
            return [
                {"value": mark, "label": str(mark), "face": False}
                for mark in range(self.scale_min, self.scale_max + 1)
            ]
        scores = self._care_option_scores()
        faces = self.care_measure == "satisfaction"
        return [
            {
                "value": option.id,
                "label": option.value or option.value_label,
                "face": faces and face(scores[option]),
            }
            for option in self.suggested_answer_ids
        ]

    def _care_choice(self, value):
        """The value of an option as a number, from what a browser sent; None if the
        question has no such option."""
        known = {str(row["value"]): row["value"] for row in self._care_choices()}
        return known.get(str(value))


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    def _save_lines(self, question, answer, comment=None, overwrite_existing=True):
        """What was chosen in the mail can be changed in the survey, also if it lets
        nobody go back."""
        if (
            not overwrite_existing
            and self.care_company_id
            and question == self.survey_id._care_first_question()
        ):
            overwrite_existing = True
        return super()._save_lines(question, answer, comment, overwrite_existing)

    def _care_save_first(self, value):
        """Save the first question, chosen in a mail and confirmed on a page, and go on
        behind it. It counts like any answer to a part: when the survey is finished,
        or the campaign closed.

        :param value: as of ``_care_choice``
        """
        self.ensure_one()
        survey = self.survey_id
        question = survey._care_first_question()
        if self.state == "new":
            self._mark_in_progress()
        self._save_lines(question, str(value))
        if survey.question_ids == question:
            self._mark_done()
        elif not self.last_displayed_page_id:
            if survey.questions_layout == "page_per_question":
                self.last_displayed_page_id = question
            elif (
                survey.questions_layout == "page_per_section"
                and question.page_id.question_ids == question
            ):
                self.last_displayed_page_id = question.page_id


def face(score):
    return next(sign for least, sign in FACES if score >= least)
