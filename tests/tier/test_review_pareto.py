import json
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ...models.tier import care_tier_review_pareto
from ..common import TierCase


class ReviewParetoCase(TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("Tour Big", "Tour Main", "Tour Ordinary", "Tour Small")
        cls.customers = [cls.customer(name) for name in names]
        for customer, amount in zip(
            cls.customers, (45_000, 9_000, 5_400, 600), strict=True
        ):
            cls.order(customer, amount)


@tagged("post_install", "-at_install")
class TestReviewPareto(ReviewParetoCase):
    def chart(self, review, user=None):
        return review.with_user(user or self.manager).get_pareto()

    def marks(self, **values):
        return [
            (mark["label"], mark["count"], round(mark["share"], 2))
            for mark in self.chart(self.review(**values))["marks"]
        ]

    def test_bars(self):
        chart = self.chart(self.review())
        self.assertEqual(
            [
                (bar["first"], bar["last"], bar["label"], bar["amount"], bar["share"])
                for bar in chart["bars"]
            ],
            [
                (1, 1, "Tour Big", 15_000, 75),
                (2, 2, "Tour Main", 3_000, 90),
                (3, 3, "Tour Ordinary", 1_800, 99),
                (4, 4, "Tour Small", 200, 100),
            ],
        )
        self.assertEqual(
            [bar["res_id"] for bar in chart["bars"]],
            [customer.id for customer in self.customers],
        )
        self.assertEqual(
            [(tier["code"], tier["count"], tier["share"]) for tier in chart["tiers"]],
            [("A", 1, 75), ("B", 1, 15), ("C", 1, 9), ("D", 1, 1)],
        )
        self.assertEqual(chart["total"], 4)

    def test_bars_of_several(self):
        with patch.object(care_tier_review_pareto, "REVIEW_BAR_LIMIT", 2):
            review = self.review()
            chart = self.chart(review)
        first, second = chart["bars"]
        self.assertEqual(
            (first["first"], first["last"], first["share"], first["res_id"]),
            (1, 2, 90, False),
        )
        self.assertEqual(
            second["parts"],
            [
                {"tier_id": self.C.id, "count": 1, "amount": 1_800},
                {"tier_id": self.D.id, "count": 1, "amount": 200},
            ],
        )
        action = review.action_open_amounts(second["low"], second["high"])
        lines = self.env["care.tier.review.line"].search(action["domain"])
        self.assertEqual(lines.partner_id.ids, [c.id for c in self.customers[2:]])

    def test_excluded_keeps_its_tier(self):
        review = self.review()
        self.line(review, self.customers[0]).with_user(self.manager).excluded = True
        chart = json.loads(json.dumps(self.chart(review)))
        self.assertEqual(
            [(tier["id"], tier["count"]) for tier in chart["tiers"]],
            [(self.B.id, 1), (self.C.id, 1), (self.D.id, 1), (False, 1)],
        )

    def test_where_tiers_end(self):
        """By amount A is one customer, by share the first two, once A goes to 80 %."""
        self.assertEqual(self.marks(), [("A", 1, 75), ("B", 2, 90), ("C", 3, 99)])
        self.A.max_cumulative_share = 80
        by_share = [("A", 2, 90), ("B", 2, 90), ("C", 3, 99)]
        self.assertEqual(self.marks(method="share"), by_share)
        self.assertEqual(self.marks(method="higher"), by_share)
        self.assertEqual(
            self.marks(method="lower"), [("A", 1, 75), ("B", 2, 90), ("C", 3, 99)]
        )

    def test_empty(self):
        chart = self.chart(self.review(compute=False))
        self.assertEqual((chart["bars"], chart["marks"], chart["total"]), ([], [], 0))
        chart = self.chart(self.review(date="2020-01-05"))
        self.assertEqual({bar["share"] for bar in chart["bars"]}, {0})
        self.assertEqual({mark["share"] for mark in chart["marks"]}, {0})

    def test_access(self):
        review = self.review()
        self.assertEqual(len(self.chart(review, self.all)["bars"]), 4)
        portal = self.make_user("portal", "base.group_portal")
        for user in (portal, self.employee, self.rep):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.chart(review, user)

    def test_other_company(self):
        self.make_tiers(self.other_company)
        review = self.review(company_id=self.other_company.id)
        with self.assertRaises(AccessError):
            self.chart(review)

    def test_queries_do_not_grow(self):
        def queries():
            review = self.review()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.chart(review)
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for number in range(30):
            self.order(self.customer(f"More {number}"), 10 + number)
        self.assertLessEqual(queries(), few)


@tagged("post_install", "-at_install")
class TestReviewParetoUi(HttpCase, ReviewParetoCase):
    def test_from_review_to_customer(self):
        review = self.review()
        self.start_tour(
            f"/odoo/action-customer_care.tier_review_action/{review.id}",
            "customer_care_review_pareto",
            login="care_manager",
        )
