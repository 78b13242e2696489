from odoo import api, fields, models

from ...tools import satisfaction
from .survey_question import PARTS, QUESTION_MEASURES

LINE_FIELDS = {"care_measure", "care_dimension", "care_value"}
"""What the app alone writes."""


class SurveyUserInputLine(models.Model):
    _inherit = "survey.user_input.line"

    care_measure = fields.Selection(
        QUESTION_MEASURES, "Measures", readonly=True, copy=False
    )
    care_dimension = fields.Selection(PARTS, "Dimension", readonly=True, copy=False)
    care_value = fields.Float(
        "Option Score", readonly=True, copy=False, digits=(5, 1), aggregator="avg"
    )

    @api.model_create_multi
    def create(self, vals_list):
        inputs = self.env["survey.user_input"].browse(
            {vals.get("user_input_id") for vals in vals_list} - {None, False}
        )
        self._care_check(inputs)
        if any(LINE_FIELDS & set(vals) for vals in vals_list):
            inputs._care_refuse()
        return super(
            SurveyUserInputLine, self._care_without_defaults(LINE_FIELDS)
        ).create(vals_list)

    def write(self, vals):
        if self._care_is_unlocked():
            return super().write(vals)
        self._care_check(self.user_input_id)
        if LINE_FIELDS & set(vals):
            self.user_input_id._care_refuse()
        if vals.get("user_input_id"):
            self._care_check(self.user_input_id.browse(vals["user_input_id"]))
        return super().write(vals)

    def _care_write(self, vals):
        return self._care_unlock().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_care_answered(self):
        self._care_check(self.user_input_id)

    @api.model
    def _care_check(self, inputs):
        """:raise AccessError: a customer's answer, which nobody inside changes"""
        ours = inputs.sudo().filtered("care_company_id")
        if ours and (
            not self.env.su or ours.filtered(lambda answer: answer.state == "done")
        ):
            ours._care_refuse()

    def _care_score(self, options):
        """Score of an answer, None if it has none.

        :param options: {option: score} of the questions
        """
        question = self.question_id
        if self.answer_type == "scale":
            low, high = question.scale_min, question.scale_max
            mark = min(max(self.value_scale, low), high)
            return satisfaction.score(mark, low, high) if low < high else None
        if self.answer_type == "suggestion":
            return options.get(self.suggested_answer_id)
        return None
