"""Results of campaigns as PDF and as a spreadsheet."""

import doctest
import io
from itertools import combinations
from math import hypot
from unittest import TestCase

import openpyxl
from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ...tools import chart, spreadsheet
from ..common_satisfaction import SatisfactionCase


class TestDocstrings(TestCase):
    def test_examples(self):
        for module in (chart, spreadsheet):
            results = doctest.testmod(module)
            self.assertTrue(results.attempted)
            self.assertFalse(results.failed)


class TestChart(TestCase):
    def test_numbers_do_not_cover_each_other(self):
        row = {"importance": 50, "satisfaction": 50, "ratio": 0.9}
        points = chart.quadrants([row] * 7)["points"]
        self.assertEqual({(point["x"], point["y"]) for point in points}, {(150, 150)})
        numbers = [(point["label_x"], point["label_y"]) for point in points]
        for (x, y), (other_x, other_y) in combinations(numbers, 2):
            self.assertGreaterEqual(hypot(x - other_x, y - other_y), chart.LABEL)
        self.assertTrue(
            all(0 < value < chart.SIZE for place in numbers for value in place)
        )
        self.assertTrue(points[-1]["led"])
        self.assertTrue(all(point["urgent"] for point in points))
        self.assertEqual(
            chart.quadrants([row | {"importance": None}])["points"], [], "not asked"
        )


class ExportCase(SatisfactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = new_test_user(
            cls.env,
            "care_export_reader",
            groups="customer_care.group_user_all,base.group_allow_export",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.stranger = new_test_user(
            cls.env,
            "care_export_stranger",
            groups="customer_care.group_user_all,base.group_allow_export",
            company_id=cls.other_company.id,
            company_ids=[(6, 0, cls.other_company.ids)],
        )

    def answered(self, count=6, **values):
        shops = self.customers(count, "Shop", self.A)
        campaign = self.started(shops, **values)
        for place, shop in enumerate(shops):
            words = "=cmd|' /C calc'!A0" if place == 0 else f"Word {place}"
            self.fill(self.answer_of(campaign, shop), place % 3, 5, 4, 9, words)
        return campaign

    def answered_anonymously(self, count):
        shops = self.customers(count, "Quiet", self.A)
        campaign = self.started(shops, anonymous=True)
        tokens = self.env["care.survey.token"]
        for number, invitation in enumerate(campaign.invitation_ids):
            draft = tokens._find(invitation._survey_token())._hand_in("en_US")
            self.fill(draft, 1, 5, 4, 9, f"Secret {number}")
        self.publish()
        return campaign

    @staticmethod
    def sheets(content):
        book = openpyxl.load_workbook(io.BytesIO(content))
        return {
            sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()]
            for sheet in book
        }

    def printed(self, campaign, user=None):
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(user or self.reader)
            ._render_qweb_html("customer_care.report_campaign_results", campaign.ids)
        )
        return html.fromstring(content)


@tagged("post_install", "-at_install")
class TestExport(ExportCase):
    def test_figures_and_answers(self):
        campaign = self.answered().with_user(self.reader)
        sheets = self.sheets(campaign._export_results())
        self.assertEqual(list(sheets), ["Results", "Answers"])
        results = campaign._results()
        rows = {row[0]: row[1:] for row in sheets["Results"]}
        self.assertEqual(rows["Seed of the sample"][0], "autumn")
        self.assertAlmostEqual(
            rows["Satisfaction (0 to 100)"][0], results["score"]["value"]
        )
        self.assertEqual(rows["Satisfaction (0 to 100)"][3], 6)
        self.assertAlmostEqual(rows["Recommendation (NPS)"][0], 100)
        self.assertAlmostEqual(rows["Service and Support"][2], 0.8)
        head, *answers = sheets["Answers"]
        self.assertEqual(len(answers), 6)
        self.assertEqual(
            head[5:], ["All in all?", *self.survey.question_ids[1:].mapped("title")]
        )
        first = next(row for row in answers if row[0] == "Shop 0")
        self.assertEqual(first[5:9], ["Very good", 5, 4, 9])

    def test_no_formula(self):
        campaign = self.answered(2)
        campaign.name = "=1+1"
        content = campaign.with_user(self.reader)._export_results()
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        self.assertNotIn("f", {cell.data_type for cell in cells})
        texts = [cell.value for cell in cells if isinstance(cell.value, str)]
        self.assertIn("'=cmd|' /C calc'!A0", texts)
        self.assertIn("'=1+1", texts)
        self.assertFalse([text for text in texts if text.startswith(("=", "+", "@"))])

    def test_set_aside_is_left_out(self):
        campaign = self.answered(3)
        campaign.invitation_ids[0].user_input_id.sudo()._care_set_aside("A joke")
        sheets = self.sheets(campaign.with_user(self.reader)._export_results())
        self.assertEqual(len(sheets["Answers"]), 3, "a header and two")
        self.assertIn(["Answers set aside", 1], [row[:2] for row in sheets["Results"]])

    def test_anonymous_has_figures_only(self):
        campaign = self.answered_anonymously(6).with_user(self.reader)
        self.assertEqual(campaign._results()["answers"], 6)
        content = campaign._export_results()
        sheets = self.sheets(content)
        self.assertEqual(list(sheets), ["Results"])
        self.assertFalse([row for row in sheets["Results"] if "Quiet" in str(row)])
        log = self.env["care.protection.log"].search([], limit=1)
        self.assertEqual((log.kind, log.count, log.user_id), ("export", 0, self.reader))

    def test_anonymous_below_five_has_nothing(self):
        campaign = self.answered_anonymously(4).with_user(self.reader)
        sheets = self.sheets(campaign._export_results())
        rows = {row[0]: row[1:] for row in sheets["Results"]}
        self.assertIsNone(rows["Satisfaction (0 to 100)"][0])
        self.assertFalse([row for row in sheets["Results"] if "Secret" in str(row)])
        self.assertNotIn("Secret", self.printed(campaign).text_content())

    def test_limit_and_log(self):
        campaign = self.answered(4).with_user(self.reader)
        self.company.care_export_limit = 5
        campaign._export_results()
        log = self.env["care.protection.log"].search(
            [("user_id", "=", self.reader.id)], limit=1
        )
        self.assertEqual((log.kind, log.count), ("export", 4))
        self.assertIn("Autumn", log.details)
        with self.enter_registry_test_mode(), self.assertRaises(UserError):
            campaign._export_results()

    def test_who_may_not(self):
        campaign = self.answered(1)
        no_export = new_test_user(
            self.env,
            "care_export_not",
            groups="customer_care.group_user_all",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        no_export.group_ids -= self.env.ref("base.group_allow_export")
        for user in (self.rep, self.stranger, no_export):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                campaign.with_user(user).action_export_results()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                campaign.with_user(user)._export_results()
        for user in (self.rep, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                campaign.with_user(user).action_print_results()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.printed(campaign, user)

    def test_print(self):
        campaign = self.answered()
        page = self.printed(campaign)
        text = " ".join(page.text_content().split())
        for words in ("Autumn", "Seed of the sample autumn", "RR1", "improve first"):
            self.assertIn(words, text)
        [figures] = page.xpath("//table[@data-part='figures']")
        results = campaign._results()
        rows = [
            [cell.text_content().strip() for cell in line.xpath("./td")]
            for line in figures.xpath(".//tr[td]")
        ]
        score = results["score"]
        self.assertEqual(
            rows[0],
            [
                "Satisfaction (0 to 100)",
                f"{score['value']:.0f}",
                f"{score['low']:.0f} to {score['high']:.0f}",
                "6",
            ],
        )
        self.assertEqual(len(page.xpath("//*[local-name()='circle']")), 1)


@tagged("post_install", "-at_install")
class TestExportWeb(HttpCase, ExportCase):
    def test_download(self):
        campaign = self.answered(2)
        url = f"/customer_care/campaign/{campaign.id}/results.xlsx"
        answer = self.url_open(url, allow_redirects=False)
        self.assertEqual(answer.status_code, 303, "log in first")
        portal = new_test_user(
            self.env, "care_export_portal", groups="base.group_portal"
        )
        for login in (self.rep.login, self.stranger.login, portal.login):
            self.authenticate(login, login)
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 403, login)
            self.assertNotIn(b"PK", answer.content[:2])
        self.authenticate(self.reader.login, self.reader.login)
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(len(self.sheets(answer.content)["Answers"]), 3)
        missing = self.url_open("/customer_care/campaign/999999999/results.xlsx")
        self.assertEqual(missing.status_code, 404)
