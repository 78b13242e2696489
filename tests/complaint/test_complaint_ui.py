from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common_mail import MailCase


@tagged("post_install", "-at_install")
class TestComplaintUi(HttpCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["care.complaint.stage"].search([]).sequence = 1000
        cls.env["care.complaint.stage"].create(
            [
                {"name": f"Tour {name}", "phase": phase, "sequence": place, **values}
                for place, (name, phase, values) in enumerate(
                    (
                        ("record", "record", {}),
                        ("investigation", "investigate", {}),
                        ("waiting", "investigate", {"pauses_sla": True}),
                        ("execution", "execute", {}),
                        ("check", "verify", {}),
                    )
                )
            ]
        )
        (cls.env["care.complaint.stage"].search([("sequence", "=", 1000)])).fold = True
        cls.policy(hours=8, around_the_clock=True, warn_before=0.5)
        cls.policy("reply", 4, around_the_clock=True, warn_before=0.5)

    def test_from_the_queue_through_all_steps(self):
        self.salon.email = "salon@example.com"
        complaint = self.complain(subject="Tour complaint", user_id=self.rep.id)
        self.start_tour(
            "/odoo/action-customer_care.complaint_action",
            "customer_care_complaint",
            login="care_rep",
        )
        self.assertEqual(complaint.phase, "verify")
        self.start_tour(
            "/odoo/action-customer_care.complaint_action",
            "customer_care_complaint_letter",
            login="care_manager",
        )
        self.assertEqual(complaint.outcome, "satisfied")
        self.assertEqual(complaint.verified_by_id, self.manager)
        self.assertTrue(complaint.letter_sent_at)
        self.assertEqual(complaint.phase, "closed")
        self.assertEqual(set(complaint.sla_ids.mapped("state")), {"met"})
        self.assertEqual(
            complaint.event_ids.mapped("kind"),
            ["received", "replied", "paused", "resumed", "resolved"],
        )
        self.assertLessEqual(complaint.closed_at, fields.Datetime.now())

    def test_quick_create_in_the_first_step(self):
        category = self.env["care.complaint.category"].create({"name": "Tour leaks"})
        self.complain(subject="Tour seen", stage_id=self.stages["investigate"].id)
        self.start_tour(
            "/odoo/action-customer_care.complaint_action?view_type=kanban",
            "customer_care_complaint_quick",
            login="care_rep",
        )
        complaint = self.env["care.complaint"].search([("subject", "=", "Tour quick")])
        self.assertEqual(complaint.partner_id, self.salon)
        self.assertEqual(complaint.category_id, category)
        self.assertEqual(complaint.stage_id.name, "Tour record")
        self.assertEqual(complaint.event_ids.mapped("kind"), ["received"])

    def test_a_manager_sees_amber_reassigns_and_it_is_met(self):
        rescuer = self.make_user("rescuer", "sales_team.group_sale_salesman")
        complaint = self.complain(
            subject="Tour at risk",
            user_id=self.rep.id,
            received_at=fields.Datetime.now() - timedelta(hours=3, minutes=45),
        )
        self.complain(subject="Tour has time", user_id=self.rep.id)
        self.start_tour(
            "/odoo/action-customer_care.complaint_action",
            "customer_care_complaint_rescue",
            login="care_manager",
        )
        self.assertEqual(complaint.user_id, rescuer)
        self.assertEqual(complaint.sla_state, "at_risk")
        self.start_tour(
            "/odoo/action-customer_care.complaint_action",
            "customer_care_complaint_rescued",
            login="care_rescuer",
        )
        self.assertEqual(complaint.sla_state, "met")
        self.assertEqual(set(complaint.sla_ids.mapped("state")), {"met"})

    def test_from_mail_to_closing_letter(self):
        complaint = self.send("Tour complaint", "Two jars leak.")
        complaint.user_id = self.rep
        self.acknowledge()
        self.assertEqual(len(self.acknowledgements(complaint)), 1)
        self.assertFalse(complaint.replied_at, "what is automatic is no answer")
        for tour, login in (("mail", "care_rep"), ("letter", "care_manager")):
            self.start_tour(
                "/odoo/action-customer_care.complaint_action",
                f"customer_care_complaint_{tour}",
                login=login,
            )
        self.assertEqual(complaint.phase, "closed")
        self.assertEqual(complaint.outcome, "satisfied")
        self.assertEqual(set(complaint.sla_ids.mapped("state")), {"met"})
        self.assertEqual(
            complaint.event_ids.mapped("kind"), ["received", "replied", "resolved"]
        )
        told = complaint.message_ids.filtered(
            lambda message: self.rosa in message.notified_partner_ids
        )
        self.assertEqual(len(told), 3, "acknowledgement, answer and letter")
        self.assertIn("Two new jars by express", told[0].body)

    def trifle(self, subject, **values):
        complaint = self.send(subject, "The lid of a jar is missing.")
        complaint.write({"user_id": self.rep.id, **values})
        return complaint

    def assertShort(self, complaint):
        """Closed by its handler alone, in time, and not as solved at first contact"""
        self.assertEqual(complaint.phase, "closed")
        self.assertEqual(complaint.solution, "A new lid leaves today.")
        self.assertFalse(complaint.first_contact)
        self.assertFalse(complaint.verified_at or complaint.letter_sent_at)
        self.assertEqual(complaint.sla_ids.mapped("state"), ["met", "met"])
        self.assertEqual(
            complaint.event_ids.mapped("kind"), ["received", "replied", "resolved"]
        )
        self.assertEqual(complaint.event_ids[1:].user_id, self.rep)

    def test_a_trifle_in_four_clicks(self):
        category = self.env["care.complaint.category"].create(
            {"name": "Tour minor", "short_file": True}
        )
        complaint = self.trifle("Tour trifle", category_id=category.id)
        self.start_tour(
            "/odoo/action-customer_care.complaint_action",
            "customer_care_complaint_short",
            login="care_rep",
        )
        self.assertShort(complaint)

    def test_an_unclassified_mail_in_four_clicks(self):
        self.env["care.complaint.category"].create(
            {"name": "Tour minor", "short_file": True}
        )
        complaint = self.trifle("Tour question")
        self.start_tour(
            "/odoo/action-customer_care.complaint_action",
            "customer_care_complaint_minor",
            login="care_rep",
        )
        self.assertShort(complaint)
        self.assertTrue(complaint.category_id.short_file)

    def test_the_checker_finds_what_waits(self):
        self.team.manager_id = self.manager
        complaint = self.complain(
            subject="Tour check me",
            user_id=self.rep.id,
            root_cause="Packed loosely",
            solution="A new lid",
        )
        complaint.stage_id = self.env["care.complaint.stage"]._first("verify")
        self.complain(subject="Tour other", user_id=self.rep.id)
        self.start_tour(
            "/odoo/action-customer_care.complaint_action",
            "customer_care_complaint_check",
            login="care_manager",
        )
        self.assertEqual(complaint.outcome, "satisfied")
        self.assertFalse(complaint.activity_ids)
