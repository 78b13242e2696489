import socket
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from odoo.tests import tagged

from ..common_mail import ADDRESS, DOMAIN, MailCase

LOOPBACK = "127.0.0.1"


class Sink:
    """Takes all mail, and sends none on."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, _server, _session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.SMTP)
        self.mails.append((envelope.rcpt_tos, mail))
        return "250 OK"


@tagged("post_install", "-at_install")
class TestComplaintSmtp(MailCase):
    """Through a real SMTP server on this machine, and raw mails back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with socket.socket() as free:
            free.bind((LOOPBACK, 0))
            port = free.getsockname()[1]
        cls.sink = Sink()
        controller = Controller(cls.sink, hostname=LOOPBACK, port=port)
        controller.start()
        cls.addClassCleanup(controller.stop)
        Server = cls.env["ir.mail_server"]
        Server.search([]).active = False
        Server.create({"name": "Sink", "smtp_host": LOOPBACK, "smtp_port": port})
        cls.classPatch(type(Server), "_disable_send", classmethod(lambda _cls: False))

    def setUp(self):
        super().setUp()
        self.sink.mails.clear()

    def take(self):
        """What goes out since the last time; a test never commits, so that the queue
        has to be asked to send."""
        self.env["mail.mail"].search(
            [
                ("state", "=", "outgoing"),
                ("model", "=", "care.complaint"),
                ("res_id", "in", self.all_complaints().ids),
            ]
        ).send()
        mails, self.sink.mails[:] = list(self.sink.mails), []
        return mails

    def test_from_mail_to_thread(self):
        self.policy("reply", 4)
        complaint = self.send()
        self.assertFalse(self.take(), "nothing goes out inside the creation")

        self.acknowledge()
        [(to, acknowledgement)] = self.take()
        self.assertEqual(to, ["rosa@salon.example.com"])
        self.assertIn(ADDRESS, acknowledgement["Reply-To"])
        self.assertEqual(acknowledgement["Auto-Submitted"], "auto-replied")
        text = acknowledgement.get_body(("plain",)).get_content()
        self.assertIn(complaint.name, text)
        self.assertIn("You will receive a definite answer by", text)
        self.assertIn("New York time", text)
        self.acknowledge()
        self.assertFalse(self.take(), "once")

        self.assertFalse(complaint.replied_at)
        handler = complaint.with_user(self.all)
        handler.message_post(
            body="We send two new jars.",
            partner_ids=complaint.contact_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        [(to, answer)] = self.take()
        self.assertEqual(to, ["rosa@salon.example.com"])
        self.assertIn(ADDRESS, answer["Reply-To"])
        self.assertTrue(complaint.replied_at)

        complaint.stage_id = self.waiting
        for message in (answer, acknowledgement):
            reply = self.mail(
                f"Re: {message['Subject']}",
                "Thank you!",
                To=message["Reply-To"],
                In_Reply_To=message["Message-Id"],
                References=message["Message-Id"],
            )
            self.assertFalse(any(self.receive(reply)))
            last = complaint.message_ids.filtered(
                lambda message: message.message_type == "email"
            )[:1]
            self.assertIn("Thank you!", last.body)
            self.assertEqual(last.author_id, self.rosa)
        self.assertFalse(complaint.stage_id.pauses_sla)

    def test_two_robots_meet(self):
        """An absence note for the acknowledgement is not answered."""
        self.send()
        self.acknowledge()
        [(_to, acknowledgement)] = self.take()
        note = self.mail(
            f"Automatic reply: {acknowledgement['Subject']}",
            "Back on Monday",
            Auto_Submitted="auto-replied",
            In_Reply_To=acknowledgement["Message-Id"],
        )
        new, aside = self.receive(note)
        self.assertFalse(new)
        self.assertTrue(aside)
        self.acknowledge()
        self.assertFalse(self.take())

    def test_our_own_mail_comes_back(self):
        """A customer's address that hands everything on to us ends the loop at once."""
        self.send()
        self.acknowledge()
        [(_to, acknowledgement)] = self.take()
        del acknowledgement["To"]
        acknowledgement["To"] = ADDRESS
        for message_id in (acknowledgement["Message-Id"], f"<other@{DOMAIN}>"):
            acknowledgement.replace_header("Message-Id", message_id)
            self.assertFalse(self.receive(acknowledgement)[0])
        self.acknowledge()
        self.assertFalse(self.take())
