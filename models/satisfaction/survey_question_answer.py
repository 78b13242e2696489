from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .survey_question import DIMENSIONS, changes, check_translations

OPTION_MEANING = {
    "value",
    "value_image",
    "question_id",
    "matrix_question_id",
    "care_value",
    "care_dimension",
}
"""What a choice of the option means; it stays once somebody has answered."""


class SurveyQuestionAnswer(models.Model):
    _inherit = "survey.question.answer"

    care_value = fields.Float(
        "Option Score",
        help="Score of this option, from 0 to 100. If all options have 0, the first "
        "one scores 100, the last one 0, and the others are spread evenly.",
        aggregator=None,
    )
    care_dimension = fields.Selection(
        DIMENSIONS,
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

    def write(self, vals):
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
        self._care_surveys._care_check_unanswered()
