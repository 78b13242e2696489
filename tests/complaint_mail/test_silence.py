from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..common_mail import MailCase

MONDAY = "2030-01-07 01:00:00"
THURSDAY = "2030-01-10 01:00:00"
TUESDAY = "2030-01-15 01:00:00"
"""Six working days after Monday"""


@tagged("post_install", "-at_install")
class TestSilence(MailCase):
    """Reminded after three working days without an answer, closed after six."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write({"remind_after_days": 3, "close_after_days": 6})

    def wait(self, complaint=None, when=MONDAY):
        with freeze_time(when):
            complaint = complaint or self.send()
            complaint.user_id = self.all
            complaint.stage_id = self.waiting
        return complaint

    def run_job(self, when):
        with freeze_time(when), self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_silence").method_direct_trigger()
        self.env.invalidate_all()

    # Reminding ------------------------------------------------------

    def test_reminded_once(self):
        complaint = self.wait()
        self.run_job("2030-01-09 23:00:00")
        self.assertFalse(complaint.reminded_at)
        self.run_job(THURSDAY)
        self.run_job("2030-01-11 01:00:00")
        [message] = self.acknowledgements(complaint)
        self.assertEqual(complaint.reminded_at, self.at(THURSDAY))
        self.assertEqual(message.partner_ids, self.rosa)
        self.assertIn("Dear", message.body)
        self.assertIn("Rosa", message.body)
        self.assertIn(complaint.name, message.subject)
        self.assertTrue(complaint.waiting_since)

    def test_weekends_and_special_days_do_not_count(self):
        complaint = self.wait(when="2030-01-11 01:00:00")
        self.run_job("2030-01-15 01:00:00")
        self.assertFalse(complaint.reminded_at)
        self.env["care.working.day"].create(
            {
                "calendar_id": self.calendar.id,
                "date": "2030-01-12",
                "hour_from": 8,
                "hour_to": 17,
            }
        )
        self.run_job("2030-01-15 01:00:00")
        self.assertTrue(complaint.reminded_at)

    def test_off_by_default(self):
        team = self.env["care.complaint.team"].create({"name": "Other"})
        self.assertFalse(team.remind_after_days or team.close_after_days)
        self.team.write({"remind_after_days": 0, "close_after_days": 0})
        complaint = self.wait()
        self.run_job(TUESDAY)
        self.assertFalse(complaint.reminded_at or complaint.closed_at)

    def test_without_address(self):
        complaint = self.wait(self.complain())
        self.run_job(THURSDAY)
        self.assertFalse(self.acknowledgements(complaint))
        [activity] = complaint.activity_ids
        self.assertEqual(activity.user_id, self.all)
        self.assertTrue(complaint.reminded_at)
        complaint.stage_id = self.stages["investigate"]
        self.assertFalse(complaint.activity_ids)

    def test_opted_out_and_spam(self):
        self.env["mail.blacklist"]._add("rosa@salon.example.com")
        complaint = self.wait()
        self.run_job(THURSDAY)
        self.assertFalse(self.acknowledgements(complaint))
        self.assertFalse(complaint.activity_ids)

    def test_blocked_sender(self):
        complaint = self.wait()
        with freeze_time(MONDAY):
            self.send("Win").action_spam()
        self.run_job(THURSDAY)
        self.assertFalse(self.acknowledgements(complaint))

    def test_unanswered_customer_is_not_reminded(self):
        complaint = self.wait()
        complaint.sudo().unanswered_since = self.at(MONDAY)
        self.run_job(THURSDAY)
        self.assertFalse(complaint.reminded_at)

    def test_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rosa.lang = "zh_CN"
        template = self.env.ref("customer_care.mail_template_reminder")
        template.with_context(lang="zh_CN").subject = "提醒 {{ object.name }}"
        complaint = self.wait()
        self.run_job(THURSDAY)
        [message] = self.acknowledgements(complaint)
        self.assertIn("提醒", message.subject)

    # Closing --------------------------------------------------------

    def test_closed_without_a_solution(self):
        complaint = self.wait()
        self.run_job(THURSDAY)
        self.run_job("2030-01-14 01:00:00")
        self.assertFalse(complaint.closed_at)
        self.run_job(TUESDAY)
        self.assertEqual(complaint.phase, "cancelled")
        self.assertTrue(complaint.no_answer)
        self.assertEqual(complaint.cancel_reason, "The customer did not answer")
        self.assertEqual(complaint.outcome, "unknown")
        self.assertFalse(complaint.resolved_at or complaint.survey_pending)
        self.assertFalse(complaint.waiting_since)

    def test_not_closed_before_the_reminder(self):
        complaint = self.wait()
        self.run_job(TUESDAY)
        self.assertTrue(complaint.reminded_at)
        self.assertFalse(complaint.closed_at)
        self.run_job("2030-01-17 01:00:00")
        self.assertFalse(complaint.closed_at)
        self.run_job("2030-01-18 01:00:00")
        self.assertTrue(complaint.closed_at)

    def test_an_answer_stops_it_and_one_after_closing_asks(self):
        complaint = self.wait()
        [mail] = complaint.message_ids.filtered(lambda m: m.message_type == "email")
        with freeze_time(THURSDAY):
            self.receive(self.reply(mail, "Here it is."))
        self.assertFalse(complaint.waiting_since)
        self.run_job(TUESDAY)
        self.assertFalse(complaint.closed_at)
        complaint.action_no_answer_needed()
        self.wait(complaint)
        self.run_job(THURSDAY)
        self.run_job(TUESDAY)
        self.assertTrue(complaint.closed_at)
        with freeze_time("2030-01-16 01:00:00"):
            self.receive(self.reply(mail, "Sorry, here it is."))
            self.assertTrue(complaint.written_after_closing)
            complaint.with_user(self.all).action_reopen()
        self.assertFalse(complaint.no_answer)
        self.assertEqual(complaint.phase, "investigate")

    # The job ---------------------------------------------------------

    def test_a_failure_is_its_own(self):
        first, second = self.wait(), self.wait()
        send = type(first)._post_automatic

        def broken(complaint, *args):
            if complaint == first:
                raise ValueError("broken")
            return send(complaint, *args)

        with (
            patch.object(type(first), "_post_automatic", broken),
            self.assertLogs("odoo.addons.customer_care", "WARNING"),
        ):
            self.run_job(THURSDAY)
        self.assertFalse(first.reminded_at)
        self.assertTrue(second.reminded_at)
        self.run_job(THURSDAY)
        self.assertEqual(len(self.acknowledgements(first)), 1)
        self.assertEqual(len(self.acknowledgements(second)), 1)

    def test_queries_of_an_idle_job(self):
        """Not one more, however many complaints wait."""

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with freeze_time("2030-01-08 01:00:00"):
                self.Complaint._cron_silence()
            return self.env.cr.sql_log_count - before

        self.wait()
        count()
        few = count()
        self.assertGreater(few, 0)
        for _number in range(4):
            self.wait()
        self.assertLessEqual(count(), few)

    def test_bad_settings(self):
        for remind, close in ((3, 3), (3, 2), (-1, 0), (0, -1)):
            with (
                self.subTest(remind=remind, close=close),
                self.assertRaises(ValidationError),
            ):
                self.team.write(
                    {"remind_after_days": remind, "close_after_days": close}
                )
        self.team.write({"remind_after_days": 3, "close_after_days": 0})
        self.team.write({"remind_after_days": 0, "close_after_days": 1})

    def test_rights(self):
        complaint = self.wait()
        for name in ("waiting_since", "reminded_at", "no_answer"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                complaint.with_user(self.all).write(
                    {name: name == "no_answer" or self.at("2020-01-01 01:00:00")}
                )
