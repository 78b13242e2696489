from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import TierCase


@tagged("post_install", "-at_install")
class TestCareTier(TierCase):
    def test_thresholds_must_descend(self):
        with self.assertError(ValidationError, "lower monthly amount"):
            self.B.min_monthly_amount = 10_000
        with self.assertError(ValidationError, "lower monthly amount"):
            self.A.sequence = 99

    def test_shares_must_ascend(self):
        with self.assertError(ValidationError, "higher share"):
            self.B.max_cumulative_share = 70
        for share in (0, -1, 101):
            with self.assertError(ValidationError, "share of sales"):
                self.D.max_cumulative_share = share

    def test_negative_values(self):
        for field in ("min_monthly_amount", "max_overdue_days"):
            with self.assertError(ValidationError, "negative"):
                self.D[field] = -1

    def test_two_tiers_with_one_code(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertError(IntegrityError, "care_tier_code_uniq"),
        ):
            self.C.code = "a"
            self.C.flush_recordset()
        self.assertTrue(self.make_tiers(self.other_company), "not across companies")

    def test_blank_code(self):
        with self.assertError(ValidationError, "needs a code"):
            self.C.code = " "

    def test_own_tiers_come_before_shared_ones(self):
        Tier = self.env["care.tier"]
        self.assertEqual(Tier._for_company(self.company), self.tiers)
        shared = Tier.search([("company_id", "=", False)])
        self.assertTrue(shared, "the default tiers of the app")
        self.assertEqual(Tier._for_company(self.other_company), shared)

    def test_default_tiers(self):
        """domain.md §2"""
        tiers = [self.env.ref(f"customer_care.care_tier_{code}") for code in "abcd"]
        self.assertEqual(
            [(t.code, t.min_monthly_amount, t.max_cumulative_share) for t in tiers],
            [("A", 10_000, 70), ("B", 3_000, 90), ("C", 1_000, 99), ("D", 0, 100)],
        )
        factors = [
            self.env.ref(f"customer_care.care_segment_{name}").threshold_factor
            for name in ("mid", "high")
        ]
        self.assertEqual(factors, [1.0, 2.0])

    def test_no_tiers(self):
        self.env["care.tier"].search([]).active = False
        with self.assertError(UserError, "has no customer tiers"):
            self.review()

    def test_used_tier_is_archived_not_deleted(self):
        self.customer().care_tier_id = self.A
        with self.assertError(UserError, "Archive it"):
            self.A.unlink()
        self.A.active = False
        self.assertEqual(self.env["care.tier"]._for_company(self.company)[0], self.B)

    def test_copy_does_not_break_the_scale(self):
        copy = self.B.copy()
        self.assertFalse(copy.active)
        self.assertEqual(self.env["care.tier"]._for_company(self.company), self.tiers)

    def test_used_tier_stays_with_its_company(self):
        shared = self.env.ref("customer_care.care_tier_a")
        self.customer().with_company(self.other_company).care_tier_id = shared
        with self.assertError(UserError, "its company cannot be changed"):
            shared.company_id = self.company

    def test_second_copy(self):
        copies = self.B.copy() + self.B.copy()
        self.assertEqual(len(set(copies.mapped("code"))), 2)

    def test_found_as_exported(self):
        found = self.env["care.tier"].name_search("A · Tier A", operator="=")
        self.assertEqual([tier_id for tier_id, _name in found], self.A.ids)

    def test_segment_factor(self):
        for factor in (0, -1):
            with self.assertError(ValidationError, "greater than 0"):
                self.env["care.segment"].create(
                    {"name": "Bad", "threshold_factor": factor}
                )

    def test_found_by_code(self):
        found = self.env["care.tier"].name_search(
            "A", [("company_id", "=", self.company.id)], operator="="
        )
        self.assertEqual([tier_id for tier_id, _name in found], self.A.ids)
        self.assertEqual(self.A.display_name, "A · Tier A")
