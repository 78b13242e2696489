from odoo.tests import HttpCase, tagged

from ..common import TierCase


@tagged("post_install", "-at_install")
class TestCardUi(HttpCase, TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Item = cls.env["care.card.item"]
        Item.search([]).active = False
        Item.create(
            [
                {"name": name, "weight": weight, "domain": domain}
                for name, weight, domain in (
                    ("Phone", 10, "[('phone', '!=', False)]"),
                    ("Address", 20, "[('street', '!=', False)]"),
                    ("Region", 20, "[('care_region_id', '!=', False)]"),
                    ("Needs", 20, "[('care_need_ids', '!=', False)]"),
                    (
                        "Decision maker",
                        30,
                        "[('child_ids.care_decision_role', '=', 'decision_maker')]",
                    ),
                )
            ]
        )
        cls.env["care.region"].create({"name": "Tour Harbour"})
        cls.env["care.need"].create({"name": "Tour training"})
        cls.A.verify_days = 90
        cls.salon = cls.customer(
            "Tour Salon", user_id=cls.rep.id, phone="+1 555 0100", street="1 Quay"
        )
        cls.salon.care_tier_id = cls.A

    def test_fill_a_card(self):
        self.start_tour(
            f"/odoo/res.partner/{self.salon.id}",
            "customer_care_fill_card",
            login="care_rep",
        )
        self.assertEqual(self.salon.care_completeness, 100)
        self.assertEqual(self.salon.care_region_id.name, "Tour Harbour")
        self.assertEqual(self.salon.child_ids.name, "Ada Decider")
        self.assertEqual(self.salon.care_verified_user_id, self.rep)
        self.assertEqual(self.salon.care_card_user_id, self.rep)

    def test_hand_over(self):
        self.start_tour(
            "/odoo/action-customer_care.handover_action",
            "customer_care_handover",
            login="care_manager",
        )
        record = self.env["care.handover"].search([], order="id desc", limit=1)
        self.assertEqual(record.state, "reversed")
        self.assertEqual(record.customer_count, 1)
        self.assertEqual(self.salon.user_id, self.rep)
        notes = self.salon.message_ids.mapped("body")
        self.assertTrue(any("Leaves us" in note for note in notes))
        self.assertTrue(any("taken back" in note for note in notes))

    def test_archive(self):
        self.start_tour(
            f"/odoo/res.partner/{self.salon.id}",
            "customer_care_archive",
            login="care_rep",
        )
        self.assertFalse(self.salon.active)
        self.assertEqual(self.salon.care_archive_note, "Payment terms")
