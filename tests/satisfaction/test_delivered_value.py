"""Delivered value: arithmetic, block of questions, results."""

import doctest
from unittest import TestCase
from unittest.mock import patch

import numpy
from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.translate import code_translations

from ...tools import delivered_value as tool
from .. import common_properties  # noqa: F401  loads the profile of hypothesis
from ..common_satisfaction import SatisfactionCase

scores = st.floats(0, 100)


def sides(parts):
    return st.dictionaries(st.sampled_from(parts), scores, min_size=1)


importances = st.dictionaries(
    st.sampled_from(tool.VALUE_PARTS + tool.COST_PARTS), st.none() | scores
)


class TestDeliveredValueTool(TestCase):
    def test_examples(self):
        results = doctest.testmod(tool)
        self.assertTrue(results.attempted)
        self.assertFalse(results.failed)

    @given(sides(tool.VALUE_PARTS), sides(tool.COST_PARTS), importances)
    def test_within_bounds(self, values, costs, importance):
        result = tool.delivered(values, costs, importance)
        self.assertLessEqual(result.value, max(values.values()) + 1e-9)
        self.assertGreaterEqual(result.value, min(values.values()) - 1e-9)
        self.assertLessEqual(abs(result.delivered), 100 + 1e-9)

    @given(sides(tool.VALUE_PARTS), sides(tool.COST_PARTS), importances, scores)
    def test_more_value_is_never_worse(self, values, costs, importance, more):
        part = next(iter(values))
        better = values | {part: max(values[part], more)}
        before = tool.delivered(values, costs, importance).delivered
        after = tool.delivered(better, costs, importance).delivered
        self.assertGreaterEqual(after, before - 1e-9)

    @given(sides(tool.VALUE_PARTS), sides(tool.COST_PARTS), scores)
    def test_equal_importance_changes_nothing(self, values, costs, stated):
        equal = dict.fromkeys([*values, *costs], stated)
        plain, weighted = (
            tool.delivered(values, costs),
            tool.delivered(values, costs, equal),
        )
        self.assertAlmostEqual(plain.value, weighted.value)
        self.assertAlmostEqual(plain.value, numpy.mean(list(values.values())))
        self.assertAlmostEqual(plain.cost, weighted.cost)

    def test_one_side_says_nothing(self):
        self.assertIsNone(tool.delivered({}, {"money": 5}))
        self.assertIsNone(tool.delivered({"image": 5}, {}))


@tagged("post_install", "-at_install")
class TestDeliveredValue(SatisfactionCase):
    def value_survey(self, importance=True):
        survey = self.make_survey()
        survey._care_add_block("value", importance)
        return survey

    def parts(self, survey, measure):
        return survey.question_ids.filtered(lambda one: one.care_measure == measure)

    def fill_value(self, answer, marks):
        """:param marks: {question: mark from 1 to 5}"""
        answer = answer.sudo()
        answer._mark_in_progress()
        for question, mark in marks.items():
            answer._save_lines(question, str(mark))
        answer._mark_done()
        self.env.flush_all()

    def test_block(self):
        survey = self.value_survey()
        for measure, parts in (
            ("value", tool.VALUE_PARTS),
            ("cost", tool.COST_PARTS),
            ("importance", tool.VALUE_PARTS + tool.COST_PARTS),
        ):
            found = self.parts(survey, measure)
            self.assertEqual(tuple(found.mapped("care_dimension")), parts)
        self.assertEqual(len(survey.question_and_page_ids), 5 + 3 + 16)
        order = survey.question_and_page_ids.sorted("sequence")
        self.assertEqual(order[0].title, "All in all?")
        bare = self.value_survey(importance=False)
        self.assertEqual(len(bare.question_ids), 5 + 8)
        more = self.make_survey()
        more._care_add_block("dimensions", True)
        self.assertEqual(len(more.question_ids), 5 + 14)

    def test_block_in_other_languages(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        words = {"Money: price, freight, running costs": "货币：价格、运费、使用成本"}
        with patch.object(
            type(code_translations), "get_python_translations", return_value=words
        ):
            survey = self.make_survey()
            survey.with_context(lang="zh_CN")._care_add_block("value")
        money = survey.question_ids.filtered(lambda one: one.care_dimension == "money")
        self.assertEqual(money.title, next(iter(words)))
        self.assertEqual(
            money.with_context(lang="zh_CN").title, "货币：价格、运费、使用成本"
        )

    def test_wizard(self):
        survey = self.survey
        action = survey.with_user(self.surveyor).action_care_add_block()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.surveyor)
            .with_context(**action["context"])
            .create({})
        )
        wizard.action_add()
        self.assertEqual(len(self.parts(survey, "value")), 4)
        for user in (self.rep, self.manager):
            with self.assertRaises(AccessError):
                survey.with_user(user).action_care_add_block()
            with self.assertRaises(AccessError):
                self.env["care.survey.block"].with_user(user).create(
                    {"survey_id": survey.id}
                )

    def test_refused_once_asked(self):
        [shop] = self.customers(1)
        campaign = self.started(shop)
        self.fill(self.answer_of(campaign, shop), 0, 5, 4, 9)
        campaign.action_close()
        wizard = self.env["care.survey.block"].create({"survey_id": self.survey.id})
        for refused in (wizard.action_add, self.survey.action_care_add_block):
            with self.assertRaisesRegex(UserError, "Customers have answered"):
                refused()

    def test_results(self):
        """SQL against the tool, in groups, in two waves"""
        random = numpy.random.default_rng(7)
        survey = self.value_survey()
        questions = survey.question_ids.filtered(
            lambda one: one.care_measure in ("value", "cost", "importance")
        )
        shops = self.customers(12, "A", self.A) | self.customers(12, "B", self.B)
        found = []
        for wave in (0, 1):
            campaign = self.started(
                shops, survey_id=survey.id, quarantine_days=0, stratified=False
            )
            delivered = {self.A: [], self.B: []}
            for row in campaign.invitation_ids:
                marks = {one: int(random.integers(1, 6)) for one in questions}
                if wave:
                    marks |= dict.fromkeys(self.parts(survey, "value"), 5)
                    marks |= dict.fromkeys(self.parts(survey, "cost"), 1)
                by = {
                    measure: {
                        one.care_dimension: 25.0 * (mark - 1)
                        for one, mark in marks.items()
                        if one.care_measure == measure
                    }
                    for measure in ("value", "cost", "importance")
                }
                self.fill_value(row.user_input_id, marks)
                delivered[row.tier_id].append(tool.delivered(*by.values()))
            if not wave:
                campaign.sudo().started_at = "2026-01-01"
            found.append((campaign, delivered))
        for campaign, delivered in found:
            value = campaign._results()["value"]
            everybody = [one for part in delivered.values() for one in part]
            for name in ("value", "cost", "delivered"):
                mean = numpy.mean([getattr(one, name) for one in everybody])
                self.assertAlmostEqual(value[name]["value"], mean, places=3)
                self.assertEqual(value[name]["count"], 24)
            for tier, row in zip(
                (self.A, self.B),
                sorted(value["groups"], key=lambda row: row["name"]),
                strict=True,
            ):
                self.assertEqual(row["id"], tier.id)
                mean = numpy.mean([one.delivered for one in delivered[tier]])
                self.assertAlmostEqual(row["delivered"]["value"], mean, places=3)
                self.assertEqual(row["delivered"]["count"], 12)
        (first, _), (second, _) = found
        self.assertFalse(first._results()["value"]["change"])
        change = second._results()["value"]["change"]
        self.assertTrue(change["significant"])
        before = first._results()["value"]["delivered"]["value"]
        self.assertAlmostEqual(change["value"], 100 - before, places=3)

    def test_is_not_satisfaction(self):
        """Cost is neither perceived nor expected, and no part is a dimension."""
        survey = self.value_survey(importance=False)
        [shop] = self.customers(1, "A", self.A)
        campaign = self.started(shop, survey_id=survey.id)
        answer = self.answer_of(campaign, shop)
        parts = self.parts(survey, "value") | self.parts(survey, "cost")
        self.fill_value(answer, dict.fromkeys(parts, 1))
        self.assertFalse(answer.care_scored or answer.care_rated)
        results = campaign._results()
        self.assertEqual(results["dimensions"], [])
        self.assertEqual(results["value"]["delivered"]["value"], 0)
        self.env.flush_all()
        self.assertFalse(
            self.env["care.satisfaction.report"].search(
                [("campaign_id", "=", campaign.id)]
            )
        )

    def test_parts_left_out_do_not_count(self):
        survey = self.value_survey(importance=False)
        [shop] = self.customers(1, "A", self.A)
        campaign = self.started(shop, survey_id=survey.id)
        self.fill_value(
            self.answer_of(campaign, shop),
            dict.fromkeys(self.parts(survey, "value"), 5),
        )
        value = campaign._results()["value"]
        self.assertEqual(value["delivered"]["count"], 0)
        self.assertIsNone(value["delivered"]["value"])

    def test_other_surveys_have_none(self):
        self.assertFalse(self.started(self.customers(1))._results()["value"])
