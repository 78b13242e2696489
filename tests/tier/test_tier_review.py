from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TierCase


@tagged("post_install", "-at_install")
class TestTierReview(TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big, cls.main, cls.ordinary, cls.small = (
            cls.customer(name) for name in ("Big", "Main", "Ordinary", "Small")
        )

    def sell(self):
        """Window amounts 45,000 / 9,000 / 5,400 / 600: 15,000 / 3,000 / 1,800 / 200 a
        month; shares 75 / 15 / 9 / 1 %."""
        self.order(self.big, 45_000)
        self.order(self.main, 9_000)
        self.order(self.ordinary, 5_400)
        self.order(self.small, 600)

    def test_by_amount(self):
        self.sell()
        review = self.review()
        self.assertTiers(
            review,
            {self.big: "A", self.main: "B", self.ordinary: "C", self.small: "D"},
        )
        self.assertEqual(review.state, "computed")
        self.assertEqual(review.amount_total, 60_000)
        line = self.line(review, self.main)
        self.assertEqual(line.monthly_amount, 3_000)
        self.assertEqual(
            line.reason, "3,000 a month over 3 months; B starts at 3,000; First tier"
        )

    def test_just_below_a_threshold(self):
        """8,999.99 over 3 months rounds to 3,000.00 a month, and is less."""
        self.order(self.main, 8_999.99)
        line = self.line(self.review(), self.main)
        self.assertEqual(line.proposed_tier_id, self.C)
        self.assertIn("2,999.99 a month", line.reason)

    def test_by_share(self):
        self.sell()
        review = self.review(method="share")
        self.assertTiers(
            review,
            {self.big: "A", self.main: "B", self.ordinary: "C", self.small: "D"},
        )
        line = self.line(review, self.ordinary)
        self.assertAlmostEqual(line.share, 9)
        self.assertAlmostEqual(line.cumulative_share, 99)
        self.assertIn("9 % of sales, after customers with 90 %", line.reason)

    def test_lower_and_higher(self):
        """Main: B by amount, A by share. Small: D by amount, B by share."""
        self.order(self.big, 13_000)
        self.order(self.main, 12_000)
        self.order(self.small, 2_900)
        self.assertTiers(
            self.review(method="lower"),
            {self.big: "B", self.main: "B", self.small: "D"},
        )
        self.assertTiers(
            self.review(method="higher"),
            {self.big: "A", self.main: "A", self.small: "B"},
        )

    def test_segment_doubles_thresholds(self):
        self.sell()
        self.main.care_segment_id = self.env["care.segment"].create(
            {"name": "High-end", "threshold_factor": 2}
        )
        line = self.line(self.review(), self.main)
        self.assertEqual(line.proposed_tier_id, self.C)
        self.assertIn("C starts at 2,000", line.reason)

    def test_contacts_count_for_their_company(self):
        buyer = self.customer("Buyer", parent_id=self.main.id, is_company=False)
        self.order(self.main, 5_000)
        self.order(buyer, 4_000)
        self.assertTiers(self.review(), {self.main: "B"})

    def test_only_confirmed_orders(self):
        self.order(self.big, 90_000, state="draft")
        self.order(self.main, 90_000, state="cancel")
        self.assertFalse(self.review().line_ids)

    def test_refunds_count_negative(self):
        self.order(self.main, 12_000)
        self.order(self.main, -4_000)
        self.assertEqual(self.line(self.review(), self.main).monthly_amount, 2666.67)

    def test_more_returned_than_bought(self):
        self.order(self.main, -4_000)
        self.order(self.big, 30_000)
        review = self.review(method="share")
        self.assertTiers(review, {self.main: "D", self.big: "A"})
        self.assertEqual(self.line(review, self.big).share, 100)

    def test_window_is_whole_months_in_company_time(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self.order(self.main, 300, "2026-07-31 15:59:59")  # 23:59:59 in Shanghai
        self.order(self.main, 3_000, "2026-07-31 16:00:00")  # 1 August
        self.order(self.main, 6_000, "2026-10-31 15:59:59")
        self.order(self.main, 900, "2026-10-31 16:00:00")  # 1 November
        review = self.review()
        self.assertEqual(
            (review.date_from, review.date_to), (date(2026, 8, 1), date(2026, 10, 31))
        )
        self.assertEqual(self.line(review, self.main).monthly_amount, 3_000)

    def test_customer_from_long_ago_is_last(self):
        self.order(self.main, 90_000, "2020-01-01")
        line = self.line(self.review(), self.main)
        self.assertEqual(line.proposed_tier_id, self.D)
        self.assertIn("No purchases from", line.reason)

    def test_customer_with_a_tier_but_no_order(self):
        self.main.care_tier_id = self.B
        self.assertEqual(
            self.line(self.review(), self.main).decision, "held", "first of two"
        )

    def test_no_customers(self):
        review = self.review()
        self.assertEqual((review.state, review.line_count), ("computed", 0))
        self.assertEqual(review.matrix["cells"], [])

    def test_other_company_has_its_own_orders(self):
        self.order(self.main, 9_000)
        review = self.review(company_id=self.other_company.id)
        self.assertFalse(review.line_ids)

    def test_other_currency_at_the_rate_of_the_order(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XCC",
                "symbol": "X",
                "rate_ids": [
                    Command.create({"name": day, "rate": rate, "company_id": False})
                    for day, rate in (("2026-08-01", 2), ("2026-09-01", 4))
                ],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "X", "currency_id": currency.id, "company_id": self.company.id}
        )
        self.order(self.main, 6_000, "2026-08-15", pricelist_id=pricelist.id)
        self.order(self.main, 24_000, "2026-09-15", pricelist_id=pricelist.id)
        self.assertEqual(self.line(self.review(), self.main).monthly_amount, 3_000)

    def test_currency_without_a_rate(self):
        currency = self.env["res.currency"].create({"name": "XCC", "symbol": "X"})
        pricelist = self.env["product.pricelist"].create(
            {"name": "X", "currency_id": currency.id, "company_id": self.company.id}
        )
        self.sell()
        order = self.order(self.main, 9_000, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, currency)
        review = self.review(compute=False)
        with self.assertError(UserError, f"exchange rate for XCC.*{order.name}"):
            review.action_compute()
        self.assertEqual((review.state, review.line_count), ("draft", 0))
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2026-09-01", "rate": 3}
        )
        review.action_compute()
        self.assertEqual(self.line(review, self.main).monthly_amount, 4_000)

    def test_window_needs_months(self):
        for months in (0, -3, 121):
            with self.assertError(ValidationError, "between 1 and 120"):
                self.review(months=months)
            with self.assertError(ValidationError, "between 1 and 120"):
                self.company.care_review_months = months
        with self.assertError(ValidationError, "must be 1 or more"):
            self.company.care_downgrade_after = 0

    def test_compute_again_replaces_the_lines(self):
        self.sell()
        review = self.review()
        self.order(self.small, 30_000)
        review.action_compute()
        self.assertEqual(len(review.line_ids), 4)
        self.assertEqual(self.line(review, self.small).proposed_tier_id, self.A)

    def test_settings_freeze_once_computed(self):
        self.sell()
        review = self.review()
        with self.assertError(UserError, "back to draft"):
            review.months = 6
        review.action_draft()
        self.assertFalse(review.line_ids)
        review.months = 6
        review.action_compute()
        self.assertEqual(self.line(review, self.big).monthly_amount, 7_500)

    def test_matrix_and_movers(self):
        self.sell()
        self.small.care_tier_id = self.A
        self.company.care_downgrade_after = 1
        review = self.review()
        cells = {
            (cell["from"], cell["to"]): (cell["count"], cell["amount"])
            for cell in review.matrix["cells"]
        }
        self.assertEqual(cells[self.A.id, self.D.id], (1, 200))
        self.assertEqual(cells[False, self.A.id], (1, 15_000))
        self.assertEqual(review.mover_ids.partner_id, self.small)
        self.assertEqual(
            (review.new_count, review.upgrade_count, review.downgrade_count),
            (3, 0, 1),
        )
        self.line(review, self.small).action_exclude()
        cells = {(cell["from"], cell["to"]) for cell in review.matrix["cells"]}
        self.assertIn((self.A.id, self.A.id), cells, "an excluded customer stays")
        self.assertEqual((review.downgrade_count, review.excluded_count), (0, 1))

    def test_matrix_cell_opens_its_lines(self):
        self.sell()
        review = self.review()
        action = review.action_open_cell(False, self.A.id)
        Line = self.env["care.tier.review.line"]
        self.assertEqual(Line.search(action["domain"]).partner_id, self.big)
        self.line(review, self.big).action_exclude()
        self.assertFalse(Line.search(action["domain"]))
        stays = review.action_open_cell(False, False)
        self.assertEqual(Line.search(stays["domain"]).partner_id, self.big)

    def test_documents_behind_a_line(self):
        self.sell()
        self.order(self.main, 77, "2026-11-02")
        line = self.line(self.review(), self.main)
        action = line.action_open_documents()
        orders = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sum(orders.mapped("amount_untaxed")), 9_000)

    def test_segment_of_another_company(self):
        self.order(self.main, 9_000)
        self.main.care_segment_id = self.env["care.segment"].create(
            {
                "name": "Theirs",
                "threshold_factor": 100,
                "company_id": self.other_company.id,
            }
        )
        self.assertTiers(self.review(), {self.main: "B"})

    def test_archived_tier_has_a_successor(self):
        """B is gone: its customers stand where its amount belongs, in C."""
        self.main.care_tier_id = self.B
        self.B.active = False
        review = self.review()
        line = self.line(review, self.main)
        self.assertEqual((line.decision, line.proposed_tier_id), ("held", self.C))
        review.action_apply()
        self.assertEqual(self.main.care_tier_id, self.C)

    def test_company_gets_tiers_of_its_own(self):
        shared = self.env.ref("customer_care.care_tier_a")
        main = self.main.with_company(self.other_company)
        main.care_tier_id = shared
        own = self.make_tiers(self.other_company)
        self.order(self.main, 90_000, company_id=self.other_company.id)
        review = self.review(company_id=self.other_company.id)
        self.assertEqual(self.line(review, self.main).decision, "keep")
        review.action_apply()
        self.assertEqual(main.care_tier_id, own[0])

    def test_contexts_cannot_forge_an_application(self):
        forged = (
            self.env["care.tier.review"]
            .with_user(self.manager)
            .with_context(default_state="applied", default_is_automatic=True)
            .create({"date": "2030-01-01"})
        )
        self.assertEqual((forged.state, forged.is_automatic), ("draft", False))
        with self.assertRaises(UserError):
            forged.write({"applied_by_id": self.rep.id})

    def test_lines_cannot_be_forged(self):
        self.sell()
        line = self.line(self.review(), self.small).with_user(self.manager)
        for vals in ({"proposed_tier_id": self.A.id}, {"decision": "upgrade"}):
            with self.assertRaises(AccessError):
                line.write(vals)
        with self.assertRaises(UserError):
            line.review_id.write({"state": "applied"})
        forged = (
            self.env["care.tier.review"]
            .with_user(self.manager)
            .create({"state": "applied", "date": fields.Date.today()})
        )
        self.assertEqual(forged.state, "draft")

    def test_reason_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.order(self.main, 9_600.9)
        line = self.line(self.review(), self.main)
        self.assertIn("3,200.30", line.reason)
        self.assertIn("3.200,30", line.with_context(lang="de_DE").reason)

    def test_query_count_does_not_grow_with_customers(self):
        for number in range(5):
            self.order(self.customer(f"A{number}"), 1_000 * number)
        review = self.review()
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            review.action_compute()
        for number in range(40):
            self.order(self.customer(f"B{number}"), 1_000 * number)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            review.action_compute()
