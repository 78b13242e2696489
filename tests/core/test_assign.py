from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged, users

from ..common import TierCase
from ..common_plan import PlanCase


@tagged("post_install", "-at_install")
class TestAssign(PlanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.a_customer("Own")
        cls.sold = cls.customer("Sold")
        cls.nobody = cls.customer("Nobody")
        cls.order(cls.sold, 100, user_id=cls.all.id)
        (cls.sold | cls.nobody).care_tier_id = cls.A
        cls.customers = cls.own | cls.sold | cls.nobody

    def assign(self, records=None, **values):
        records = self.customers if records is None else records
        wizard = self.env["care.assign"].with_user(self.all).with_company(self.company)
        return wizard.with_context(
            active_model=records._name, active_ids=records.ids
        ).create(values)

    def test_as_on_their_orders(self):
        wizard = self.assign(source="order")
        self.assertEqual(wizard.role_id, self.rep_role)
        self.assertIn("care_all", wizard.summary)
        self.assertIn("1 customers keep", wizard.summary)
        self.assertIn("Nobody was found for 1", wizard.summary)
        wizard.action_confirm()
        self.assertEqual(
            self.customers.mapped("user_id.login"), ["care_rep", "care_all"]
        )
        self.assertEqual(self.sold.care_member_ids.user_id, self.all)
        self.assertFalse(self.nobody.care_member_ids)

    def test_one_person_for_all(self):
        self.assign(user_id=self.manager.id).action_confirm()
        self.assertEqual(self.own.user_id, self.rep, "who has somebody keeps them")
        self.assertEqual((self.sold | self.nobody).user_id, self.manager)
        self.assign(user_id=self.manager.id, replace=True).action_confirm()
        self.assertEqual(self.customers.user_id, self.manager)

    def test_a_person_who_shares_the_role_already(self):
        self.consultant.allows_several = True
        salon = self.a_customer("Shared")
        first, second = self.env["care.account.member"].create(
            [
                {
                    "partner_id": salon.id,
                    "role_id": self.consultant.id,
                    "user_id": user.id,
                }
                for user in (self.rep, self.all)
            ]
        )
        self.assign(
            salon,
            role_id=self.consultant.id,
            source="user",
            user_id=self.all.id,
            replace=True,
        ).action_confirm()
        self.assertEqual((first.user_id, first.is_additional), (self.all, False))
        self.assertFalse(second.exists())

    def test_contacts_due_get_their_person(self):
        self.generate()
        due = self.targets(self.nobody)
        self.assertTrue(due and not due.user_id)
        self.assign(due, user_id=self.manager.id).action_confirm()
        self.assertEqual(self.targets(self.nobody).user_id, self.manager)

    def test_the_role_that_the_contacts_lack(self):
        self.generate()
        stays = self.targets(self.own, self.stays)
        wizard = self.assign(stays, user_id=self.manager.id)
        self.assertEqual(wizard.role_id, self.consultant)
        wizard.action_confirm()
        self.assertEqual(self.targets(self.own, self.stays).user_id, self.manager)

    def test_nothing_to_do(self):
        with self.assertError(UserError, "Nobody would be assigned"):
            self.assign(self.nobody, source="any").action_confirm()
        with self.assertError(UserError, "Nobody would be assigned"):
            self.assign(self.own, user_id=self.rep.id, replace=True).action_confirm()

    def test_contacts_of_a_customer_stand_for_it(self):
        person = self.customer("Ann", parent_id=self.nobody.id, is_company=False)
        self.assign(person, user_id=self.rep.id).action_confirm()
        self.assertEqual(self.nobody.care_member_ids.user_id, self.rep)

    @users("care_rep")
    def test_who_sees_only_own_customers(self):
        with self.assertRaises(AccessError):
            self.env["care.assign"].create(
                {
                    "partner_ids": [Command.set(self.own.ids)],
                    "user_id": self.rep.id,
                }
            )

    def test_many_in_few_queries(self):
        shops = self.env["res.partner"]
        for number in range(20):
            shop = self.customer(f"Shop {number}")
            self.order(shop, 10, user_id=self.rep.id)
            shops |= shop
        wizard = self.assign(shops, source="order")
        self.env.flush_all()
        self.env.invalidate_all()
        wizard.read(["source"])
        with self.assertQueryCount(17):
            wizard._compute_summary()


@tagged("post_install", "-at_install")
class TestAssignUi(HttpCase, TierCase):
    def test_as_on_their_orders(self):
        shops = self.env["res.partner"]
        for number in range(2):
            shop = self.customer(f"Tour Shop {number}")
            self.order(shop, 100, user_id=self.rep.id)
            shops |= shop
        shops.care_tier_id = self.A
        self.start_tour(
            "/odoo/action-customer_care.customer_action",
            "customer_care_assign",
            login="care_manager",
        )
        self.assertEqual(shops.user_id, self.rep)
