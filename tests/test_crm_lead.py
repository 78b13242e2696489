from odoo.tests import tagged

from .common import TierCase


@tagged("post_install", "-at_install")
class TestCrmLead(TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leads = cls.env["crm.lead"]
        for tier in (cls.D, cls.A, cls.C):
            customer = cls.customer(f"Customer {tier.code}")
            customer.care_tier_id = tier
            buyer = cls.customer("Buyer", parent_id=customer.id, is_company=False)
            cls.leads |= cls.lead(partner_id=buyer.id)
        cls.leads |= cls.lead()

    @classmethod
    def lead(cls, **values):
        return cls.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", **values}
        )

    def test_sorts_best_first(self):
        leads = self.leads.search([("id", "in", self.leads.ids)], order="care_tier_id")
        self.assertEqual(
            [lead.care_tier_id.code for lead in leads], ["A", "C", "D", False]
        )

    def test_filters(self):
        found = self.leads.search([("care_tier_id.is_key_account", "=", True)])
        self.assertEqual(found & self.leads, self.leads[1])
        found = self.leads.search([("care_tier_id", "in", (self.A + self.D).ids)])
        self.assertEqual(found & self.leads, self.leads[:2])
        found = self.leads.search([("care_tier_id", "=", False)])
        self.assertEqual(found & self.leads, self.leads[3])

    def test_groups(self):
        groups = self.env["crm.lead"].formatted_read_group(
            [("id", "in", self.leads.ids)], ["care_tier_id"], ["__count"]
        )
        self.assertEqual(
            [(group["care_tier_id"], group["__count"]) for group in groups],
            [
                ((self.A.id, "A · Tier A"), 1),
                ((self.C.id, "C · Tier C"), 1),
                ((self.D.id, "D · Tier D"), 1),
                (False, 1),
            ],
        )

    def test_follows_the_customer(self):
        lead = self.leads[1]
        lead.partner_id.care_tier_id = self.B
        self.assertEqual(lead.care_tier_id, self.B)

    def test_usable_in_the_client(self):
        description = self.env["crm.lead"].fields_get(["care_tier_id"])["care_tier_id"]
        self.assertTrue(description["sortable"] and description["groupable"])

    def test_no_query_per_lead(self):
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            self.leads.mapped("care_tier_id.code")
