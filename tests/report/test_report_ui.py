from datetime import date

from odoo.tests import HttpCase, tagged

from .test_reports import ReportCase


@tagged("post_install", "-at_install")
class TestReportUi(HttpCase, ReportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy("reply", 4, around_the_clock=True)
        cls.answered("2026-10-05 00:00:00", user_id=cls.rep.id, subject="Late for long")
        cls.Target._generate(date(2026, 10, 2))
        cls.Target._generate(date(2026, 11, 10))

    def test_from_the_dashboard_to_a_late_complaint(self):
        self.start_tour(
            "/odoo/action-customer_care.dashboard_action",
            "customer_care_dashboard",
            login="care_manager",
        )

    def test_make_the_report_of_a_month(self):
        self.start_tour(
            "/odoo/action-customer_care.month_report_action",
            "customer_care_month_report",
            login="care_manager",
        )
        report = self.env["care.month.report"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(report.month, date(2026, 10, 1))
        self.authenticate("care_manager", "care_manager")
        pdf = self.url_open(f"/report/pdf/customer_care.month_report/{report.id}")
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")
