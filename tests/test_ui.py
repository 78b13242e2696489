from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import TierCase


@tagged("post_install", "-at_install")
class TestUi(HttpCase, TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon = cls.customer("Tour Salon", user_id=cls.manager.id)
        cls.shop = cls.customer("Tour Shop")

    def test_review(self):
        last_month = fields.Datetime.now() + relativedelta(months=-1, day=10)
        self.order(self.salon, 45_000, last_month)
        self.order(self.shop, 1_000, last_month)
        self.start_tour("/odoo", "customer_care_tier_review", login="care_manager")
        self.assertEqual(self.salon.care_tier_id, self.A)
        self.assertEqual(self.shop.care_tier_id, self.D)

    def test_change_tier(self):
        self.start_tour(
            f"/odoo/res.partner/{self.salon.id}",
            "customer_care_tier_change",
            login="care_manager",
        )
        self.assertEqual(self.salon.care_tier_id, self.A)
        self.assertEqual(self.salon.care_tier_history_ids.reason, "Framework contract")

    def test_pipeline(self):
        self.salon.care_tier_id = self.A
        team = self.env["crm.team"].create(
            {
                "name": "Tour Team",
                "company_id": self.company.id,
                "member_ids": [Command.link(self.rep.id)],
            }
        )
        self.env["crm.lead"].create(
            [
                {
                    "name": name,
                    "type": "opportunity",
                    "partner_id": partner.id,
                    "user_id": self.rep.id,
                    "team_id": team.id,
                    "company_id": self.company.id,
                }
                for name, partner in (
                    ("Tour Deal", self.salon),
                    ("Other Deal", self.shop),
                )
            ]
        )
        self.start_tour(
            "/odoo/action-crm.crm_lead_action_pipeline",
            "customer_care_pipeline",
            login="care_rep",
        )
