from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common_outlook import OutlookCase


@tagged("post_install", "-at_install")
class TestLostLeads(OutlookCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north = cls.env["care.region"].create({"name": "North of Tests"})
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Not in range"})
        cls.lead = cls.lose("Wants masks", categories=cls.mask)
        cls.foreign = cls.lose("Not mine", user=cls.all, categories=cls.mask)

    @classmethod
    def lose(cls, name, user=None, categories=None, products=None, **values):
        lead = cls.env["crm.lead"].create(
            {
                "name": name,
                "user_id": (user or cls.rep).id,
                "company_id": cls.company.id,
                **values,
            }
        )
        cls.env["crm.lead.lost"].create(
            {
                "lead_ids": [Command.link(lead.id)],
                "lost_reason_id": cls.reason.id,
                "care_wanted_category_ids": categories and categories.ids,
                "care_wanted_product_ids": products and products.ids,
                "care_wanted": "Acme cream",
                "care_again_from": cls.today,
            }
        ).action_lost_reason_apply()
        return lead

    def new(self, user=None, **values):
        return self.env["care.something.new"].with_user(user or self.rep).create(values)

    def test_lost(self):
        self.assertFalse(self.lead.active)
        self.assertEqual(self.lead.care_wanted_category_ids, self.mask)
        self.assertEqual(self.lead.care_again_from, self.today)
        self.assertEqual(self.lead.lost_reason_id, self.reason)

    def test_matches(self):
        by_product = self.lose("Wants one mask", products=self.mask_product)
        region = self.lose("North", care_region_id=self.north.id)
        expected = self.lead | by_product
        self.assertEqual(self.new(category_ids=self.mask.ids).lead_ids, expected)
        self.assertEqual(self.new(product_ids=self.mask_product.ids).lead_ids, expected)
        self.assertEqual(self.new(region_id=self.north.id).lead_ids, region)
        self.assertFalse(self.new(category_ids=self.serum.ids).lead_ids)
        self.assertFalse(self.new().lead_ids)
        self.assertIn(self.lead, self.new(words="acme").lead_ids)
        self.assertIn(
            self.foreign, self.new(self.all, category_ids=self.mask.ids).lead_ids
        )

    def test_new_leads_once(self):
        wizard = self.new(category_ids=self.mask.ids)
        action = wizard.action_make_leads()
        lead = self.env["crm.lead"].browse(action["res_id"])
        self.assertEqual(lead.care_again_of_id, self.lead)
        self.assertTrue(lead.active)
        self.assertEqual(lead.user_id, self.rep)
        with self.assertRaises(UserError):
            wizard.action_make_leads()
        self.assertFalse(self.new(category_ids=self.mask.ids).lead_ids)
        lead.action_set_lost()
        self.assertEqual(self.new(category_ids=self.mask.ids).lead_ids, lead)

    def test_attack(self):
        wizard = self.new(category_ids=self.mask.ids)
        wizard.sudo().lead_ids = self.foreign
        with self.assertRaises(UserError):
            wizard.action_make_leads()
        self.assertFalse(
            self.env["crm.lead"].search([("care_again_of_id", "=", self.foreign.id)])
        )
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.rep).action_care_take_up()

    def test_left_alone(self):
        gone = self.customer("Gone")
        self.lose("Gone", categories=self.mask, partner_id=gone.id)
        gone.active = False
        self.lose("No mail", categories=self.mask, email_from="stop@example.com")
        self.env["mail.blacklist"].sudo()._add("stop@example.com")
        self.assertEqual(self.new(category_ids=self.mask.ids).lead_ids, self.lead)

    def test_reminded_once(self):
        later = self.lose("Later")
        later.care_again_from = self.today + timedelta(days=5)
        self.env["crm.lead"]._cron_care_again()
        self.env["crm.lead"]._cron_care_again()
        [activity] = self.env["mail.activity"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", self.lead.id)]
        )
        self.assertEqual(activity.user_id, self.rep)
        self.assertIn("Acme cream", activity.note)
        self.assertFalse(
            self.env["mail.activity"].search(
                [("res_model", "=", "crm.lead"), ("res_id", "=", later.id)]
            )
        )
