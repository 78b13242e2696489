import doctest
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import BaseCase, HttpCase, tagged

from ...models.report import care_product_pareto
from ...tools import pareto
from ..common import TierCase

NOW = "2026-11-10 12:00:00"


class ProductParetoCase(TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon = cls.customer("Salon", user_id=cls.rep.id)
        cls.serum, cls.mask = cls.env["product.product"].create(
            [
                {"name": name, "type": "service", "taxes_id": False}
                for name in ("Tour Serum", "Tour Mask")
            ]
        )

    @classmethod
    def sell(cls, product, amount, **values):
        cls.product = product
        return cls.order(cls.salon, amount, **values)


@tagged("post_install", "-at_install")
class TestProductPareto(ProductParetoCase):
    @freeze_time(NOW)
    def chart(self, user=None, **context):
        Pareto = self.env["care.product.pareto"].with_user(user or self.manager)
        return Pareto.with_context(**context).get_pareto()

    def bars(self, *arguments, **context):
        return [
            (bar["label"], bar["amount"], bar["share"])
            for bar in self.chart(*arguments, **context)["bars"]
        ]

    def test_products(self):
        self.sell(self.mask, 100)
        self.sell(self.serum, 600)
        self.sell(self.serum, 300, date="2025-11-11 08:00:00")
        # Neither too old, nor unconfirmed, nor a note
        self.sell(self.serum, 7_000, date="2025-11-10 08:00:00")
        self.sell(self.mask, 8_000, state="draft")
        order = self.sell(self.mask, 0)
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "Fragile"})
        ]
        chart = self.chart()
        self.assertEqual(
            [(bar["label"], bar["amount"], bar["share"]) for bar in chart["bars"]],
            [("Tour Serum", 900, 90), ("Tour Mask", 100, 100)],
        )
        self.assertEqual(
            [bar["res_id"] for bar in chart["bars"]], [self.serum.id, self.mask.id]
        )
        [mark] = chart["marks"]
        self.assertEqual((mark["count"], mark["share"]), (1, 90))
        self.assertEqual(
            (chart["date_from"], chart["date_to"]), ("2025-11-11", "2026-11-10")
        )

    def test_adds_up_to_the_orders(self):
        """In the company's currency, at the rate of the order."""
        foreign = self.env["res.currency"].create({"name": "CPT", "symbol": "¤"})
        self.env["res.currency.rate"].create(
            {
                "currency_id": foreign.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 4,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "X", "currency_id": foreign.id, "company_id": self.company.id}
        )
        order = self.sell(self.serum, 1_000, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, foreign)
        self.sell(self.mask, 500)
        self.assertEqual(
            self.bars(), [("Tour Mask", 500, 66.666667), ("Tour Serum", 250, 100)]
        )

    def test_many(self):
        self.sell(self.serum, 50)
        self.sell(self.mask, 30)
        self.sell(self.env["product.product"].create({"name": "Oil"}), 20)
        with patch.object(care_product_pareto, "PRODUCT_BAR_LIMIT", 1):
            chart = self.chart()
        self.assertEqual(
            [
                (bar["label"], bar["first"], bar["last"], bar["amount"], bar["res_id"])
                for bar in chart["bars"]
            ],
            [
                ("Tour Serum", 1, 1, 50, self.serum.id),
                ("2 other products", 2, 3, 50, False),
            ],
        )
        self.assertEqual(chart["total"], 3)

    def test_own_orders(self):
        self.sell(self.serum, 900, user_id=self.manager.id)
        self.sell(self.mask, 100, user_id=self.rep.id)
        self.assertEqual(self.bars(self.rep), [("Tour Mask", 100, 100)])
        self.assertEqual(len(self.bars(self.all)), 2)

    def test_others_are_refused(self):
        portal = self.make_user("portal", "base.group_portal")
        viewer = self.make_user("viewer", "customer_care.group_user_all")
        for user in (portal, self.employee, viewer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.chart(user)

    def test_other_company(self):
        self.sell(self.serum, 10)
        self.sell(self.mask, 5_000, company_id=self.other_company.id)
        self.assertEqual(self.bars(), [("Tour Serum", 10, 100)])
        self.manager.company_ids = [Command.link(self.other_company.id)]
        both = (self.other_company | self.company).ids
        self.assertEqual(
            self.bars(allowed_company_ids=both), [("Tour Mask", 5_000, 100)]
        )

    def test_nothing_sold(self):
        chart = self.chart()
        self.assertEqual((chart["bars"], chart["marks"], chart["total"]), ([], [], 0))

    def test_queries_do_not_grow(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.chart()
            return self.env.cr.sql_log_count - before

        self.sell(self.serum, 10)
        queries()
        few = queries()
        for number in range(20):
            self.sell(
                self.env["product.product"].create({"name": f"More {number}"}), 10
            )
        queries()
        self.assertLessEqual(queries(), few)


@tagged("post_install", "-at_install")
class TestProductParetoUi(HttpCase, ProductParetoCase):
    def test_from_bar_to_product(self):
        now = datetime.now()
        self.sell(self.serum, 900, date=now)
        self.sell(self.mask, 100, date=now)
        self.start_tour(
            "/odoo/action-customer_care.product_pareto_action",
            "customer_care_product_pareto",
            login="care_manager",
        )


class TestParetoTools(BaseCase):
    def test_examples(self):
        failed, tried = doctest.testmod(pareto)
        self.assertFalse(failed)
        self.assertTrue(tried)
