from odoo import api, models

from ...tools.delivered_value import COST_PARTS, VALUE_PARTS


class SurveySurvey(models.Model):
    """Ready blocks of questions that can be added to any survey."""

    _inherit = "survey.survey"

    def action_care_add_block(self):
        """Choose a block of questions to add."""
        self.ensure_one()
        self.check_access("write")
        self._care_check_unanswered()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.survey_block_action"
        ) | {"context": {"default_survey_id": self.id}}

    def _care_add_block(self, kind, importance=False):
        """Add questions at the end, in all languages of the app.

        :param kind: ``value`` or ``dimensions``
        :param importance: ask how important each part is, too
        :raise UserError: customers are asked or have answered
        """
        self.ensure_one()
        self.check_access("write")
        self._care_check_unanswered()
        texts = self.with_context(lang="en_US")
        if kind == "value":
            questions = texts._care_value_block(importance)
        else:
            questions = texts._care_dimension_block(importance)
        last = max(texts.question_and_page_ids.mapped("sequence"), default=0)
        self.env["survey.question"].with_context(lang="en_US").create(
            [
                question | {"survey_id": self.id, "sequence": last + place}
                for place, question in enumerate(questions, 1)
            ]
        )
        texts.sudo()._care_translate()

    @api.model
    def _care_value_block(self, importance):
        values, costs = self._care_value_titles()
        worth = (self.env._("Nothing"), self.env._("Very much"))
        questions = [
            self._care_page(
                self.env._("What you get"),
                self.env._("How much is it worth to you? 1 nothing, 5 very much."),
            ),
            *self._care_parts("value", values, *worth),
            self._care_page(
                self.env._("What it costs you"),
                self.env._("How much does it cost you? 1 nothing, 5 very much."),
            ),
            *self._care_parts("cost", costs, *worth),
        ]
        if importance:
            questions += [
                self._care_page(
                    self.env._("What matters to you"),
                    self.env._("How important is it? 1 not at all, 5 very."),
                ),
                *self._care_parts(
                    "importance",
                    values | costs,
                    self.env._("Not at all"),
                    self.env._("Very"),
                    constr_mandatory=False,
                ),
            ]
        return questions

    @api.model
    def _care_value_titles(self):
        """({part: title} of values, the same of costs)"""
        titles = {
            "product": self.env._("The products: what they do for you"),
            "service": self.env._("The service: delivery, training, repair"),
            "people": self.env._("Our people: competence, courtesy, reliability"),
            "image": self.env._("The name: what it says about you to buy from us"),
            "money": self.env._("Money: price, freight, running costs"),
            "time": self.env._("Time: finding, ordering, waiting"),
            "effort": self.env._("Effort: errands, paperwork, asking again"),
            "energy": self.env._("Energy: worry, risk, getting used to it"),
        }
        return (
            {part: titles[part] for part in VALUE_PARTS},
            {part: titles[part] for part in COST_PARTS},
        )

    @api.model
    def _care_parts(self, measure, titles, low, high, **values):
        """A question from 1 to 5 for each part"""
        return [
            {
                "title": title,
                "question_type": "scale",
                "scale_min": 1,
                "scale_max": 5,
                "scale_min_label": low,
                "scale_max_label": high,
                "constr_mandatory": True,
                "care_measure": measure,
                "care_dimension": part,
                **values,
            }
            for part, title in titles.items()
        ]

    @api.model
    def _care_dimension_block(self, importance):
        questions = []
        if importance:
            questions += [
                self._care_page(
                    self.env._("What you expect of a supplier like us"),
                    self.env._("How much do you expect? 1 little, 5 very much."),
                ),
                *self._care_marks(
                    "expectation", self.env._("Little"), self.env._("Very much")
                ),
            ]
        return [
            *questions,
            self._care_page(
                self.env._("What you get from us"),
                self.env._("How good is it really? 1 poor, 5 excellent."),
            ),
            *self._care_marks(
                "perception", self.env._("Poor"), self.env._("Excellent")
            ),
        ]
