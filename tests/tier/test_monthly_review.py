from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import TierCase

LOGGER = "odoo.addons.customer_care.models.core.care_job"


@tagged("post_install", "-at_install")
class TestMonthlyReview(TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.care_review_user_id = cls.manager
        cls.salon = cls.customer("Salon")

    def run_month(self, day="2026-11-05 03:00:00"):
        with freeze_time(day):
            return self.env["care.tier.review"]._review_month(self.company)

    def run_cron(self):
        cron = self.env.ref("customer_care.ir_cron_tier_review")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def activities(self, review):
        return review.activity_ids.filtered(lambda act: act.user_id == self.manager)

    def test_waits_for_approval(self):
        self.order(self.salon, 36_000)
        review = self.run_month()
        self.assertEqual(review.state, "computed")
        self.assertFalse(self.salon.care_tier_id)
        self.assertIn("First tier: 1", self.activities(review).note)
        review.with_user(self.manager).action_apply()
        self.assertFalse(self.activities(review), "done with the approval")

    def test_applies_by_itself(self):
        self.company.care_review_auto_apply = True
        self.order(self.salon, 36_000)
        review = self.run_month()
        self.assertEqual(review.state, "applied")
        self.assertEqual(self.salon.care_tier_id, self.A)
        self.assertTrue(self.activities(review), "the manager is told all the same")

    def test_once_a_month(self):
        self.order(self.salon, 36_000)
        review = self.run_month()
        self.assertFalse(self.run_month("2026-11-28 03:00:00"))
        december = self.run_month("2026-12-01 03:00:00")
        self.assertEqual(len(review | december), 2)

    def test_month_of_the_company(self):
        """1 December in Shanghai is 30 November in UTC."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self.order(self.salon, 36_000)
        review = self.run_month("2026-11-30 17:00:00")
        self.assertEqual(str(review.date), "2026-12-01")

    def test_nothing_to_review(self):
        self.assertFalse(self.run_month())
        self.assertFalse(
            self.env["care.tier.review"].search([("company_id", "=", self.company.id)])
        )

    def test_wrong_configuration_is_told(self):
        self.order(self.salon, 36_000)
        self.env["care.tier"].search([]).active = False
        review = self.run_month()
        self.assertEqual(review.state, "draft")
        self.assertIn("has no customer tiers", self.activities(review).note)

    def test_manager_falls_back_to_an_administrator(self):
        self.company.care_review_user_id = self.employee
        self.assertTrue(
            self.company._care_manager().has_group("customer_care.group_manager")
        )
        self.assertIn(self.company, self.company._care_manager().company_ids)

    def test_manager_of_another_company_is_not_told(self):
        self.manager.write(
            {
                "company_ids": [(6, 0, self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        self.assertNotEqual(self.company._care_manager(), self.manager)

    def test_refused_application_is_told(self):
        self.company.care_review_auto_apply = True
        self.order(self.salon, 36_000)
        later = self.review("2026-12-20")
        later.action_apply()
        review = self.run_month()
        self.assertEqual(review.state, "computed")
        self.assertIn("already been applied", self.activities(review).note)

    def test_one_company_does_not_stop_the_others(self):
        self.order(self.salon, 36_000)
        companies = self.env["res.company"].search([])
        self.company.sequence = max(companies.mapped("sequence")) + 1  # the last one
        Review = self.env.registry["care.tier.review"]
        work = Review._review_month

        def fail_elsewhere(self_, company):
            if company != self.company:
                raise ValueError("broken")
            return work(self_, company)

        with (
            patch.object(Review, "_review_month", fail_elsewhere),
            self.assertLogs(LOGGER, "WARNING") as log,
        ):
            self.run_cron()
        self.assertEqual(len(log.records), len(companies) - 1)
        for company, line in zip(companies - self.company, log.output, strict=True):
            self.assertIn(str(company), line)
        self.assertTrue(
            self.env["care.tier.review"].search([("company_id", "=", self.company.id)])
        )

    def test_job_goes_on_where_it_was_killed(self):
        """A kill loses at most the company at work; the next run makes up for it."""
        self.order(self.salon, 36_000)
        Review = self.env.registry["care.tier.review"]
        work, seen = Review._review_month, []

        def die(self, company):
            seen.append(company)
            if len(seen) > 1:
                raise KeyboardInterrupt
            return work(self, company)

        first = self.env["res.company"].search([])[:1]
        with (
            self.enter_registry_test_mode(),
            patch.object(Review, "_review_month", die),
            self.assertRaises(KeyboardInterrupt),
        ):
            self.env.ref("customer_care.ir_cron_tier_review").method_direct_trigger()
        self.assertEqual(seen[0], first)
        self.run_cron()
        self.run_cron()
        reviews = self.env["care.tier.review"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(reviews), 1)
