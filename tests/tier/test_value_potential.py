from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ...models.tier import care_customer_report
from ..common import TierCase

ACTION = "/odoo/action-customer_care.customer_value_action"


class ValueCase(TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big = cls.valued("Tour Big", 12_000, "medium", cls.A)
        cls.star = cls.valued("Tour Star", 2_000, "high", cls.C)
        cls.new = cls.valued("Tour New", 1_000, False, cls.C)

    @classmethod
    def valued(cls, name, amount, potential, tier, company=None, **values):
        customer = cls.customer(name, care_potential=potential, **values)
        cls.status(customer, amount, tier, company or cls.company)
        return customer

    @classmethod
    def status(cls, customer, amount, tier, company):
        rows = cls.env["care.partner.tier"]._get_or_create(customer, company)
        rows[customer].write({"tier_id": tier.id, "monthly_amount": amount})

    def read_chart(self, user=None, domain=(), **context):
        Report = self.env["care.customer.report"].with_user(user or self.manager)
        return Report.with_context(**context).get_value_potential(list(domain))

    def names(self, chart):
        return [point["name"] for point in chart["points"]]


@tagged("post_install", "-at_install")
class TestValuePotential(ValueCase):
    def test_a_point_for_each_customer(self):
        chart = self.read_chart()
        self.assertEqual(
            [
                (point["partner_id"], point["amount"], point["potential"])
                for point in chart["points"]
            ],
            [
                (self.big.id, 12_000, "medium"),
                (self.star.id, 2_000, "high"),
                (self.new.id, 1_000, False),
            ],
        )
        self.assertEqual(chart["total"], 3)
        self.assertEqual(chart["currency_id"], self.company.currency_id.id)
        self.assertEqual(
            [(tier["code"], tier["count"], tier["bound"]) for tier in chart["tiers"]],
            [("A", 1, 10_000), ("C", 2, 1_000)],
        )

    def test_filters(self):
        self.star.user_id = self.rep
        chart = self.read_chart(domain=[("user_id", "=", self.rep.id)])
        self.assertEqual(self.names(chart), ["Tour Star"])
        self.assertEqual([tier["code"] for tier in chart["tiers"]], ["C"])

    def test_largest_of_many(self):
        with patch.object(care_customer_report, "CHART_LIMIT", 2):
            chart = self.read_chart()
        self.assertEqual(self.names(chart), ["Tour Big", "Tour Star"])
        self.assertEqual(chart["total"], 3)
        self.assertEqual([tier["count"] for tier in chart["tiers"]], [1, 2])

    def test_own_customers(self):
        self.assertEqual(self.names(self.read_chart(self.rep)), [])
        self.star.user_id = self.rep
        chart = self.read_chart(self.rep)
        self.assertEqual(self.names(chart), ["Tour Star"])
        self.assertEqual(chart["total"], 1)

    def test_others_are_refused(self):
        portal = new_test_user(self.env, "care_value_portal", "base.group_portal")
        for user in (portal, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.read_chart(user)

    def test_companies(self):
        tier = self.make_tiers(self.other_company)[0]
        there = self.valued("There", 90_000, "low", tier, self.other_company)
        self.status(self.big, 50_000, tier, self.other_company)
        self.assertEqual(
            self.names(self.read_chart()), ["Tour Big", "Tour Star", "Tour New"]
        )
        with self.assertRaises(AccessError):
            self.read_chart(allowed_company_ids=self.other_company.ids)
        self.manager.company_ids = [Command.link(self.other_company.id)]
        both = (self.company | self.other_company).ids
        chart = self.read_chart(allowed_company_ids=both)
        self.assertEqual(
            self.names(chart),
            ["There", "Tour Big", "Tour Big", "Tour Star", "Tour New"],
        )
        self.assertEqual(chart["points"][0]["partner_id"], there.id)
        # Their tiers begin at amounts of another company.
        self.assertEqual(
            {tier["id"]: tier["bound"] for tier in chart["tiers"]},
            {tier.id: False, self.A.id: 10_000, self.C.id: 1_000},
        )

    def test_queries_do_not_grow(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.read_chart()
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for number in range(30):
            self.valued(f"More {number}", number, "low", self.D)
        queries()
        self.assertLessEqual(queries(), few)


@tagged("post_install", "-at_install")
class TestValuePotentialUi(HttpCase, ValueCase):
    def test_from_point_to_customer(self):
        self.start_tour(ACTION, "customer_care_value_potential", login="care_manager")

    def test_empty(self):
        self.env["care.partner.tier"].search([]).unlink()
        self.start_tour(
            ACTION, "customer_care_value_potential_empty", login="care_manager"
        )


@tagged("post_install", "-at_install")
class TestValuePotentialPhone(HttpCase, ValueCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_from_point_to_customer(self):
        self.start_tour(
            ACTION, "customer_care_value_potential_phone", login="care_manager"
        )
