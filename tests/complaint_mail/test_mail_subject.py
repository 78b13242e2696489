import doctest

from odoo.tests import tagged

from ...tools import mail_header, mail_text
from ...tools.mail_text import complaint_numbers, only_thanks
from ..common_mail import MailCase

CHINESE_LETTER = "关于您的投诉 {{ object.name }}：{{ object.subject }}"
NUMBER = "C2026-00169"
FORMS = (
    "C2026-00169",
    "Re: C2026-00169",
    "RE: Fwd: C2026-00169: jars",
    "AW: WG: C2026-00169, jars",
    "SV:C2026-00169:jars",
    "回复：C2026-00169：瓶子漏了",
    "答复: 【C2026-00169】瓶子漏了",
    "转发：(C2026-00169)",
    "回覆：「C2026-00169」",
    "Re: （C2026-00169）",
    "re: c2026-00169",
    "Re: Ｃ２０２６－００１６９",
    "Re: C2026–00169",
    "Re: C2026 - 00169",
    "Re: [#C2026-00169] jars",
    "投诉C2026-00169已结案",
    "您的投诉 C2026-00169：瓶子漏了",
    "Re: Your complaint C2026-00169.",
    "Order S00042, complaint C2026-00169!",
    "Re:\u200bC2026-00169\u200b",
)


def _wide(char):
    return chr(ord(char) + 0xFEE0)


@tagged("post_install", "-at_install")
class TestMailSubject(MailCase):
    """A number in the subject says which complaint a mail belongs to."""

    def test_tools(self):
        for module in (mail_header, mail_text):
            self.assertFalse(doctest.testmod(module).failed)

    def test_forms(self):
        for form in FORMS:
            with self.subTest(form):
                self.assertIn(NUMBER, complaint_numbers(form))

    def test_other_numbers(self):
        for subject in (
            "Broken jars",
            "XC2026-00169",
            "C2026-001690",
            "C2026-0016",
            "Order S00042",
            None,
        ):
            with self.subTest(subject):
                self.assertNotIn(NUMBER, complaint_numbers(subject))

    def test_found_by_the_gateway(self):
        complaint = self.send()
        number = complaint.name
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 99)
        for form in FORMS:
            subject = form
            for old, new in (
                ("C2026-00169", number),
                ("c2026-00169", number.lower()),
                ("C2026–00169", number.replace("-", "–")),
                ("C2026 - 00169", number.replace("-", " - ")),
                ("Ｃ２０２６－００１６９", "".join(map(_wide, number))),
            ):
                subject = subject.replace(old, new)
            with self.subTest(subject):
                before = len(self.mails(complaint))
                new, aside = self.receive(self.mail(subject))
                self.assertFalse(new or aside)
                self.assertEqual(len(self.mails(complaint)), before + 1)

    def test_the_closing_letter(self):
        """Our own letter in Chinese, answered"""
        self.env["res.lang"]._activate_lang("zh_CN")
        complaint = self.send()
        template = self.env.ref("customer_care.mail_template_closing_letter")
        template.with_context(lang="zh_CN").subject = CHINESE_LETTER
        for lang in ("en_US", "zh_CN"):
            [subject] = (
                template.with_context(lang=lang)
                ._render_field("subject", complaint.ids)
                .values()
            )
            new, _aside = self.receive(self.mail(f"回复：{subject}"))
            self.assertFalse(new, subject)
            self.assertIn(complaint.name, subject)

    def test_second_number_is_theirs(self):
        """Somebody else's number in front of the own one"""
        mine = self.send()
        theirs = self.send(From="eve@example.org")
        new, _aside = self.receive(self.mail(f"Re: {theirs.name} {mine.name}"))
        self.assertFalse(new)
        self.assertEqual(len(self.mails(theirs)), 1)
        self.assertEqual(len(self.mails(mine)), 2)

    def mails(self, complaint):
        return complaint.message_ids.filtered(
            lambda message: message.message_type == "email"
        )


@tagged("post_install", "-at_install")
class TestOnlyThanks(MailCase):
    """In doubt a person reads it."""

    def test_thanks(self):
        for text in (
            "Thank you so much, everything works now!",
            "Dear team,<br/>many thanks for the quick help.<br/>Best regards<br/>Rosa",
            "Great, thanks! 👍",
            "Merci beaucoup",
            "Vielen Dank für die schnelle Hilfe, alles bestens.",
            "谢谢你们！",
            "收到了，非常感谢！",
            "问题已经解决了，谢谢",
            "辛苦了🌹<br/>发自我的iPhone",
            "Thanks a lot<br/>Rosa",
            "Thanks!<br/>On Mon, Nov 9, 2026 at 3:00 PM Care wrote:<br/>Why not?",
        ):
            with self.subTest(text):
                self.assertTrue(only_thanks(f"<p>{text}</p>", ["Rosa Lee"]))

    def test_more_than_thanks(self):
        for text in (
            "",
            "ok",
            "收到",
            "👎 thanks",
            "Thanks for nothing",
            "Thanks, but one is missing",
            "Thank you. Please send the invoice.",
            "Thanks. When does it arrive?",
            "谢谢，还是漏",
            "谢谢。发票抬头写错了",
            "谢谢，什么时候到货",
            "Danke, der Deckel klemmt",
            "Thanks!<br/>Best regards<br/>the bill has the name of our old firm",
            "Thanks " * 80,
        ):
            with self.subTest(text):
                self.assertFalse(only_thanks(f"<p>{text}</p>", ["Rosa Lee"]))
