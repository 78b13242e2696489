from odoo.tests import HttpCase, tagged

from ..common_privacy import PrivacyCase


@tagged("post_install", "-at_install")
class TestPrivacyUi(HttpCase, PrivacyCase):
    def test_retention_is_set_after_a_preview(self):
        self.closed_complaint(self.salon)
        self.start_tour(
            "/odoo/action-customer_care.retention_change_action",
            "customer_care_retention",
            login="care_manager",
        )
        self.assertEqual(self.company.care_keep_complaints, 12)
        self.assertFalse(self.company.care_keep_calls)

    def test_a_person_is_erased_after_a_preview(self):
        everywhere = self.env["res.company"].with_context(active_test=False).search([])
        admin = self.make_admin("care_privacy_admin", self.company, *everywhere)
        self.closed_complaint(self.livia)
        self.start_tour(
            f"/odoo/res.partner/{self.livia.id}",
            "customer_care_erase_person",
            login=admin.login,
        )
        self.assertFalse(self.livia.active or self.livia.email)
        line = self.env["care.removal"].search([("kind", "=", "person")])[:1]
        self.assertEqual((line.user_id, line.reason), (admin, "request"))
