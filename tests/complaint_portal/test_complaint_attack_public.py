import re
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import requests

from odoo import fields
from odoo.http import Request
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_mail import MailCase
from ..common_portal import PortalCase

SPAM = "Buy at http://spam.example"


@tagged("post_install", "-at_install")
class TestAcknowledgementAbuse(MailCase):
    """Nobody can use us to send mails to somebody else."""

    def test_limit_for_every_source(self):
        customer = self.env["res.partner"].create(
            {"name": "Eve", "email": "victim@example.org"}
        )
        self.team.acknowledge_phone = True
        got = []
        for source in ("portal", "phone", "email", "portal", "phone", "portal"):
            complaint = self.complain(source=source, partner_id=customer.id)
            self.acknowledge()
            got.append(len(self.acknowledgements(complaint)))
        self.assertEqual(got, [1] * 5 + [0])
        self.assertFalse(
            self.acknowledgements(self.acknowledged("Victim+1@example.org"))
        )
        self.assertTrue(self.acknowledgements(self.acknowledged("else@example.org")))

    def acknowledged(self, address):
        complaint = self.send(From=address)
        self.acknowledge()
        return complaint

    def test_no_text_of_the_visitor(self):
        complaint = self.send(SPAM, From=f"{SPAM} <victim@example.org>")
        self.acknowledge()
        message = self.acknowledgements(complaint)
        self.assertEqual(message.subject, complaint.name)
        mail = self.outgoing(message)
        for text in (mail.subject, mail.body_html, mail.email_to or ""):
            self.assertNotIn("spam.example", text)
        self.assertNotIn("spam.example", mail.recipient_ids.email_formatted)


@tagged("post_install", "-at_install")
class TestFormOnce(PortalCase):
    """A form counts once, however often it is sent."""

    def token(self, url):
        return re.search(r'name="token" value="([^"]+)"', self.url_open(url).text)[1]

    def eight_times(self, url, **data):
        """:return: (answers, complaints that were made)"""
        before = self.env["care.complaint"].search([])
        data |= {"subject": "Leaks", "description": "It leaks."}
        data["csrf_token"] = Request.csrf_token(self)
        data["token"] = self.token(url)
        self.env.flush_all()
        with self.allow_requests(), ThreadPoolExecutor(8) as pool:
            cookies = self.opener.cookies.get_dict()

            def send(_number):
                return requests.post(
                    self.base_url() + url, data=data, cookies=cookies, timeout=60
                )

            answers = list(pool.map(send, range(8)))
        self.env.invalidate_all()
        return answers, self.env["care.complaint"].search([]) - before

    def test_portal(self):
        self.log_in(self.client_user)
        answers, complaint = self.eight_times("/my/complaints/new")
        self.assertEqual(len(complaint), 1)
        for answer in answers:
            self.assertEqual(answer.status_code, 200)
            self.assertIn(f"/my/complaints/{complaint.id}", answer.url)

    def test_public(self):
        self.company.care_public_form = True
        self.authenticate(None, None)
        answers, complaint = self.eight_times(
            "/complaints/new", name="Eve", email="eve@example.com"
        )
        self.assertEqual(len(complaint), 1)
        for answer in answers:
            self.assertEqual(answer.status_code, 200)
            self.assertIn("/complaints/thanks", answer.url)
        self.assertIn(complaint.name, self.url_open("/complaints/thanks").text)

    def test_refused_is_not_sent(self):
        """What was refused for what is wrong or too much can be sent again."""
        self.log_in(self.client_user)
        token = self.token("/my/complaints/new")
        answer, _complaint = self.new(subject="", token=token)
        self.assertIn(token, answer.text)
        Throttle = type(self.env["care.complaint.throttle"])
        with patch.object(Throttle, "_admit", lambda *_args: False):
            answer, _none = self.new(token=token)
        self.assertEqual(answer.status_code, 429)
        self.assertTrue(self.new(token=token)[1])

    def test_token_of_another(self):
        self.log_in(self.client_user)
        token = self.token("/my/complaints/new")
        self.assertTrue(self.new(token=token)[1])
        self.log_in(self.rival_user)
        _answer, complaint = self.new(token=token)
        self.assertEqual(complaint.partner_id, self.rival)

    def test_serialization_failure_reaches_odoo(self):
        """Unlike for mails, it has to: only a new transaction sees the complaint."""
        Form = self.env["care.complaint.form"]
        row, new = Form._claim("a", "t" * 24)
        self.assertTrue(new)
        self.assertEqual(Form._claim("a", "t" * 24), (row, False))
        self.assertTrue(Form._claim("b", "t" * 24)[1])
        row.sent_at = fields.Datetime.subtract(fields.Datetime.now(), days=31)
        Form._gc_forms()
        self.assertFalse(row.exists())


@tagged("post_install", "-at_install")
class TestNul(PortalCase):
    """NUL and other odd characters are no reason to fail."""

    def fine(self, answer):
        self.assertLess(answer.status_code, 500, answer.url)

    def test_urls(self):
        self.company.care_public_form = True
        one = f"/my/complaints/{self.mine.id}"
        for user in (self.client_user, None):
            self.authenticate(user and user.login, user and user.login)
            for url in (
                "/my/complaints?search=%00x&search_in=name",
                "/my/complaints?sortby=%00&filterby=%00&groupby=%00",
                "/my/complaints/new?order_id=%00",
                "/complaints/new?x=%00",
                f"{one}?access_token=%00",
                f"{one}?access_token=%C3%A9",
                f"{one}?access_token=x&done=%00&pid=%00&hash=%00",
                f"/my/complaints/{2**40}",
                f"{one}/files/{2**40}",
                "/care/survey/%00",
                "/care/outcome/%00/satisfied",
                "/care/stop/1/%00",
                "/care/stop/1/%C3%A9",
                "/survey/start/%00",
                "/survey/%00/%00",
                "/survey/start/x?answer_token=%00",
            ):
                with mute_logger("odoo.http"):
                    self.fine(self.url_open(url))

    def test_forms(self):
        self.log_in(self.client_user)
        answer, complaint = self.new(
            subject="Lea\0ks", description="\0It", wanted="\0", token="\0"
        )
        self.fine(answer)
        self.assertEqual(complaint.subject, "Leaks")
        for path in ("rate", "close"):
            self.fine(
                self.post(
                    f"/my/complaints/{complaint.id}/{path}",
                    outcome="satisfied\0",
                    comment="\0",
                    access_token="\0",
                )
            )
        self.company.care_public_form = True
        self.authenticate(None, None)
        for field in ("name", "email", "phone", "subject"):
            data = {"name": "Eve", "email": "eve@example.com", "phone": "1"}
            data |= {field: f"{data.get(field, 'x')}\0"}
            answer, complaint = self.new("/complaints/new", **data)
            self.fine(answer)
            self.assertTrue(complaint, field)

    def test_message_of_a_customer(self):
        self.log_in(self.client_user)
        self.rpc("care.complaint", "message_post", [self.mine.id], body="A\0B")
        self.env.invalidate_all()
        self.assertIn("AB", self.mine.message_ids[:1].body)
