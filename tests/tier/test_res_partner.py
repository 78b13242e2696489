from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import TierCase


@tagged("post_install", "-at_install")
class TestResPartner(TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.a, cls.b, cls.none = (
            cls.customer(name) for name in ("Customer A", "Customer B", "Customer")
        )
        cls.a.care_tier_id = cls.A
        cls.b.care_tier_id = cls.B
        cls.contact = cls.customer("Contact", parent_id=cls.a.id, is_company=False)
        cls.customers = cls.a | cls.b | cls.none | cls.contact

    def found(self, *domain, **kwargs):
        return self.env["res.partner"].search(
            [("id", "in", self.customers.ids), *domain], **kwargs
        )

    def as_manager(self, partner):
        return partner.with_user(self.manager).with_company(self.company)

    def test_search(self):
        self.assertEqual(
            self.found(("care_tier_id", "=", self.A.id)), self.a | self.contact
        )
        self.assertEqual(
            self.found(("care_tier_id", "!=", self.A.id)), self.b | self.none
        )
        self.assertEqual(self.found(("care_tier_id", "=", False)), self.none)
        self.assertEqual(
            self.found(("care_tier_id", "in", [False, self.B.id])), self.b | self.none
        )
        self.assertEqual(
            self.found(("care_tier_id", "not in", [False, self.B.id])),
            self.a | self.contact,
        )
        self.assertEqual(self.found(("care_tier_id.code", "=", "B")), self.b)
        self.assertEqual(
            self.found(("care_tier_id.is_key_account", "=", False)), self.b
        )
        self.assertEqual(self.found(("care_tier_id", "ilike", "tier b")), self.b)
        self.assertEqual(
            self.found(("care_tier_id", "not ilike", "tier b")),
            self.a | self.none | self.contact,
        )
        other = self.env["res.partner"].with_company(self.other_company)
        self.assertFalse(other.search([("care_tier_id", "=", self.A.id)]))

    def test_search_agrees_with_filter(self):
        for domain in (
            [("care_tier_id", "=", self.A.id)],
            [("care_tier_id", "!=", self.A.id)],
            [("care_monthly_amount", ">", 0)],
            [("care_monthly_amount", "=", 0)],
            [("care_tier_locked_until", "=", False)],
        ):
            self.assertEqual(
                self.found(*domain), self.customers.filtered_domain(domain), domain
            )

    def test_customers_without_tier(self):
        """*Customers* shows them when its filter is removed; vendors are none."""
        with_team, invoiced, vendor = (
            self.customer(name, **values)
            for name, values in (
                ("Team", {}),
                ("Invoiced", {"customer_rank": 1}),
                ("Vendor", {"supplier_rank": 1}),
            )
        )
        self.env["care.account.member"].create(
            {
                "partner_id": with_team.id,
                "role_id": self.env["care.role"].create({"name": "Tour role"}).id,
                "user_id": self.rep.id,
            }
        )
        self.customers |= with_team | invoiced | vendor
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.customer_action"
        )
        domain = literal_eval(action["domain"])
        self.assertEqual(self.found(*domain), self.a | self.b | with_team | invoiced)
        [search] = (
            self.env["res.partner"].get_views([(False, "search")])["views"].values()
        )
        [narrow] = etree.fromstring(search["arch"]).xpath(
            "//filter[@name='care_has_tier']/@domain"
        )
        self.assertEqual(
            literal_eval(action["context"])["search_default_care_has_tier"], 1
        )
        self.assertEqual(self.found(*domain, *literal_eval(narrow)), self.a | self.b)
        for value in (True, False):
            condition = [("care_is_customer", "=", value)]
            self.assertEqual(
                self.found(*condition), self.customers.filtered_domain(condition)
            )
        self.assertNotIn(
            self.a,
            self.env["res.partner"]
            .with_company(self.other_company)
            .search([("care_is_customer", "=", True)]),
        )

    def test_sort_and_group(self):
        self.assertEqual(
            self.found(order="care_tier_id, id"),
            self.a + self.contact + self.b + self.none,
        )
        groups = self.env["res.partner"]._read_group(
            [("id", "in", self.customers.ids)], ["care_tier_id"], ["__count"]
        )
        self.assertEqual(groups, [(self.A, 2), (self.B, 1), (self.env["care.tier"], 1)])

    def test_amounts_are_summed_once(self):
        self.order(self.a, 36_000)
        self.review().action_apply()
        [(total,)] = self.env["res.partner"]._read_group(
            [("id", "in", self.customers.ids)], [], ["care_monthly_amount:sum"]
        )
        self.assertEqual(total, 12_000)
        self.assertEqual(self.found(("care_monthly_amount", ">", 1)), self.a)

    def test_by_hand_is_in_history_and_chatter(self):
        self.as_manager(self.contact).care_tier_id = self.C
        self.assertEqual(self.a.care_tier_id, self.C, "a contact changes its company")
        row = self.a.care_tier_history_ids[0]
        self.assertEqual(
            (row.old_tier_id, row.new_tier_id, row.user_id, row.review_id.ids),
            (self.A, self.C, self.manager, []),
        )
        body = self.a.message_ids[0].body
        self.assertIn("A · Tier A → C · Tier C", body)

    def test_only_administrators_set_tiers(self):
        for user in (self.rep, self.all):
            partner = self.b.with_user(user)
            with self.assertRaises(AccessError):
                partner.care_tier_id = self.A
            with self.assertRaises(AccessError):
                partner.write({"care_tier_id": False})
            with self.assertRaises(AccessError):
                partner.create({"name": "New", "care_tier_id": self.A.id})
            with self.assertRaises(AccessError):
                partner.with_context(default_care_tier_id=self.A.id).create(
                    {"name": "New"}
                )
            made_by_system = (
                partner.with_context(default_care_tier_id=self.A.id)
                .sudo()
                .create({"name": "New"})
            )
            self.assertFalse(made_by_system.care_tier_id)
            with self.assertRaises(AccessError):
                partner.sudo().create({"name": "New", "care_tier_id": self.A.id})
            with self.assertRaises(AccessError):
                partner.write(
                    {
                        "care_tier_locked_until": "2030-01-01",
                        "care_tier_lock_reason": "Mine",
                    }
                )
        self.assertEqual(self.b.care_tier_id, self.B)
        self.assertFalse(self.b.care_tier_locked_until)

    def test_unchanged_values_pass(self):
        partner = self.b.with_user(self.all)
        partner.write({"care_tier_id": self.B.id, "phone": "+1 555 0100"})
        self.assertEqual(self.b.phone, "+1 555 0100")
        partner.create({"name": "New", "care_tier_id": False})

    def test_import(self):
        Partner = self.env["res.partner"]
        columns = ["name", "care_tier_id/id"]
        rows = [["Imported", "customer_care.care_tier_a"]]
        result = Partner.with_user(self.all).load(columns, rows)
        self.assertFalse(result["ids"])
        self.assertIn("Only administrators", result["messages"][0]["message"])
        result = self.as_manager(Partner).load(columns, rows)
        self.assertEqual(
            Partner.browse(result["ids"]).care_tier_id,
            self.env.ref("customer_care.care_tier_a"),
        )

    def test_copy_has_no_tier(self):
        self.a.write(
            {"care_tier_locked_until": "2030-01-01", "care_tier_lock_reason": "Why"}
        )
        copy = self.a.copy()
        self.assertFalse(copy.care_tier_id)
        self.assertFalse(copy.care_tier_locked_until)

    def test_lock_needs_a_reason(self):
        with self.assertError(ValidationError, "Enter the reason"):
            self.a.care_tier_locked_until = "2030-01-01"

    def test_wizard(self):
        wizard = Form(
            self.env["care.tier.change"]
            .with_user(self.manager)
            .with_company(self.company)
            .with_context(
                active_model="res.partner", active_ids=(self.contact | self.b).ids
            )
        )
        wizard.tier_id = self.C
        wizard.reason = "New contract"
        wizard.lock = "lock"
        wizard.locked_until = "2030-01-01"
        wizard.save().action_confirm()
        self.assertEqual((self.a | self.b).care_tier_id, self.C)
        self.assertEqual(self.a.care_tier_lock_reason, "New contract")
        self.assertEqual(self.a.care_tier_history_ids[0].reason, "New contract")
        self.assertEqual(self.a.care_tier_reason, "New contract")

    def change(self, partners, **values):
        wizard = self.env["care.tier.change"].create(
            {"partner_ids": partners.ids, "reason": "Why", **values}
        )
        wizard.action_confirm()

    def test_wizard_leaves_what_it_is_not_told_to_change(self):
        self.change(self.a, action="keep", lock="lock", locked_until="2030-01-01")
        self.assertEqual(self.a.care_tier_id, self.A)
        self.change(self.a, tier_id=self.B.id)
        self.assertTrue(self.a.care_tier_locked_until)
        self.change(self.a, action="remove", lock="unlock")
        self.assertFalse(self.a.care_tier_id or self.a.care_tier_locked_until)
        with self.assertError(UserError, "Choose a tier"):
            self.change(self.a)

    def test_wizard_offers_the_tiers_of_the_company(self):
        wizard = self.env["care.tier.change"].new({})
        self.assertEqual(wizard.available_tier_ids._origin, self.tiers)

    def test_wizard_for_others(self):
        with self.assertRaises(AccessError):
            self.env["care.tier.change"].with_user(self.all).create(
                {"partner_ids": self.a.ids, "reason": "x"}
            )

    def test_tier_of_another_company(self):
        foreign = self.make_tiers(self.other_company)[0]
        with self.assertError(ValidationError, "does not belong"):
            self.a.care_tier_id = foreign

    def test_franchise_store_is_a_customer_of_its_own(self):
        store = self.customer("Store", parent_id=self.a.id)
        self.assertFalse(store.care_tier_id)
        store.care_tier_id = self.C
        self.assertEqual(self.a.care_tier_id, self.A)

    def test_employees_without_the_app_edit_contacts(self):
        """The fields synchronised to contacts must not get in their way."""
        self.a.care_potential = "high"
        self.env.ref("base.group_partner_manager").user_ids |= self.employee
        Partner = self.env["res.partner"].with_user(self.employee)
        contact = Partner.create({"name": "New", "parent_id": self.a.id})
        contact.write({"name": "Newer"})
        self.a.with_user(self.employee).write({"vat": False, "name": "Renamed"})
        self.assertEqual(contact.sudo().care_potential, "high")
        self.assertTrue(self.a.with_user(self.employee).copy())

    def test_segment_reaches_contacts(self):
        self.a.care_potential = "high"
        self.assertEqual(self.contact.care_potential, "high")

    def test_timeline(self):
        self.a.care_tier_id = self.C
        self.assertEqual(
            [step["code"] for step in self.contact.care_card["timeline"]], ["A", "C"]
        )

    def test_no_query_per_customer(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}"} for number in range(50)]
        )
        partners.care_tier_id = self.B
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(5):
            partners.mapped("care_tier_id.code")
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            partners.mapped("care_tier_reason")

    def test_setting_many_is_few_queries(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}"} for number in range(60)]
        )
        self.env.flush_all()
        with self.assertQueryCount(30):
            partners.care_tier_id = self.B
            self.env.flush_all()

    def test_merge(self):
        self.order(self.none, 3_000)
        self.order(self.b, 6_000)
        review = self.review()
        review.action_apply()
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.none | self.b).ids, self.none)
        self.assertFalse(self.b.exists())
        self.assertEqual(self.none.care_tier_id, self.C, "the survivor's own tier")
        self.assertEqual(self.none.care_monthly_amount, 3_000)
        line = self.line(review, self.none)
        self.assertEqual((len(line), line.monthly_amount), (1, 3_000))
        self.assertEqual(
            self.none.care_tier_history_ids.sorted("id").mapped("new_tier_id.code"),
            ["B", "C"],
        )
        self.assertEqual(
            self.none.care_tier_history_ids.sorted("id")[-1].reason,
            "Merged with Customer B",
        )

    def test_customer_becomes_a_contact(self):
        """It is no customer of its own any more: neither reviewed nor counted."""
        self.order(self.b, 3_000)
        review = self.review()
        self.b.write({"is_company": False, "parent_id": self.a.id})
        review.action_apply()
        self.assertEqual(self.b.care_tier_id, self.A)
        rows = self.env["care.partner.tier"].search([("partner_id", "=", self.b.id)])
        self.assertEqual(rows.tier_id, self.B)
        self.assertFalse(rows.monthly_amount)
        self.assertFalse(self.line(self.review(), self.b))
        self.assertEqual((self.A + self.B).mapped("customer_count"), [1, 0])
        [(total,)] = self.env["res.partner"]._read_group(
            [("id", "in", self.customers.ids)], [], ["care_monthly_amount:sum"]
        )
        self.assertEqual(total, sum(self.customers.mapped("care_monthly_amount")))

    def test_merge_into_a_customer_without_tier(self):
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        self.a.child_ids.unlink()
        merge._merge((self.none | self.a | self.b).ids, self.none)
        self.assertEqual(self.none.care_tier_id, self.A)

    def test_deleting_a_customer_with_history(self):
        self.env.ref("base.group_partner_manager").user_ids |= self.rep
        with self.assertError(UserError, "Archive it"):
            self.b.with_user(self.rep).unlink()
        self.none.with_user(self.rep).unlink()
        self.env.ref("base.group_partner_manager").user_ids |= self.manager
        self.b.with_user(self.manager).unlink()
        self.assertFalse(self.b.exists())
