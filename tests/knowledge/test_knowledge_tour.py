from odoo.tests import tagged

from ..common_knowledge import KnowledgeCase
from ..common_portal import PortalCase


@tagged("post_install", "-at_install")
class TestKnowledgeTour(PortalCase, KnowledgeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.solved = cls.solve(
            "Salon says the pump hums",
            "<p>It hums and does not start</p>",
            "Turn the shaft by hand, Salon.",
            user_id=cls.manager.id,
        )
        cls.env["care.search.term"]._count_terms()

    def test_from_a_closed_complaint_to_the_portal(self):
        self.start_tour(
            f"/odoo/care.complaint/{self.solved.id}",
            "customer_care_knowledge_draft",
            login=self.manager.login,
        )
        knowledge = self.Knowledge.search([("complaint_id", "=", self.solved.id)])
        self.assertTrue(knowledge.public)
        self.assertEqual(knowledge.reviewer_id, self.manager)
        self.assertNotIn("Salon", knowledge.name + knowledge.answer)
        count = self.Complaint.search_count([])
        self.start_tour(
            "/my/complaints/new",
            "customer_care_knowledge_portal",
            login=self.client_user.login,
        )
        self.env.invalidate_all()
        self.assertEqual(knowledge.solved_count, 1)
        self.assertEqual(self.Complaint.search_count([]), count)

    def test_used_in_a_complaint_and_at_the_hotline(self):
        now = self.complain(
            subject="Pump hums", partner_id=self.salon.id, user_id=self.all.id
        )
        self.start_tour(
            f"/odoo/care.complaint/{now.id}",
            "customer_care_knowledge_use",
            login=self.all.login,
        )
        self.assertEqual(now.solution, self.solved.solution)
        self.start_tour(
            "/odoo/action-customer_care.complaint_action",
            "customer_care_knowledge_hotline",
            login=self.all.login,
        )
        told = self.Complaint.search([("first_contact", "=", True)])
        self.assertEqual(told.solution, self.solved.solution)
