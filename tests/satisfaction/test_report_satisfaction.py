from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ..common_satisfaction import SatisfactionCase
from ..report.test_reports import NOON, ReportCase

OCTOBER = "2026-10-15 04:00:00"


@tagged("post_install", "-at_install")
class TestReportSatisfaction(ReportCase, SatisfactionCase):
    """Answers of customers in the reports of managers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(freeze_time(NOON))
        cls.best.write({"email": "best@example.com", "care_manager_id": cls.rep.id})
        cls.second.write({"email": "second@example.com", "care_manager_id": cls.rep.id})
        cls.third.write({"email": "third@example.com", "care_manager_id": cls.all.id})

    def answers(self):
        with freeze_time(OCTOBER):
            campaign = self.started(self.best | self.second | self.third)
            for partner, mark, expected, perceived, nps in (
                (self.best, 0, 4, 5, 10),
                (self.second, 3, 5, 3, 3),
                (self.third, 1, 4, 4, 9),
            ):
                answer = self.answer_of(campaign, partner)
                self.fill(answer, mark, expected, perceived, nps)
        self.env.flush_all()
        return self.env["care.answer"].search([("campaign_id", "=", campaign.id)])

    def figures(self, **scope):
        return self.env["care.indicator"]._satisfaction(
            self.company, date(2026, 10, 1), date(2026, 10, 31), **scope
        )

    def test_figures_are_those_of_the_answers(self):
        answers = self.answers()
        figures = self.figures()
        self.assertEqual(figures["answers"], 3)
        self.assertAlmostEqual(figures["score"], sum(answers.mapped("score")) / 3)
        self.assertAlmostEqual(figures["nps"], 100 / 3)
        self.assertAlmostEqual(figures["reputation"], 200 / 3)
        # perceived 5, 3 and 4, expected 4, 5 and 4: the ratio of means, below 1, where
        # the mean of ratios is above it
        self.assertAlmostEqual(figures["ratio"], 12 / 13)
        self.assertEqual(self.figures(user=self.rep)["answers"], 2)
        self.assertEqual(self.figures(department=self.south)["reputation"], 100)
        answers[0]._inputs()._care_set_aside("A joke")
        self.assertEqual(self.figures()["answers"], 2)

    def test_by_department(self):
        """The department of the account manager, as in the figures of a department"""
        answers = self.answers()
        domain = [
            ("campaign_id", "=", answers.campaign_id.id),
            ("dimension", "=", False),
        ]
        Report = self.env["care.satisfaction.report"]
        counts = dict(Report._read_group(domain, ["department_id"], ["__count"]))
        self.assertEqual(counts, {self.north: 2, self.south: 1})
        answers[0]._inputs()._care_set_aside("A joke")
        self.env.flush_all()
        self.assertEqual(Report.search_count(domain), 2)

    def test_nothing_was_answered(self):
        figures = self.figures()
        self.assertEqual(figures["answers"], 0)
        self.assertIsNone(figures["score"])
        report = self.env["care.month.report"].create(
            {"month": "2026-10-01", "company_id": self.company.id}
        )
        self.assertIn("No survey was answered", report.content)

    def test_in_the_report_of_the_month(self):
        answers = self.answers()
        report = self.env["care.month.report"].create(
            {"month": "2026-10-01", "company_id": self.company.id}
        )
        figures = report._figures()
        [(_label, score, count)] = figures["dimensions"]
        self.assertEqual(count, 3)
        self.assertAlmostEqual(score, 75, msg="perceived 5, 3 and 4 of 5")
        self.assertIn("66.7 %", {row["value"] for row in figures["indicators"]})
        action = report.action_open_answers()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows, answers)
        report.department_id = self.south
        action = report.action_open_answers()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.partner_id, self.third)

    def test_on_the_page_of_a_person(self):
        self.answers()
        figures = self.env["care.evaluation"].browse(self.all.id)._figures()
        [row] = [row for row in figures["rows"] if row["name"] == "Satisfaction"]
        self.assertEqual(row["own"], ("75.0 of 100", "n = 1"))
