from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..common_portal import EVIL, PortalCase

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<html><script>alert(1)</script></html>"


@tagged("post_install", "-at_install")
class TestForm(PortalCase):
    """What is posted to the form of a new complaint"""

    def setUp(self):
        super().setUp()
        self.log_in(self.client_user)

    def test_hidden_fields_are_ignored(self):
        _answer, complaint = self.new(
            user_id=self.manager.id,
            priority="3",
            tier_id=self.A.id,
            partner_id=self.rival.id,
            contact_id=self.rival_user.partner_id.id,
            stage_id=self.stages["closed"].id,
            company_id=self.other_company.id,
            team_id="1",
            source="phone",
            name="X1",
            kind="internal",
            genuine="malicious",
            solution="Pay me",
            compensation_amount="1000",
            outcome="satisfied",
            received_at="2020-01-01 00:00:00",
            state="closed",
            email="boss@example.com",
        )
        self.assertEqual(len(complaint), 1)
        self.assertEqual(complaint.user_id, self.mine.user_id)
        self.assertEqual(complaint.priority, "0")
        self.assertFalse(complaint.tier_id)
        self.assertEqual(complaint.partner_id, self.salon)
        self.assertEqual(complaint.contact_id, self.client_user.partner_id)
        self.assertEqual(complaint.phase, "record")
        self.assertEqual(complaint.company_id, self.company)
        self.assertEqual(complaint.team_id, self.team)
        self.assertEqual((complaint.source, complaint.kind), ("portal", "customer"))
        self.assertEqual(complaint.genuine, "unknown")
        self.assertEqual(complaint.outcome, "unknown")
        self.assertFalse(complaint.solution)
        self.assertNotEqual(complaint.name, "X1")
        self.assertGreater(complaint.received_at.year, 2020)

    def test_orders_of_others(self):
        theirs = self.order(self.rival, 100)
        draft = self.order(self.salon, 100, state="draft")
        missing = theirs.id + 1000
        texts = set()
        for id_ in (theirs.id, draft.id, missing, "x", "-1", "9" * 30):
            answer, complaint = self.new(order_id=str(id_))
            self.assertFalse(complaint, id_)
            self.assertEqual(answer.status_code, 422)
            self.assertIn("Choose one of your orders", answer.text)
            self.assertNotIn(theirs.name, answer.text)
            texts.add(answer.text.count("invalid-feedback d-block"))
        self.assertEqual(texts, {1}, "all refused alike")
        own = self.order(self.salon, 100)
        _answer, complaint = self.new(order_id=str(own.id))
        self.assertEqual(complaint.order_id, own)

    def test_script_in_texts(self):
        _answer, complaint = self.new(
            subject=EVIL, description=EVIL, wanted=EVIL, files=[(f"{EVIL}.txt", b"x")]
        )
        self.assertEqual(complaint.subject, EVIL, "as it was typed")
        self.assertNotIn("<script", complaint.description)
        self.assertNotIn("<img", complaint.description)
        for url in ("/my/complaints", f"/my/complaints/{complaint.id}"):
            text = self.url_open(url).text
            self.assertNotIn("<script>alert", text)
            self.assertNotIn("<img src=x", text)
        answer = self.post("/my/complaints/new", subject=EVIL, wanted=EVIL)
        self.assertEqual(answer.status_code, 422)
        self.assertNotIn("<script>alert", answer.text)

    def test_files_are_downloaded(self):
        _answer, complaint = self.new(
            files=[
                ("evil.svg", SVG),
                ("evil.html", HTML),
                ("evil.png", HTML),
                ("../../etc/pass\u202etxt.exe", b"x"),
                ('a";\r\nX-Evil: 1.txt', b"x"),
            ]
        )
        files = complaint._portal_files()
        self.assertEqual(len(files), 5)
        self.assertEqual(files[3].name, "passtxt.exe")
        for file in files:
            answer = self.url_open(f"/my/complaints/{complaint.id}/files/{file.id}")
            self.assertEqual(answer.status_code, 200)
            self.assertTrue(
                answer.headers["Content-Disposition"].startswith("attachment"),
                file.name,
            )
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(
                answer.headers["Content-Security-Policy"], "default-src 'none'"
            )
            self.assertNotIn("X-Evil", answer.headers)
            self.assertNotIn("html", answer.headers["Content-Type"])
            self.assertNotIn("svg", answer.headers["Content-Type"])
        self.log_in(self.manager)
        for file in files[:2]:
            answer = self.url_open(f"/web/content/{file.id}")
            self.assertIn("text/plain", answer.headers["Content-Type"])
            self.assertEqual(
                answer.headers["Content-Security-Policy"], "default-src 'none'"
            )
        self.log_in(self.rival_user)
        for file in files:
            for url in (
                f"/my/complaints/{complaint.id}/files/{file.id}",
                f"/my/complaints/{self.theirs.id}/files/{file.id}",
                f"/web/content/{file.id}",
            ):
                self.assertEqual(self.url_open(url).status_code, 404, url)

    def test_too_many_and_too_large_files(self):
        answer, complaint = self.new(
            subject="Still here", files=[(f"{n}.txt", b"x") for n in range(11)]
        )
        self.assertFalse(complaint)
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Attach at most 10 files", answer.text)
        self.assertIn("Still here", answer.text)
        with patch(
            "odoo.addons.customer_care.controllers.portal.MAX_FILE_SIZE", 1024**2
        ):
            answer, complaint = self.new(
                files=[("fine.txt", b"x"), ("large.bin", b"x" * (1024**2 + 1))]
            )
        self.assertFalse(complaint)
        self.assertIn("“large.bin” exceeds 1 MB", answer.text)
        self.assertFalse(
            self.env["ir.attachment"].search([("name", "in", ("fine.txt", "0.txt"))])
        )

    def test_missing_and_long_texts(self):
        for data, message in (
            ({"subject": " "}, "Enter a short subject"),
            ({"description": ""}, "Describe what happened"),
            ({"subject": "x" * 201}, "at most 200 characters"),
            ({"description": "x" * 20_001}, "Attach longer texts"),
        ):
            answer, complaint = self.new(**data)
            self.assertFalse(complaint)
            self.assertEqual(answer.status_code, 422)
            self.assertIn(message, answer.text)

    def test_a_hundred_in_a_minute(self):
        made = refused = 0
        for number in range(100):
            answer, complaint = self.new(subject=f"Number {number}")
            made += len(complaint)
            if not complaint:
                refused += 1
                self.assertEqual(answer.status_code, 429)
                self.assertIn("many complaints within a minute", answer.text)
                self.assertIn(f"Number {number}", answer.text, "nothing is lost")
        self.assertEqual((made, refused), (10, 90))
        self.log_in(self.partner_user)
        _answer, complaint = self.new()
        self.assertTrue(complaint, "a colleague may go on")


@tagged("post_install", "-at_install")
class TestPublicForm(PortalCase):
    URL = "/complaints/new"

    def setUp(self):
        super().setUp()
        self.company.care_public_form = True
        self.authenticate(None, None)

    def send(self, **data):
        return self.new(
            self.URL, **({"name": "Eve", "email": "eve@example.com"} | data)
        )

    def test_not_without_the_setting(self):
        for company in (self.other_company.id, self.other_company.id + 1000):
            url = f"{self.URL}/{company}"
            self.assertEqual(self.url_open(url).status_code, 404)
            self.assertEqual(self.post(url, subject="x").status_code, 404)
        self.company.care_public_form = False
        self.assertEqual(self.url_open(self.URL).status_code, 404)
        answer, complaint = self.send()
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(complaint)

    def test_honeypot(self):
        answer, complaint = self.send(website_address="http://spam.example.com")
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(complaint)
        self.assertFalse(
            self.env["res.partner"].search([("email", "=", "eve@example.com")])
        )

    def test_hidden_fields_are_ignored(self):
        order = self.order(self.rival, 100)
        _answer, complaint = self.send(
            partner_id=self.rival.id,
            order_id=order.id,
            company_id=self.other_company.id,
            user_id=self.manager.id,
            priority="3",
        )
        self.assertEqual(complaint.company_id, self.company)
        self.assertEqual(complaint.partner_id.email, "eve@example.com")
        self.assertFalse(complaint.order_id or complaint.user_id)
        self.assertEqual(complaint.priority, "0")

    def test_known_addresses_tell_nothing(self):
        """Neither who is a customer, nor the complaint of who has this address"""
        texts = []
        for email in ("rival@example.com", "nobody@example.com"):
            answer, complaint = self.send(email=email)
            texts.append(answer.text.replace(complaint.name, "N"))
            self.assertNotIn("access_token", answer.text)
        self.assertEqual(*texts)

    def test_no_colleague_is_a_customer(self):
        self.manager.partner_id.email = "boss@example.com"
        _answer, complaint = self.send(email="boss@example.com")
        self.assertNotEqual(complaint.partner_id, self.manager.partner_id)

    def test_the_eleventh_within_a_minute(self):
        start = fields.Datetime.now()
        for _number in range(10):
            self.assertTrue(self.send()[1])
        people = self.env["res.partner"].search_count([])
        answer, complaint = self.send(email="another@example.com")
        self.assertFalse(complaint)
        self.assertEqual(answer.status_code, 429)
        self.assertIn("Wait a minute", answer.text)
        self.assertEqual(self.env["res.partner"].search_count([]), people)
        later = start + timedelta(seconds=75)
        with patch.object(fields.Datetime, "now", lambda *_args: later):
            self.assertTrue(self.send()[1], "a minute later there is room again")

    def test_bad_addresses(self):
        for email in ("", "eve", "a@example.com, b@example.com", "a@b@c"):
            answer, complaint = self.send(email=email)
            self.assertFalse(complaint, email)
            self.assertIn("Enter one e-mail address", answer.text)
