import json

from odoo import api, models
from odoo.fields import Command, Domain
from odoo.tools import SQL
from odoo.tools.translate import code_translations

from .survey_question import DIMENSIONS

PARAMETER = "customer_care.survey_%s"
"""Which survey is the ready one: ids of records without XML id, which would take the
customers' answers along when the app is uninstalled."""
PARAGRAPH = "<p>%s</p>"


class SurveySurvey(models.Model):
    """The surveys shipped with the app, in English and all languages the app is
    translated into, active or not."""

    _inherit = "survey.survey"

    @api.model
    def _care_ready_survey(self, kind):
        """The ready survey, if nobody has deleted it.

        :param kind: ``periodic``, ``complaint`` or ``departments``
        """
        company = self.env.company.sudo()
        chosen = {
            "periodic": company.care_survey_id,
            "complaint": company.care_complaint_survey_id,
        }.get(kind)
        if chosen:
            return self.browse(chosen.id)
        known = self.env["ir.config_parameter"].sudo().get_param(PARAMETER % kind)
        return self.browse(int(known or 0)).sudo().exists().sudo(False)

    @api.model
    def _care_ready_ids(self):
        parameters = self.env["ir.config_parameter"].sudo()
        return {
            int(parameters.get_param(PARAMETER % kind) or 0)
            for kind in ("periodic", "complaint", "departments")
        }

    @api.model
    def _care_make_ready_surveys(self):
        """Create missing ready surveys; called by the hook and by migrations."""
        parameters = self.env["ir.config_parameter"].sudo()
        for kind, values in (
            ("periodic", self._care_periodic),
            ("complaint", self._care_after_complaint),
            ("departments", self._care_between_departments),
        ):
            if not parameters.get_param(PARAMETER % kind):
                texts = self.sudo().with_context(lang="en_US")
                survey = texts._care_find_ready(values()) or texts.create(values())
                survey._care_translate()
                parameters.set_param(PARAMETER % kind, survey.id)

    def _care_find_ready(self, values):
        """Find the survey left by an earlier installation because it has answers: it
        contains the measured questions of the ready one in the same order. The
        measures, removed with the app, are set again.

        :param values: of the ready survey
        :return: an empty recordset if there is none
        """
        wanted = [
            question
            for _command, _id, question in values["question_and_page_ids"]
            if question.get("care_measure")
        ]
        for survey in self.search(
            [("question_and_page_ids.title", "=", wanted[0]["title"])], order="id"
        ):
            questions = iter(survey.question_and_page_ids.sorted("sequence"))
            found = [
                (question, spec)
                for spec in wanted
                if (question := self._care_next(questions, spec["title"]))
            ]
            if len(found) == len(wanted):
                for question, spec in found:
                    question._care_measure_again(spec)
                return survey
        return self.browse()

    @api.model
    def _care_next(self, questions, title):
        return next((one for one in questions if one.title == title), None)

    def _care_lang(self, code):
        """Language to ask in: the customer's if the survey has it"""
        supported = self._get_supported_lang_codes()
        langs = self.env["res.lang"]
        return langs._lang_get(code) if code in supported else langs

    # ------------------------------------------------------------
    # Texts
    # ------------------------------------------------------------

    @api.model
    def _care_periodic(self):
        expected = self._care_marks(
            "expectation", self.env._("Little"), self.env._("Very much")
        )
        perceived = self._care_marks(
            "perception", self.env._("Poor"), self.env._("Excellent")
        )
        questions = [
            self._care_page(self.env._("All in all")),
            {
                "title": self.env._("How satisfied are you with us, all in all?"),
                "question_type": "simple_choice",
                "constr_mandatory": True,
                "care_measure": "satisfaction",
                "suggested_answer_ids": self._care_options(
                    (self.env._("Highly satisfied"), 100),
                    (self.env._("Fairly satisfied"), 75),
                    (self.env._("No opinion"), 50),
                    (self.env._("Somewhat dissatisfied"), 25),
                    (self.env._("Very dissatisfied"), 0),
                ),
            },
            self._care_page(
                self.env._("What you expect of a supplier like us"),
                self.env._("How much do you expect? 1 little, 5 very much."),
            ),
            *expected,
            self._care_page(
                self.env._("What you get from us"),
                self.env._("How good is it really? 1 poor, 5 excellent."),
            ),
            *perceived,
            self._care_page(self.env._("Finally")),
            {
                "title": self.env._("Would you recommend us to others in your trade?"),
                "question_type": "scale",
                "scale_min": 0,
                "scale_max": 10,
                "scale_min_label": self.env._("By no means"),
                "scale_max_label": self.env._("Certainly"),
                "care_measure": "nps",
                "constr_mandatory": True,
            },
            {
                "title": self.env._("What should we do better?"),
                "question_type": "text_box",
            },
        ]
        return self._care_survey_values(
            self.env._("Customer Satisfaction"),
            self.env._(
                "It takes three minutes. Please say frankly what you think: it helps "
                "us to serve you better."
            ),
            self.env._("Thank you. We read every answer."),
            questions,
            questions_layout="page_per_section",
        )

    @api.model
    def _care_page(self, title, description=None):
        page = {"title": title, "is_page": True, "question_type": False}
        if description:
            page["description"] = PARAGRAPH % description
        return page

    @api.model
    def _care_marks(self, measure, low, high):
        """A question from 1 to 5 for each dimension"""
        subjects = {
            "company": self.env._("The company: reputation, reliability"),
            "product": self.env._("The products: quality, choice, novelty"),
            "service": self.env._(
                "Service and support: delivery, training, complaints"
            ),
            "communication": self.env._(
                "Communication: told in time, clearly, listened to"
            ),
            "emotion": self.env._(
                "How we treat you: friendly, respectful, as a partner"
            ),
            "environment": self.env._(
                "Surroundings: our premises, events, ordering online"
            ),
            "price": self.env._("What it costs you: prices, terms of payment, effort"),
        }
        return [
            {
                "title": subjects[dimension],
                "question_type": "scale",
                "scale_min": 1,
                "scale_max": 5,
                "scale_min_label": low,
                "scale_max_label": high,
                "care_measure": measure,
                "care_dimension": dimension,
            }
            for dimension, _label in DIMENSIONS
        ]

    @api.model
    def _care_after_complaint(self):
        questions = [
            {
                "title": self.env._(
                    "Are you satisfied with how your complaint was solved?"
                ),
                "question_type": "simple_choice",
                "constr_mandatory": True,
                "care_measure": "satisfaction",
                "suggested_answer_ids": self._care_options(
                    (self.env._("Satisfied"), 100), (self.env._("Not satisfied"), 0)
                ),
            },
            {
                "title": self.env._("What would you like to add?"),
                "question_type": "text_box",
            },
        ]
        return self._care_survey_values(
            self.env._("Was Your Complaint Solved?"),
            self.env._("Two clicks, so that we know whether all is well."),
            self.env._("Thank you for telling us."),
            questions,
            questions_layout="one_page",
        )

    @api.model
    def _care_between_departments(self):
        scale = {
            "question_type": "scale",
            "scale_min": 1,
            "scale_max": 5,
            "scale_min_label": self.env._("Poor"),
            "scale_max_label": self.env._("Excellent"),
            "care_measure": "satisfaction",
            "constr_mandatory": True,
        }
        titles = (
            self.env._("Reliability: does the department keep what it promises?"),
            self.env._("Speed: do you get what you need in time?"),
            self.env._("Friendliness: are you treated as a partner?"),
            self.env._("All in all, how well does the department serve you?"),
        )
        return self._care_survey_values(
            self.env._("Service between Departments"),
            self.env._(
                "One minute for four questions about how we work together in the "
                "company."
            ),
            self.env._("Thank you for telling us."),
            [scale | {"title": title} for title in titles],
            questions_layout="one_page",
        )

    @api.model
    def _care_options(self, *options):
        return [
            Command.create({"value": value, "care_value": score, "sequence": place})
            for place, (value, score) in enumerate(options)
        ]

    @api.model
    def _care_survey_values(self, title, description, done, questions, **values):
        return {
            "title": title,
            "description": PARAGRAPH % description,
            "description_done": PARAGRAPH % done,
            "survey_type": "survey",
            "lang_ids": [Command.clear()],
            "access_mode": "token",
            "users_can_go_back": True,
            "progression_mode": "number",
            "scoring_type": "no_scoring",
            "question_and_page_ids": [
                Command.create(question | {"sequence": place})
                for place, question in enumerate(questions)
            ],
            **values,
        }

    # ------------------------------------------------------------
    # Translations
    # ------------------------------------------------------------

    def _care_translate(self):
        """Add translations in all languages of the app. Written in SQL, because the ORM
        accepts active languages only; they show once the language is activated."""
        self.env.flush_all()
        langs = self.env["res.lang"].with_context(active_test=False).search(Domain.TRUE)
        for code in langs.mapped("code"):
            words = code_translations.get_python_translations("customer_care", code)
            if code == "en_US" or not words:
                continue
            for records, names in (
                (self, ("title", "description", "description_done")),
                (
                    self.question_and_page_ids,
                    ("title", "description", "scale_min_label", "scale_max_label"),
                ),
                (self.question_and_page_ids.suggested_answer_ids, ("value",)),
            ):
                for name in names:
                    add_texts(records, name, code, words)
        self.env.invalidate_all(flush=False)


def add_texts(records, name, code, words):
    """Write the translations of one field into its table."""
    texts = {}
    for record in records:
        source = record[name]
        bare = str(source or "").removeprefix("<p>").removesuffix("</p>")
        if words.get(bare):
            texts[record.id] = str(source).replace(bare, words[bare])
    if texts:
        records.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s row
                   SET %(column)s = row.%(column)s || jsonb_build_object(
                            %(code)s::text, texts.value)
                  FROM json_each_text(%(texts)s::json) AS texts
                 WHERE row.id = texts.key::int AND NOT row.%(column)s ? %(code)s
                """,
                table=SQL.identifier(records._table),
                column=SQL.identifier(name),
                code=code,
                texts=json.dumps(texts),
            )
        )
