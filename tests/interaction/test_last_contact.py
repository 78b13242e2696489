from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..common import TierCase
from ..common_plan import TODAY, PlanCase


@tagged("post_install", "-at_install")
class TestLastContact(PlanCase):
    """Days are counted back from 10 November 2026.

    | customer | visit | call | who may read its contacts |
    | -------- | ----- | ---- | ------------------------- |
    | recent   | 5     | 40   | rep                       |
    | old      | 45    |      | rep                       |
    | called   |       | 3    | rep                       |
    | never    |       |      | rep                       |
    | foreign  | 70    |      | those who see everybody   |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.recent, cls.old, cls.called, cls.never = (
            cls.a_customer(name) for name in ("Recent", "Old", "Called", "Never")
        )
        cls.foreign = cls.a_customer("Foreign", user=cls.all)
        cls.everybody = cls.recent | cls.old | cls.called | cls.never | cls.foreign
        for partner, days, channel in (
            (cls.recent, 5, "visit"),
            (cls.recent, 80, "onsite"),
            (cls.recent, 40, "phone"),
            (cls.old, 45, "onsite"),
            (cls.called, 3, "phone"),
        ):
            cls.made(partner, days, channel)
        cls.made(cls.foreign, 70, user_id=cls.all.id)
        cls.made(cls.old, 1, state="cancelled")
        cls.made(cls.never, -2, state="planned")
        cls.made(cls.called, 1, company_id=cls.other_company.id)

    @classmethod
    def made(cls, partner, days, channel="visit", **values):
        return cls.env["care.interaction"].create(
            {
                "partner_id": partner.id,
                "user_id": cls.rep.id,
                "channel": channel,
                "date_start": f"{TODAY - timedelta(days=days)} 08:00:00",
                "state": "done",
                **values,
            }
        )

    def found(self, *domain, user=None):
        Partner = self.env["res.partner"].with_user(user or self.rep)
        return Partner.search([("id", "in", self.everybody.ids), *domain]).sudo(False)

    def names(self, *domain, user=None):
        return set(self.found(*domain, user=user).mapped("name"))

    def days_ago(self, days):
        return TODAY - timedelta(days=days)

    def test_columns(self):
        self.assertRecordValues(
            self.everybody.with_user(self.rep),
            [
                {
                    "care_last_contact_date": contact and self.days_ago(contact),
                    "care_last_visit_date": visit and self.days_ago(visit),
                    "care_last_call_date": call and self.days_ago(call),
                    "care_unvisited": unvisited,
                }
                for contact, visit, call, unvisited in (
                    (5, 5, 40, False),
                    (45, 45, False, "30"),
                    (3, False, 3, "90"),
                    (False, False, False, "90"),
                    (False, False, False, "90"),
                )
            ],
        )

    def test_columns_follow_a_report(self):
        self.assertFalse(self.never.care_last_visit_date)
        visit = self.made(self.never, 2)
        self.assertEqual(self.never.care_last_visit_date, self.days_ago(2))
        visit.action_cancel()
        self.assertFalse(self.never.care_last_visit_date)

    def test_contact_person_has_that_of_the_customer(self):
        person = self.customer("Person", parent_id=self.old.id, is_company=False)
        self.assertEqual(person.care_last_visit_date, self.days_ago(45))

    def test_not_seen_for_days(self):
        field = "care_days_without_visit"
        self.assertEqual(self.names((field, ">=", 30)), {"Old", "Called", "Never"})
        self.assertEqual(self.names((field, ">=", 45)), {"Old", "Called", "Never"})
        self.assertEqual(self.names((field, ">", 45)), {"Called", "Never"})
        self.assertEqual(self.names((field, "<", 45)), {"Recent"})
        self.assertEqual(self.names((field, "=", 45)), {"Old"})
        self.assertEqual(
            self.names(("care_days_without_contact", ">=", 30)), {"Old", "Never"}
        )
        self.assertEqual(
            self.names(("care_days_without_call", ">=", 30)),
            {"Recent", "Old", "Never"},
        )
        self.assertEqual(
            self.names(("care_unvisited", "in", ["60", "90"])), {"Called", "Never"}
        )

    def test_date_columns_take_any_number_of_days(self):
        self.assertEqual(self.names(("care_last_visit_date", "<", "-44d")), {"Old"})
        self.assertEqual(self.names(("care_last_visit_date", "<", "-45d")), set())
        self.assertEqual(self.names(("care_last_visit_date", ">", "-30d")), {"Recent"})
        self.assertEqual(
            self.names(("care_last_visit_date", "=", False)),
            {"Called", "Never", "Foreign"},
        )

    def test_colleagues_customers(self):
        """Nothing is known of them: no day, and nobody is called neglected."""
        foreign = self.foreign.with_user(self.rep)
        self.assertFalse(foreign.care_last_contact_date)
        self.assertNotIn("Foreign", self.names(("care_last_visit_date", "!=", False)))
        for days in (1, 69, 70, 71):
            self.assertNotIn(
                "Foreign", self.names(("care_days_without_visit", ">=", days))
            )
        self.assertEqual(
            self.foreign.with_user(self.all).care_last_visit_date, self.days_ago(70)
        )
        self.assertEqual(
            self.names(("care_days_without_visit", ">=", 60), user=self.all),
            {"Called", "Never", "Foreign"},
        )
        order = "care_last_visit_date, id"
        ours = self.foreign | self.never
        for customers in (ours, self.foreign | self.called):
            found = customers.with_user(self.rep).search(
                [("id", "in", customers.ids)], order=order
            )
            self.assertEqual(
                found.ids, sorted(customers.ids), "the order tells nothing"
            )

    def test_nobody_outside_the_app(self):
        for name in (
            "care_last_contact_date",
            "care_last_visit_date",
            "care_last_call_date",
            "care_days_without_visit",
            "care_unvisited",
        ):
            with self.assertRaises(AccessError, msg=name):
                self.never.with_user(self.employee).read([name])
            with self.assertRaises(AccessError, msg=name):
                self.found((name, "=", False), user=self.employee)
        with self.assertRaises(AccessError):
            self.never.with_user(self.employee).search(
                [], order="care_last_visit_date", limit=1
            )

    def test_each_company_has_its_own(self):
        self.assertEqual(self.called.care_last_contact_date, self.days_ago(3))
        self.assertFalse(self.called.care_last_visit_date)
        both = self.called.with_context(
            allowed_company_ids=[self.other_company.id, self.company.id]
        )
        self.assertEqual(both.care_last_visit_date, self.days_ago(1))
        self.assertFalse(both.care_last_call_date)

    def test_sorted_and_grouped(self):
        found = self.env["res.partner"].search(
            [("id", "in", self.everybody.ids)], order="care_last_visit_date desc, id"
        )
        self.assertEqual(
            found.filtered("care_last_visit_date").mapped("name"),
            ["Recent", "Old", "Foreign"],
        )
        months = self.env["res.partner"].formatted_read_group(
            [("id", "in", self.everybody.ids)],
            ["care_last_visit_date:month"],
            ["__count"],
        )
        self.assertEqual([row["__count"] for row in months], [2, 1, 2])

    def test_one_query_for_many(self):
        self.env.flush_all()
        partners = self.everybody.with_user(self.rep)
        partners.mapped("commercial_partner_id")
        partners.invalidate_recordset(["care_last_visit_date"])
        partners[0].care_last_visit_date  # noqa: B018 - rules and rights are read
        partners.invalidate_recordset(["care_last_visit_date"])
        with self.assertQueryCount(1):
            partners.mapped("care_last_visit_date")

    def test_search_panel(self):
        """Key accounts in East China without a visit for 30 days"""
        market = self.env["care.region"].create({"name": "Market"})
        west, east = self.env["care.region"].create(
            [
                {"name": "A West", "parent_id": market.id, "sequence": 2},
                {"name": "B East", "parent_id": market.id, "sequence": 1},
            ]
        )
        self.never.care_region_id = self.recent.care_region_id = east
        self.old.care_region_id = west
        self.called.write({"care_region_id": east.id, "care_tier_id": self.B.id})
        Partner = self.env["res.partner"].with_user(self.rep)
        found = Partner.search_panel_select_range("care_region_id", expand=True)
        ours = [
            (row["display_name"])
            for row in found["values"]
            if row["id"] in (market | west | east).ids
        ]
        self.assertEqual(ours, ["Market", "B East", "A West"], "as listed")
        for name, keys in (
            ("care_account_kind", ["key", "other"]),
            ("care_unvisited", ["30", "60", "90"]),
        ):
            found = Partner.search_panel_select_multi_range(name, expand=True)
            self.assertEqual([row["id"] for row in found["values"]], keys)
        self.assertEqual(
            self.names(
                ("care_region_id", "child_of", east.id),
                ("care_account_kind", "in", ["key"]),
                ("care_unvisited", "in", ["30"]),
            ),
            {"Never"},
        )
        self.assertEqual(self.called.care_account_kind, "other")
        groups = Partner.formatted_read_group(
            [("care_region_id", "child_of", market.id)], ["care_region_id"], ["__count"]
        )
        self.assertEqual(
            [row["care_region_id"][0] for row in groups], [east.id, west.id]
        )

    def test_initials_in_order(self):
        names = ("Zeta", "Élan", "3 Graces", "alpha")
        partners = self.customer("Beta").browse()
        for name in names:
            partners |= self.customer(name)
        groups = partners.formatted_read_group(
            [("id", "in", partners.ids)], ["care_initial"], ["__count"]
        )
        self.assertEqual([row["care_initial"] for row in groups], ["#", "A", "E", "Z"])


@tagged("post_install", "-at_install")
class TestToReport(PlanCase):
    def test_only_what_has_happened_oldest_first(self):
        salon = self.a_customer()
        running, first, second, coming = (
            self.contact(salon, 9, state="planned", date_start=start, date_end=end)
            for start, end in (
                ("2026-11-10 08:30:00", "2026-11-10 10:00:00"),
                ("2026-11-03 08:00:00", "2026-11-03 09:00:00"),
                ("2026-11-06 08:00:00", "2026-11-06 09:00:00"),
                ("2026-11-11 08:00:00", "2026-11-11 09:00:00"),
            )
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.my_interaction_action"
        )
        view = self.env.ref("customer_care.care_interaction_view_list_to_report")
        self.assertIn((view.id, "list"), action["views"])
        self.assertIn('default_order="date_start, id"', view.get_combined_arch())
        Interaction = self.env["care.interaction"].with_user(self.rep)
        listed = Interaction.search(
            [("user_id", "=", self.rep.id), ("to_report", "=", True)],
            order="date_start, id",
        )
        self.assertEqual(listed.ids, (first | second).ids)
        self.assertEqual(
            (running | first | second | coming).mapped("to_report"),
            [False, True, True, False],
        )
        self.assertIn("('to_report', '=', True)", action["domain"])

    def test_next_contact_due_says_whose(self):
        salon = self.a_customer()
        self.generate()
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "partner_id": salon.id}
        )
        self.assertEqual(lead.care_next_user_id, self.rep)


@tagged("post_install", "-at_install")
class TestFindUi(HttpCase, TierCase):
    def test_key_accounts_not_seen_for_30_days(self):
        region = self.env["care.region"].create({"name": "Tour East"})
        tiers = {"Tour Neglected": self.A, "Tour Seen": self.A, "Tour Small": self.D}
        customers = {}
        for name, tier in tiers.items():
            customers[name] = self.customer(
                name, user_id=self.rep.id, care_region_id=region.id
            )
            customers[name].care_tier_id = tier
        self.customer("Tour Elsewhere", user_id=self.rep.id).care_tier_id = self.A
        for name, days in (("Tour Neglected", 40), ("Tour Seen", 10)):
            self.env["care.interaction"].create(
                {
                    "partner_id": customers[name].id,
                    "user_id": self.rep.id,
                    "channel": "visit",
                    "date_start": fields.Datetime.now() - timedelta(days=days),
                    "state": "done",
                }
            )
        self.start_tour(
            "/odoo/action-customer_care.customer_action",
            "customer_care_not_seen",
            login="care_rep",
        )
