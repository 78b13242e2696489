from datetime import datetime
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

TIERS = (
    # code, from monthly amount, up to share of sales
    ("A", Decimal(30), 70),
    ("B", Decimal("15.25"), 90),  # one customer bought for exactly 3 × 15.25
    ("C", Decimal(5), 99),  # one bought for 14.99, which is 5.00 a month when rounded
    ("D", Decimal(0), 100),
)

WINDOW = ("19980401", "19980630")
MONTHS = 3


@tagged("post_install", "-at_install")
class TestCdnow(TransactionCase):
    """Real purchases, classified by the module and by plain Python that shares
    nothing with it. ``script/load-cdnow`` does the same with all of the history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        dollar = cls.env.ref("base.USD")
        dollar.active = True
        cls.company = cls.env["res.company"].create(
            {"name": "CDNOW Test", "currency_id": dollar.id}
        )
        cls.env["care.tier"].create(
            [
                {
                    "company_id": cls.company.id,
                    "code": code,
                    "name": code,
                    "sequence": sequence,
                    "min_monthly_amount": float(amount),
                    "max_cumulative_share": share,
                }
                for sequence, (code, amount, share) in enumerate(TIERS)
            ]
        )
        cls.purchases = cls.read_sample()
        cls.partners = cls.make_partners()
        cls.make_orders()
        cls.totals = cls.sum_window()

    @staticmethod
    def read_sample():
        """Purchases as (customer, day, dollars)."""
        with file_open("customer_care/tests/data/cdnow_sample.txt") as sample:
            rows = [line.split() for line in sample if not line.startswith("#")]
        return [(row[0], row[1], Decimal(row[3])) for row in rows]

    @classmethod
    def make_partners(cls):
        refs = sorted({customer for customer, _day, _dollars in cls.purchases})
        partners = cls.env["res.partner"].create(
            [{"name": f"CDNOW {ref}", "ref": ref} for ref in refs]
        )
        return dict(zip(refs, partners, strict=True))

    @classmethod
    def make_orders(cls):
        product = cls.env["product.product"].create(
            {"name": "CDs", "type": "service", "taxes_id": []}
        )
        orders = cls.env["sale.order"].create(
            [
                {
                    "name": f"CDNOW-{number}",
                    "partner_id": cls.partners[customer].id,
                    "company_id": cls.company.id,
                    "date_order": datetime.strptime(day + "12", "%Y%m%d%H"),
                    "state": "sale",
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "price_unit": float(dollars),
                                "tax_ids": [],
                            }
                        )
                    ],
                }
                for number, (customer, day, dollars) in enumerate(cls.purchases)
            ]
        )
        orders.flush_recordset()

    @classmethod
    def sum_window(cls):
        """{partner: dollars in the window}, also of those who bought nothing in it."""
        totals = dict.fromkeys(cls.partners.values(), Decimal(0))
        for customer, day, dollars in cls.purchases:
            if WINDOW[0] <= day <= WINDOW[1]:
                totals[cls.partners[customer]] += dollars
        return totals

    def by_amount(self):
        """{partner: place of the tier}; a total is compared with a threshold for the
        whole window, so that nothing is rounded."""
        return {
            partner: next(
                place
                for place, (_code, start, _share) in enumerate(TIERS)
                if total >= start * MONTHS
            )
            for partner, total in self.totals.items()
        }

    def by_share(self):
        everything = sum(self.totals.values())
        last = len(TIERS) - 1
        places = {}
        before = Decimal(0)
        largest_first = sorted(self.totals, key=lambda p: (-self.totals[p], p.id))
        for partner in largest_first:
            places[partner] = last
            if self.totals[partner]:
                places[partner] = next(
                    place
                    for place, (_code, _start, end) in enumerate(TIERS)
                    if before * 100 < end * everything
                )
            before += self.totals[partner]
        return places

    def review(self, method):
        review = self.env["care.tier.review"].create(
            {
                "company_id": self.company.id,
                "date": "1998-07-01",
                "months": MONTHS,
                "source": "sale",
                "method": method,
            }
        )
        review.action_compute()
        return review

    def assertPlaces(self, method, expected):
        """:param expected: {partner: place of the tier}"""
        lines = self.review(method).line_ids
        self.assertEqual(lines.partner_id, self.env["res.partner"].union(*expected))
        differences = {
            line.partner_id.ref: (self.totals[line.partner_id], code, computed)
            for line in lines
            for code in [TIERS[expected[line.partner_id]][0]]
            for computed in [line.computed_tier_id.code]
            if code != computed
        }
        self.assertEqual(differences, {}, "customer: (dollars, expected, computed)")
        self.assertEqual(
            lines.computed_tier_id.mapped("code"),
            ["A", "B", "C", "D"],
            "without customers in each tier the sample proves little",
        )
        for line in lines:
            self.assertEqual(line.proposed_tier_id, line.computed_tier_id)

    def test_amounts(self):
        review = self.review("amount")
        self.assertEqual((len(self.purchases), len(review.line_ids)), (905, 298))
        self.assertEqual(review.amount_total, float(sum(self.totals.values())))
        for line in review.line_ids:
            monthly = float(self.totals[line.partner_id] / MONTHS)
            self.assertAlmostEqual(line.monthly_amount, monthly, delta=0.005)

    def test_amount(self):
        self.assertPlaces("amount", self.by_amount())

    def test_share(self):
        self.assertPlaces("share", self.by_share())

    def test_lower(self):
        amount, share = self.by_amount(), self.by_share()
        self.assertPlaces("lower", {p: max(amount[p], share[p]) for p in amount})

    def test_higher(self):
        amount, share = self.by_amount(), self.by_share()
        self.assertPlaces("higher", {p: min(amount[p], share[p]) for p in amount})
