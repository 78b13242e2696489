from collections import Counter
from email import message_from_bytes

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_mail import ADDRESS, DOMAIN, MailCase
from ..complaint_mail import malformed

MANY = 1_000
BIG = 5 * 1024 * 1024
LOUD = (
    "odoo.addons.mail.models.mail_thread",
    "odoo.addons.customer_care.models.complaint_mail.mail_thread",
    "odoo.tools.mail",
)


@tagged("post_install", "-at_install")
class TestComplaintMailAttack(MailCase):
    """Whoever writes to the address: the gateway goes on, no mail is lost, none counts
    twice, and nothing in it does harm."""

    def landed(self):
        """Everything that mails can become"""
        self.env.flush_all()
        return Counter(
            complaints=self.Complaint.search_count(
                [("company_id", "=", self.company.id)]
            ),
            aside=self.Aside.search_count([("state", "=", "aside")]),
        )

    def process(self, raw):
        self.gateway.message_process(None, raw)

    @mute_logger(*LOUD)
    def test_malformed(self):
        """Bounces and delivery reports, which Odoo itself takes, open nothing."""
        self.calm()
        after = self.landed()
        for number, raw in enumerate(malformed.mails(MANY, ADDRESS)):
            before = after
            with self.subTest(number):
                self.process(raw)
                after = self.landed()
                new = after - before
                if self.is_report(raw):
                    self.assertFalse(new["complaints"], raw[:2000])
                else:
                    self.assertEqual(sum(new.values()), 1, raw[:2000])
                if number % 4 == 0:
                    self.process(raw)
                    self.assertEqual(self.landed(), after, "the second time")
        self.assertGreater(after["complaints"], MANY * 0.5)
        self.assertGreater(after["aside"], 10)

    def calm(self):
        """No acknowledgements and policies: this is about what comes in."""
        self.company.care_mail_unknown = "none"

    @staticmethod
    def is_report(raw):
        return message_from_bytes(raw).get_content_type() == "multipart/report"

    @mute_logger(*LOUD)
    def test_five_megabytes(self):
        """Broken MIME, binary noise, one line, and containers without an end"""
        noise = bytes(range(256)) * (BIG // 256)
        head = f"From: zoe@big.example.com\nTo: {ADDRESS}\nSubject: Big\n".encode()
        for kind, body in (
            (b"multipart/mixed; boundary=x", b"--x\n\n" + noise),
            (b"multipart/mixed; boundary=x", (b"--x\n\n\n" * (BIG // 50))[:400_000]),
            (b"text/html", b"<div>" * (BIG // 5)),
            (b"text/plain", b"a" * BIG),
            (b"application/pdf; name=x.pdf", noise),
            (b"text/html; charset=utf-16", noise),
        ):
            with self.subTest(kind):
                before = self.landed()
                self.process(head + b"Content-Type: " + kind + b"\n\n" + body)
                self.assertEqual(sum((self.landed() - before).values()), 1)

    @mute_logger(*LOUD)
    def test_deeper_than_programs_recurse(self):
        complaint, _aside = self.receive(malformed.nested(3_000, ADDRESS))
        self.assertEqual(complaint.email_normalized, "zoe@deep.example.com")
        names = complaint.message_ids.attachment_ids.mapped("name")
        self.assertEqual(names, ["original.eml"])

    @mute_logger(*LOUD)
    def test_broken_reply_finds_its_thread(self):
        complaint = self.send()
        [message] = complaint.message_ids
        raw = self.reply(message).as_bytes()
        raw = raw.replace(
            b'Content-Type: text/plain; charset="utf-8"',
            b"Content-Type: text/plain; charset=nonsense-9\nX-Odd: \xff\x00",
        )
        self.assertFalse(any(self.receive(raw)))
        self.assertEqual(len(complaint.message_ids), 2)

    @mute_logger(*LOUD)
    def test_in_the_end_set_aside(self):
        """Not even what could be saved is taken: the original is kept."""

        def refuse(*args, **kwargs):
            raise ValueError("A module that refuses everything")

        self.patch(type(self.Complaint), "create", refuse)
        self.patch(
            type(self.env["mail.alias"]),
            "_alias_bounce_incoming_email",
            lambda *a: None,
        )
        mail = self.mail()
        complaint, aside = self.receive(mail)
        self.assertFalse(complaint)
        self.assertEqual((aside.reason, aside.team_id), ("broken", self.team))
        self.assertTrue(aside.original)
        self.assertFalse(any(self.receive(mail)))

    @mute_logger(*LOUD)
    def test_mails_to_others_fail_as_before(self):
        with self.assertRaises(ValueError):
            self.process(self.mail(To="nobody@example.org").as_bytes())

    # What is in it --------------------------------------------------

    def test_html_and_script(self):
        html = (
            "<p onclick='x()'>They leak<script>alert(1)</script>"
            "<a href='javascript:alert(1)'>y</a><iframe src='//e'></iframe></p>"
        )
        mail = self.mail("<script>alert(1)</script>")
        mail.set_content(html, subtype="html")
        complaint, _aside = self.receive(mail)
        self.assertEqual(complaint.subject, "<script>alert(1)</script>", "plain text")
        for text in (complaint.description, complaint.message_ids.body):
            self.assertIn("They leak", text)
            for bad in ("<script", "onclick", "javascript:", "<iframe"):
                self.assertNotIn(bad, text)

    def test_template_code_is_text(self):
        """Subject and name stay as they are, and not in the acknowledgement."""
        complaint = self.send(
            "{{ 7 * 7 }} <b>x</b>", From='"{{ 7 * 7 }}" <zoe@quill.example.com>'
        )
        self.acknowledge()
        message = self.acknowledgements(complaint)
        self.assertEqual(complaint.subject, "{{ 7 * 7 }} <b>x</b>")
        self.assertEqual(message.subject, complaint.name)
        self.assertNotIn("<b>x</b>", message.body)

    def test_headers_are_not_injected(self):
        """A subject with an encoded line break stays one line."""
        raw = self.mail().as_bytes()
        raw = raw.replace(
            b"Subject: Two jars broken",
            b"Subject: =?utf-8?Q?x=0D=0ABcc:_eve@example.org?=",
        )
        complaint, _aside = self.receive(raw)
        self.assertNotIn("\n", complaint.subject)
        self.acknowledge()
        mail = self.outgoing(self.acknowledgements(complaint))
        self.assertNotIn("\n", mail.subject)

    def test_attachments_are_safe(self):
        """No file is shown as a page, and no name leads anywhere."""
        mail = self.mail()
        bad = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
        for name, kind in (
            ("../../etc/passwd", "text/plain"),
            ("page.html", "text/html"),
            ("<img src=x onerror=alert(1)>.svg", "image/svg+xml"),
            ("x" * 500 + ".pdf", "application/pdf"),
        ):
            main, sub = kind.split("/")
            mail.add_attachment(bad, maintype=main, subtype=sub, filename=name)
        complaint, _aside = self.receive(mail)
        files = complaint.message_ids.attachment_ids
        self.assertEqual(len(files), 4)
        for file in files:
            self.assertEqual(file.res_id, complaint.id)
            self.assertFalse(file.public)
            self.assertNotRegex(file.mimetype, "html|svg|xml", file.name)
            self.assertNotIn("/", file.name)
            self.assertLessEqual(len(file.name), 120)

    def test_from_is_not_trusted_with_the_clock(self):
        """A customer whose address is ours by name alone gives no reply."""
        self.all.email = f"all@{DOMAIN}"
        complaint = self.send()
        [message] = complaint.message_ids
        self.receive(
            self.reply(message, From=f'"all@{DOMAIN}" <rosa@salon.example.com>')
        )
        self.assertFalse(complaint.replied_at)

    def test_fields_of_the_database_are_not_set_by_mail(self):
        """Headers and body say nothing about stage, priority or compensation."""
        complaint = self.send(
            "stage_id=9 priority: 3", "priority=3\nstage_id=closed", Priority="3"
        )
        self.assertEqual(complaint.priority, "0")
        self.assertEqual(complaint.phase, "record")

    def test_query_count(self):
        """A mail of somebody known; the number is watched, not a law."""
        self.policy("reply", 4)
        self.policy("resolve", 24)
        self.send()
        raw = self.mail().as_bytes()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(120):
            self.process(raw)
            self.env.flush_all()
