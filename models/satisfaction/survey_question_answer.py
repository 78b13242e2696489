from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .survey_question import PARTS, changes, check_translations

OPTION_MEANING = {
    "value",
    "value_image",
    "question_id",
    "matrix_question_id",
    "care_value",
    "care_dimension",
    "sequence",
}
"""What a choice of the option means; it stays once somebody has answered."""
LEAST_OPTIONS = 2


class SurveyQuestionAnswer(models.Model):
    _inherit = "survey.question.answer"

    care_value = fields.Float(
        "Option Score",
        help="Score of this option, from 0 to 100. If all options have 0, the first "
        "one scores 100, the last one 0, and the others are spread evenly.",
        aggregator=None,
    )
    care_dimension = fields.Selection(
        PARTS,
        "Dimension",
        help="Dimension of a matrix row; leave empty to use that of the question.",
    )

    @api.constrains("care_value")
    def _check_care_value(self):
        if any(not 0 <= option.care_value <= 100 for option in self):
            raise ValidationError(
                self.env._("The score of an option must be between 0 and 100.")
            )

    @property
    def _care_surveys(self):
        return (self.question_id | self.matrix_question_id).survey_id

    @api.model_create_multi
    def create(self, vals_list):
        """Customers who answered before could not choose a new option."""
        options = super().create(vals_list)
        options._care_surveys._care_check_unanswered()
        return options

    def write(self, vals):
        if self._care_is_unlocked():
            return super().write(vals)
        if OPTION_MEANING & set(vals):
            self.filtered(
                lambda option: changes(option, vals, OPTION_MEANING)
            )._care_surveys._care_check_unanswered()
        return super().write(vals)

    def update_field_translations(self, field_name, translations, source_lang=""):
        if field_name in OPTION_MEANING:
            check_translations(self, self._care_surveys, field_name, translations)
        return super().update_field_translations(field_name, translations, source_lang)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_care_answered(self):
        """A mistaken option that nobody chose can go; the scores of the others stay."""
        self._care_chosen()._care_surveys._care_check_unanswered()
        unchosen = self - self._care_chosen()
        if unchosen:
            unchosen._care_check_left()
            unchosen._care_surveys._care_freeze()

    def _care_chosen(self):
        lines = self.env["survey.user_input.line"].sudo()
        domain = Domain("user_input_id.care_company_id", "!=", False)
        return self.filtered(
            lambda option: lines.search_count(
                domain
                & (
                    Domain("suggested_answer_id", "=", option.id)
                    | Domain("matrix_row_id", "=", option.id)
                ),
                limit=1,
            )
        )

    def _care_check_left(self):
        """:raise UserError: customers would have no choice left"""
        for question in self.question_id:
            if len(question.suggested_answer_ids - self) < LEAST_OPTIONS:
                question.survey_id._care_check_unanswered()
