import base64
from unittest.mock import patch

from lxml import html

from odoo.tests import HttpCase, tagged

from ..common_mail import DOMAIN, MailCase
from . import tnef_file as tnef

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAA"
    "AABJRU5ErkJggg=="
)
REMOTE = '<img src="https://spy.example/banner.png" alt="Banner" width="600">'
TRACKER = '<img src="https://spy.example/open?id=1" width="1" height="1">'


class ContentsCase(MailCase):
    def pictured(self, text, subject="Jar", cid="jar@x", name="jar.png", **headers):
        """A mail in HTML with a picture of its own"""
        mail = self.mail(subject, "", **headers)
        mail.set_content(text, subtype="html")
        mail.add_related(PIXEL, "image", "png", cid=f"<{cid}>", filename=name)
        return mail

    def wrapped(self, content, body="", name="winmail.dat"):
        mail = self.mail(body=body)
        mail.add_attachment(content, "application", "ms-tnef", filename=name)
        return mail

    def opened(self, mail):
        complaint, aside = self.receive(mail)
        self.assertEqual(len(complaint), 1)
        self.assertFalse(aside)
        return complaint

    def pictures(self, body):
        root = html.fragment_fromstring(str(body), create_parent="div")
        return [node.get("src") for node in root.iter("img")]


@tagged("post_install", "-at_install")
class TestMailContents(ContentsCase):
    # Outlook's winmail.dat ---------------------------------------------

    def test_winmail_becomes_text_and_files(self):
        content = tnef.winmail(
            tnef.codepage(),
            tnef.text_body("Two jars\r\nleak."),
            tnef.attached("photo.png", PIXEL),
            tnef.attached("../list.txt", b"1;2"),
        )
        complaint = self.opened(self.wrapped(content))
        [message] = complaint.message_ids
        self.assertEqual(
            sorted(message.attachment_ids.mapped("name")), ["list.txt", "photo.png"]
        )
        [photo] = message.attachment_ids.filtered(lambda file: file.name[0] == "p")
        self.assertEqual(photo.raw, PIXEL)
        self.assertIn("Two jars", message.body)
        self.assertIn("leak.", complaint.description)
        self.assertIn("<br", complaint.description)

    def test_the_mails_own_text_comes_first(self):
        content = tnef.winmail(tnef.codepage(), tnef.text_body("Wrapped"))
        complaint = self.opened(self.wrapped(content, "Written"))
        self.assertIn("Written", complaint.description)
        self.assertNotIn("Wrapped", complaint.description)

    def test_pictures_in_a_winmail(self):
        content = tnef.winmail(
            tnef.codepage(),
            tnef.html_body(f'<p>See <img src="cid:jar@x"> {REMOTE}</p>'),
            tnef.attached("jar.png", PIXEL, cid="jar@x"),
        )
        complaint = self.opened(self.wrapped(content))
        [message] = complaint.message_ids
        for body in (complaint.description, message.body):
            [source] = self.pictures(body)
            self.assertIn(f"/web/image/{message.attachment_ids.id}?", source)

    def test_a_winmail_that_cannot_be_read_stays(self):
        good = tnef.winmail(tnef.codepage(), tnef.attached("a.txt", b"A"))
        rtf = tnef.winmail(tnef.codepage(), tnef.rtf_body())
        for content in (good[:-9], good[:4] + b"\xff" * 50, rtf):
            complaint = self.opened(self.wrapped(content, "Jars leak"))
            [file] = complaint.message_ids.attachment_ids
            self.assertEqual((file.name, file.raw), ("winmail.dat", content))
            self.assertIn("Jars leak", complaint.description)

    def test_without_the_library_it_stays(self):
        content = tnef.winmail(tnef.codepage(), tnef.attached("a.txt", b"A"))
        with patch.dict("sys.modules", {"tnefparse": None}):
            complaint = self.opened(self.wrapped(content))
        self.assertEqual(complaint.message_ids.attachment_ids.raw, content)

    # Pictures ------------------------------------------------------------

    def test_pictures_of_the_mail_are_shown(self):
        for name in ("jar.png", None):
            mail = self.pictured('<p>See <img src="cid:jar@x"> here</p>', name=name)
            complaint = self.opened(mail)
            [message] = complaint.message_ids
            [file] = message.attachment_ids
            self.assertEqual((file.res_model, file.res_id), complaint_key(complaint))
            self.assertFalse(file.public)
            self.assertEqual(self.pictures(complaint.description), [self.link(file)])
            self.assertEqual(self.pictures(message.body), [self.link(file)])

    def link(self, file):
        return f"/web/image/{file.id}?access_token={file.access_token}"

    def test_pictures_of_others_are_not_loaded(self):
        complaint = self.opened(
            self.pictured(f'<p>A{REMOTE}B{TRACKER}C<img src="cid:jar@x"></p>')
        )
        message = complaint.message_ids
        self.receive(self.answer_with(message, f"<p>And{REMOTE}{TRACKER}</p>"))
        for body in (complaint.description, *complaint.message_ids.mapped("body")):
            self.assertFalse([src for src in self.pictures(body) if "spy" in src])
            self.assertIn("https://spy.example/banner.png", body)
            self.assertNotIn("open?id=1", body)
        self.assertEqual(len(self.pictures(complaint.description)), 1)

    def answer_with(self, message, text):
        mail = self.reply(message)
        mail.set_content(text, subtype="html")
        return mail

    def test_nor_in_a_mail_set_aside(self):
        mail = self.pictured(f"<p>Away {REMOTE}</p>", Auto_Submitted="auto-replied")
        _new, aside = self.receive(mail)
        self.assertFalse(self.pictures(aside.body))
        self.assertIn("Banner", aside.body)

    def test_plain_text_keeps_its_lines(self):
        complaint = self.send(body="Two jars:\n- one leaks\n- one is <missing>\n\nRosa")
        self.assertNotIn("<pre", complaint.description)
        root = html.fromstring(f"<div>{complaint.description}</div>")
        self.assertEqual(len(list(root.iter("p"))), 2)
        self.assertIn("one is <missing>", root.text_content())
        self.assertEqual(len(list(root.iter("br"))), 2)

    def test_forwarded_with_a_picture(self):
        complaint = self.opened(self.forward())
        self.assertEqual(complaint.partner_id.email, "mia@quill.example.com")
        [source] = self.pictures(complaint.description)
        [message] = complaint.message_ids.filtered("attachment_ids")
        files = message.attachment_ids.filtered(lambda file: file.name == "jar.png")
        self.assertEqual(source, self.link(files))
        self.assertNotIn("logo", complaint.description)

    def forward(self):
        self.rep.email = f"rep@{DOMAIN}"
        text = (
            '<p>Please. <img src="cid:logo@x"></p><div>'
            "<b>From:</b> Mia Quill &lt;mia@quill.example.com&gt;<br>"
            "<b>Sent:</b> Monday<br><b>To:</b> Rep<br><b>Subject:</b> Lid</div>"
            f'<p>The lid is broken: <img src="cid:jar@x"></p>{REMOTE}{TRACKER}'
        )
        mail = self.pictured(text, "FW: Lid", From=self.rep.email)
        mail.add_related(PIXEL, "image", "png", cid="<logo@x>", filename="logo.png")
        return mail


def complaint_key(complaint):
    return complaint._name, complaint.id


@tagged("post_install", "-at_install")
class TestMailContentsUi(HttpCase, ContentsCase):
    def test_the_handler_sees_customer_and_picture(self):
        complaint = self.opened(TestMailContents.forward(self))
        complaint.user_id = self.rep
        self.start_tour(
            f"/odoo/action-customer_care.complaint_action/{complaint.id}",
            "customer_care_forwarded_picture",
            login="care_rep",
        )

    def test_pictures_on_the_portal(self):
        complaint = self.opened(
            self.pictured(f'<p>See <img src="cid:jar@x">{REMOTE}</p>')
        )
        page = self.url_open(complaint.get_portal_url()).text
        self.assertNotIn('src="https://spy', page)
        [source] = self.pictures(complaint.description)
        self.assertIn(source.split("?")[0], page)
        answer = self.url_open(source)
        self.assertEqual(answer.content, PIXEL)
        guess = self.url_open(source.split("?")[0])
        self.assertNotEqual(guess.content, PIXEL, "without the link nobody sees it")
