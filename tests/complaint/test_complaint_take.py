from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_complaint import ComplaintCase
from ..common_mail import MailCase


@tagged("post_install", "-at_install")
class TestTake(ComplaintCase):
    def wizard(self, action):
        self.assertEqual(action["res_model"], "care.complaint.take.over")
        return self.env[action["res_model"]].browse(action["res_id"])

    def setUp(self):
        super().setUp()
        self.complaint = self.complain()
        self.complaint.user_id = False

    def test_take(self):
        mine = self.complaint.with_user(self.all)
        self.assertFalse(mine.action_take())
        self.assertEqual(self.complaint.user_id, self.all)
        self.assertFalse(mine.action_take(), "twice is no conflict")

    def test_taken_meanwhile(self):
        self.complaint.user_id = self.manager
        wizard = self.wizard(self.complaint.with_user(self.all).action_take())
        self.assertEqual(self.complaint.user_id, self.manager, "refused")
        self.assertIn(self.manager.name, wizard.notice)
        before = self.env["mail.message"].search([], order="id desc", limit=1)
        wizard.with_user(self.all).action_confirm()
        self.assertEqual(self.complaint.user_id, self.all)
        [note] = self.complaint.message_ids.filtered(
            lambda row: "has taken over from" in (row.body or "")
        )
        self.assertIn(self.manager.name, note.body)
        [told] = self.env["mail.message"].search(
            [
                ("id", ">", before.id),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", self.manager.partner_id.ids),
            ]
        )
        self.assertIn(self.complaint.name, told.body)

    def test_somebody_else_again(self):
        """Whom the user wants to replace is not the handler any more."""
        self.complaint.user_id = self.manager
        wizard = self.wizard(self.complaint.with_user(self.all).action_take())
        self.complaint.user_id = self.rep
        again = self.wizard(wizard.with_user(self.all).action_confirm())
        self.assertEqual(self.complaint.user_id, self.rep)
        self.assertEqual(again.user_id, self.rep)


@tagged("post_install", "-at_install")
class TestTakeTwice(TransactionCase):
    """Against connections of their own, as two workers have them."""

    def setUp(self):
        super().setUp()
        self.first, self.second = (
            api.Environment(
                self.enterContext(self.registry.cursor()), self.env.ref(user).id, {}
            )(su=True)
            for user in ("base.user_admin", "base.user_root")
        )
        with self.registry.cursor() as cr:
            complaint = api.Environment(cr, SUPERUSER_ID, {})["care.complaint"].create(
                {
                    "subject": "At once",
                    "partner_id": self.env.ref("base.main_partner").id,
                    "source": "other",
                }
            )
            complaint.user_id = False
            self.id = complaint.id
        self.addCleanup(self.clean)

    def clean(self):
        for env in (self.first, self.second):
            env.cr.rollback()
        with self.registry.cursor() as cr:
            cr.execute(
                "DELETE FROM mail_message"
                " WHERE model = 'care.complaint' AND res_id = %s",
                [self.id],
            )
            cr.execute(
                "DELETE FROM mail_followers"
                " WHERE res_model = 'care.complaint' AND res_id = %s",
                [self.id],
            )
            cr.execute("DELETE FROM care_complaint WHERE id = %s", [self.id])

    def test_two_in_the_same_second(self):
        """Both have seen it without a handler; Odoo runs the second once more."""
        mine = self.first["care.complaint"].browse(self.id)
        theirs = self.second["care.complaint"].browse(self.id)
        self.assertFalse(mine.user_id or theirs.user_id)
        self.assertFalse(mine.action_take())
        self.first.cr.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            theirs.action_take()
        self.second.cr.rollback()
        self.second.invalidate_all()
        action = theirs.action_take()
        self.assertEqual(action["res_model"], "care.complaint.take.over")
        self.second.cr.commit()
        self.first.cr.rollback()
        self.first.invalidate_all()
        self.assertEqual(mine.user_id, self.env.ref("base.user_admin"))


@tagged("post_install", "-at_install")
class TestTwoHandlersUi(HttpCase, MailCase):
    def test_two_handlers(self):
        """A colleague looks at the complaint, takes it, and answers first."""
        self.rep.name = "Lin Xu"
        self.policy("reply", 4, around_the_clock=True)
        complaint = self.send("Tour of two")
        complaint.user_id = False
        self.start_tour(
            f"/odoo/action-customer_care.complaint_action/{complaint.id}",
            "customer_care_two_handlers",
            login="care_all",
        )
        complaint.invalidate_recordset()
        self.assertEqual(complaint.user_id, self.all)
        answers = complaint.message_ids.filtered(
            lambda row: row.author_id == self.all.partner_id
            and row.message_type == "comment"
        )
        self.assertEqual(len(answers), 2, "by chatter and by the full composer")
        self.assertIn("Not lost", "".join(answers.mapped("body")))
        self.assertEqual(complaint.replied_at, min(answers.mapped("date")))
