from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TierCase


@tagged("post_install", "-at_install")
class TestTierReviewApply(TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon = cls.customer("Salon")
        cls.shop = cls.customer("Shop")

    def sell(self, partner, *monthly):
        """Orders of July, August … 2026."""
        for month, amount in enumerate(monthly, start=7):
            if amount:
                self.order(partner, amount, f"2026-{month:02}-10")

    def applied(self, date, **values):
        review = self.review(date, months=1, **values)
        review.action_apply()
        return review

    def history(self, partner):
        rows = self.env["care.tier.history"].search(
            [("partner_id", "=", partner.id)], order="id"
        )
        return [(row.old_tier_id.code, row.new_tier_id.code) for row in rows]

    def test_apply(self):
        self.sell(self.salon, 12_000)
        contact = self.customer("Contact", parent_id=self.salon.id, is_company=False)
        review = self.applied("2026-08-01")
        self.assertEqual(review.state, "applied")
        self.assertEqual(review.applied_by_id, self.env.user)
        self.assertEqual(self.salon.care_tier_id, self.A)
        self.assertEqual(contact.care_tier_id, self.A)
        self.assertEqual(self.salon.care_monthly_amount, 12_000)
        self.assertEqual(self.salon.care_revenue_share, 100)
        self.assertIn("A starts at 10,000", self.salon.care_tier_reason)
        self.assertEqual(self.history(self.salon), [(False, "A")])
        row = self.salon.care_tier_history_ids
        self.assertEqual(row.review_id, review)
        self.assertEqual(row.date, fields.Date.to_date("2026-08-01"))

    def test_apply_writes_no_message_per_customer(self):
        self.sell(self.salon, 12_000)
        before = self.salon.message_ids
        review = self.applied("2026-08-01")
        self.assertEqual(self.salon.message_ids, before)
        self.assertIn("tier changed: 1", review.message_ids[0].body)

    def test_upgrade_at_once_downgrade_after_two(self):
        self.sell(self.salon, 4_000, 12_000, 1_500, 1_500, 1_500)
        codes, decisions = [], []
        for month in range(8, 13):
            review = self.applied(f"2026-{month:02}-01")
            codes.append(self.salon.care_tier_id.code)
            decisions.append(self.line(review, self.salon).decision)
        self.assertEqual(codes, ["B", "A", "A", "C", "C"])
        self.assertEqual(decisions, ["upgrade", "upgrade", "held", "downgrade", "keep"])
        held = self.env["care.tier.review.line"].search(
            [("partner_id", "=", self.salon.id), ("decision", "=", "held")]
        )
        self.assertIn("held at A: 1 of 2 consecutive reviews", held.reason)
        self.assertIn("1,500 in the month; B starts at 3,000", held.reason)

    def test_reason_of_a_fall_names_the_bound_that_was_missed(self):
        self.sell(self.salon, 4_000, 1_500, 1_500)
        for month in range(8, 11):
            review = self.applied(f"2026-{month:02}-01")
        self.assertEqual(
            self.line(review, self.salon).reason,
            "1,500 in the month; B starts at 3,000; 2 consecutive reviews",
        )

    def test_raised_by_hand_is_held_as_long_as_any_other(self):
        self.sell(self.salon, 1_500, 1_500, 1_500)
        self.applied("2026-08-01")
        self.salon.care_tier_id = self.B
        kinds = [
            self.line(self.applied(f"2026-{month:02}-01"), self.salon).decision
            for month in (9, 10)
        ]
        self.assertEqual(kinds, ["held", "downgrade"])

    def test_one_good_month_starts_the_count_anew(self):
        self.sell(self.salon, 12_000, 1_500, 12_000, 1_500)
        for month in range(8, 12):
            review = self.applied(f"2026-{month:02}-01")
        self.assertEqual(self.line(review, self.salon).decision, "held")
        self.assertEqual(self.salon.care_tier_id, self.A)

    def test_two_reviews_of_one_month_count_once(self):
        self.sell(self.salon, 12_000, 1_500)
        self.applied("2026-08-01")
        self.applied("2026-09-01")
        review = self.applied("2026-09-15")
        self.assertEqual(self.line(review, self.salon).decision, "held")

    def test_reviews_that_were_not_applied_do_not_count(self):
        self.sell(self.salon, 12_000, 1_500, 1_500)
        self.applied("2026-08-01")
        self.review("2026-09-01", months=1)
        review = self.applied("2026-10-01")
        self.assertEqual(self.line(review, self.salon).decision, "held")

    def test_downgrade_after_three(self):
        self.company.care_downgrade_after = 3
        self.sell(self.salon, 12_000, 1_500, 1_500, 1_500)
        kinds = [
            self.line(self.applied(f"2026-{month:02}-01"), self.salon).decision
            for month in range(8, 12)
        ]
        self.assertEqual(kinds, ["upgrade", "held", "held", "downgrade"])

    def test_applying_twice_is_refused(self):
        self.sell(self.salon, 12_000)
        review = self.applied("2026-08-01")
        with self.assertError(UserError, "This is not possible"):
            review.action_apply()
        self.assertEqual(self.history(self.salon), [(False, "A")])

    def test_older_review_is_refused(self):
        self.sell(self.salon, 12_000, 4_000)
        old = self.review("2026-08-01", months=1)
        self.applied("2026-09-01")
        with self.assertError(
            UserError, "has already been applied, and applying this older one would"
        ):
            old.action_apply()
        self.assertEqual(self.salon.care_tier_id, self.B)

    def test_draft_cannot_be_applied(self):
        with self.assertRaises(UserError):
            self.review(compute=False).action_apply()

    def test_excluded_customer_keeps_its_tier(self):
        self.sell(self.salon, 12_000)
        self.sell(self.shop, 4_000)
        review = self.review("2026-08-01", months=1)
        self.line(review, self.salon).action_exclude()
        review.action_apply()
        self.assertFalse(self.salon.care_tier_id)
        self.assertEqual(self.salon.care_monthly_amount, 12_000, "a fact, not a tier")
        self.assertEqual(self.shop.care_tier_id, self.B)
        with self.assertError(UserError, "awaiting approval"):
            self.line(review, self.shop).action_exclude()

    def test_change_by_hand_after_computing_wins(self):
        self.sell(self.salon, 12_000)
        self.sell(self.shop, 12_000)
        review = self.review("2026-08-01", months=1)
        self.salon.care_tier_id = self.C
        self.shop.write(
            {"care_tier_locked_until": "2026-12-31", "care_tier_lock_reason": "New"}
        )
        review.action_apply()
        self.assertEqual(self.salon.care_tier_id, self.C)
        self.assertFalse(self.shop.care_tier_id)
        self.assertIn("computed: 2", review.message_ids[0].body)

    def test_locked_customer(self):
        self.salon.write(
            {
                "care_tier_id": self.A.id,
                "care_tier_locked_until": "2026-09-01",
                "care_tier_lock_reason": "Contract",
            }
        )
        self.company.care_downgrade_after = 1
        line = self.line(self.applied("2026-09-01"), self.salon)
        self.assertEqual((line.decision, line.proposed_tier_id), ("locked", self.A))
        self.assertIn("Contract", line.reason)
        line = self.line(self.applied("2026-09-02"), self.salon)
        self.assertEqual(line.decision, "downgrade", "the lock ended the day before")

    def test_tier_archived_after_computing(self):
        self.sell(self.salon, 4_000)
        review = self.review("2026-08-01", months=1)
        self.B.active = False
        with self.assertError(UserError, "no longer uses the tier"):
            review.action_apply()
        self.assertFalse(self.salon.care_tier_id)

    def test_other_review_applied_after_computing(self):
        self.sell(self.salon, 4_000, 12_000)
        with freeze_time("2026-09-10 10:00:00"):
            older = self.review("2026-08-01", months=1)
            newer = self.review("2026-09-01", months=1)
        with freeze_time("2026-09-10 11:00:00"):
            older.action_apply()
            with self.assertError(UserError, "was applied after"):
                newer.action_apply()
            newer.action_compute()
            newer.action_apply()
        self.assertEqual(self.salon.care_tier_id, self.A)

    def test_undo(self):
        self.sell(self.salon, 12_000, 4_000)
        self.sell(self.shop, 0, 4_000)
        self.company.care_downgrade_after = 1
        first = self.applied("2026-08-01")
        second = self.applied("2026-09-01")
        with self.assertError(UserError, "Undo the later one first"):
            first.action_undo()
        second.action_undo()
        self.assertEqual(second.state, "computed")
        self.assertEqual(self.salon.care_tier_id, self.A)
        self.assertEqual(self.salon.care_monthly_amount, 12_000)
        self.assertEqual(self.shop.care_tier_id, self.D)
        self.assertFalse(self.shop.care_monthly_amount)
        self.assertEqual(
            self.history(self.salon), [(False, "A"), ("A", "B"), ("B", "A")]
        )

    def test_undo_leaves_what_changed_since(self):
        self.sell(self.salon, 12_000)
        review = self.applied("2026-08-01")
        self.salon.care_tier_id = self.C
        review.action_undo()
        self.assertEqual(self.salon.care_tier_id, self.C)

    def test_undo_twice_with_an_exclusion_between(self):
        self.sell(self.salon, 12_000)
        self.sell(self.shop, 4_000)
        review = self.applied("2026-08-01")
        review.action_undo()
        self.line(review, self.salon).action_exclude()
        review.action_apply()
        self.assertEqual(self.shop.care_tier_id, self.B)
        review.action_undo()
        self.assertFalse(self.salon.care_tier_id)
        self.assertFalse(self.shop.care_tier_id)

    def test_applied_review_cannot_be_deleted(self):
        self.sell(self.salon, 12_000)
        review = self.applied("2026-08-01")
        with self.assertError(UserError, "history"):
            review.unlink()
        review.action_undo()
        with self.assertError(UserError, "Cancel it"):
            review.unlink()
        review.action_cancel()
        self.review().unlink()

    def test_each_company_has_its_own_tier(self):
        self.sell(self.salon, 12_000)
        self.applied("2026-08-01")
        other = self.salon.with_company(self.other_company)
        self.assertFalse(other.care_tier_id)
        shared_d = self.env.ref("customer_care.care_tier_d")
        other.care_tier_id = shared_d
        self.assertEqual(self.salon.care_tier_id, self.A)
        self.assertEqual(other.care_tier_id, shared_d)

    def test_deleted_customer_leaves_the_review(self):
        self.sell(self.shop, 4_000)
        self.salon.care_tier_id = self.D
        review = self.review("2026-08-01", months=1)
        self.salon.unlink()
        review.action_apply()
        self.assertEqual(self.shop.care_tier_id, self.B)

    def test_query_count_does_not_grow_with_customers(self):
        for number in range(5):
            self.sell(self.customer(f"A{number}"), 1_000 * number)
        first = self.review("2026-08-01", months=1)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            first.action_apply()
            self.env.flush_all()
        for number in range(60):
            self.sell(self.customer(f"B{number}"), 0, 1_000 * number)
        second = self.review("2026-09-01", months=1)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            second.action_apply()
            self.env.flush_all()
