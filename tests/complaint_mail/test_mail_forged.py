from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.models.mail_thread import MailThread

from ..common_mail import ADDRESS, DOMAIN, GATEWAY, MailCase


@tagged("post_install", "-at_install")
class TestMailForged(MailCase):
    """Anyone can write any address into From."""

    def setUp(self):
        super().setUp()
        self.complaint = self.send()
        self.complaint.user_id = self.all
        self.all.email = f"all@{DOMAIN}"
        [self.first] = self.complaint.message_ids.filtered(
            lambda message: message.message_type == "email"
        )

    def by_number(self, **headers):
        new, aside = self.receive(
            self.mail(f"Re: {self.complaint.name}", "Pay to Eve.", **headers)
        )
        self.assertFalse(new or aside)

    def noted(self):
        return self.complaint.message_ids.filtered(
            lambda message: "Sender not verified" in (message.body or "")
        )

    def test_number_alone(self):
        self.complaint.action_close()
        self.by_number(Cc="eve@example.org")
        self.assertTrue(self.complaint.closed_at)
        self.assertFalse(self.complaint.email_cc)
        self.assertEqual(self.complaint.sender_check, "unverified")
        self.assertTrue(self.noted().is_internal)
        self.assertEqual(self.complaint.activity_ids.user_id, self.all)
        self.assertIn("unverified sender", self.complaint.activity_ids.summary)

    def test_number_starts_no_clock(self):
        self.complaint.stage_id = self.waiting
        self.by_number()
        self.assertEqual(self.complaint.stage_id, self.waiting)

    def test_number_reaches_nobody_outside(self):
        self.complaint.message_subscribe((self.salon | self.rosa).ids)
        self.salon.email = "salon@example.com"
        self.by_number()
        message = self.complaint.message_ids.filtered(lambda m: "Eve" in m.body)
        self.assertFalse(message.notified_partner_ids & (self.salon | self.rosa))

    def test_number_and_gateway(self):
        self.company.care_reopen_at_once = True
        self.complaint.action_close()
        self.by_number(
            Cc="chef@salon.example.com", **self.vouched(domain="salon.example.com")
        )
        self.assertFalse(self.complaint.closed_at)
        self.assertEqual(self.complaint.email_cc, "chef@salon.example.com")
        self.assertEqual(self.complaint.sender_check, "verified")
        self.assertFalse(self.noted())

    def test_reference_and_failure(self):
        self.complaint.action_close()
        failed = self.vouched("fail", "salon.example.com")
        self.receive(self.reply(self.first, Cc="eve@example.org", **failed))
        self.assertTrue(self.complaint.closed_at)
        self.assertFalse(self.complaint.email_cc)
        self.assertEqual(self.complaint.sender_check, "failed")
        self.assertEqual(len(self.noted()), 1)

    def test_reference_without_gateway(self):
        self.receive(self.reply(self.first))
        self.assertEqual(self.complaint.sender_check, "unknown")
        self.assertFalse(self.noted())

    def test_header_of_the_sender(self):
        """Another gateway's, and one below that of ours"""
        self.company.care_mail_authserv = GATEWAY
        claim = "dmarc=pass header.from=salon.example.com"
        self.by_number(Authentication_Results=f"mx.evil.example; {claim}")
        self.assertEqual(self.complaint.sender_check, "unverified")
        mail = self.mail(
            f"Re: {self.complaint.name}",
            Authentication_Results=f"{GATEWAY}; dmarc=fail",
        )
        mail["Authentication-Results"] = f"{GATEWAY}; {claim}"
        self.receive(mail)
        self.assertEqual(self.complaint.sender_check, "failed")

    def test_two_senders(self):
        headers = self.vouched(domain="salon.example.com")
        raw = self.mail(f"Re: {self.complaint.name}", **headers).as_bytes()
        self.receive(b"From: Eve <eve@example.org>\n" + raw)
        self.receive(raw.replace(b"\nFrom:", b"\nFrom: eve@example.org,", 1))
        self.assertNotEqual(self.complaint.sender_check, "verified")

    def test_forged_colleague(self):
        """Never sent on, by whatever they refer to"""
        self.complaint.message_subscribe(self.rosa.ids)
        for headers in ({}, self.vouched("fail"), self.vouched("none")):
            self.receive(
                self.reply(self.first, "Pay to Eve.", From=self.all.email, **headers)
            )
            message = self.complaint.message_ids.filtered(
                lambda message: "Pay to Eve" in (message.body or "")
            )[:1]
            self.assertTrue(message.is_internal)
            self.assertNotIn(self.rosa, message.notified_partner_ids)
            self.assertNotIn(self.rosa, self.outgoing(message).recipient_ids)
            self.assertFalse(self.outgoing(message).filtered("email_to"))
            self.assertFalse(self.complaint.replied_at)
        self.assertEqual(len(self.noted()), 3)

    def test_broken_mail_keeps_the_verdict(self):
        """What is rescued of a mail has the header of the gateway."""
        headers = self.vouched("fail", "salon.example.com")
        raw = self.reply(self.first, **headers).as_bytes()
        parse = MailThread.message_parse
        calls = []

        def broken(thread, message, save_original=False):
            calls.append(message)
            if len(calls) == 1:
                raise ValueError("broken")
            return parse(thread, message, save_original)

        with patch.object(MailThread, "message_parse", broken):
            self.receive(raw)
        self.assertEqual(self.complaint.sender_check, "failed")

    def test_error_of_another_module(self):
        """It is raised as it is, also when it has broken the transaction."""
        raw = self.mail(To="sales@elsewhere.example").as_bytes()

        def fails(thread, *_args, **_options):
            thread.env.cr.execute("SELECT 1 / 0")

        with (
            patch.object(MailThread, "message_route", fails),
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "division by zero"),
            self.cr.savepoint(),
        ):
            self.gateway.message_process("res.partner", raw)

    def test_broken_transaction_of_ours(self):
        """A mail to us is set aside, although the database has refused it."""

        def fails(thread, *_args, **_options):
            thread.env.cr.execute("SELECT 1 / 0")

        with (
            patch.object(MailThread, "message_route", fails),
            mute_logger("odoo.sql_db"),
        ):
            _new, aside = self.receive(self.mail(To=ADDRESS))
        self.assertEqual(aside.reason, "broken")

    def test_nul_bytes(self):
        for place in (b"Subject: ", b"From: ", b"In-Reply-To: ", b"To: ", b"\n\n"):
            raw = self.mail().as_bytes().replace(place, place + b"\0", 1)
            new, aside = self.receive(raw)
            self.assertTrue(new or aside, place)
