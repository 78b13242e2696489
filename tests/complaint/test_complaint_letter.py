import doctest
import re
from contextlib import contextmanager

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from odoo.addons.mail.tests.common import MailCase

from ...tools import closing_letter
from ..common_complaint import ComplaintCase

OURS = "the fault was ours"
ENGLISH = r"[A-Za-z]{3,}"


@tagged("post_install", "-at_install")
class TestComplaintLetter(ComplaintCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon.write(
            {
                "email": "salon@example.com",
                "street": "7 Quay Street",
                "city": "Harbourton",
                "zip": "4711",
            }
        )
        cls.packing = cls.cause("Packing", "ours")

    @classmethod
    def cause(cls, name, fault):
        return cls.env["care.root.cause"].create({"name": name, "fault": fault})

    def solved(self, **values):
        """A complaint whose solution has been carried out"""
        complaint = self.complain(
            **{
                "user_id": self.rep.id,
                "root_cause": "Packed loosely",
                "root_cause_id": self.packing.id,
                "solution": "Two new jars",
                "stage_id": self.stages["verify"].id,
                **values,
            }
        )
        return complaint.with_user(self.rep)

    def letter(self, complaint):
        action = complaint.action_closing_letter()
        self.assertEqual(action["target"], "new")
        return (
            self.env[action["res_model"]].with_user(self.rep).browse(action["res_id"])
        )

    def send(self, letter):
        with self.mock_mail_gateway():
            letter.action_send()
        return letter.complaint_id.message_ids.filtered("partner_ids")[:1]

    def text(self, html):
        return " ".join(re.sub(r"<[^>]+>", " ", str(html)).split())

    def paper(self, attachment):
        """What the PDF says: in tests Odoo keeps the page that it is made of"""
        page = attachment.raw.decode()
        return self.text(page[page.index("<body") :])

    @contextmanager
    def in_a_forgotten_language(self, partner):
        """A language that was switched off after the customer had got it"""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET lang = 'fr_FR' WHERE id = %s", [partner.id]
        )
        self.env.invalidate_all()
        yield

    # Words ------------------------------------------------------------

    def test_tools(self):
        self.assertFalse(doctest.testmod(closing_letter).failed)

    def test_the_fault_is_admitted_only_where_it_was_ours(self):
        for values, admitted in (
            ({}, True),
            ({"genuine": "genuine"}, True),
            ({"genuine": "malicious"}, False),
            ({"root_cause_id": False}, False),
            ({"root_cause_id": False, "genuine": "genuine"}, False),
            ({"root_cause_id": self.cause("Lorry", "carrier").id}, False),
            ({"root_cause_id": self.cause("Use", "customer").id}, False),
            ({"root_cause_id": self.cause("New", "unknown").id}, False),
        ):
            with self.subTest(values):
                letter = self.letter(self.solved(**values))
                self.assertEqual(OURS in self.text(letter.body), admitted)
                self.assertEqual(letter.admits_fault, admitted)
                self.assertEqual("right to do so" in self.text(letter.body), admitted)
                self.assertIn("Two new jars", letter.body)
                self.assertNotIn("Packed loosely", letter.body, "that is internal")

    def test_ready_made_classes(self):
        self.assertEqual(
            {
                name: self.env.ref(f"customer_care.care_root_cause_{name}").fault
                for name in ("material", "transport", "customer")
            },
            {"material": "ours", "transport": "carrier", "customer": "customer"},
        )

    def test_what_was_granted(self):
        complaint = self.solved()
        complaint.sudo().write(
            {"compensation_amount": 50, "compensation_state": "waiting"}
        )
        complaint.sudo().compensation_granted = 0
        self.assertNotIn("compensation", self.letter(complaint).body)
        complaint.sudo().compensation_granted = 50
        letter = self.letter(complaint)
        self.assertIn("50.00", letter.compensation)
        self.assertIn("50.00", letter.body)
        self.send(letter)
        paper = self.paper(complaint.letter_ids)
        self.assertRegex(paper, "Compensation granted.*50.00")

    # Editing and sending --------------------------------------------------

    def test_edits_reach_mail_and_paper(self):
        complaint = self.solved(
            contact_id=self.customer(
                "Ann", parent_id=self.salon.id, is_company=False, email="ann@x.org"
            ).id
        )
        letter = self.letter(complaint)
        self.assertIn("Dear Ann", self.text(letter.body))
        self.assertIn("Harbourton", letter.address)
        self.assertEqual(letter.email, "ann@x.org")
        self.assertIn(complaint.name, letter.subject)
        letter.write({"subject": "About your jars", "body": "<p>Dear <b>Ann</b>!</p>"})
        message = self.send(letter)
        self.assertEqual(message.partner_ids, complaint.contact_id)
        self.assertEqual(message.subject, "About your jars")
        self.assertIn("<b>Ann</b>", message.body)
        self.assertIn(f"/my/complaints/{complaint.id}", message.body)
        token = complaint.sudo().access_token
        self.assertNotIn(token, message.body, "the handler could rate by it")
        mails = (
            self.env["mail.mail"].sudo().search([("mail_message_id", "=", message.id)])
        )
        to_customer = mails.filtered(
            lambda mail: complaint.contact_id in mail.recipient_ids
        )
        link = f'/my/complaints/{complaint.id}?access_token={token}"'
        self.assertIn(link, to_customer.body_html)
        for mail in mails - to_customer:
            self.assertNotIn(token, mail.body_html, "colleagues who follow")
        self.assertEqual(message.attachment_ids, complaint.letter_ids)
        self.assertTrue(complaint.letter_ids.name.endswith(".pdf"))
        paper = self.paper(complaint.letter_ids)
        for words in (
            *("About your jars", "Dear Ann !", complaint.name, "Harbourton"),
            *("7 Quay Street", complaint.company_id.name, "Date", "Salon"),
        ):
            self.assertIn(words, paper)
        self.assertNotIn("Two new jars", paper, "the text was replaced")
        self.assertNotIn("two clicks", paper, "paper has no links")
        self.assertTrue(complaint.letter_sent_at)
        self.assertTrue(complaint.replied_at, "the customer had an answer")

    def test_it_goes_out_once(self):
        complaint = self.solved()
        letter = self.letter(complaint)
        self.send(letter)
        for again in (
            complaint.action_closing_letter,
            letter.action_send,
            letter.action_print,
        ):
            with self.assertRaisesRegex(UserError, "was sent on"):
                again()
        self.assertEqual(len(complaint.letter_ids), 1)
        complaint.sudo().stage_id = self.stages["investigate"]
        self.assertFalse(complaint.letter_sent_at)
        self.send(self.letter(complaint))
        self.assertEqual(len(complaint.letter_ids), 2, "the first is kept")

    def test_letter_wants_a_solution(self):
        with self.assertRaisesRegex(UserError, "Enter the solution"):
            self.solved(solution=False).action_closing_letter()

    def test_letter_wants_a_customer(self):
        complaint = self.env["care.complaint"].create(
            {"subject": "Jar", "email_from": "eve@example.org", "solution": "New jar"}
        )
        with self.assertRaisesRegex(UserError, "Choose the customer"):
            complaint.action_closing_letter()

    def test_it_stays_as_sent(self):
        complaint = self.solved()
        self.send(self.letter(complaint))
        file = complaint.letter_ids
        before = file.raw
        complaint.write({"solution": "Nothing", "subject": "Lids"})
        action = complaint.action_print_closing_letter()
        self.assertIn(f"/{file.id}?", action["url"])
        for change in (
            lambda: file.write({"raw": b"forged"}),
            lambda: file.write({"res_id": 1}),
            lambda: file.unlink(),
            lambda: file.sudo().unlink(),
        ):
            with self.assertRaises(UserError):
                change()
        self.assertEqual(file.raw, before)
        with self.assertRaises(AccessError):
            complaint.write({"letter_ids": [(5,)]})
        forged = complaint.copy()
        self.assertFalse(forged.letter_ids)
        complaint.sudo().unlink()
        self.assertFalse(file.sudo().exists(), "it goes with its complaint")

    def test_other_files_are_free(self):
        complaint = self.solved()
        self.send(self.letter(complaint))
        file = self.env["ir.attachment"].create(
            {"name": "a", "res_model": complaint._name, "res_id": complaint.id}
        )
        file.name = "b"
        file.unlink()

    def test_a_letter_of_others(self):
        complaint = self.solved()
        letter = self.letter(complaint)
        stranger = self.make_user("stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            letter.with_user(stranger).action_send()
        with self.assertRaises(AccessError):
            self.env["care.complaint.letter"].with_user(stranger).create(
                {"complaint_id": complaint.id, "subject": "a", "body": "b"}
            )

    @users("care_rep")
    def test_markup_of_a_customer_stays_text(self):
        complaint = self.solved(subject="<b>Jars</b><script>alert(1)</script>")
        letter = self.letter(complaint)
        letter.body += "<script>alert(2)</script>"
        self.send(letter)
        page = complaint.letter_ids.raw.decode()
        self.assertNotIn("<script>alert", page)
        self.assertNotIn("<b>Jars", page)

    # On paper ----------------------------------------------------------

    def test_a_customer_without_email_gets_paper(self):
        self.salon.email = False
        complaint = self.solved()
        letter = self.letter(complaint)
        self.assertFalse(letter.email)
        with self.assertRaisesRegex(UserError, "Print the letter"):
            letter.action_send()
        self.assertFalse(complaint.letter_sent_at)
        letter.body = "<p>By post</p>"
        action = letter.action_print()
        self.assertIn(f"/{complaint.letter_ids.id}?", action["url"])
        self.assertIn("By post", self.paper(complaint.letter_ids))
        self.assertTrue(complaint.letter_sent_at)
        [note] = complaint.message_ids.filtered(lambda note: "printed" in note.body)
        self.assertEqual(note.attachment_ids, complaint.letter_ids)

    def test_without_postal_address(self):
        self.salon.write({"street": False, "city": False, "zip": False})
        complaint = self.solved()
        letter = self.letter(complaint)
        self.assertFalse(letter.address)
        letter.action_print()
        self.assertIn("Salon", self.paper(complaint.letter_ids))

    def test_a_real_pdf(self):
        complaint = self.solved()
        letter = self.letter(complaint).with_context(force_report_rendering=True)
        letter.action_print()
        file = complaint.letter_ids
        self.assertEqual(file.mimetype, "application/pdf")
        self.assertTrue(file.raw.startswith(b"%PDF"))

    # Languages ----------------------------------------------------------

    def test_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.salon.lang = "zh_CN"
        template = self.env.ref("customer_care.mail_template_closing_letter")
        chinese = template.with_context(lang="zh_CN")
        chinese.subject = "关于您的投诉"
        chinese.body_html = "<p><t t-out='object._letter_day()'/>您好</p>"
        letter = self.letter(self.solved())
        self.assertEqual(letter.subject, "关于您的投诉")
        self.assertIn("您好", letter.body)
        self.assertRegex(letter.body, r"<p>20\d\d\D\d+\D\d+.?您好")
        self.assertEqual(self.send(letter).subject, "关于您的投诉")

    def test_in_a_language_that_is_not_installed(self):
        complaint = self.solved()
        with self.in_a_forgotten_language(self.salon):
            letter = self.letter(complaint)
            self.assertTrue(letter.language_missing)
            self.assertIn("English", letter.language)
            self.assertIn(OURS, self.text(letter.body))
            message = self.send(letter)
        self.assertEqual(len(complaint.letter_ids), 1)
        self.assertEqual(message.partner_ids, self.salon)
