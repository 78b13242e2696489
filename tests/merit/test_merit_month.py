from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ..common_job import short_runs
from ..common_merit import MONTH, MeritCase


@tagged("post_install", "-at_install")
class TestMeritMonth(MeritCase):
    """Closing a month, and statements."""

    def setUp(self):
        super().setUp()
        self.missed = self.target(goal=2)
        self.propose()
        self.entry = self.entries(self.missed)
        self.Month = self.env["care.merit.month"]

    def confirmed(self):
        self.heard(self.entry).with_user(self.manager).action_confirm()

    def close(self, month=MONTH):
        return self.Entry.with_user(self.manager)._close_month(month)

    def test_closing_settles_what_is_confirmed(self):
        self.confirmed()
        pending = self.target(channel="phone")
        self.propose()
        month = self.close()
        self.assertEqual((month.state, month.closed_by_id), ("closed", self.manager))
        self.assertEqual(self.entry.state, "settled")
        figures = month.figures
        self.assertEqual((figures["settled"], figures["open"]), (60, 20))
        self.assertEqual(figures["people"], [[self.boss.id, 60, 20]])
        self.assertEqual(self.entries(pending).state, "proposed")
        self.target()
        self.propose()
        self.assertEqual(month.figures, figures, "frozen")
        self.assertEqual(self.close(), month)

    def test_a_report_logged_late_for_a_closed_month(self):
        self.confirmed()
        self.close()
        self.missed.write({"done": 2, "state": "met"})
        self.propose()
        counter = self.entries(self.missed, standing="counter")
        self.assertEqual((counter.amount, counter.state), (-60, "confirmed"))
        self.assertEqual(counter.month, date(2026, 11, 1))
        self.assertEqual(self.entry.month, date(2026, 10, 1))
        with freeze_time("2026-12-02 08:00:00"):
            self.close("2026-11-01")
        self.assertEqual(counter.state, "settled")
        self.assertEqual(counter.settled_month, date(2026, 11, 1))

    def test_what_is_found_later_goes_to_the_first_open_month(self):
        self.close()
        with freeze_time("2026-12-02 08:00:00"):
            self.close("2026-11-01")
            late = self.target()
            self.propose()
            self.assertEqual(self.entries(late).month, date(2026, 12, 1))
            self.assertEqual(self.entries(late).day, date(2026, 10, 20))
            counter = self.entry.with_user(self.manager).action_reverse("Wrong shop")
            self.assertEqual(counter.month, date(2026, 12, 1))

    def test_in_an_open_month_the_counter_entry_stays_there(self):
        self.missed.write({"done": 1})
        self.propose()
        self.assertEqual(
            set(self.entries(self.missed).mapped("month")), {date(2026, 10, 1)}
        )

    def test_confirmed_after_the_month_was_closed(self):
        self.close()
        self.confirmed()
        self.entry.with_user(self.manager).action_settle()
        self.assertEqual(self.entry.month, date(2026, 10, 1))
        self.assertEqual(self.entry.settled_month, date(2026, 11, 1))
        statement = self.env["care.merit.statement"].search(
            [("user_id", "=", self.boss.id)]
        )
        self.assertEqual(statement.month, date(2026, 11, 1))
        self.assertIn("60.00", statement.settled)

    def test_closing_is_for_administrators_and_for_months_that_are_over(self):
        month = self.Month.with_user(self.manager).create({"month": "2026-11-20"})
        self.assertEqual(month.month, date(2026, 11, 1))
        with self.assertError(UserError, "not over"):
            month.action_close()
        october = self.Month.with_user(self.manager).create(
            {"month": "2026-10-20", "state": "closed", "figures": {}}
        )
        self.assertEqual(october.state, "open")
        for user in (self.rep, self.boss):
            with self.assertRaises(AccessError):
                october.with_user(user).action_close()
        for values in ({"state": "closed"}, {"figures": {"a": 1}}, {"closed_by_id": 1}):
            with self.assertError(UserError, "by its button"):
                october.write(values)
        with self.assertRaises(AccessError):
            october.unlink()
        october.action_close()
        self.assertEqual(october.state, "closed")
        self.assertIn("Closed by", october.content)
        with self.assertError(UserError, "stays as it is"):
            october.write({"month": "2026-09-01"})

    def test_the_fund_is_credited_once(self):
        """If the app has funds"""
        if "care.fund" not in self.env:
            self.skipTest("no funds")
        self.confirmed()
        self.close()
        self.assertTrue(self.env["care.fund"].search([]))

    # Statement --------------------------------------------------------------

    def statement(self, user=None):
        return (
            self.env["care.merit.statement"]
            .with_user(user or self.boss)
            .search([("user_id", "=", self.boss.id)])
        )

    def test_what_a_statement_says(self):
        self.confirmed()
        call = self.target(channel="phone")
        self.propose()
        self.close()
        statement = self.statement()
        self.assertIn("60.00", statement.settled)
        self.assertIn("20.00", statement.pending)
        self.assertEqual(statement.entry_count, 2)
        content = statement.content
        self.assertIn(call.partner_id.name, content)
        self.assertIn("60.00", content)
        self.assertEqual(self.statement(self.manager).content, content)
        self.assertFalse(self.statement(self.rep))

    def test_money_and_points_are_never_added(self):
        """The unit was changed in the middle of the month."""
        self.confirmed()
        self.company.care_merit_unit = "points"
        self.target(channel="phone")
        late = self.target(channel="phone")
        self.propose()
        self.entries(late).with_user(self.manager).action_waive("Ill")
        month = self.close()
        self.company.care_merit_unit = "money"
        statement = self.statement()
        self.assertRegex(statement.settled, r"^\D*60\.00\D*$")
        self.assertEqual(statement.pending, "20 points")
        self.assertIn("60.00", statement.content)
        self.assertIn("20 points", statement.content)
        self.assertNotIn("80", statement.content)
        figures = month.figures
        [money] = figures["others"]
        self.assertEqual(
            [
                (part["unit"], part["settled"], part["open"])
                for part in (figures, money)
            ],
            [("points", 0, 20), ("money", 60, 0)],
        )
        self.assertEqual(figures["people"], [[self.boss.id, 0, 20]])
        self.assertEqual(money["people"], [[self.boss.id, 60, 0]])
        page = month._page(figures)
        self.assertEqual(len(page["rows"]), 2)
        self.assertRegex(page["settled"], r"60\.00.* \+ 0 points")
        self.assertRegex(page["open"], r"0\.00.* \+ 20 points")
        old = {name: value for name, value in money.items() if name != "others"}
        self.assertRegex(month._page(old)["settled"], r"60\.00\D*$", "frozen before")

    def test_currencies_are_never_added(self):
        self.confirmed()
        other = self.env["res.currency"].create({"name": "XCR", "symbol": "X"})
        entry = self.target(channel="phone")
        self.propose()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE care_merit_entry SET currency_id = %s WHERE res_id = %s",
                other.id,
                entry.id,
            )
        )
        self.env.invalidate_all()
        figures = self.Month.new({"month": MONTH, "company_id": self.company.id})
        figures = figures._figures()
        [foreign] = figures["others"]
        self.assertEqual((figures["open"], foreign["open"]), (60, 20))
        self.assertEqual(foreign["currency"], "XCR")
        self.assertRegex(self.statement().pending, r"60\.00.* \+ 20\.00.*X")

    def test_taken_back_before_it_was_confirmed_is_not_on_it(self):
        self.missed.done = 1
        self.propose()
        self.assertEqual(self.statement().entry_count, 1)
        self.assertIn("30.00", self.statement().pending)

    def test_queries_of_a_statement(self):
        for channel in ("visit", "phone") * 20:
            self.target(channel=channel)
        self.propose()
        statement = self.statement()
        statement.content  # noqa: B018  templates and rights are read once
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        statement = self.statement()
        self.assertIn("Shop" if False else "Salon", statement.content)
        self.assertLessEqual(self.env.cr.sql_log_count - before, 15)

    def test_statements_are_sent_once_in_the_persons_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.boss.lang = "zh_CN"
        self.confirmed()
        month = self.close()
        before = self.env["mail.message"].search([], limit=1, order="id desc").id
        for statement in month._statements_to_send():
            month._send_once(statement)
        messages = self.env["mail.message"].search(
            [("id", ">", before), ("partner_ids", "in", self.boss.partner_id.ids)]
        )
        self.assertEqual(len(messages), 1)
        self.assertIn("10月", messages.subject)
        self.assertEqual(month.told_user_ids, self.boss)
        self.assertFalse(month._statements_to_send())

    def test_the_paper_is_in_the_persons_language(self):
        """Whoever prints it: the person signs it."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.confirmed()
        self.close()

        def page():
            statement = self.statement(self.manager)
            Report = self.env["ir.actions.report"].with_user(self.manager)
            html, _kind = Report._render_qweb_html(
                "customer_care.merit_statement", statement.ids
            )
            return html.decode()

        self.assertIn("October 2026", page())
        self.boss.lang = "zh_CN"
        self.env.invalidate_all()
        self.assertIn("2026年10月", page())
        self.assertIn("60.00", page())

    def test_the_job_sends_statements(self):
        self.confirmed()
        month = self.close()
        with self.enter_registry_test_mode():
            self.env.ref(
                "customer_care.ir_cron_merit_statement"
            ).method_direct_trigger()
        self.assertEqual(month.told_user_ids, self.boss)

    def test_the_page_of_the_month_end_report(self):
        self.confirmed()
        self.close()
        report = self.env["care.month.report"].create({"month": MONTH})
        merits = report._figures()["merits"]
        self.assertEqual(len(merits["rows"]), 1)
        self.assertIn("60", merits["settled"])
        self.assertNotIn(self.boss.name, report.content)
        self.assertIn("Rewards and penalties", report.content)
        self.env["res.groups"]._switch_care_features(merit=False)
        self.assertFalse(report._figures()["merits"])

    # Nightly ----------------------------------------------------------------

    def test_the_job_of_a_night(self):
        self.target(day="2026-11-03")
        late = self.target(day="2026-09-03")
        self.company.care_merit_start = "2026-10-01"
        for _run in ("propose", "tell, if proposing took all the time"):
            with self.enter_registry_test_mode():
                self.env.ref("customer_care.ir_cron_merit").method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(self.entries(late), "before the start")
        entries = self.entries()
        self.assertEqual(len(entries), 2)
        self.assertEqual(set(entries.mapped("state")), {"told"})

    def test_proposing_takes_all_the_time_of_a_run(self):
        """People are told all the same, and the job comes to its end."""
        self.target(day="2026-11-03")
        with short_runs(self.env) as runs:
            for _run in range(5):
                runs.run(self.env["care.merit.entry"]._cron_propose)
        self.assertEqual(set(self.entries().mapped("state")), {"told"})
        self.assertEqual(runs.remaining, 0)

    def test_closing_proposes_nothing_before_the_start(self):
        early = self.target(day="2026-10-14")
        late = self.target(day="2026-10-20")
        self.company.care_merit_start = "2026-10-15"
        self.Month.create({"month": MONTH}).with_user(self.manager).action_close()
        self.assertFalse(self.entries(early))
        self.assertTrue(self.entries(late))

    def test_what_waits_goes_to_the_next_open_month(self):
        entry = self.entry
        entry.with_user(self.manager).action_tell()
        entry.with_user(self.boss).action_object("The shop was closed")
        month = self.Month.create({"month": MONTH})
        self.assertEqual((month.undecided_count, month.objection_count), (1, 1))
        self.assertEqual(entry.month_name, "October 2026")
        month.with_user(self.manager).action_close()
        entry.invalidate_recordset()
        self.assertEqual((month.undecided_count, month.objection_count), (0, 0))
        self.assertEqual(entry.month_name, "November 2026")
        self.missed.write({"done": 2, "state": "met"})
        self.propose()
        self.assertEqual(entry.standing, "lifted")
        november = self.Month.create({"month": "2026-11-01"})
        self.assertFalse(november._figures()["causes"], "it was never confirmed")

    def test_what_passed_while_visits_and_promises_were_off(self):
        window = self.target(state="open", day="2026-11-02")
        current = self.target(state="open", day="2026-11-20")
        promise = self.env["care.promise"].create(
            {
                "name": "Price list",
                "partner_id": self.shop.id,
                "company_id": self.company.id,
                "user_id": self.rep.id,
                "date_due": "2026-11-12",
            }
        )
        self.assertFalse(promise.is_earlier)
        self.env["res.groups"]._switch_care_features(visit=False, promise=False)
        with freeze_time("2026-11-16 08:00:00"):
            self.env["res.config.settings"].create(
                {"group_care_visit": True, "group_care_promise": True}
            ).execute()
        self.assertEqual((window.state, current.state), ("superseded", "open"))
        self.assertTrue(promise.is_earlier, "it does not break by itself")

    def test_switching_on_begins_today(self):
        today, later = date(2026, 11, 10), date(2027, 1, 1)
        for before, after in (
            (False, today),
            (date(2026, 9, 1), today),
            (later, later),
        ):
            self.env["res.groups"]._switch_care_features(merit=False)
            companies = self.company | self.other_company
            companies.care_merit_start = before
            settings = Form(self.env["res.config.settings"].with_company(self.company))
            settings.group_care_merit = True
            settings.save().execute()
            self.assertEqual(companies.mapped("care_merit_start"), [after, after])

    def test_the_start_that_was_chosen_when_switching_on(self):
        self.env["res.groups"]._switch_care_features(merit=False)
        settings = Form(self.env["res.config.settings"].with_company(self.company))
        settings.group_care_merit = True
        settings.care_merit_start = date(2026, 9, 1)
        settings.save().execute()
        self.assertEqual(self.company.care_merit_start, date(2026, 9, 1))
