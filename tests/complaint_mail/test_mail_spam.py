from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_mail import DOMAIN, MailCase

SPAMMER = "Win <win@spam.example.org>"


@tagged("post_install", "-at_install")
class TestMailSpam(MailCase):
    """One click closes, blocks and counts nothing; another undoes it."""

    def setUp(self):
        super().setUp()
        self.policy()
        self.spam = self.send("You have won", From=SPAMMER)
        self.spam.stage_id = self.stages["investigate"]

    def mark(self):
        self.spam.with_user(self.all).action_spam()

    def reported(self):
        self.env.flush_all()
        return self.env["care.complaint.report"].search_count(
            [("complaint_id", "=", self.spam.id)]
        )

    def test_closed_and_not_counted(self):
        self.assertEqual(self.reported(), 1)
        self.mark()
        self.assertEqual(self.spam.phase, "cancelled")
        self.assertTrue(self.spam.closed_at)
        self.assertEqual(set(self.spam.sla_ids.mapped("state")), {"cancelled"})
        self.assertEqual(self.reported(), 0)

    def test_sender_is_blocked(self):
        self.mark()
        new, aside = self.receive(self.mail("Again", From="WIN@spam.example.org"))
        self.assertFalse(new)
        self.assertEqual((aside.reason, aside.team_id), ("blocked", self.team))
        [first] = self.spam.message_ids.filtered(
            lambda message: message.message_type == "email"
        )
        new, aside = self.receive(self.reply(first, From=SPAMMER))
        self.assertFalse(new)
        self.assertEqual(aside.reason, "blocked")
        self.assertFalse(self.spam.written_after_closing)
        self.assertFalse(self.spam.activity_ids)
        self.send("From somebody else")

    def test_for_this_team_alone(self):
        self.mark()
        self.team.copy({"name": "Second", "alias_name": "second"})
        self.send("To the others", From=SPAMMER, To=f"second@{DOMAIN}")

    def test_undone(self):
        self.mark()
        self.spam.with_user(self.all).action_not_spam()
        self.assertEqual(self.spam.stage_id, self.stages["investigate"])
        self.assertFalse(self.spam.closed_at)
        self.assertEqual(self.spam.reopen_count, 0)
        self.assertEqual(set(self.spam.sla_ids.mapped("state")), {"ongoing"})
        self.assertEqual(self.reported(), 1)
        self.send("Welcome back", From=SPAMMER)

    def test_reopened(self):
        """Reopening by hand undoes it too."""
        self.mark()
        self.spam.action_reopen()
        self.assertFalse(self.spam.spam)
        self.send("Welcome back", From=SPAMMER)

    def test_colleague_is_never_blocked(self):
        self.rep.email = f"rep@{DOMAIN}"
        self.spam = self.send(From=self.rep.email)
        self.mark()
        self.send("Not me", From=self.rep.email)

    def test_not_for_everybody(self):
        stranger = self.make_user("stranger", "sales_team.group_sale_salesman")
        for name in ("action_spam", "action_not_spam"):
            with self.assertRaises(AccessError):
                getattr(self.spam.with_user(stranger), name)()
