import base64
import io
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError
from reportlab.pdfgen.canvas import Canvas

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from ...tools.pdf_pages import number_pages
from .test_reports import NOON, ReportCase

STATE = (
    "odoo.addons.base.models.ir_actions_report.IrActionsReport.get_wkhtmltopdf_state"
)


LOGGER = "odoo.addons.customer_care.models.core.care_job"


@tagged("post_install", "-at_install")
class TestMonthReport(ReportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["care.month.report"]
        cls.enterClassContext(freeze_time(NOON))
        cls.policy("reply", 4, around_the_clock=True)
        cls.answered("2026-10-05 00:00:00", 0.5, 10, user_id=cls.rep.id)
        cls.answered("2026-10-06 00:00:00", 6, user_id=cls.rep.id)
        cls.answered("2026-10-20 00:00:00", 3, 20, cls.third, user_id=cls.all.id)
        # The last minute of October, and the first of November, in Shanghai
        cls.answered("2026-10-31 15:59:00", 1, user_id=cls.all.id)
        cls.answered("2026-10-31 16:01:00", 1, user_id=cls.all.id)
        cls.company.partner_id.tz = cls.ZONE

    def report(self, month="2026-10-15", **values):
        return self.Report.create(
            {"month": month, "company_id": self.company.id, **values}
        )

    def contacts(self):
        self.generate(date(2026, 10, 2))
        self.contact(self.best, date(2026, 10, 5))
        self.contact(self.third, date(2026, 10, 6), user=self.all)
        self.generate(date(2026, 11, 10))

    # Figures --------------------------------------------------------------

    def test_the_trend_ends_with_the_figures_of_the_page(self):
        self.contacts()
        report = self.report()
        trend = self.env["care.indicator"]._trend(self.company, report.month)
        self.assertEqual(report._figures()["trend"], trend)
        self.assertTrue(trend[-1]["reply"] and trend[-1]["attainment"])

    def test_a_month_is_that_of_the_company(self):
        figures = self.report()._figures()
        complaints = figures["complaints"]
        self.assertEqual(complaints["count"], 4)
        self.assertEqual(complaints["reply_success"], 75)
        self.assertIn("4 received, 2 open at the end", figures["complaints_line"])
        self.assertEqual(self.report("2026-11-01")._figures()["complaints"]["count"], 1)

    def test_what_was_closed_later_was_open(self):
        self.answered("2026-10-30 00:00:00", 1, 5 * 24)
        line = self.report()._figures()["complaints_line"]
        self.assertIn("5 received, 3 open at the end", line)

    def test_people_with_what_they_missed(self):
        self.contacts()
        people = self.report()._figures()["people"]
        self.assertEqual(
            [department for department, _rows, _sums in people],
            ["Report North", "Report South"],
        )
        rows, sums = people[0][1:]
        october = self.targets().filtered(
            lambda row: row.user_id == self.rep and row.date_end == date(2026, 10, 31)
        )
        self.assertEqual(len(rows), 1)
        self.assertEqual(sums["owed"], sum(october.mapped("goal")))
        self.assertEqual(sums["done"], sum(october.mapped("counted")))
        missed = october.filtered(lambda row: row.state == "missed")
        for kind, channel in (("visits", "visit"), ("calls", "phone")):
            self.assertEqual(
                sums[f"missed_{kind}"],
                sum(row.goal - row.counted for row in missed if row.channel == channel),
            )
        self.assertGreater(sums["missed_visits"], 0)

    def test_a_department_has_its_own_figures(self):
        self.contacts()
        figures = self.report(department_id=self.south.id)._figures()
        self.assertEqual(figures["complaints"]["count"], 2)
        [(name, rows, _sums)] = figures["people"]
        self.assertEqual((name, len(rows)), ("Report South", 1))

    def test_who_moved_and_why(self):
        with freeze_time("2026-10-12 08:00:00"):
            self.second.care_tier_id = self.C
            self.third.care_tier_id = self.A
        moves = self.report()._figures()["moves"]
        self.assertEqual(moves["down"]["rows"].partner_id, self.second)
        self.assertEqual(moves["up"]["rows"].partner_id, self.third)
        content = str(self.report("2026-11-01").content)
        self.assertNotIn("Third", content)

    def test_another_company_does_not_count(self):
        report = self.report("2026-11-01")
        before = report._figures()["moves"]["new"]
        [tier, *_others] = self.make_tiers(self.other_company)
        self.best.with_company(self.other_company).care_tier_id = tier
        self.assertEqual(report._figures()["moves"]["new"], before)
        report = self.report("2026-11-01", company_id=self.other_company.id)
        self.assertEqual(report._figures()["moves"]["new"], 1)

    def test_purchases_and_leads_of_another_company_do_not_count(self):
        Indicator = self.env["care.indicator"]
        october = self.company, date(2026, 10, 1), date(2026, 10, 31)
        order = self.order(self.best, 450, "2026-10-07")
        self.assertEqual(Indicator._purchases(*october)["sales"], 450)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET company_id = %s WHERE id = %s",
            (self.other_company.id, order.id),
        )
        self.assertEqual(Indicator._purchases(*october)["sales"], 0)
        november = self.company, date(2026, 11, 1), date(2026, 11, 30)
        before = Indicator._leads(*november)
        self.env["crm.lead"].create(
            {"name": "Theirs", "company_id": self.other_company.id, "team_id": False}
        )
        self.assertEqual(Indicator._leads(*november), before)

    def test_indicators(self):
        """Two buyers in a year, one of them on two days; October beside the average of
        July to September; three complaints of customers for two buyers."""
        for day, amount in (("2026-07-03", 900), ("2026-10-07", 450)):
            self.order(self.best, amount, day)
        self.order(self.third, 600, "2026-09-30 17:00:00")
        self.order(self.second, 50, "2025-09-30")
        self.order(self.second, 999, "2026-10-08", state="draft")
        figures = self.env["care.indicator"]._figures(
            self.company, date(2026, 10, 1), date(2026, 10, 31)
        )
        self.assertEqual(figures["return_rate"], 50)
        self.assertEqual(figures["complaint_rate"], 200)
        self.assertAlmostEqual(figures["sales_power"], 100 * (450 + 600) / 300)
        south = self.env["care.indicator"]._figures(
            self.company, date(2026, 10, 1), date(2026, 10, 31), self.south
        )
        self.assertEqual(south["return_rate"], 0)
        self.assertIsNone(south["sales_power"], "nothing to compare with")
        Indicator = self.env["care.indicator"]
        october = date(2026, 10, 1), date(2026, 10, 31)
        before = date(2026, 9, 1), date(2026, 9, 30)
        rows = Indicator._compared(
            self.company,
            *october,
            None,
            Indicator._parts(self.company, *october),
            Indicator._parts(self.company, *before),
        )
        self.assertTrue(all(row["definition"] for row in rows))
        self.assertEqual(
            {row["key"]: row["value"] for row in rows}["return_rate"], "50.0 %"
        )
        counts = {row["key"]: row["count"] for row in rows}
        self.assertEqual((counts["return_rate"], counts["awareness"]), ("n = 2", ""))

    def test_purchases_of_two_months_are_those_of_each(self):
        """On the limits of the year, the quarter and the month, in Shanghai"""
        for day, amount, partner in (
            ("2025-09-29 16:00:00", 1, self.best),
            ("2025-09-29 15:59:59", 2, self.second),
            ("2025-10-30 16:00:00", 4, self.second),
            ("2026-05-31 16:00:00", 8, self.best),
            ("2026-06-30 15:59:59", 16, self.third),
            ("2026-06-30 16:00:00", 32, self.third),
            ("2026-08-31 16:00:00", 64, self.best),
            ("2026-09-30 15:59:59", 128, self.third),
            ("2026-09-30 16:00:00", 256, self.third),
            ("2026-10-31 15:59:59", 512, self.second),
            ("2026-10-31 16:00:00", 1_024, self.best),
        ):
            self.order(partner, amount, day)
        Indicator = self.env["care.indicator"]
        months = [
            (date(2026, 10, 1), date(2026, 10, 31)),
            (date(2026, 9, 1), date(2026, 9, 30)),
        ]
        october, september = Indicator._purchases_of(self.company, months)
        self.assertEqual(october["sales"], 256 + 512)
        self.assertEqual(october["before"], (32 + 64 + 128) / 3)
        self.assertEqual((october["buyers"], october["returned"]), (3, 3))
        self.assertEqual(september["sales"], 64 + 128)
        self.assertEqual(september["before"], (8 + 16 + 32) / 3)
        self.assertEqual((september["buyers"], september["returned"]), (3, 2))
        for department in (None, self.north, self.south):
            self.assertEqual(
                Indicator._purchases_of(self.company, months, department),
                [
                    Indicator._purchases(self.company, *month, department)
                    for month in months
                ],
            )

    def test_a_report_asks_once(self):
        """Orders are read once for the month and the one before; four queries are of
        the page on rewards and penalties, four of early warning."""
        report = self.Report.with_user(self.manager).create(
            {"month": date(2026, 10, 15), "company_id": self.company.id}
        )
        self.env.flush_all()
        content = report.content
        report.invalidate_recordset(["content"])
        with self.assertQueryCount(30):
            self.assertEqual(report.content, content)

    def test_a_month_without_anything(self):
        report = self.report("2020-02-29")
        self.assertEqual(report.month, date(2020, 2, 1))
        self.assertIn("No contact plan window ended", report.content)
        self.assertEqual(report._figures()["complaints"]["count"], 0)

    def test_a_month_that_has_not_ended(self):
        self.assertIn("has not ended yet", self.report("2026-11-01").content)
        self.assertNotIn("has not ended yet", self.report().content)

    # Bad input --------------------------------------------------------------

    def test_a_month_in_the_future(self):
        with self.assertError(ValidationError, "December 2026 has not begun yet"):
            self.report("2026-12-01")

    def test_one_report_for_a_month(self):
        self.report("2026-10-01")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.report("2026-10-31")

    def test_a_team_without_members(self):
        empty = self.env["crm.team"].create(
            {"name": "Nobody", "company_id": self.company.id}
        )
        report = self.report(department_id=empty.id)
        self.assertFalse(report._figures()["people"])
        with self.assertError(UserError, "Add the recipients"):
            report.action_send()

    def test_a_manager_without_e_mail(self):
        self.all.email = False
        report = self.report(user_ids=[Command.set(self.all.ids)])
        with self.assertError(UserError, "care_all.*no e-mail address"):
            report.action_send()
        report.user_ids |= self.manager
        report.action_send()
        self.assertTrue(report.sent_at)
        self.assertIn("Not sent to", "".join(report.message_ids.mapped("body")))

    # Sending ------------------------------------------------------------------

    def cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_month_report").method_direct_trigger()
        self.env.invalidate_all()

    def test_the_job_sends_once(self):
        self.company.care_month_report_user_ids = self.manager
        self.company.care_month_report_departments = True
        self.cron()
        reports = self.Report.search([("company_id", "=", self.company.id)])
        self.assertEqual(set(reports.mapped("month")), {date(2026, 10, 1)})
        whole = reports.filtered(lambda report: not report.department_id)
        south = reports.filtered(lambda report: report.department_id == self.south)
        self.assertEqual((whole.user_ids, south.user_ids), (self.manager, self.all))
        messages = reports.message_ids
        self.cron()
        self.assertEqual(reports.message_ids, messages)
        [message] = whole.message_ids.filtered("partner_ids")
        self.assertEqual(message.partner_ids, self.manager.partner_id)
        [pdf] = message.attachment_ids
        self.assertTrue(base64.b64decode(pdf.datas).startswith(b"%PDF"))
        with freeze_time("2026-12-01 08:00:00"):
            self.cron()
        self.assertEqual(
            self.Report.search_count([("month", "=", "2026-11-01")]), len(reports)
        )

    def test_one_company_does_not_stop_the_others(self):
        (self.company | self.other_company).care_month_report_user_ids = self.manager
        Report = self.env.registry["care.month.report"]
        work = Report._send_once

        def fail(reports, company, department):
            if company == self.other_company:
                raise ValueError("broken")
            return work(reports, company, department)

        with (
            patch.object(Report, "_send_once", fail),
            self.assertLogs(LOGGER, "WARNING") as log,
        ):
            self.cron()
        self.assertIn(str(self.other_company), log.output[0])
        self.assertTrue(self.Report.search([("company_id", "=", self.company.id)]))

    def test_nobody_chosen_nothing_sent(self):
        self.cron()
        self.assertFalse(self.Report.search([("company_id", "=", self.company.id)]))

    def test_each_reader_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["customer_care"], ["zh_CN"])
        self.manager.lang = "zh_CN"
        report = self.report(user_ids=[Command.set((self.manager | self.all).ids)])
        report.action_send()
        bodies = {
            message.partner_ids: message.body
            for message in report.message_ids.filtered("partner_ids")
        }
        self.assertIn("Complaint rate", bodies[self.all.partner_id])
        self.assertIn("抱怨度", bodies[self.manager.partner_id])

    @users("care_manager")
    def test_who_sends_it_and_reads_it_gets_it_too(self):
        report = self.report(user_ids=[Command.set(self.manager.ids)])
        report.with_user(self.env.user).action_send()
        [message] = report.message_ids.filtered("partner_ids")
        self.assertEqual(message.notified_partner_ids, self.manager.partner_id)

    def test_a_server_without_wkhtmltopdf(self):
        """The mail goes out with the figures and says why there is no PDF."""
        report = self.report(user_ids=[Command.set(self.manager.ids)])
        with patch(STATE, return_value="install"):
            with self.assertError(UserError, "wkhtmltopdf.*is missing"):
                report.action_print()
            report.action_send()
        [message] = report.message_ids.filtered("partner_ids")
        self.assertFalse(message.attachment_ids)
        self.assertIn("wkhtmltopdf is missing", message.body)
        self.assertEqual(report.action_print()["report_type"], "qweb-pdf")

    # PDF ----------------------------------------------------------------------

    def test_pages_have_numbers(self):
        self.contacts()
        [(name, content)] = self.report()._pdf()
        self.assertEqual(name, "October 2026 · Care Test Ltd.pdf")
        pages = PdfFileReader(io.BytesIO(content)).pages
        self.assertTrue(pages)
        for number, page in enumerate(pages, start=1):
            self.assertIn(f"{number} / {len(pages)}", page.extract_text())

    def test_no_empty_last_page(self):
        stream = io.BytesIO()
        canvas = Canvas(stream)
        for text in ("First", "Second", None):
            if text:
                canvas.drawString(100, 500, text)
            canvas.showPage()
        canvas.save()
        pages = PdfFileReader(io.BytesIO(number_pages(stream.getvalue()))).pages
        self.assertEqual(
            [page.extract_text().split() for page in pages],
            [["First", "1", "/", "2"], ["Second", "2", "/", "2"]],
        )

    def test_last_page_of_outlines_is_kept(self):
        """Letters of some fonts come as curves, without any text."""
        stream = io.BytesIO()
        canvas = Canvas(stream)
        canvas.drawString(100, 500, "First")
        canvas.showPage()
        canvas.bezier(10, 10, 20, 30, 40, 30, 50, 10)
        canvas.showPage()
        canvas.save()
        pages = PdfFileReader(io.BytesIO(number_pages(stream.getvalue()))).pages
        self.assertEqual(len(pages), 2)

    def test_letterhead_stands_in_the_body(self):
        """Also where wkhtmltopdf leaves page headers and footers out"""
        self.company.write(
            {"company_details": "<p>Care Lane 5</p>", "report_footer": "<p>IBAN</p>"}
        )
        Report = self.env["ir.actions.report"]
        report = self.env.ref("customer_care.report_month")
        month = self.report()
        for layout in self.env["report.layout"].search([]):
            with self.subTest(layout=layout.name):
                self.company.external_report_layout_id = layout.view_id
                html, _kind = Report._render_qweb_html(
                    "customer_care.report_month",
                    month.ids,
                    {"report_type": "pdf"},
                )
                [body], _ids, header, footer, _format = report._prepare_html(
                    html, report_model="care.month.report"
                )
                self.assertLess(body.index("Care Lane 5"), body.index("At a glance"))
                self.assertGreater(body.index("IBAN"), body.index("At a glance"))
                self.assertNotIn("topage", body)
                self.assertNotIn("Care Lane 5", header)
                self.assertNotIn("IBAN", footer)

    # Traceable ------------------------------------------------------------------

    def test_buttons_open_what_was_counted(self):
        self.contacts()
        report = self.report()
        figures = report._figures()
        for name, count in (
            ("complaints", figures["complaints"]["count"]),
            ("contacts", None),
            ("tiers", 0),
            ("customers", 3),
        ):
            action = getattr(report, f"action_open_{name}")()
            rows = self.env[action["res_model"]].search(action["domain"])
            if name == "contacts":
                self.assertEqual(sum(rows.mapped("owed")), figures["contacts"]["owed"])
            else:
                self.assertEqual(len(rows), count, name)

    # Rights -----------------------------------------------------------------------

    @users("care_all")
    def test_who_sees_all_reads_only(self):
        report = self.report().with_user(self.env.user)
        self.assertTrue(report.content)
        with self.assertRaises(AccessError):
            report.action_send()
        with self.assertRaises(AccessError):
            report.sent_at = "2026-11-01"

    @users("care_rep")
    def test_a_rep_has_none(self):
        report = self.report().with_user(self.env.user)
        with self.assertRaises(AccessError):
            report.read(["content"])
