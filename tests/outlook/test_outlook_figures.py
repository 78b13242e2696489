from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ..common_outlook import OutlookCase


@tagged("post_install", "-at_install")
class TestOutlookFigures(OutlookCase):
    """It is November 20. Mine ordered on November 2, October 13, September 23 and so
    on; Theirs, of tier A, last on August 12 and every thirty days before."""

    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(freeze_time("2026-11-20 04:00:00"))
        super().setUpClass()
        cls.theirs.with_company(cls.company).care_tier_id = cls.A
        cls.mine.with_company(cls.company).care_tier_id = cls.B
        cls.A.risk_threshold, cls.B.risk_threshold = 30, 0
        cls.company.care_risk_threshold = 0

    def months(self):
        """{month: (customers, at risk, sales at risk, due, ordered)}"""
        found = {}
        for row in self.env["care.outlook.month"].search(
            [("company_id", "=", self.company.id)]
        ):
            values = (
                row.customer_count,
                row.risk_count,
                row.risk_amount,
                row.due_count,
                row.ordered_count,
            )
            sums = found.get(row.month, (0,) * len(values))
            found[row.month] = tuple(map(sum, zip(sums, values, strict=True)))
        return found

    def ours(self, domain):
        return self.Outlook.search([("company_id", "=", self.company.id), *domain])

    # At risk ----------------------------------------------------------------

    def test_at_risk_is_above_the_threshold_of_the_tier(self):
        self.refresh()
        theirs, mine = self.row(self.theirs), self.row(self.mine)
        self.assertGreater(theirs.risk, 30)
        self.assertTrue(theirs.at_risk)
        self.assertFalse(mine.at_risk, "0: never")
        self.assertEqual(self.ours([("at_risk", "=", True)]), theirs)
        self.assertEqual(self.ours([("at_risk", "=", False)]), mine)
        self.A.risk_threshold = theirs.risk + 0.1
        self.B.risk_threshold = mine.risk - 0.1
        self.assertEqual(self.ours([("at_risk", "=", True)]), mine)
        self.assertEqual((theirs.at_risk, mine.at_risk), (False, True))

    def test_without_a_tier_the_threshold_of_the_company_decides(self):
        self.theirs.with_company(self.company).care_tier_id = False
        self.refresh()
        theirs = self.row(self.theirs)
        self.assertFalse(theirs.tier_id)
        self.assertFalse(theirs.at_risk or self.ours([("at_risk", "=", True)]))
        self.company.care_risk_threshold = 30
        self.assertEqual(self.ours([("at_risk", "=", True)]), theirs)
        self.assertTrue(theirs.at_risk)

    def test_who_bought_nothing_in_a_year_is_no_longer_at_risk(self):
        self.refresh()
        theirs = self.row(self.theirs)
        self.env.cr.execute(
            "UPDATE care_outlook SET year_amount = 0 WHERE id = %s", (theirs.id,)
        )
        self.env.invalidate_all()
        self.assertFalse(theirs.at_risk or self.ours([("at_risk", "=", True)]))

    def test_filters_of_customers(self):
        self.refresh()
        both = self.mine | self.theirs
        Partner = self.env["res.partner"].with_company(self.company)
        for name, wanted in (
            ("care_at_risk", self.theirs),
            ("care_reorder_due", self.mine),
        ):
            for user, seen in ((self.manager, wanted), (self.rep, wanted & self.mine)):
                found = Partner.with_user(user)
                with self.subTest(name=name, user=user.login):
                    ours = [("id", "in", both.ids)]
                    rows = found.search([*ours, (name, "=", True)])
                    self.assertEqual(rows, seen)
                    self.assertEqual(
                        found.search([*ours, (name, "=", False)]), both - seen
                    )
                    computed = both.with_user(user).with_company(self.company)
                    self.assertEqual(computed.filtered(name), seen)

    def test_ordered_today_the_reorder_is_no_longer_due(self):
        self.refresh()
        self.reorder(self.mine).ordered_on = self.today
        Partner = self.env["res.partner"].with_company(self.company)
        self.assertFalse(
            Partner.search([("id", "=", self.mine.id), ("care_reorder_due", "=", True)])
        )

    def test_filters_of_opportunities(self):
        lead = self.env["crm.lead"].create(
            {"name": "Serum", "partner_id": self.theirs.id, "type": "opportunity"}
        )
        self.refresh()
        Lead = self.env["crm.lead"].with_company(self.company)
        wanted = [("partner_id.care_at_risk", "=", True)]
        self.assertEqual(Lead.with_user(self.manager).search(wanted), lead)
        arch = Lead.with_user(self.manager).get_view(
            self.env.ref("crm.crm_case_kanban_view_leads").id, "kanban"
        )["arch"]
        self.assertIn("care_risk_band", arch)
        self.env["res.groups"]._switch_care_features(outlook=False)
        self.env.invalidate_all()
        arch = Lead.with_user(self.manager).get_view(
            self.env.ref("crm.crm_case_kanban_view_leads").id, "kanban"
        )["arch"]
        self.assertNotIn("care_risk_band", arch)

    # Reasons -----------------------------------------------------------------

    def test_reasons_begin_with_a_capital(self):
        self.refresh()
        self.env["care.loyalty"]._refresh(self.company)
        self.assertTrue(self.row(self.theirs).reason.startswith("Usually every 30"))
        loyalty = self.env["care.loyalty"].search(
            [("partner_id", "=", self.mine.id), ("company_id", "=", self.company.id)]
        )
        self.assertTrue(loyalty.reason)
        self.assertTrue(loyalty.reason[0].isupper())
        text = self.row(self.theirs).with_context(lang="en_US").reason
        self.assertNotIn("; Silent", text)

    def test_customer_at_risk_is_a_reason_to_call(self):
        self.refresh()
        case = self.env["care.risk.case"].search(
            [("partner_id", "=", self.theirs.id), ("closed_at", "=", False)]
        )
        self.assertTrue(case, "opened by the job")
        reasons = self.theirs.with_user(self.all)._care_reasons_to_call()
        self.assertEqual(reasons[self.theirs], f"At risk: {case.reason}")
        case.sudo().competitor = "Velours"
        reasons = self.theirs.with_user(self.all)._care_reasons_to_call()
        self.assertEqual(reasons[self.theirs], "Courted by Velours")

    # Months --------------------------------------------------------------------

    def test_figures_of_a_month_are_kept(self):
        october, november = date(2026, 10, 1), date(2026, 11, 1)
        self.refresh("2026-10-10")
        self.assertEqual(self.months()[october][3:], (1, 0), "due on October 13")
        self.refresh("2026-11-01")
        self.assertEqual(self.months()[october][3:], (1, 1))
        self.assertNotIn(november, self.months())
        self.refresh("2026-11-02")
        self.assertEqual(self.months()[november][3:], (1, 0), "due on November 2")
        self.refresh()
        months = self.months()
        self.assertEqual(months[november], (2, 1, 700, 1, 1))
        self.assertEqual(months[october][3:], (1, 1))

    def test_the_first_of_a_month_may_run_twice(self):
        self.refresh("2026-10-10")
        self.refresh("2026-11-01")
        before = self.months()
        self.refresh("2026-11-01")
        self.assertEqual(self.months(), before)

    def test_months_have_departments(self):
        team = self.env["crm.team"].create(
            {
                "name": "Field",
                "company_id": self.company.id,
                "member_ids": [(6, 0, self.rep.ids)],
            }
        )
        self.refresh()
        rows = self.env["care.outlook.month"].search(
            [("company_id", "=", self.company.id)]
        )
        ours = rows.filtered(lambda row: row.department_id == team)
        self.assertEqual((ours.tier_id, ours.customer_count), (self.B, 1))
        self.assertEqual((rows - ours).mapped("risk_amount"), [700])


@tagged("post_install", "-at_install")
class TestHitRatePage(OutlookCase):
    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(freeze_time("2026-11-20 04:00:00"))
        super().setUpClass()
        cls.Check = cls.env["care.outlook.check"]

    def check(self, **values):
        return self.Check.create(
            {
                "company_id": self.company.id,
                "date": "2026-08-10",
                "date_end": "2026-11-09",
                "customer_count": 300,
                "silent_count": 166,
                "silent_share": 55.3,
                "risk_count": 200,
                "risk_silent_count": 126,
                "top_share": 31,
                "rule_used": "simple",
                "auc": 0.5,
                "brier": 0.3,
                "auc_simple": 0.842,
                "brier_simple": 0.1854,
                "calibration": [[150, 0.2, 0.25], [150, 0.8, 0.75]],
                **values,
            }
        )

    def test_in_plain_words(self):
        check = self.check()
        self.assertEqual(
            check.plain_text,
            "Of 100 customers that we rated at risk, 63 did not order in the three "
            "months that followed. Of 100 others, 40 did not.",
        )
        self.assertIn("higher risk in 84 of 100 cases", check.quality_text)
        # 166 of 300: the same risk for all errs by 0.553 · 0.447 = 0.2472
        self.assertIn("25 % smaller", check.quality_text)
        self.assertIn("width: 75%", check.calibration_html)

    def test_what_cannot_be_said(self):
        check = self.check(date="2026-07-10", risk_count=0, risk_silent_count=0)
        self.assertEqual(check.plain_text, "No customer was rated at risk.")
        check = self.check(date="2026-08-09", risk_count=4, risk_silent_count=3)
        self.assertIn("at risk (4), 3 did not order", check.plain_text)
        check = self.check(date="2026-06-10", risk_count=300, risk_silent_count=166)
        self.assertNotIn("others", check.plain_text)
        check = self.check(date="2026-05-10", silent_count=0, risk_silent_count=0)
        self.assertFalse(check.quality_text)
        check = self.check(date="2026-04-10", brier_simple=0.3)
        self.assertIn("no better than the same risk", check.quality_text)

    def test_training_counts_who_was_rated_at_risk(self):
        self.company.write({"care_risk_high": 50, "care_risk_medium": 20})
        # The last order before August 21 is 100 days or less ago; one reorders.
        self.Outlook._train(companies=self.company)
        check = self.Check.search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual(check.customer_count, 2)
        self.assertEqual(check.silent_count, 1, "Theirs")
        self.assertLessEqual(check.risk_silent_count, check.silent_count)
        self.company.write({"care_risk_high": 0.1, "care_risk_medium": 0.1})
        self.Outlook._train(companies=self.company)
        self.env.invalidate_all()
        self.assertEqual((check.exists().risk_count, self.last().risk_count), (0, 2))
        self.assertEqual(self.last().risk_silent_count, 1)

    def last(self):
        return self.Check.search([("company_id", "=", self.company.id)], limit=1)

    def test_the_empty_page_says_when_the_first_figures_come(self):
        cron = self.env.ref("customer_care.ir_cron_outlook_train")
        cron.nextcall = "2026-12-02 01:30:00"
        Check = self.Check.with_user(self.manager).with_company(self.company)
        self.assertIn("12/02/2026", Check.get_empty_list_help("Nothing"))
        orders = self.env["sale.order"].search([("company_id", "=", self.company.id)])
        orders.sudo().state = "cancel"
        self.assertIn("no confirmed order yet", Check.get_empty_list_help("Nothing"))
        orders[:1].sudo().write({"state": "sale", "date_order": "2026-11-15 12:00:00"})
        # 92 days later is February 15: the next run after it
        self.assertIn("03/02/2027", Check.get_empty_list_help("Nothing"))
        self.env["res.groups"]._switch_care_features(outlook=False)
        self.assertEqual(Check.get_empty_list_help("Nothing"), "Nothing")
