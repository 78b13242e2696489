from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_mail import DOMAIN, MailCase

AFTER_CLOSING = "customer_care.mail_activity_type_after_closing"


@tagged("post_install", "-at_install")
class TestMailAfterClosing(MailCase):
    """A customer who writes after the solution reaches somebody and undoes nothing."""

    def setUp(self):
        super().setUp()
        self.complaint = self.send()
        self.complaint.write(
            {"user_id": self.all.id, "solution": "New jars", "root_cause": "Packing"}
        )
        self.complaint.responsible_id = self.rep
        self.complaint.stage_id = self.stages["verify"]
        self.complaint._care_record_outcome("satisfied", "Fast", self.manager)
        self.complaint.letter_sent_at = fields.Datetime.now()
        [self.first] = self.complaint.message_ids.filtered(
            lambda message: message.message_type == "email"
        )

    def answer(self, body="It still leaks.", **headers):
        new, aside = self.receive(self.reply(self.first, body, **headers))
        self.assertFalse(new or aside)

    def file(self):
        """What a reopening would reset"""
        return (
            self.complaint.stage_id,
            self.complaint.closed_at,
            self.complaint.outcome,
            self.complaint.verified_at,
            self.complaint.letter_sent_at,
            self.complaint.reopen_count,
        )

    def close(self):
        self.complaint.action_close()
        self.assertTrue(self.complaint.closed_at)

    # After closing --------------------------------------------------

    def test_nothing_changes_until_somebody_decides(self):
        self.close()
        before = self.file()
        self.answer()
        self.answer("Hello?")
        self.assertEqual(self.file(), before)
        [activity] = self.complaint.activity_ids
        self.assertEqual(activity.activity_type_id, self.env.ref(AFTER_CLOSING))
        self.assertEqual(activity.user_id, self.all)
        self.assertTrue(self.complaint.written_after_closing)
        self.assertIn("Hello?", self.complaint.message_ids[0].body)

    def test_reopened_by_the_handler(self):
        self.close()
        self.answer()
        self.complaint.with_user(self.all).action_reopen()
        self.assertEqual(self.complaint.phase, "investigate")
        self.assertEqual(self.complaint.reopen_count, 1)
        self.assertFalse(self.complaint.written_after_closing)
        self.assertFalse(self.complaint.activity_ids)
        self.assertFalse(self.complaint.letter_sent_at)
        note = self.complaint.message_ids.filtered(
            lambda message: "Before the complaint was reopened" in message.body
        )
        self.assertEqual(len(note), 1)
        for kept in ("Satisfied", "Fast", self.manager.name, "Packing", self.rep.name):
            self.assertIn(kept, note.body)
        self.assertIn("Closing Letter", note.body)
        self.assertEqual(self.complaint.responsible_id, self.rep)

    def test_only_thanks(self):
        self.close()
        before = self.file()
        self.answer("ok")
        self.complaint.with_user(self.all).action_only_thanks()
        self.assertEqual(self.file(), before)
        self.assertFalse(self.complaint.written_after_closing)
        self.assertFalse(self.complaint.activity_ids)
        note = self.complaint.message_ids[0]
        self.assertIn("stays closed", note.body)
        self.assertEqual(note.author_id, self.all.partner_id)
        self.answer("And again")
        self.assertTrue(self.complaint.activity_ids, "asked again")

    def test_thanks_ask_nobody(self):
        self.close()
        before = self.file()
        self.answer("Thank you very much, everything is fine!")
        self.answer("好的，收到了，谢谢！")
        self.assertEqual(self.file(), before)
        self.assertFalse(self.complaint.activity_ids)
        self.assertFalse(self.complaint.written_after_closing)

    def test_thanks_long_after_open_nothing(self):
        with freeze_time("2026-11-09 01:00:00"):
            self.close()
        with freeze_time("2027-03-09 01:00:00"):
            self.answer("Many thanks!")
            new, _aside = self.receive(self.reply(self.first, "It leaks."))
        self.assertEqual(new.linked_ids, self.complaint)

    def test_thanks_with_a_file_are_read(self):
        self.close()
        mail = self.reply(self.first, "Thank you!")
        mail.add_attachment(b"x", maintype="image", subtype="png", filename="leak.png")
        self.receive(mail)
        self.assertEqual(len(self.complaint.activity_ids), 1)

    def test_reopened_at_once(self):
        self.company.care_reopen_at_once = True
        self.close()
        self.answer("Thanks a lot!")
        self.assertTrue(self.complaint.closed_at)
        self.answer()
        self.assertFalse(self.complaint.closed_at)
        self.assertFalse(self.complaint.written_after_closing)
        [activity] = self.complaint.activity_ids
        self.assertIn("closed complaint", activity.summary)

    def test_somebody_else_of_the_customer(self):
        self.close()
        self.answer(From="Chef <chef@salon.example.com>")
        self.assertTrue(self.complaint.closed_at)
        self.assertEqual(self.complaint.activity_ids.user_id, self.all)

    def test_colleague(self):
        """A colleague's mail asks for no decision."""
        self.all.email = f"all@{DOMAIN}"
        self.close()
        self.answer("By the way", From=self.all.email, **self.vouched())
        self.assertFalse(self.complaint.activity_ids)
        self.assertFalse(self.complaint.written_after_closing)

    def test_cancelled(self):
        self.complaint.stage_id = self.stages["cancelled"]
        self.answer()
        self.assertEqual(self.complaint.phase, "cancelled")
        self.assertTrue(self.complaint.written_after_closing)

    def test_forged(self):
        """Whoever knows the number cannot reopen, not even at once."""
        self.company.care_reopen_at_once = True
        self.close()
        self.receive(self.mail(f"Re: {self.complaint.name}", **self.vouched("fail")))
        self.assertTrue(self.complaint.closed_at)

    def test_not_for_everybody(self):
        self.close()
        self.answer()
        stranger = self.make_user("stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.complaint.with_user(stranger).action_only_thanks()
        self.assertTrue(self.complaint.written_after_closing)

    # Who is told ----------------------------------------------------

    def told(self):
        self.answer()
        [activity] = self.complaint.activity_ids
        return activity.user_id

    def test_archived_handler(self):
        self.close()
        self.all.active = False
        self.assertEqual(self.told(), self.manager)

    def test_absent_handler(self):
        self.close()
        self.env["care.absence"].create(
            {
                "user_id": self.all.id,
                "date_from": fields.Date.subtract(fields.Date.today(), days=2),
                "date_to": fields.Date.add(fields.Date.today(), days=2),
            }
        )
        self.assertEqual(self.told(), self.manager)

    def test_solved_but_open(self):
        self.assertEqual(self.told(), self.all)
        self.assertEqual(self.complaint.phase, "verify")
        self.assertFalse(self.complaint.written_after_closing)

    def test_solved_without_handler(self):
        self.complaint.user_id = False
        self.assertEqual(self.told(), self.manager)

    def test_solved_without_handler_and_manager(self):
        self.complaint.user_id = False
        self.team.manager_id = False
        self.assertEqual(self.told(), self.all, "a member")

    def test_solved_and_thanks(self):
        self.answer("Thanks a lot!")
        self.assertFalse(self.complaint.activity_ids)
