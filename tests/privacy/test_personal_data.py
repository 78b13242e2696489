import json
from io import BytesIO
from zipfile import ZipFile

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common_privacy import PrivacyCase


@tagged("post_install", "-at_install")
class TestPersonalData(HttpCase, PrivacyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        everywhere = cls.env["res.company"].with_context(active_test=False).search([])
        cls.admin = cls.make_admin("care_privacy_admin", cls.company, *everywhere)

    def as_admin(self, record):
        return record.with_user(self.admin).with_context(
            allowed_company_ids=self.company.ids
        )

    def furnish(self):
        """All that the app keeps about Livia"""
        self.report = self.visit(self.livia)
        self.report.message_post(body="Zq-Secret called", message_type="comment")
        self.complaint = self.closed_complaint(self.livia)
        _campaign, self.answer = self.answered(self.livia)
        self.phone_call = self.call(partner_id=self.livia.id)
        self.promise = self.env["care.promise"].create(
            {
                "name": "Zq-Secret gets a gift",
                "partner_id": self.livia.id,
                "user_id": self.rep.id,
                "company_id": self.company.id,
                "date_due": fields.Date.today(),
            }
        )
        self.promise.sudo().state = "kept"
        self.case = self.env["care.risk.case"].create(
            {
                "partner_id": self.livia.id,
                "company_id": self.company.id,
                "cause": "price",
                "competitor_offer": "Zq-Secret got 10 %",
            }
        )
        self.livia.message_post(body="Zq-Secret moved", message_type="comment")
        self.attach(self.livia, "Zq-Secret.pdf", b"passport")
        self.env.flush_all()

    def erase(self, partner):
        return (
            self.as_admin(self.env["care.person.erase"])
            .create({"partner_id": partner.id, "reason": "request"})
            .action_erase()
        )

    # ------------------------------------------------------------
    # Export
    # ------------------------------------------------------------

    def test_export_has_everything(self):
        self.furnish()
        archive = self.as_admin(self.env["care.personal.data"])._export(
            self.as_admin(self.livia)
        )
        with ZipFile(archive) as parts:
            names = parts.namelist()
            data = json.loads(parts.read("data.json"))
            contents = [parts.read(name) for name in names]
        self.assertEqual(data["contact"]["email"], self.livia.email)
        self.assertEqual(data["contact"]["care_preferences"], "Zq-Secret likes tea")
        kinds = {
            self.env["ir.model"]._get(name).name
            for name in (
                *("care.interaction", "care.complaint", "care.complaint.event"),
                *("care.promise", "care.call", "care.family.member"),
                *("survey.user_input", "survey.user_input.line", "care.invitation"),
                "care.risk.case",
            )
        }
        self.assertLessEqual(kinds, set(data["records"]))
        self.assertIn(b"passport", contents)
        self.assertIn("files/picture", names)
        self.assertEqual(len(data["files"]), len(names) - 1)
        self.assertIn("Dear Zq-Secret", json.dumps(data["messages"]))
        self.assertIn("Zq-Secret says no", json.dumps(data))
        self.assertNotIn(self.answer.access_token, json.dumps(data))

    @mute_logger("odoo.http")
    def test_export_over_http(self):
        self.furnish()
        url = f"/customer_care/person/{self.livia.id}/data.zip"
        self.authenticate("care_privacy_admin", "care_privacy_admin")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("data.json", ZipFile(BytesIO(answer.content)).namelist())
        for login in ("care_rep", "care_all", "care_employee"):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(url).status_code, 403)
        self.authenticate(None, None)
        self.assertNotIn(b"data.json", self.url_open(url).content)

    def test_every_link_to_a_contact_is_collected(self):
        """A new model of the app that refers to a contact is exported at once, and
        somebody decides what erasing does with it."""
        self.assertEqual(
            set(self.data._links()),
            {
                # erased
                *("care.family.member", "care.relationship.history"),
                *("care.brief.view", "care.interaction", "care.complaint"),
                *("care.promise", "survey.user_input", "care.invitation"),
                *("care.follow.up", "care.call", "care.risk.case", "care.referral"),
                *("care.spot.check.line", "care.partner.tier", "care.plan.exception"),
                *("care.plan.target", "care.loyalty", "care.loyalty.history"),
                # numbers and choices only
                *("care.account.member", "care.handover.line", "care.outlook"),
                *("care.outlook.category", "care.stock.count", "care.tier.history"),
                "care.tier.review.line",
            },
        )

    # ------------------------------------------------------------
    # Erase
    # ------------------------------------------------------------

    def test_erase_a_private_customer(self):
        self.furnish()
        score, ended = self.answer.care_score, self.answer.end_datetime
        closed, date = self.complaint.closed_at, self.report.date_start
        wizard = self.as_admin(self.env["care.person.erase"]).create(
            {"partner_id": self.livia.id, "reason": "request"}
        )
        for words in ("Complaints: 1", "Calls and visits: 1", "Family members: 1"):
            self.assertIn(words, wizard.preview)
        wizard.action_erase()
        self.env.invalidate_all()
        self.assertEqual(self.words_left("Zq-Secret"), [])
        self.assertEqual(self.words_left("7776665"), [])
        self.assertFalse(self.livia.active)
        self.assertFalse(self.livia.email or self.livia.street or self.livia.image_1920)
        self.assertEqual(
            (self.answer.care_score, self.answer.end_datetime), (score, ended)
        )
        self.assertFalse(self.answer.care_partner_id or self.answer.partner_id)
        self.assertEqual(self.complaint.closed_at, closed)
        self.assertEqual((self.report.date_start, self.report.state), (date, "done"))
        self.assertEqual(self.promise.state, "kept")
        self.assertEqual(self.phone_call.pick_up_seconds, 9)
        line = self.env["care.removal"].search([("kind", "=", "person")])[:1]
        self.assertEqual((line.user_id, line.reason), (self.admin, "request"))
        self.assertIn("Complaints: 1", line.details)
        with self.assertRaisesRegex(UserError, "erased already"):
            self.erase(self.livia)

    def test_the_log_keeps_everybody_else(self):
        self.rosa.name = "An"
        log = self.env["care.protection.log"].create(
            {
                "kind": "delete",
                "company_id": self.company.id,
                "summary": "Handover",
                "details": f"Zq-Garden, An (#{self.rosa.id})\nAnna (#7)\n"
                "Zq-Garden, An · Phone (#8)\nPlan An",
            }
        )
        self.erase(self.rosa)
        self.assertEqual(log.summary, "Handover")
        self.assertEqual(
            log.details,
            f"Zq-Garden, — (#{self.rosa.id})\nAnna (#7)\n"
            "Zq-Garden, — · Phone (#8)\nPlan An",
        )

    def test_an_address_without_a_name(self):
        address = self.env["res.partner"].create(
            {"type": "delivery", "parent_id": self.garden.id, "street": "Zq-Lane 1"}
        )
        self.erase(address)
        self.assertFalse(address.active or address.street)

    def test_orders_keep_name_and_address(self):
        self.env["sale.order"].create(
            {"partner_id": self.livia.id, "company_id": self.company.id}
        )
        name, street = self.livia.name, self.livia.street
        self.erase(self.livia)
        self.env.invalidate_all()
        self.assertEqual((self.livia.name, self.livia.street), (name, street))
        self.assertFalse(self.livia.email or self.livia.phone)
        self.assertFalse(self.livia.care_preferences)

    def test_erase_a_contact_person(self):
        report = self.visit(
            self.garden, summary="Rosa Zq-Thorn wants 3 boxes", contact_id=self.rosa.id
        )
        complaint = self.closed_complaint(self.garden, contact_id=self.rosa.id)
        other = self.closed_complaint(self.garden)
        _campaign, answer = self.answered(self.garden)
        self.erase(self.rosa)
        self.env.invalidate_all()
        self.assertEqual(self.words_left("Zq-Thorn"), [])
        self.assertIn("wants 3 boxes", report.summary)
        self.assertFalse(report.contact_id or complaint.contact_id)
        self.assertEqual(complaint.partner_id, self.garden)
        self.assertFalse(complaint.description)
        self.assertIn("Zq-Secret", other.description)
        self.assertEqual(answer.care_partner_id, self.garden)
        self.assertTrue(self.garden.active)

    def test_open_work_is_finished_first(self):
        complaint = self.complain(partner_id=self.garden.id, contact_id=self.rosa.id)
        with self.assertRaisesRegex(UserError, complaint.name):
            self.erase(self.rosa)
        complaint.contact_id = False
        promise = self.env["care.promise"].create(
            {
                "name": "A gift",
                "partner_id": self.garden.id,
                "contact_id": self.rosa.id,
                "user_id": self.rep.id,
                "company_id": self.company.id,
                "date_due": fields.Date.today(),
            }
        )
        with self.assertRaisesRegex(UserError, "Promises"):
            self.as_admin(self.rosa).action_care_erase_person()
        promise.sudo().state = "kept"
        self.erase(self.rosa)
        self.assertTrue(self.rosa.care_erased_at)
        self.assertFalse(complaint.closed_at)

    def test_users_and_companies_are_refused(self):
        for partner in (self.rep.partner_id, self.company.partner_id):
            with self.assertRaisesRegex(UserError, "user or a company"):
                self.erase(partner)

    # ------------------------------------------------------------
    # Attacks
    # ------------------------------------------------------------

    def test_only_administrators(self):
        portal = self.make_user("privacy_portal", "base.group_portal")
        for user in (self.rep, self.all, self.employee, portal):
            person = self.livia.with_user(user)
            for call in (
                person.action_care_export_person,
                person.action_care_erase_person,
                lambda user=user: self.env["care.person.erase"]
                .with_user(user)
                .create({"partner_id": self.livia.id, "reason": "request"}),
                lambda user=user: self.env["care.person.erase"]
                .with_user(user)
                .onchange(
                    {"partner_id": self.livia.id}, ["partner_id"], {"preview": {}}
                ),
            ):
                with self.assertRaises(AccessError):
                    call()
        self.assertFalse(self.livia.care_erased_at)

    def test_nothing_of_other_companies(self):
        """What one may not see is neither shown nor erased, and the refusal is the
        same whether there is something or not."""
        away = self.env["res.partner"].create(
            {"name": "Abroad", "company_id": self.other_company.id}
        )
        gone = self.env["res.partner"].create({"name": "Gone"})
        gone.unlink()
        messages = set()
        for partner in (away, gone):
            for method in ("action_care_export_person", "action_care_erase_person"):
                with self.assertRaises(AccessError) as caught:
                    getattr(partner.with_user(self.manager), method)()
                messages.add(str(caught.exception))
        self.assertEqual(len(messages), 1)
        lonely = self.env["res.partner"].create({"name": "Lonely"})
        shared = set()
        self.there = self.env["care.interaction"].create(
            {
                "partner_id": self.livia.id,
                "company_id": self.other_company.id,
                "user_id": self.env.uid,
                "channel": "phone",
                "state": "done",
                "summary": "Zq-Elsewhere",
            }
        )
        for partner in (self.livia, lonely):
            with self.assertRaises(UserError) as caught:
                partner.with_user(self.manager).action_care_erase_person()
            shared.add(str(caught.exception))
        self.assertEqual(len(shared), 1)
        self.assertNotIn("Other Test", shared.pop())
        archive = (
            self.env["care.personal.data"]
            .with_user(self.manager)
            ._export(self.livia.with_user(self.manager))
        )
        self.assertNotIn(b"Zq-Elsewhere", ZipFile(archive).read("data.json"))

    def test_a_customer_of_one_company(self):
        own = self.env["res.partner"].create(
            {"name": "Own", "company_id": self.company.id}
        )
        self.visit(own)
        wizard = (
            self.env["care.person.erase"]
            .with_user(self.manager)
            .create({"partner_id": own.id, "reason": "purpose"})
        )
        wizard.action_erase()
        self.assertEqual(own.name, "Erased Contact")

    def test_a_wizard_for_someone_elses_contact(self):
        away = self.env["res.partner"].create(
            {"name": "Abroad", "company_id": self.other_company.id}
        )
        wizard = (
            self.env["care.person.erase"]
            .with_user(self.manager)
            .sudo()
            .create({"partner_id": away.id, "reason": "purpose"})
            .sudo(False)
        )
        with self.assertRaises(AccessError):
            wizard.action_erase()
        with self.assertRaises(AccessError):
            wizard.read(["preview"])
        self.assertEqual(away.name, "Abroad")
