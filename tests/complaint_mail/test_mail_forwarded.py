from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_mail import DOMAIN, MailCase

OUTLOOK = """Please take care of her.

From: Mia Quill <mia@quill.example.com>
Sent: Monday, November 9, 2026 4:05 PM
To: Rep <rep@care.example.com>
Subject: Lid broken

The lid of the jar is broken.
"""
OUTLOOK_CHINESE = """麻烦处理。

发件人: 米小姐 <mia@quill.example.com>
发送时间: 2026年11月9日 16:05
收件人: 同事 <rep@care.example.com>
主题: 盖子坏了

盖子坏了。
"""
QQ = """请跟进

------------------ 原始邮件 ------------------
发件人: "米小姐"<mia@quill.example.com>;
发送时间: 2026年11月9日(星期一) 下午4:05
收件人: "同事"<rep@care.example.com>;
主题: 盖子坏了

盖子坏了。
"""
FOXMAIL_NAME_ONLY = """请处理。

发件人： 米小姐
发送时间： 2026-11-09 16:05
收件人： rep@care.example.com
主题： 盖子坏了
盖子坏了。我的邮箱 mia@quill.example.com
"""
APPLE = """See below.

Begin forwarded message:

> From: Mia Quill <mia@quill.example.com>
> Subject: Lid broken
> Date: 9 November 2026 at 16:05:00 CET
> To: Rep <rep@care.example.com>
>
> The lid of the jar is broken.
"""
APPLE_CHINESE = """开始转发的邮件：

> 发件人: 米小姐 <mia@quill.example.com>
> 主题: 盖子坏了
> 日期: 2026年11月9日 GMT+8 16:05:00
> 收件人: rep@care.example.com
>
> 盖子坏了。
"""
GERMAN = """Bitte übernehmen.

Von: Mia Quill <mia@quill.example.com>
Gesendet: Montag, 9. November 2026 16:05
An: Rep <rep@care.example.com>
Betreff: Deckel kaputt

Der Deckel ist kaputt.
"""
GMAIL = """<div dir="ltr">Please<br><div class="gmail_quote"><div class="gmail_attr">
---------- Forwarded message ---------<br>From: <strong>Mia Quill</strong>
<span dir="auto">&lt;<a href="mailto:mia@quill.example.com"
>mia@quill.example.com</a>&gt;</span><br>Date: Mon, Nov 9, 2026 at 4:05 PM<br>
Subject: Lid broken<br>
To: &lt;rep@care.example.com&gt;<br></div><br>The lid is broken.</div></div>"""
OUTLOOK_HTML = """<p>Please</p><div><p><b>From:</b> Mia Quill
&lt;mia@quill.example.com&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Rep<br>
<b>Subject:</b> Lid broken</p></div><p>The lid is broken.</p>"""
TWICE = """Yours?

From: Other Colleague <other@care.example.com>
Sent: Monday, November 9, 2026 5:05 PM
To: Rep <rep@care.example.com>
Subject: FW: Lid broken

For you.

From: Boss of the Shop <boss@quill.example.com>
Sent: Monday, November 9, 2026 4:35 PM
To: Other Colleague <other@care.example.com>
Subject: FW: Lid broken

See what she says.

From: Mia Quill <mia@quill.example.com>
Sent: Monday, November 9, 2026 4:05 PM
To: Boss of the Shop <boss@quill.example.com>
Subject: Lid broken

The lid is broken.
"""
THREAD = """Please

From: Mia Quill <mia@quill.example.com>
Sent: Monday, November 9, 2026 4:05 PM
To: Rep <rep@care.example.com>
Subject: RE: Lid broken

No, it is still broken.

From: Rep <rep@care.example.com>
Sent: Monday, November 9, 2026 3:05 PM
To: Mia Quill <mia@quill.example.com>
Subject: RE: Lid broken

Is it repaired?
"""


@tagged("post_install", "-at_install")
class TestMailForwarded(MailCase):
    """The complaint that a colleague forwards is its customer's."""

    def setUp(self):
        super().setUp()
        self.rep.email = f"rep@{DOMAIN}"
        self.mia = self.env["res.partner"].create(
            {
                "name": "Mia Quill",
                "email": "mia@quill.example.com",
                "company_id": self.company.id,
            }
        )

    def forward(self, body, subject="FW: Lid broken", html=False, **headers):
        mail = self.mail(subject, body, From=f"Rep <rep@{DOMAIN}>", **headers)
        if html:
            mail.set_content(body, subtype="html")
        complaint, aside = self.receive(mail)
        self.assertEqual(len(complaint), 1)
        self.assertFalse(aside)
        return complaint

    def assertMias(self, complaint):
        self.assertEqual(complaint.partner_id, self.mia)
        self.assertEqual(complaint.email_normalized, "mia@quill.example.com")
        self.assertEqual(complaint.kind, "customer")
        self.assertFalse(complaint.forwarded_from)
        self.assertFalse(complaint.activity_ids)
        self.assertFalse(complaint.replied_at)

    def test_forms(self):
        for name, subject, body in (
            ("Outlook", "FW: Lid broken", OUTLOOK),
            ("Outlook, Chinese", "转发: 盖子坏了", OUTLOOK_CHINESE),
            ("QQ", "转发：盖子坏了", QQ),
            ("Apple", "Fwd: Lid broken", APPLE),
            ("Apple, Chinese", "转发：盖子坏了", APPLE_CHINESE),
            ("Outlook, German", "WG: Deckel kaputt", GERMAN),
            ("twice", "FW: FW: Lid broken", TWICE),
            ("thread", "FW: Lid broken", THREAD),
        ):
            with self.subTest(name):
                self.assertMias(self.forward(body, subject))

    def test_html(self):
        self.assertMias(self.forward(GMAIL, "Fwd: Lid broken", html=True))
        self.assertMias(self.forward(OUTLOOK_HTML, html=True))

    def test_what_the_colleague_adds_stays_inside(self):
        complaint = self.forward(OUTLOOK)
        self.assertEqual(complaint.subject, "Lid broken")
        self.assertIn("The lid of the jar is broken", complaint.description)
        self.assertNotIn("take care", complaint.description)
        [message] = complaint.message_ids
        self.assertEqual(message.author_id, self.rep.partner_id)
        self.assertTrue(message.is_internal)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_note"))
        self.assertFalse(self.outgoing(message))
        self.acknowledge()
        [acknowledgement] = self.acknowledgements(complaint)
        self.assertEqual(acknowledgement.partner_ids, self.mia)

    def test_stranger_becomes_a_contact(self):
        complaint = self.forward(OUTLOOK.replace("mia@", "zoe@").replace("Mia", "Zoë"))
        self.assertEqual(complaint.partner_id.name, "Zoë Quill")
        self.assertEqual(complaint.partner_id.email, "zoe@quill.example.com")

    def test_stranger_remains_a_stranger(self):
        self.company.care_mail_unknown = "none"
        complaint = self.forward(OUTLOOK.replace("mia@", "zoe@"))
        self.assertFalse(complaint.partner_id)
        self.assertEqual(complaint.email_normalized, "zoe@quill.example.com")

    def assertAsks(self, complaint, who):
        self.assertFalse(complaint.partner_id)
        self.assertEqual(complaint.kind, "internal")
        self.assertIn(who, complaint.forwarded_from)
        [activity] = complaint.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn(who, activity.summary)

    def test_name_alone(self):
        """Foxmail gives no address: the one in the text is proposed."""
        complaint = self.forward(FOXMAIL_NAME_ONLY, "转发： 盖子坏了")
        self.assertAsks(complaint, "mia@quill.example.com")
        complaint.with_user(self.all).action_confirm_forwarded()
        self.assertMias(complaint)

    def test_nobody_proposes_a_customer_by_hand(self):
        """Confirming makes a contact as superuser, of what the gateway has found."""
        complaint = self.forward(FOXMAIL_NAME_ONLY, "转发： 盖子坏了")
        with self.assertRaises(UserError):
            complaint.with_user(self.all).forwarded_from = "Eve <eve@evil.example.com>"

    def test_no_address_at_all(self):
        text = FOXMAIL_NAME_ONLY.replace("mia@quill.example.com", "")
        complaint = self.forward(text, "转发： 盖子坏了")
        self.assertAsks(complaint, "米小姐")
        complaint.action_confirm_forwarded()
        self.assertFalse(complaint.partner_id)

    def test_quoted_without_being_forwarded(self):
        self.assertAsks(self.forward(OUTLOOK, "Lid broken"), "mia@quill.example.com")

    def test_forged_colleague(self):
        complaint = self.forward(OUTLOOK, **self.vouched("fail"))
        self.assertAsks(complaint, "mia@quill.example.com")

    def test_forwarded_among_us(self):
        """A colleague's own complaint, forwarded by another one"""
        text = OUTLOOK.replace("mia@quill.example.com", f"other@{DOMAIN}")
        complaint = self.forward(text)
        self.assertFalse(complaint.partner_id or complaint.forwarded_from)
        self.assertEqual(complaint.kind, "internal")

    def test_forwarded_by_a_customer(self):
        """A customer who forwards remains the customer."""
        complaint = self.send("FW: Lid broken", OUTLOOK)
        self.assertEqual(complaint.partner_id, self.salon)

    def test_hostile(self):
        """Neither slow nor lost"""
        for text in (
            "From: <>\nTo: x\n",
            "From: " + "a@" * 5000 + "\nTo: x\n",
            "From: x <x@y.z>\nTo: x\n" * 2000,
            "> " * 3000 + "From: x@y.example\nTo: x\n",
            "发件人：\n收件人：\n" * 50,
        ):
            with self.subTest(text[:20]):
                self.forward(text)
