import base64

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged, users

from ..common_complaint import ComplaintCase

MONDAY = "2026-11-09 00:00:00"
"""8 o'clock in Shanghai"""


@tagged("post_install", "-at_install")
class TestComplaintMerge(ComplaintCase):
    """Several complaints become one, one becomes several, and none is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy(hours=4)
        with freeze_time(MONDAY):
            cls.first = cls.complain(subject="First", user_id=cls.rep.id)
        with freeze_time("2026-11-09 01:00:00"):
            cls.second = cls.complain(subject="Second", user_id=cls.rep.id)

    def merge(self, complaints=None, user=None, when="2026-11-09 02:00:00"):
        complaints = complaints or self.second | self.first
        with freeze_time(when):
            return complaints.with_user(user or self.env.user)._merge()

    def ledger(self, complaint):
        return complaint.event_ids.mapped("kind")

    # Merging --------------------------------------------------------

    def test_the_first_goes_on(self):
        kept = self.merge()
        self.assertEqual(kept, self.first)
        self.assertEqual(self.second.merged_into_id, self.first)
        self.assertEqual(self.first.phase, "record")
        self.assertEqual(self.first.sla_deadline, self.at("2026-11-09 04:00:00"))
        self.assertTrue(self.second.closed_at)
        self.assertFalse(self.second.resolved_at, "merged is not solved")
        self.assertEqual(self.second.sla_ids.state, "cancelled")
        self.assertEqual(self.ledger(self.first), ["received"])
        self.assertEqual(self.ledger(self.second), ["received", "cancelled"])
        self.assertEqual(
            self.second.event_ids[-1].reason, f"Merged into {self.first.name}"
        )
        self.assertEqual(self.second.stage_id.name, "Merged")

    def test_undone_without_loss(self):
        with freeze_time("2026-11-09 01:30:00"):
            self.second.stage_id = self.stages["solve"]
        self.merge()
        with freeze_time("2026-11-09 03:00:00"):
            self.second.action_unmerge()
            self.assertEqual(self.second.sla_ids.state, "ongoing")
        self.assertFalse(self.second.merged_into_id)
        self.assertEqual(self.second.stage_id, self.stages["solve"])
        self.assertFalse(self.second.closed_at)
        self.assertEqual(self.second.reopen_count, 0, "nothing was solved")
        self.assertEqual(
            self.second.sla_deadline,
            self.at("2026-11-09 07:00:00"),
            "the clock goes on where it stood",
        )
        self.assertEqual(
            self.ledger(self.second), ["received", "cancelled", "reopened"]
        )

    def test_waiting_before(self):
        with freeze_time("2026-11-09 01:30:00"):
            self.second.stage_id = self.waiting
        self.merge()
        with freeze_time("2026-11-09 03:00:00"):
            self.second.action_unmerge()
        self.assertEqual(self.second.sla_state, "paused")

    def test_late_stays_late(self):
        self.merge(when="2026-11-10 00:00:00")
        self.assertEqual(self.second.sla_ids.state, "missed")

    def test_all_is_readable(self):
        self.second.message_post(body="The jars leak", message_type="comment")
        attachment = self.env["ir.attachment"].create(
            {
                "name": "jar.txt",
                "datas": base64.b64encode(b"jar"),
                "res_model": "care.complaint",
                "res_id": self.second.id,
            }
        )
        self.second.message_post(
            body="See", message_type="comment", attachment_ids=attachment.ids
        )
        messages = self.second.message_ids
        self.merge()
        self.assertLessEqual(messages, self.second.message_ids)
        shown = self.first.with_user(self.rep).merged_history
        for words in (self.second.name, "The jars leak", "jar.txt", "Received"):
            self.assertIn(words, shown)
        self.assertEqual(attachment.res_id, self.second.id)
        self.second.action_unmerge()
        self.first.invalidate_recordset()
        self.assertFalse(self.first.merged_history)

    def test_history_shows_no_markup_of_a_customer(self):
        self.second.subject = "<script>alert(1)</script>"
        self.merge()
        self.assertNotIn("<script>", self.first.merged_history)

    def test_merged_again(self):
        with freeze_time("2026-11-06 00:00:00"):
            oldest = self.complain(subject="Oldest", user_id=self.rep.id)
        self.merge()
        self.merge(oldest | self.first)
        self.assertEqual(self.second._surviving(), oldest)
        self.assertIn("Second", oldest.merged_history)
        self.first.action_unmerge()
        self.assertEqual(self.second._surviving(), self.first)

    def test_followers_and_later_messages(self):
        person = self.env["res.partner"].create(
            {"name": "Person", "parent_id": self.salon.id}
        )
        self.second.message_subscribe(person.ids)
        self.merge()
        self.assertIn(person, self.first.message_partner_ids)
        self.second.message_post(
            body="Still leaking", message_type="comment", author_id=person.id
        )
        told = self.env["mail.message"].search(
            [("message_type", "=", "user_notification")], order="id DESC", limit=1
        )
        self.assertEqual(told.res_id, self.first.id)
        self.assertIn("Still leaking", told.body)
        self.assertEqual(told.partner_ids, self.rep.partner_id)

    def test_moves_no_more(self):
        self.merge()
        for press in (
            lambda: self.second.write({"stage_id": self.stages["solve"].id}),
            self.second.action_reopen,
            lambda: self.merge(self.second | self.complain()),
            lambda: self.second._split("Part"),
        ):
            with self.assertError(UserError, "has been merged into"):
                press()

    def test_the_stage_alone_merges_nothing(self):
        merged = self.env.ref("customer_care.care_stage_merged")
        with self.assertError(UserError, "Use the button Merge"):
            self.first.stage_id = merged

    def test_without_its_stage(self):
        """Somebody deleted the stage: merged complaints are among the cancelled."""
        self.env.ref("customer_care.care_stage_merged").unlink()
        self.merge()
        self.assertEqual(self.second.stage_id, self.stages["cancelled"])
        self.assertEqual(self.second.merged_into_id, self.first)

    def test_what_stays_apart(self):
        other = self.complain(partner_id=self.customer("Other").id)
        closed = self.complain()
        closed.stage_id = self.stages["closed"]
        theirs = self.complain(
            team_id=self.env["care.complaint.team"]
            .create({"name": "Theirs", "company_id": self.other_company.id})
            .id
        )
        for complaints, words in (
            (self.first, "two or more"),
            (self.first | other, "different customers"),
            (self.first | closed, "is closed"),
            (self.first | theirs, "different companies"),
        ):
            with self.assertError(UserError, words):
                self.merge(complaints)

    def test_wizard(self):
        third = self.complain(subject="Third")
        action = self.first.action_open_merge()
        wizard = Form(
            self.env[action["res_model"]].with_context(**action["context"])
        ).save()
        self.assertEqual(
            wizard.complaint_ids, self.first | self.second | third, "all open ones"
        )
        self.assertEqual(wizard.kept_id, self.first)
        wizard.complaint_ids -= third
        self.assertEqual(wizard.action_merge()["res_id"], self.first.id)
        self.assertFalse(third.merged_into_id)

    @users("care_rep")
    def test_only_what_one_may_write(self):
        hidden = self.complain(
            partner_id=self.salon.id, user_id=self.all.id, subject="Hidden"
        )
        self.salon.sudo().care_member_ids.unlink()
        mine = (self.first | self.second).with_user(self.rep)
        with self.assertRaises(AccessError):
            (mine | hidden.with_user(self.rep))._merge()
        mine._merge()
        self.assertTrue(mine[1].merged_into_id)
        for values in ({"merged_into_id": False}, {"merged_stage_id": False}):
            with self.assertError(AccessError, "Use the buttons"):
                mine[1].write(values)
        self.first.sudo().user_id = self.all
        with self.assertRaises(AccessError):
            mine[1].action_unmerge()

    def test_deleted(self):
        self.merge()
        with self.assertError(UserError, "Undo the merge before you delete"):
            self.first.unlink()
        (self.first | self.second).unlink()

    def test_two_at_a_time(self):
        """The second finds what the first has done and says so."""
        self.merge()
        with self.assertError(UserError, "has been merged into"):
            self.merge(self.first | self.second)
        self.assertEqual(self.ledger(self.second), ["received", "cancelled"])

    def test_merging_locks_before_it_looks(self):
        """Two workers: the row is written before it is read, so that the later one is
        refused by PostgreSQL and tried again."""
        order = []

        def watch(query, *_args):
            text = str(query)
            if "SET write_date = write_date" in text:
                order.append("lock")
            elif 'SELECT "care_complaint"' in text:
                order.append("read")

        self.env.flush_all()
        self.env.invalidate_all()
        cursor = self.env.cr
        execute = cursor.execute
        self.patch(
            cursor, "execute", lambda q, *a, **k: (watch(q), execute(q, *a, **k))[1]
        )
        (self.first | self.second)._lock_in_order()
        self.assertIn("lock", order)
        self.assertFalse((self.first | self.second).merged_into_id)
        self.assertEqual(order[-1], "read", "read anew after the lock")

    # Splitting ------------------------------------------------------

    def test_split(self):
        attachment = self.env["ir.attachment"].create(
            {
                "name": "jar.txt",
                "datas": base64.b64encode(b"jar"),
                "res_model": "care.complaint",
                "res_id": self.first.id,
            }
        )
        with freeze_time("2026-11-09 01:00:00"):
            self.first.with_user(self.rep).action_reply_given()
            self.first.stage_id = self.waiting
        with freeze_time("2026-11-09 02:00:00"):
            wizard = (
                self.env["care.complaint.split"]
                .with_user(self.rep)
                .create(
                    {
                        "complaint_id": self.first.id,
                        "subject": "The invoice was wrong too",
                        "attachment_ids": attachment.ids,
                    }
                )
            )
            part = self.first.browse(wizard.action_split()["res_id"])
        self.assertEqual(part.received_at, self.first.received_at)
        self.assertEqual(part.split_from_id, self.first)
        self.assertEqual(part.user_id, self.rep)
        self.assertEqual(part.replied_at, self.at("2026-11-09 01:00:00"))
        self.assertEqual(
            self.ledger(part), ["received", "replied", "paused", "resumed"]
        )
        self.assertEqual(
            part.sla_deadline, self.at("2026-11-09 06:00:00"), "one hour was free"
        )
        self.assertEqual(part.linked_ids, self.first)
        self.assertEqual(self.first.linked_ids, part)
        copied = self.env["ir.attachment"].search(
            [("res_model", "=", "care.complaint"), ("res_id", "=", part.id)]
        )
        self.assertEqual(copied.name, "jar.txt")
        self.assertEqual(attachment.res_id, self.first.id)

    def test_split_of_one_that_was_paused(self):
        """The part is not late at birth."""
        with freeze_time("2026-11-09 01:00:00"):
            self.first.stage_id = self.waiting
        with freeze_time("2026-11-11 01:00:00"):
            part = self.first._split("Part")
            self.assertEqual(part.sla_ids.state, "ongoing")
            self.assertEqual(part.sla_state, "on_track")
        self.assertEqual(part.sla_deadline, self.at("2026-11-11 04:00:00"))

    def test_split_of_a_closed_one(self):
        self.first.stage_id = self.stages["closed"]
        with self.assertError(UserError, "Reopen it before"):
            self.first._split("Part")

    @users("care_rep")
    def test_split_with_an_attachment_of_another(self):
        foreign = (
            self.env["ir.attachment"]
            .sudo()
            .create({"name": "secret.txt", "datas": base64.b64encode(b"secret")})
        )
        part = self.first.browse(
            self.env["care.complaint.split"]
            .create(
                {
                    "complaint_id": self.first.id,
                    "subject": "Part",
                    "attachment_ids": [Command.set(foreign.ids)],
                }
            )
            .action_split()["res_id"]
        )
        self.assertFalse(
            self.env["ir.attachment"].search(
                [("res_model", "=", "care.complaint"), ("res_id", "=", part.id)]
            )
        )

    # Links ----------------------------------------------------------

    def test_links_go_both_ways(self):
        third = self.complain()
        self.first.linked_ids = self.second | third
        self.assertEqual(self.second.linked_ids, self.first)
        third.linked_ids = [Command.unlink(self.first.id)]
        self.assertEqual(self.first.linked_ids, self.second)
        self.first.linked_ids = [Command.link(self.first.id)]
        self.assertNotIn(self.first, self.first.linked_ids)
        fourth = self.complain(linked_ids=[Command.set(third.ids)])
        self.assertEqual(third.linked_ids, fourth)
        (self.first | third).write({"linked_ids": [Command.clear()]})
        self.assertFalse(self.second.linked_ids or fourth.linked_ids)
        self.env.invalidate_all()
        self.assertFalse(self.second.linked_ids or fourth.linked_ids)

    def test_links_of_the_deleted(self):
        self.first.linked_ids = self.second
        self.second.unlink()
        self.assertFalse(self.first.linked_ids)

    @users("care_rep")
    def test_no_link_to_what_one_cannot_read(self):
        stranger = self.customer("Stranger", user_id=self.all.id)
        hidden = self.complain(partner_id=stranger.id, user_id=self.all.id)
        with self.assertRaises(AccessError):
            self.first.with_user(self.rep).linked_ids = [Command.link(hidden.id)]
        with self.assertRaises(AccessError):
            self.env["care.complaint"].create(
                {
                    "subject": "Mine",
                    "partner_id": self.salon.id,
                    "linked_ids": [Command.link(hidden.id)],
                }
            )
