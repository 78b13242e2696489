from datetime import timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.outlook.care_loyalty import LOYALTY_KINDS
from ...tools.loyalty import (
    DISCOUNT_SHARE,
    MIN_REPEATS,
    Signs,
    price_sensitivity,
    propose,
)
from ..common_outlook import OutlookCase

SIGNS = st.builds(
    Signs,
    repeats=st.integers(0, 40),
    interval=st.none() | st.floats(1, 400),
    silence=st.none() | st.integers(0, 2000),
    new_products=st.integers(0, 9),
    grade=st.none() | st.floats(0, 3),
    referrals=st.integers(0, 4),
    elasticity=st.none() | st.floats(-5, 5),
    discounts=st.floats(0, 1),
    competitor_notes=st.integers(0, 4),
    tolerated=st.integers(0, 4),
    attitude=st.sampled_from([None, "refuses", "compares", "no_choice"]),
)


@tagged("post_install", "-at_install")
class TestLoyalty(OutlookCase):
    def setUp(self):
        super().setUp()
        self.Loyalty = self.env["care.loyalty"]

    def loyalty(self, partner, user=None):
        row = self.Loyalty.search(
            [("partner_id", "=", partner.id), ("company_id", "=", self.company.id)]
        )
        return row.with_user(user) if user else row

    def propose(self, today=None):
        self.Loyalty._refresh(self.company, today or self.today)

    @settings(max_examples=200, deadline=None)
    @given(SIGNS)
    def test_kind_has_reasons(self, signs):
        kind, reasons = propose(signs)
        self.assertTrue(reasons)
        self.assertIn(kind, {False, *dict(LOYALTY_KINDS)})
        words = self.Loyalty._reason_words()
        for code, number in reasons:
            self.assertIn(code, words)
            self.assertNotIn("%(", words[code] % {"number": number})
        if signs.repeats < MIN_REPEATS:
            self.assertIn(kind, (False, "latent", "monopoly"))
        if kind == "true":
            self.assertFalse(signs.competitor_notes)
            self.assertNotEqual(price_sensitivity(signs.elasticity), "high")

    def test_every_kind_is_reached(self):
        for kind, signs in {
            "true": Signs(
                repeats=8,
                interval=20,
                silence=5,
                referrals=1,
                tolerated=1,
                new_products=2,
            ),
            "incentive": Signs(repeats=4, discounts=0.8),
            "price": Signs(repeats=4, elasticity=-2),
            "convenience": Signs(repeats=9, interval=7, silence=3),
            "latent": Signs(repeats=0, referrals=1),
            "inertia": Signs(repeats=5, interval=30, silence=5),
            "monopoly": Signs(repeats=3, attitude="no_choice"),
            False: Signs(repeats=1),
        }.items():
            self.assertEqual(propose(signs)[0], kind, kind)

    def test_silent_is_not_too_few(self):
        signs = Signs(repeats=3, interval=30, silence=90)
        self.assertEqual(propose(signs), (False, [("rare", 3)]))
        self.assertEqual(propose(Signs(repeats=1)), (False, [("too_few", 1)]))

    def test_discount_boundary(self):
        for share, kind in ((DISCOUNT_SHARE, "incentive"), (0.499, "inertia")):
            signs = Signs(repeats=4, interval=30, silence=5, discounts=share)
            self.assertEqual(propose(signs)[0], kind, share)

    def test_small_discount_does_not_sell(self):
        buyer = self.customer("Coupons")
        lines = self.orders(buyer, range(10, 170, 40)).order_line
        self.assertEqual(len(lines), 4)
        lines.discount = 4.9
        self.propose()
        row = self.loyalty(buyer)
        self.assertEqual((row.discount_share, row.proposed_kind), (0, "inertia"))
        lines[:2].discount = 5
        self.propose()
        self.assertEqual((row.discount_share, row.proposed_kind), (50, "incentive"))
        lines[1].discount = 4.9
        self.propose()
        self.assertEqual((row.discount_share, row.proposed_kind), (25, "inertia"))

    def test_year_to_the_day(self):
        self.propose()
        row = self.loyalty(self.mine)
        row.action_confirm()
        year_ago = self.today - relativedelta(years=1)
        row.confirmed_date = year_ago + timedelta(days=1)
        self.propose()
        self.assertEqual(row.state, "confirmed", "a day is left")
        row.confirmed_date = year_ago
        self.propose()
        self.assertEqual(row.state, "proposed")
        self.assertEqual(row.kind, "inertia", "until somebody confirms again")

    def test_signs_from_orders(self):
        self.propose()
        row = self.loyalty(self.mine)
        self.assertEqual(row.repeat_count, 7)
        self.assertEqual(row.interval_days, 20)
        self.assertEqual(row.silence_days, 18)
        self.assertEqual(row.price_sensitivity, "unknown", "one price only")
        self.assertEqual(row.proposed_kind, "inertia")
        self.assertIn("always the same goods", row.reason)
        self.assertEqual(self.loyalty(self.theirs).proposed_kind, False, "silent")

    def test_price_where_it_varied(self):
        buyer = self.customer("Bargain", user_id=self.rep.id)
        for day, price, quantity in zip(
            range(10, 250, 30),
            (10, 5, 10, 5, 10, 5, 10, 5),
            (1, 8, 1, 8, 1, 8, 1, 8),
            strict=True,
        ):
            self.orders(buyer, [day], amount=price * quantity, quantity=quantity)
        self.propose()
        self.assertEqual(self.loyalty(buyer).price_sensitivity, "high")
        self.assertEqual(self.loyalty(buyer).proposed_kind, "price")

    def test_discounts(self):
        buyer = self.customer("Coupons")
        self.orders(buyer, range(10, 200, 30)).order_line.discount = 20
        self.propose()
        self.assertEqual(self.loyalty(buyer).proposed_kind, "incentive")
        self.assertEqual(self.loyalty(buyer).discount_share, 100)

    def test_grade_of_what_is_bought_in_foreign_currency(self):
        """One product at one price, in any currency and with any discount, is neither
        of high nor of low grade."""
        currency = self.env["res.currency"].create({"name": "XGR", "symbol": "G"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2020-01-01", "rate": 100}
        )
        abroad = self.customer("Abroad")
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": currency.id}
        )
        orders = self.orders(
            abroad,
            range(10, 200, 30),
            amount=20_000,
            product=self.mask_product,
            pricelist_id=pricelist.id,
        )
        self.assertEqual(orders.currency_id, currency)
        orders.order_line.discount = 50
        at_home = self.customer("At Home")
        self.orders(at_home, range(10, 200, 30), product=self.mask_product)
        self.propose()
        for buyer in (abroad, at_home):
            self.assertEqual(self.loyalty(buyer).grade, "middle")

    def test_new_products_and_referrals(self):
        self.orders(self.mine, range(400, 500, 20))
        self.orders(self.mine, [30], product=self.mask_product)
        self.env["care.referral"].create(
            {"referrer_id": self.mine.id, "referred_id": self.theirs.id}
        )
        self.propose()
        row = self.loyalty(self.mine)
        self.assertEqual(row.new_product_count, 1)
        self.assertEqual(row.referral_count, 1)

    def test_confirm_and_ask_again(self):
        self.propose()
        row = self.loyalty(self.mine, self.rep)
        row.action_confirm()
        self.assertEqual((row.kind, row.state), ("inertia", "confirmed"))
        self.assertEqual(row.confirmed_by_id, self.rep)
        self.assertEqual(self.mine.care_loyalty_kind, "inertia")
        found = self.env["res.partner"].search([("care_loyalty_kind", "=", "inertia")])
        self.assertIn(self.mine, found)
        self.assertNotIn(self.theirs, found)
        groups = dict(
            self.env["res.partner"]._read_group(
                [("id", "in", (self.mine | self.theirs).ids)],
                ["care_loyalty_kind"],
                ["__count"],
            )
        )
        self.assertEqual(groups, {"inertia": 1, False: 1})
        self.propose()
        self.assertEqual(row.state, "confirmed", "nothing has changed")
        self.propose(self.today + timedelta(days=1))
        self.assertEqual(row.state, "confirmed")
        self.env["sale.order"].search(
            [("partner_id", "=", self.mine.id)]
        ).order_line.discount = 30
        self.propose()
        self.assertEqual((row.state, row.proposed_kind), ("proposed", "incentive"))
        self.assertEqual(row.kind, "inertia", "until somebody confirms another")
        row.action_confirm()
        history = self.env["care.loyalty.history"].search(
            [("partner_id", "=", self.mine.id)]
        )
        self.assertEqual(set(history.mapped("kind")), {"inertia", "incentive"})
        row.sudo().confirmed_date = self.today - timedelta(days=400)
        self.propose()
        self.assertEqual(row.state, "proposed", "asked again after a year")

    def test_another_kind_needs_a_reason(self):
        self.propose()
        row = self.loyalty(self.mine, self.rep)
        Choice = self.env["care.loyalty.choice"].with_user(self.rep)
        choice = Choice.create({"loyalty_id": row.id, "kind": "true"})
        with self.assertRaises(UserError):
            choice.action_apply()
        choice.write({"reason": "Told me so", "attitude": "refuses"})
        choice.action_apply()
        self.assertEqual((row.kind, row.attitude), ("true", "refuses"))
        self.assertEqual(row.confirm_reason, "Told me so")

    def test_others_cannot_confirm(self):
        self.propose()
        with self.assertRaises(AccessError):
            self.loyalty(self.theirs).with_user(self.rep).action_confirm()
        choice = self.env["care.loyalty.choice"].with_user(self.rep)
        with self.assertRaises(AccessError):
            choice.create(
                {"loyalty_id": self.loyalty(self.theirs).id, "kind": "true"}
            ).action_apply()
        row = self.loyalty(self.mine, self.rep)
        self.mine.care_manager_id = self.manager
        with self.assertRaises(AccessError):
            row.action_confirm()
        with self.assertRaises(AccessError):
            row.write({"kind": "true"})
        row.with_user(self.manager).action_confirm()
        self.assertEqual(row.kind, "inertia")

    def test_no_query_per_customer(self):
        self.propose()

        def count():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.propose()
            return self.env.cr.sql_log_count - before

        few = count()
        for number in range(8):
            self.orders(self.customer(f"More {number}"), (10, 40, 70))
        self.assertEqual(count(), few)

    def test_report(self):
        self.propose()
        Report = self.env["care.loyalty.report"]
        rows = Report.with_user(self.rep).search([])
        self.assertEqual(rows.partner_id, self.mine)
        self.assertEqual(rows.kind, "inertia")
        groups = Report._read_group(
            [("partner_id", "in", (self.mine | self.theirs).ids)],
            ["kind", "tier_id", "band"],
            ["__count"],
        )
        self.assertEqual(sum(group[-1] for group in groups), 2)

    def test_card(self):
        self.propose()
        card = self.mine.with_user(self.rep).care_card
        self.assertEqual(card["loyalty"]["kind"], "Inertia")
        self.assertFalse(card["loyalty"]["confirmed"])
        self.assertFalse(self.theirs.with_user(self.rep).care_card["loyalty"])

    def test_family(self):
        private, other = self.env["res.partner"].create(
            [
                {"name": "Private", "user_id": self.rep.id},
                {"name": "Other", "user_id": self.all.id},
            ]
        )
        Family = self.env["care.family.member"]
        near = self.today + timedelta(days=7)
        mine, theirs = Family.create(
            [
                {
                    "partner_id": partner.id,
                    "relation": "child",
                    "name": "Kim",
                    "need": "Sun cream",
                    "need_date": near,
                }
                for partner in (private, other)
            ]
        )
        self.assertEqual(Family.with_user(self.rep).search([]), mine)
        with self.assertRaises(AccessError):
            theirs.with_user(self.rep).read(["need"])
        with self.assertRaises(AccessError):
            Family.with_user(self.rep).create(
                {"partner_id": other.id, "relation": "child"}
            )
        with self.assertRaises(UserError):
            Family.create({"partner_id": self.mine.id, "relation": "child"})
        reasons = private.with_user(self.rep)._care_reasons_to_call()
        self.assertIn("Child Kim needs Sun cream", reasons[private])
        mine.need_date = self.today + timedelta(days=60)
        self.assertNotIn(private, private._care_reasons_to_call())
        private.with_user(self.rep).write(
            {"care_family_ids": [Command.update(mine.id, {"need": "Glasses"})]}
        )
        self.assertEqual(mine.need, "Glasses")
