from ast import literal_eval

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_mail import MailCase


@tagged("post_install", "-at_install")
class TestUnanswered(MailCase):
    """What the customer writes again waits until we answer."""

    def setUp(self):
        super().setUp()
        self.complaint = self.send()
        self.complaint.user_id = self.all
        [self.first] = self.complaint.message_ids.filtered(
            lambda message: message.message_type == "email"
        )

    def customer_writes(self, body="Where is my jar?"):
        new, aside = self.receive(self.reply(self.first, body))
        self.assertFalse(new or aside)
        return self.complaint.message_ids.sorted("id")[-1]

    def answer(self, complaint=None, **values):
        return (
            (complaint or self.complaint)
            .with_user(self.all)
            .message_post(
                **{
                    "body": "It is on its way.",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                    "partner_ids": self.salon.ids,
                    **values,
                }
            )
        )

    def assertWaits(self, complaint=None):
        self.assertTrue((complaint or self.complaint).unanswered_since)

    def assertAnswered(self, complaint=None):
        complaint = (complaint or self.complaint).sudo()
        self.assertFalse(complaint.unanswered_since)
        self.assertFalse(complaint.unanswered_message_id)

    # Marked ---------------------------------------------------------

    def test_the_opening_mail_is_no_further_one(self):
        self.assertAnswered()

    def test_the_oldest_counts(self):
        with freeze_time("2030-01-07 01:00:00"):
            self.customer_writes()
        with freeze_time("2030-01-08 01:00:00"):
            self.customer_writes("Hello?")
            self.assertEqual(
                self.complaint.unanswered_since, self.at("2030-01-07 01:00:00")
            )
            self.assertEqual(self.complaint.unanswered_age, "1 day")

    def test_in_every_phase(self):
        for phase in ("investigate", "verify", "closed", "cancelled"):
            with self.subTest(phase=phase):
                self.complaint.stage_id = self.stages[phase]
                self.customer_writes()
                self.assertWaits()
                self.complaint.action_no_answer_needed()
                self.assertAnswered()

    def test_without_handler(self):
        self.complaint.user_id = False
        self.customer_writes()
        self.assertWaits()

    def test_portal(self):
        portal = self.make_user("portal", "base.group_portal")
        portal.partner_id.parent_id = self.salon
        self.complaint.message_subscribe(portal.partner_id.ids)
        self.complaint.with_user(portal).message_post(body="Where is it?")
        self.assertWaits()

    def test_thanks_and_robots(self):
        self.customer_writes("Thank you very much!")
        self.receive(self.reply(self.first, "Away", Auto_Submitted="auto-replied"))
        self.complaint.message_post(
            body="Survey", message_type="auto_comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertAnswered()

    # Cleared --------------------------------------------------------

    def test_our_answer(self):
        self.customer_writes()
        self.answer()
        self.assertAnswered()
        self.customer_writes()
        self.assertWaits()
        self.answer()
        self.assertAnswered()

    def test_what_the_customer_cannot_see(self):
        self.customer_writes()
        self.answer(subtype_xmlid="mail.mt_note")
        self.answer(partner_ids=self.manager.partner_id.ids)
        self.complaint._send_acknowledgement()
        self.assertWaits()

    def test_no_answer_needed(self):
        self.customer_writes()
        self.complaint.with_user(self.all).action_no_answer_needed()
        self.assertAnswered()
        note = self.complaint.message_ids[0]
        self.assertIn("needs no answer", note.body)
        self.assertEqual(note.author_id, self.all.partner_id)

    def test_reopening_keeps_it(self):
        self.complaint.action_close()
        self.customer_writes()
        self.complaint.with_user(self.all).action_reopen()
        self.assertWaits()

    def test_only_thanks_clears_it(self):
        self.complaint.action_close()
        self.customer_writes()
        self.complaint.with_user(self.all).action_only_thanks()
        self.assertAnswered()

    # Deleted and merged ---------------------------------------------

    def test_deleted_message(self):
        first = self.customer_writes()
        second = self.customer_writes("Hello?")
        first.unlink()
        self.assertEqual(self.complaint.unanswered_message_id, second)
        self.assertWaits()
        self.complaint._message_update_content(second, body="", strict=False)
        self.assertAnswered()

    def test_merged_and_undone(self):
        other = self.send("Lid")
        kept = self.complaint
        [lid] = other.message_ids.filtered(lambda m: m.message_type == "email")
        self.receive(self.reply(lid, "And the lid?"))
        self.assertWaits(other)
        self.assertAnswered(kept)
        (kept | other)._merge()
        self.assertEqual(other.merged_into_id, kept)
        self.assertEqual(kept.unanswered_message_id, other.unanswered_message_id)
        other.action_unmerge()
        self.assertAnswered(kept)
        self.assertWaits(other)
        (kept | other)._merge()
        self.answer(kept)
        self.assertAnswered(kept)
        self.assertAnswered(other)
        self.receive(self.reply(lid, "And now?"))
        self.assertWaits(kept)

    def test_answered_on_the_merged_one(self):
        """The surviving one shows its own next message, if there is one."""
        kept, other = self.complaint, self.send("Lid")
        [lid] = other.message_ids.filtered(lambda m: m.message_type == "email")
        for own in (False, True):
            with self.subTest(own=own):
                self.receive(self.reply(lid, "And the lid?"))
                (kept | other)._merge()
                if own:
                    message = self.customer_writes("And the jar?")
                self.assertEqual(kept.unanswered_message_id.res_id, other.id)
                self.answer(other)
                self.assertAnswered(other)
                if not own:
                    self.assertAnswered(kept)
                    other.action_unmerge()
        self.assertEqual(kept.unanswered_message_id, message)

    def test_what_was_answered_on_one_of_two_merged_ones(self):
        kept, lid, cap = self.complaint, self.send("Lid"), self.send("Cap")
        mails = [
            other.message_ids.filtered(lambda m: m.message_type == "email")
            for other in (lid, cap)
        ]
        for mail in mails:
            self.receive(self.reply(mail, "And now?"))
        (kept | lid | cap)._merge()
        self.assertEqual(kept.unanswered_message_id.res_id, lid.id)
        self.answer(cap)
        self.answer(lid)
        self.assertAnswered(kept)

    # Who may ---------------------------------------------------------

    def test_rights(self):
        self.customer_writes()
        stranger = self.make_user("stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.complaint.with_user(stranger).action_no_answer_needed()
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.all).unanswered_since = False
        made = self.Complaint.with_user(self.all).create(
            {
                "subject": "Forged",
                "partner_id": self.salon.id,
                "team_id": self.team.id,
                "unanswered_since": fields.Datetime.now(),
            }
        )
        self.assertAnswered(made)
        self.assertWaits()

    def test_counted_and_listed(self):
        self.customer_writes()
        action = self.env.ref("customer_care.complaint_unanswered_action")
        found = self.Complaint.search(literal_eval(action.domain))
        self.assertIn(self.complaint, found)
        self.assertEqual(self.team.with_user(self.all).unanswered_count, 1)

    def test_queries_of_the_list(self):
        for _number in range(3):
            self.write_new()
        complaints = self.all_complaints()
        self.env.invalidate_all()
        complaints.fetch(["unanswered_since"])
        with self.assertQueryCount(0):
            complaints.mapped("unanswered_age")

    def write_new(self):
        complaint = self.send()
        [mail] = complaint.message_ids.filtered(lambda m: m.message_type == "email")
        self.receive(self.reply(mail, "Well?"))


@tagged("post_install", "-at_install")
class TestOtherOpen(MailCase):
    """A further complaint of the customer goes to who knows the customer."""

    def setUp(self):
        super().setUp()
        self.first = self.send("Jars")
        self.first.user_id = self.all

    def test_mail_goes_to_the_same_handler(self):
        second = self.send("Lid")
        self.assertEqual(second.user_id, self.all)

    def test_portal_goes_to_the_same_handler(self):
        second = self.Complaint._portal_create(
            self.rosa,
            {"subject": "Lid", "description": "Broken", "team_id": self.team.id},
            [],
        )
        self.assertEqual(second.user_id, self.all)

    def test_call_goes_to_the_same_handler(self):
        self.team.sequence = -1
        row = self.Complaint.with_user(self.manager).care_hotline_record(
            {"partner_id": self.salon.id, "subject": "Lid"}
        )
        self.assertEqual(self.Complaint.browse(row["id"]).user_id, self.all)

    def test_not_to_who_is_absent_or_gone(self):
        self.env["care.absence"].create(
            {
                "user_id": self.all.id,
                "date_from": fields.Date.subtract(fields.Date.today(), days=2),
                "date_to": fields.Date.add(fields.Date.today(), days=2),
            }
        )
        self.assertFalse(self.send("Lid").user_id)

    def test_not_after_closing(self):
        self.first.action_close()
        self.assertFalse(self.send("Lid").user_id)

    def test_the_form_says_so(self):
        self.assertFalse(self.first.other_open)
        second = self.send("Lid")
        self.env.invalidate_all()
        self.assertEqual(
            self.first.other_open, "1 other open complaint of this customer: merge?"
        )
        self.send("Cap")
        self.env.invalidate_all()
        self.assertIn("2 other open complaints", second.other_open)
        action = second.with_user(self.all).action_open_merge()
        wizard = (
            self.env["care.complaint.merge"]
            .with_user(self.all)
            .with_context(**action["context"])
            .new({})
        )
        self.assertEqual(len(wizard.complaint_ids), 3)
        second.action_close()
        self.assertFalse(second.other_open)

    def test_no_count_of_what_one_cannot_read(self):
        second = self.send("Lid")
        (self.first | second).user_id = self.all
        second.user_id = self.manager
        rep = self.rep
        self.first.user_id = rep
        self.salon.user_id = self.manager
        self.env.invalidate_all()
        mine = self.first.with_user(rep)
        self.assertTrue(mine.has_access("read"))
        self.assertFalse(second.with_user(rep).has_access("read"))
        self.assertFalse(mine.other_open)
