from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.satisfaction import option_scores

QUESTION_MEASURES = [
    ("satisfaction", "Satisfaction"),
    ("expectation", "Expectation"),
    ("perception", "Perception"),
    ("nps", "Recommendation (NPS)"),
    ("value", "Value to the Customer"),
    ("cost", "Cost to the Customer"),
    ("importance", "Importance"),
]
VALUE_MEASURES = ("value", "cost", "importance")
"""Measures of delivered value, which are not satisfaction"""
DIMENSIONS = [
    ("company", "Company"),
    ("product", "Product"),
    ("service", "Service and Support"),
    ("communication", "Communication"),
    ("emotion", "Emotion"),
    ("environment", "Environment"),
    ("price", "Price"),
]
PARTS = [
    *DIMENSIONS,
    ("people", "People"),
    ("image", "Image"),
    ("money", "Money"),
    ("time", "Time"),
    ("effort", "Effort"),
    ("energy", "Energy"),
]
"""Dimensions, and what else delivered value consists of"""
MEASURABLE = ("simple_choice", "scale", "matrix")
QUESTION_MEANING = {
    "title",
    "description",
    "survey_id",
    "is_page",
    "question_type",
    "matrix_subtype",
    "scale_min",
    "scale_max",
    "scale_min_label",
    "scale_mid_label",
    "scale_max_label",
    "care_measure",
    "care_dimension",
    "triggering_answer_ids",
}
"""What an answer to the question means; it stays once there is one."""


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    care_measure = fields.Selection(
        QUESTION_MEASURES,
        "Measures",
        help="What the question measures. Perception divided by expectation of the "
        "same dimension gives a ratio; 1 is as expected.",
    )
    care_dimension = fields.Selection(
        PARTS, "Dimension", help="Subject of the question."
    )

    @api.constrains(
        "care_measure", "question_type", "matrix_subtype", "scale_min", "scale_max"
    )
    def _check_care_measure(self):
        for question in self.filtered("care_measure"):
            multiple = (
                question.question_type == "matrix"
                and question.matrix_subtype == "multiple"
            )
            if question.question_type not in MEASURABLE or multiple:
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be measured. Use a scale, a single choice, or "
                        "a matrix with one choice per row.",
                        question.title,
                    )
                )
            if question.care_measure == "nps" and (
                question.question_type != "scale"
                or (question.scale_min, question.scale_max) != (0, 10)
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” measures recommendation, so it must be a scale from 0 "
                        "to 10.",
                        question.title,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Customers who answered before were not asked a new question."""
        questions = super().create(vals_list)
        questions.survey_id._care_check_unanswered()
        return questions

    def write(self, vals):
        if QUESTION_MEANING & set(vals):
            self.filtered(
                lambda question: changes(question, vals, QUESTION_MEANING)
            ).survey_id._care_check_unanswered()
        return super().write(vals)

    def update_field_translations(self, field_name, translations, source_lang=""):
        if field_name in QUESTION_MEANING:
            check_translations(self, self.survey_id, field_name, translations)
        return super().update_field_translations(field_name, translations, source_lang)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_care_answered(self):
        self.survey_id._care_check_unanswered()

    def _care_measure_again(self, spec):
        """Set what the question and its options measure, as in the ready survey.

        :param spec: values that would create the question
        """
        self.write(
            {name: spec.get(name, False) for name in ("care_measure", "care_dimension")}
        )
        scores = {
            option["value"]: option["care_value"]
            for _command, _id, option in spec.get("suggested_answer_ids", ())
        }
        for option in self.suggested_answer_ids:
            option.care_value = scores.get(option.value, option.care_value)

    def _care_option_scores(self):
        """{option: score}: as set on the options, else by their order, the best
        first"""
        values = {}
        for question in self:
            options = question.suggested_answer_ids
            set_ones = any(option.care_value for option in options)
            evenly = option_scores(len(options))
            for option, score in zip(options, evenly, strict=True):
                values[option] = option.care_value if set_ones else score
        return values


def changes(record, vals, meaning):
    """Would ``vals`` change the meaning of answers? Equal values and new translations
    would not."""
    for name in meaning & set(vals):
        field = record._fields[name]
        lang = record.env.lang
        if field.translate and lang and lang != "en_US":
            known = field._get_stored_translations(record) or {}
            if lang not in known:
                continue
        if field.type == "many2many":
            after = record.new({name: vals[name]}, origin=record)[name]
            if set(after._origin.ids) != set(record[name].ids):
                return True
            continue
        new = field.convert_to_cache(vals[name], record, validate=False)
        if (new or None) != (field.convert_to_cache(record[name], record) or None):
            return True
    return False


def check_translations(records, surveys, name, translations):
    """:raise UserError: a text that customers have answered would change"""
    for record in records:
        known = record._fields[name]._get_stored_translations(record) or {}
        if any(
            lang in known and known[lang] != value
            for lang, value in (translations or {}).items()
        ):
            surveys._care_check_unanswered()
