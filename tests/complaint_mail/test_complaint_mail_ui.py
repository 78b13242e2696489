from odoo.tests import HttpCase, tagged

from ..common_mail import DOMAIN, MailCase


@tagged("post_install", "-at_install")
class TestComplaintMailUi(HttpCase, MailCase):
    def show(self, complaint, tour):
        self.start_tour(
            f"/odoo/action-customer_care.complaint_action/{complaint.id}",
            tour,
            login="care_all",
        )
        complaint.invalidate_recordset()

    def closed(self, body):
        """A complaint to which the customer has written after closing"""
        complaint = self.send()
        [message] = complaint.message_ids
        complaint.user_id = self.all
        complaint._care_record_outcome("satisfied", "Fast", self.manager)
        complaint.action_close()
        self.receive(self.reply(message, body))
        return complaint

    def test_only_thanks(self):
        complaint = self.closed("By the way, have a nice day")
        self.show(complaint, "customer_care_only_thanks")
        self.assertTrue(complaint.closed_at)
        self.assertEqual(complaint.outcome, "satisfied")
        self.assertFalse(complaint.activity_ids)

    def test_reopen(self):
        complaint = self.closed("It still leaks.")
        self.show(complaint, "customer_care_after_closing")
        self.assertFalse(complaint.closed_at)
        self.assertEqual(complaint.outcome, "unknown")

    def test_spam(self):
        sender = "Lucky <lucky@win.example.com>"
        complaint = self.send("You have won", "Click here.", From=sender)
        complaint.user_id = self.all
        self.show(complaint, "customer_care_spam")
        self.assertTrue(complaint.spam)
        opened, aside = self.receive(self.mail("Again", From=sender))
        self.assertFalse(opened)
        self.assertEqual(aside.reason, "blocked")

    def test_forwarded(self):
        self.rep.email = f"rep@{DOMAIN}"
        text = (
            "Please.\n\nFrom: Mia Quill\nSent: Monday\nTo: Rep\nSubject: Lid\n\n"
            "The lid is broken. mia@quill.example.com"
        )
        complaint = self.send("FW: Lid", text, From=self.rep.email)
        self.show(complaint, "customer_care_forwarded")
        self.assertEqual(complaint.partner_id.email, "mia@quill.example.com")
        self.assertEqual(complaint.kind, "customer")
