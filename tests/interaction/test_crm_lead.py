from odoo.tests import tagged, users

from ..common import TierCase


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

    # Card -----------------------------------------------------------

    def card_lead(self, **values):
        region = self.env["care.region"].sudo().create({"name": "Test Region"})
        need = self.env["care.need"].sudo().create({"name": "Test need"})
        return self.env["crm.lead"].create(
            {
                "name": "Opening order",
                "partner_name": "New Baths",
                "contact_name": "Ada Newbath",
                "email_from": "ada@newbaths.example.com",
                "user_id": self.rep.id,
                "company_id": self.company.id,
                "care_region_id": region.id,
                "care_need_ids": need.ids,
                "care_kind": "family",
                "care_decision_role": "decision_maker",
                "care_relationship_level": "acquaintance",
                **values,
            }
        )

    @users("care_rep")
    def test_lead_carries_its_card_over(self):
        lead = self.card_lead()
        contact = lead.with_user(self.env.user)._create_customer()
        customer = contact.commercial_partner_id
        self.assertEqual(customer.name, "New Baths")
        self.assertEqual(customer.care_region_id, lead.care_region_id)
        self.assertEqual(customer.care_need_ids, lead.care_need_ids)
        self.assertEqual(customer.care_kind, "family")
        self.assertTrue(customer.care_card_number, "its card is made")
        self.assertEqual(contact.care_decision_role, "decision_maker")
        self.assertEqual(contact.care_relationship_level, "acquaintance")
        self.assertFalse(customer.care_decision_role)
        self.assertFalse(contact.care_region_id)

    @users("care_rep")
    def test_known_customer_gets_what_is_missing(self):
        known = self.customer("Profile", user_id=self.env.uid, care_kind="company")
        lead = self.card_lead(care_source_partner_id=known.id)
        lead.with_user(self.env.user).partner_id = known
        self.assertEqual(known.care_kind, "company", "what is there stays")
        self.assertEqual(known.care_region_id, lead.care_region_id)
        self.assertFalse(known.care_source_partner_id, "not referred by itself")

    @users("care_rep")
    def test_lead_of_a_known_customer_tells_what_is_missing(self):
        known = self.customer("Profile", user_id=self.env.uid)
        lead = self.card_lead(partner_id=known.id)
        self.assertEqual(known.care_kind, "family")
        self.assertEqual(known.care_region_id, lead.care_region_id)

    @users("care_rep")
    def test_lead_shows_the_card(self):
        known = self.customer("Profile", user_id=self.env.uid, care_kind="company")
        lead = self.card_lead().with_user(self.env.user)
        self.assertFalse(lead.care_card)
        lead.partner_id = known
        card = lead.care_card
        self.assertEqual(card["id"], known.id)
        self.assertEqual(card["number"], known.care_card_number)
        self.assertIn("Company", [fact["value"] for fact in card["facts"]])

    @users("care_rep")
    def test_reasons_for_not_buying(self):
        quality = self.env.ref("customer_care.lost_reason_quality")
        terms = self.env.ref("customer_care.lost_reason_terms")
        before = quality.care_lead_count
        lead = self.card_lead().with_user(self.env.user)
        lead.care_reason_ids = terms
        lead.action_set_lost(lost_reason_id=quality.id)
        self.assertEqual(lead.care_reason_ids, quality | terms)
        quality.invalidate_recordset()
        self.assertEqual(quality.care_lead_count, before + 1, "lost ones count")
        action = quality.action_care_leads()
        found = self.env["crm.lead"].with_context(**action["context"])
        self.assertIn(lead, found.search(action["domain"]))
