from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_mail import MailCase

MODELS = "odoo.addons.customer_care.models."


@tagged("post_install", "-at_install")
class TestDigests(MailCase):
    """Many records make one notification for each person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["care.sla.alert"].search([]).in_digest = True
        cls.env["care.plan.target"].search(
            cls.env["care.plan.target"]._notify_domain()
        ).missed_notified = True
        cls.policy(
            escalation_ids=[
                Command.create({"hours": 0, "action": "handler"}),
                Command.create({"hours": 1, "action": "manager"}),
            ]
        )

    def late(self, count):
        return self.env["care.complaint"].create(
            [
                {
                    "subject": f"Late {number}",
                    "partner_id": self.salon.id,
                    "team_id": self.team.id,
                    "user_id": self.all.id,
                    "received_at": "2026-01-05 08:00:00",
                }
                for number in range(count)
            ]
        )

    def told(self, user, since):
        return self.env["mail.message"].search(
            [
                ("id", ">", since),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
            ]
        )

    def last_message(self):
        return self.env["mail.message"].search([], order="id desc", limit=1).id

    def test_many_late_complaints_make_one_notification_each(self):
        complaints = self.late(30)
        since = self.last_message()
        self.assertEqual(self.env["care.sla.status"]._escalate(), 60)
        self.assertEqual(len(complaints.activity_ids), 60)
        for user in (self.all, self.manager):
            [message] = self.told(user, since)
            self.assertIn("30", message.subject)
            self.assertIn("Late 0", message.body)
            self.assertIn("10 more", message.body, "20 are named")
        self.env["care.sla.status"]._escalate()
        self.assertEqual(len(self.told(self.all, since)), 1, "once")

    def test_what_a_killed_pass_left_is_told_by_the_next(self):
        self.late(2)
        since = self.last_message()
        self.env["care.sla.status"]._lock_due()._escalate_batch()
        self.assertFalse(self.told(self.all, since))
        self.env["care.sla.status"]._escalate()
        self.assertEqual(len(self.told(self.all, since)), 1)

    def test_in_the_language_of_who_is_told(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.all.lang = "zh_CN"
        self.late(1)
        with patch.object(
            type(self.env["care.sla.status"]),
            "_escalation_words",
            lambda status: f"in {status.env.lang}",
        ):
            since = self.last_message()
            self.env["care.sla.status"]._escalate()
        self.assertIn("in zh_CN", self.told(self.all, since).body)

    def test_queries_of_an_activity(self):
        few, many = self.late(10), self.late(40)
        self.env.flush_all()
        self.assertTrue(few | many)
        start = self.env.cr.sql_log_count
        self.env["care.sla.status"]._escalate()
        self.env.flush_all()
        queries = self.env.cr.sql_log_count - start
        self.assertLessEqual(queries, 5 * 100)


@tagged("post_install", "-at_install")
class TestGuards(MailCase):
    """One that fails keeps no other waiting, and is tried again."""

    def test_survey_of_one_complaint_fails(self):
        done = self.env["care.complaint"]
        for number in range(3):
            done |= self.complain(subject=f"Number {number}")
        done.survey_pending = True
        Complaint = type(done)
        invite = Complaint._care_invite
        bad = done[1]

        def fail(complaints):
            if bad in complaints:
                raise ValueError("Broken")
            return invite(complaints)

        with (
            patch.object(Complaint, "_care_invite", fail),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60
            ),
            mute_logger(MODELS + "satisfaction.care_complaint_survey"),
        ):
            done._care_invite_waiting()
        self.assertEqual(done.filtered("survey_pending"), bad)

    def test_letter_of_one_customer_fails(self):
        first, second = (
            self.customer(name, user_id=self.rep.id) for name in ("One", "Two")
        )
        (first | second)._write_care({"care_introduction_pending": True})
        Partner = type(first)
        introduce = Partner._care_introduce

        def fail(partner):
            if partner == first:
                raise ValueError("Broken")
            return introduce(partner)

        with (
            patch.object(Partner, "_care_introduce", fail),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60
            ),
            mute_logger(MODELS + "card.res_partner_introduction"),
        ):
            self.env["res.partner"]._cron_introduce()
        self.assertTrue(first.care_introduction_pending)
        self.assertFalse(second.care_introduction_pending)

    def test_plan_of_one_company_fails(self):
        Target = type(self.env["care.plan.target"])
        seen = []

        def generate(targets, company, today=None):
            seen.append(company)
            if company == self.company:
                raise ValueError("Broken")

        companies = self.company | self.other_company
        with (
            patch.object(Target, "_companies_with_tiers", lambda *a: companies),
            patch.object(Target, "_generate_company", generate),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60
            ),
            mute_logger(MODELS + "contact_plan.care_plan_target_generate"),
        ):
            self.env["care.plan.target"]._cron_generate()
        self.assertEqual(seen, list(companies))

    def test_place_of_a_job(self):
        Place = self.env["care.job.place"]
        self.assertEqual(Place._get("test"), 0)
        Place._set("test", 7)
        Place._set("test", 9)
        self.assertEqual(Place._get("test"), 9)
        self.assertEqual(Place.search_count([("job", "=", "test")]), 1)
