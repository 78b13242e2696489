from contextlib import suppress
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from ..common_complaint import ComplaintCase

LOGGER = "odoo.addons.customer_care.models.core.care_job"
RECEIVED = "2026-11-09 00:00:00"
LATE = "2026-11-10 06:00:00"


@tagged("post_install", "-at_install")
class TestEscalationDigest(ComplaintCase, MailCase):
    """Many late complaints: one message to each person in a pass."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["care.sla.status"].search([]).escalate_at = False
        cls.env["care.sla.alert"].search([]).mail_pending = False
        cls.policy(escalation_ids=[Command.create({"action": "handler"})])

    def late(self, count, **values):
        with freeze_time(RECEIVED):
            complaints = self.env["care.complaint"].create(
                [
                    {
                        "subject": f"Broken {number}",
                        "partner_id": self.salon.id,
                        "team_id": self.team.id,
                        "user_id": self.rep.id,
                        **values,
                    }
                    for number in range(count)
                ]
            )
            self.env.flush_all()
        return complaints

    def escalate(self, when=LATE):
        with freeze_time(when), self.mock_mail_gateway():
            return self.env["care.sla.status"]._escalate()

    def run_job(self, when=LATE):
        with (
            freeze_time(when),
            self.enter_registry_test_mode(),
            self.mock_mail_gateway(),
            suppress(KeyboardInterrupt),  # assertRaises would roll back
        ):
            self.env.ref("customer_care.ir_cron_sla").method_direct_trigger()
        self.env.invalidate_all()

    def digests(self, user=None):
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", (user or self.rep).partner_id.ids),
                ("body", "like", "escalated_action"),
            ]
        )

    def test_one_message_for_many(self):
        complaints = self.late(25)
        self.assertEqual(self.escalate(), 25)
        digest = self.digests()
        self.assertEqual(len(digest), 1)
        self.assertEqual(len(self._new_mails), 1)
        self.assertEqual(digest.subject, "Escalated complaints: 25")
        self.assertEqual(digest.body.count("/mail/view?"), 20)
        self.assertIn("and 5 more", " ".join(digest.body.replace("<t>", "").split()))
        self.assertEqual(len(complaints.activity_ids), 25)
        self.assertEqual(complaints.activity_ids.user_id, self.rep)
        self.assertEqual(self.escalate("2026-11-12 06:00:00"), 0)
        self.assertEqual(self.digests(), digest, "once")
        action = self.env.ref("customer_care.complaint_escalated_action")
        domain = action.domain.replace("uid", str(self.rep.id))
        found = self.env["care.complaint"].search(eval(domain))
        self.assertEqual(found & complaints, complaints)

    def test_latest_first_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rep.lang = "zh_CN"
        first = self.late(1, subject="Second")
        with freeze_time("2026-11-08 00:00:00"):
            self.complain(subject="First", user_id=self.rep.id)
        first.sla_ids.deadline = "2026-11-09 09:00:00"
        Users, langs = self.env.registry["res.users"], []
        send = Users._care_send_digest

        def listen(user, subject, records, words, action):
            langs.append(records.env.lang)
            return send(user, subject, records, words, action)

        with patch.object(Users, "_care_send_digest", listen):
            self.escalate()
        body = self.digests().body
        self.assertLess(body.index("First"), body.index("Second"))
        self.assertEqual(langs, ["zh_CN"])

    def test_reassigned_at_once(self):
        self.env["care.sla.escalation"].search([]).unlink()
        self.policy(
            hours=3,
            escalation_ids=[
                Command.create({"action": "reassign", "user_id": self.manager.id})
            ],
        )
        complaints = self.late(10)
        self.escalate()
        self.assertEqual(complaints.user_id, self.manager)
        self.assertEqual(len(self.digests(self.manager)), 1)
        self.assertEqual(len(self._new_mails), 1)

    def test_few_queries_for_each(self):
        def queries(count):
            self.late(count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.escalate()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(1)
        few, many = queries(10), queries(60)
        self.assertLessEqual(many - few, 5 * 50)

    def test_killed_before_the_digest(self):
        complaints = self.late(3)
        Status = self.env.registry["care.sla.status"]

        def die(_self, _user):
            raise KeyboardInterrupt

        with patch.object(Status, "_send_escalations", die):
            self.run_job()
        self.assertEqual(len(complaints.activity_ids), 3)
        self.assertFalse(self.digests())
        self.run_job()
        self.assertEqual(len(self.digests()), 1)
        self.assertEqual(len(complaints.activity_ids), 3, "each level once")
        self.run_job()
        self.assertEqual(len(self.digests()), 1)

    def test_one_clock_does_not_stop_the_others(self):
        complaints = self.late(4)
        bad = complaints[1].sla_ids
        Status = self.env.registry["care.sla.status"]
        work, calls = Status._do_levels, []

        def fail(statuses, due):
            calls.append(statuses)
            work(statuses, due)
            if bad in statuses:
                raise ValueError("broken")

        with (
            patch.object(Status, "_do_levels", fail),
            self.assertLogs(LOGGER, "WARNING") as log,
        ):
            self.run_job()
        self.assertIn(str(bad), log.output[0])
        self.assertEqual(calls.count(bad), 1)
        self.assertFalse(complaints[1].activity_ids)
        self.assertEqual(len((complaints - complaints[1]).activity_ids), 3)
        self.run_job()
        self.assertEqual(len(complaints[1].activity_ids), 1)

    def test_one_person_does_not_stop_the_others(self):
        self.late(1)
        self.late(1, user_id=self.all.id)
        Users = self.env.registry["res.users"]
        send = Users._care_send_digest

        def fail(user, *args):
            if user == self.rep:
                raise ValueError("broken")
            return send(user, *args)

        with (
            patch.object(Users, "_care_send_digest", fail),
            self.assertLogs(LOGGER, "WARNING"),
        ):
            self.run_job()
        self.assertEqual(len(self.digests(self.all)), 1)
        self.run_job()
        self.assertEqual(len(self.digests(self.rep)), 1)
