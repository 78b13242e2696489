from datetime import date

from freezegun import freeze_time
from lxml import html

from odoo.tests import tagged

from ..common_outlook import OutlookCase


@tagged("post_install", "-at_install")
class TestMonthReportOutlook(OutlookCase):
    """It is November 20. Mine, of the rep, ordered on November 2 and October 13;
    Theirs, of tier A, last on August 12."""

    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(freeze_time("2026-11-20 04:00:00"))
        super().setUpClass()
        cls.theirs.with_company(cls.company).care_tier_id = cls.A
        cls.mine.with_company(cls.company).care_tier_id = cls.B
        cls.A.risk_threshold, cls.B.risk_threshold = 30, 0
        cls.company.care_risk_threshold = 0
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Field",
                "company_id": cls.company.id,
                "member_ids": [(6, 0, cls.rep.ids)],
            }
        )
        for day in ("2026-10-10", "2026-11-01", "2026-11-02", None):
            cls.refresh(day)
        cls.env["care.risk.case"].search([("company_id", "=", cls.company.id)]).unlink()

    def report(self, user=None, **values):
        report = self.env["care.month.report"].create(
            {"month": "2026-11-15", "company_id": self.company.id, **values}
        )
        return report.with_user(user or self.all)

    def rows(self, report):
        """{key: (value, count, previous, previous count)}"""
        return {
            row["key"]: (
                row["value"],
                row["count"],
                row["previous"],
                row["previous_count"],
            )
            for row in report._figures()["outlook"]["rows"]
        }

    def cases(self):
        """Two opened in November, one of them lost; one of September won back in
        October, one of October lost in November"""
        shops = [
            self.customer(f"Shop {number}", user_id=self.rep.id) for number in range(4)
        ]
        for shop, opened, closed, state, cause in (
            (shops[0], "2026-11-05", None, "open", "price"),
            (shops[1], "2026-11-06", "2026-11-10", "lost", "price"),
            (shops[2], "2026-09-05", "2026-10-30", "won_back", "service"),
            (shops[3], "2026-10-05", "2026-11-09", "won_back", "service"),
        ):
            self.env["care.risk.case"].create(
                {
                    "partner_id": shop.id,
                    "company_id": self.company.id,
                    "user_id": self.rep.id,
                    "opened_at": f"{opened} 08:00:00",
                    "closed_at": closed and f"{closed} 08:00:00",
                    "state": state,
                    "cause": cause,
                }
            )

    def check(self, day, end, **values):
        return self.env["care.outlook.check"].create(
            {
                "company_id": self.company.id,
                "date": day,
                "date_end": end,
                "customer_count": 300,
                "silent_count": 166,
                "risk_count": 200,
                "risk_silent_count": 126,
                "top_share": 31,
                "rule_used": "simple",
                "auc_simple": 0.84,
                "brier_simple": 0.18,
                **values,
            }
        )

    def test_figures_beside_the_previous_month(self):
        self.cases()
        self.check("2026-08-03", "2026-11-02")
        self.check("2026-07-03", "2026-10-02", top_share=28, silent_count=150)
        rows = self.rows(self.report())
        self.assertIn("700", rows["risk_amount"][0])
        self.assertEqual(rows["risk_amount"][1], "n = 1")
        self.assertEqual(rows["due_count"], ("1", "", "1", ""))
        self.assertEqual(rows["ordered_count"], ("1", "100 %", "1", "100 %"))
        self.assertEqual(rows["opened"], ("2", "", "1", ""))
        self.assertEqual(rows["won_back"], ("1", "", "1", ""))
        self.assertEqual(rows["lost"], ("1", "", "0", ""))
        self.assertEqual(rows["won_rate"], ("50.0 %", "n = 2", "100.0 %", "n = 1"))
        self.assertEqual(rows["hit_rate"], ("31 %", "n = 166", "28 %", "n = 150"))

    def test_tiers_and_causes(self):
        self.cases()
        outlook = self.report()._figures()["outlook"]
        self.assertEqual(
            [
                (row["name"], row["customer_count"], row["risk_count"])
                for row in outlook["tiers"]
            ],
            [(self.A.display_name, 1, 1), (self.B.display_name, 1, 0)],
        )
        self.assertIn("700", outlook["tiers"][0]["amount"])
        self.assertEqual(
            [
                (row["name"], row["opened"], row["won_back"], row["lost"], row["rate"])
                for row in outlook["causes"]
            ],
            [("Price", 2, 0, 1, "0 %"), ("Poor Service Attitude", 0, 1, 0, "100 %")],
        )

    def test_the_page_the_mail_and_the_button(self):
        self.cases()
        self.check("2026-08-03", "2026-11-02")
        report = self.report()
        page = html.fromstring(report.content)
        [cell] = page.xpath("//tr[@name='won_rate']/td[2]/strong")
        self.assertEqual(cell.text, "50.0 %")
        self.assertIn("63 did not order", report.content)
        self.assertIn("Win-back rate", report._mail_body())
        action = report.action_open_risk_cases()
        found = self.env[action["res_model"]].with_user(self.all)
        self.assertEqual(
            set(found.search(action["domain"]).case_id.partner_id.mapped("name")),
            {"Shop 0", "Shop 1", "Shop 3"},
        )

    def test_a_department_has_its_own_figures(self):
        self.cases()
        rows = self.rows(self.report(department_id=self.team.id))
        self.assertNotIn("700", rows["risk_amount"][0])
        self.assertEqual(rows["risk_amount"][1], "n = 0")
        self.assertEqual(rows["due_count"][0], "1")
        self.assertEqual(rows["opened"][0], "2")
        other = self.env["crm.team"].create(
            {"name": "Other", "company_id": self.company.id}
        )
        rows = self.rows(self.report(department_id=other.id))
        self.assertEqual((rows["due_count"][0], rows["opened"][0]), ("–", "0"))

    def test_a_past_month_does_not_change(self):
        october = self.report(month="2026-10-15")
        before = self.rows(october)
        self.orders(self.mine, (1,))
        self.refresh(date(2026, 11, 21))
        self.assertEqual(self.rows(october), before)

    def test_a_month_of_which_nothing_is_known(self):
        report = self.report(month="2020-02-01")
        rows = self.rows(report)
        self.assertEqual(rows["risk_amount"], ("–", "", "–", ""))
        self.assertEqual(rows["won_rate"][0], "–")
        self.assertIn("had not yet counted", report.content)

    def test_another_company_does_not_count(self):
        self.check("2026-08-03", "2026-11-02", company_id=self.other_company.id)
        rows = self.rows(self.report())
        self.assertEqual(rows["hit_rate"][0], "–")

    def test_feature_off_nothing_is_said(self):
        self.env["res.groups"]._switch_care_features(outlook=False)
        report = self.report()
        self.assertFalse(report._figures()["outlook"])
        self.assertNotIn("Early Warning", report.content)
        self.assertNotIn("Early Warning", report._mail_body())
