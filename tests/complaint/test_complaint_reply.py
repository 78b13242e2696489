from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common_mail import ADDRESS, DOMAIN, MailCase

MONDAY = "2026-11-09 00:00:00"


@tagged("post_install", "-at_install")
class TestComplaintReply(MailCase):
    """What comes after the first mail: replies, reopening, answers of colleagues."""

    def setUp(self):
        super().setUp()
        with freeze_time(MONDAY):
            self.complaint = self.send()
            self.complaint.user_id = self.all
        [self.first] = self.complaint.message_ids.filtered(
            lambda message: message.message_type == "email"
        )

    def answer(self, mail=None):
        """The customer's reply, which belongs to the complaint"""
        new, aside = self.receive(mail or self.reply(self.first))
        self.assertFalse(new or aside)

    def test_thread_by_reply(self):
        self.answer()
        self.assertIn("One more thing.", self.complaint.message_ids[0].body)
        self.assertEqual(self.complaint.message_ids[0].author_id, self.rosa)
        references = f"<x@example.org> {self.first.message_id}"
        self.answer(self.reply(self.first, In_Reply_To=None, References=references))
        self.answer(self.reply(self.first, From="chef@salon.example.com"))
        self.assertFalse(self.complaint.replied_at)

    def test_a_person_gets_a_company(self):
        """Answers to the person still count: the clock of the reply ends."""
        self.policy("reply")
        complaint = self.send(From="Ida <ida@quill.example.com>")
        ida = complaint.partner_id
        ida.parent_id = self.customer("Quill")
        ida.parent_id = self.customer("Other")
        complaint.with_user(self.all).message_post(
            body="Sorry", subtype_xmlid="mail.mt_comment", partner_ids=ida.ids
        )
        self.assertTrue(complaint.replied_at, "still the contact of the complaint")
        self.assertEqual(complaint.sla_ids.state, "met")

    def test_cc_are_added(self):
        self.answer(self.reply(self.first, Cc=f"chef@salon.example.com, {ADDRESS}"))
        self.assertEqual(self.complaint.email_cc, "chef@salon.example.com")

    def test_waiting_goes_on(self):
        self.policy()
        with freeze_time("2026-11-09 01:00:00"):
            self.complaint.stage_id = self.waiting
        with freeze_time("2026-11-09 02:00:00"):
            self.answer()
        stage = self.complaint.stage_id
        self.assertEqual((stage.phase, stage.pauses_sla), ("investigate", False))
        self.assertEqual(self.complaint.event_ids.sorted()[-1:].kind, "resumed")
        [activity] = self.complaint.activity_ids
        self.assertEqual(activity.user_id, self.all)
        self.complaint.stage_id = self.waiting
        self.answer(self.reply(self.first, "And another."))
        self.assertEqual(len(self.complaint.activity_ids), 1)

    def test_waiting_in_the_same_phase(self):
        pause = self.waiting.copy({"name": "Wait", "phase": "solve", "sequence": 1})
        self.complaint.stage_id = pause
        self.answer()
        self.assertEqual(self.complaint.stage_id, self.stages["solve"])

    def test_answer_while_it_is_worked_on(self):
        self.complaint.stage_id = self.stages["execute"]
        self.answer()
        self.assertEqual(self.complaint.stage_id, self.stages["execute"])
        self.assertFalse(self.complaint.activity_ids)

    def test_reopened_at_once(self):
        self.company.care_reopen_at_once = True
        with freeze_time("2026-11-09 01:00:00"):
            self.complaint.action_close()
        with freeze_time("2026-12-09 01:00:00"):
            self.answer()
        self.assertFalse(self.complaint.closed_at)
        self.assertEqual(self.complaint.phase, "investigate")
        self.assertEqual(self.complaint.reopen_count, 1)
        self.assertEqual(self.complaint.activity_ids.user_id, self.all)

    def test_closed_long_ago(self):
        with freeze_time("2026-11-09 01:00:00"):
            self.complaint.action_close()
        with freeze_time("2026-12-09 01:00:01"):
            new, _aside = self.receive(self.reply(self.first))
        self.assertTrue(self.complaint.closed_at)
        self.assertEqual(new.linked_ids, self.complaint)
        self.assertEqual(self.complaint.linked_ids, new)
        self.assertEqual(new.partner_id, self.salon)
        self.assertEqual(new.team_id, self.team)
        self.assertIn(new.name, self.complaint.message_ids[0].body)

    def test_closed_long_ago_by_somebody_unknown(self):
        """A thread that somebody else of the customer's goes on with"""
        self.company.care_reopen_days = 0
        self.complaint.action_close()
        new, _aside = self.receive(self.reply(self.first, From="x@example.org"))
        self.assertEqual(new.partner_id, self.salon)

    def test_merged(self):
        """What is written to a complaint that was merged goes to the one kept."""
        kept = self.complain(partner_id=self.salon.id)
        self.complaint.write(
            {
                "merged_into_id": kept.id,
                "merged_stage_id": self.complaint.stage_id.id,
                "stage_id": kept._merged_stage().id,
            }
        )
        self.answer()
        self.assertIn("One more thing.", kept.message_ids[0].body)
        self.assertTrue(self.complaint.closed_at)

    def test_setting_is_sane(self):
        with self.assertRaises(ValidationError):
            self.company.care_reopen_days = -1

    # Colleagues -----------------------------------------------------

    def test_colleague_answers_by_mail(self):
        """It goes to the customer and is the reply; a closed complaint stays closed."""
        self.all.email = f"all@{DOMAIN}"
        with freeze_time("2026-11-09 00:30:00"):
            self.answer(
                self.reply(
                    self.first,
                    "We send new ones.",
                    From=self.all.email,
                    **self.vouched(),
                )
            )
        message = self.complaint.message_ids[0]
        self.assertEqual(self.outgoing(message).recipient_ids, self.rosa)
        self.assertEqual(message.reply_to.split("<")[-1].rstrip(">"), ADDRESS)
        self.assertEqual(self.complaint.replied_at, self.at("2026-11-09 00:30:00"))
        self.complaint.action_close()
        self.answer(self.reply(self.first, "By the way", From=self.all.email))
        self.assertTrue(self.complaint.closed_at)

    def test_colleague_answers_a_note(self):
        """What is internal stays internal, and is no reply."""
        self.all.email = f"all@{DOMAIN}"
        note = self.complaint.with_user(self.manager).message_post(
            body="Is it our fault?", subtype_xmlid="mail.mt_note"
        )
        self.answer(self.reply(note, "Yes", From=self.all.email))
        message = self.complaint.message_ids[0]
        self.assertTrue(message.is_internal)
        self.assertNotIn(self.rosa, message.notified_partner_ids)
        self.assertFalse(self.complaint.replied_at)

    def test_handler_answers_the_contact(self):
        message = self.complaint.with_user(self.all).message_post(
            body="Sorry",
            partner_ids=self.rosa.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertTrue(self.complaint.replied_at)
        self.assertIn(ADDRESS, message.reply_to)
        self.answer(self.reply(message))
