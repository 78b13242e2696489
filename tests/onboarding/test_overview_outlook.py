from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..common_outlook import OutlookCase


class OverviewOutlookCase(OutlookCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.theirs.with_company(cls.company).care_tier_id = cls.A
        cls.mine.with_company(cls.company).care_tier_id = cls.B
        cls.A.risk_threshold, cls.B.risk_threshold = 30, 0
        cls.company.care_risk_threshold = 0
        cls.refresh()

    def overview(self, user):
        Overview = self.env["care.overview"].with_user(user)
        return Overview.with_company(self.company)

    def opened(self, action, user):
        rows = self.env[action["res_model"]].with_user(user)
        return rows.with_company(self.company).search(action["domain"])

    def check(self):
        return self.env["care.outlook.check"].create(
            {
                "company_id": self.company.id,
                "date": "2026-08-10",
                "date_end": "2026-11-09",
                "customer_count": 300,
                "silent_count": 166,
                "risk_count": 200,
                "risk_silent_count": 126,
            }
        )


@tagged("post_install", "-at_install")
class TestOverviewOutlook(OverviewOutlookCase):
    def test_sales_at_risk_by_tier(self):
        self.check()
        overview = self.overview(self.manager)
        values = overview.get_outlook()
        theirs = self.row(self.theirs)
        [tier] = values["tiers"]
        self.assertEqual(
            (tier["id"], tier["code"], tier["count"], tier["amount"]),
            (self.A.id, "A", 1, theirs.year_amount),
        )
        self.assertEqual((values["count"], values["amount"]), (1, theirs.year_amount))
        self.assertIn("63 did not order", values["hit_rate"])
        for tier_id in (None, self.A.id):
            action = overview.open_sales_at_risk(tier_id)
            self.assertEqual(self.opened(action, self.manager), theirs)
        action = overview.open_sales_at_risk(self.B.id)
        self.assertFalse(self.opened(action, self.manager))
        action = overview.open_sales_at_risk(False)
        self.assertFalse(self.opened(action, self.manager))

    def test_no_tier_is_opened_too(self):
        self.theirs.with_company(self.company).care_tier_id = False
        self.company.care_risk_threshold = 30
        self.refresh()
        overview = self.overview(self.manager)
        [tier] = overview.get_outlook()["tiers"]
        self.assertEqual((tier["id"], tier["count"]), (False, 1))
        action = overview.open_sales_at_risk(False)
        self.assertEqual(self.opened(action, self.manager), self.row(self.theirs))

    def test_own_customers_only(self):
        self.B.risk_threshold = 0.1
        self.check()
        values = self.overview(self.rep).get_outlook()
        self.assertEqual([tier["code"] for tier in values["tiers"]], ["B"])
        self.assertFalse(values["hit_rate"], "of those who see all customers")
        with self.assertRaises(AccessError):
            self.overview(self.employee).get_outlook()
        with self.assertRaises(AccessError):
            self.overview(self.employee).open_sales_at_risk()

    @freeze_time("2026-11-20 04:00:00")
    def test_entries_open_what_they_count(self):
        for user, cases in ((self.manager, self.theirs), (self.rep, None)):
            overview = self.overview(user)
            counts = {row["name"]: row["count"] for row in overview.get_values()}
            found = self.opened(overview.open_entry("risk_cases"), user)
            self.assertEqual(found.partner_id.ids, cases.ids if cases else [])
            self.assertEqual(counts["risk_cases"], len(found))

    def test_reorders_are_those_of_the_list(self):
        overview = self.overview(self.rep)
        counts = {row["name"]: row["count"] for row in overview.get_values()}
        found = self.opened(overview.open_entry("reorders"), self.rep)
        Reorder = self.Reorder.with_user(self.rep).with_company(self.company)
        self.assertEqual(found, Reorder.search(Reorder._due()))
        self.assertEqual(found, self.reorder(self.mine))
        self.assertEqual(counts["reorders"], 1)

    def test_feature_off_nothing_is_said(self):
        self.env["res.groups"]._switch_care_features(outlook=False)
        overview = self.overview(self.manager)
        self.assertFalse(overview.get_outlook())
        self.assertFalse(overview.open_sales_at_risk())
        names = {row["name"] for row in overview.get_values()}
        self.assertFalse(names & {"risk_cases", "reorders"})


@tagged("post_install", "-at_install")
class TestOverviewOutlookUi(HttpCase, OverviewOutlookCase):
    def test_from_sales_at_risk_to_customers(self):
        self.check()
        self.env["care.onboarding"].with_user(self.manager).with_company(
            self.company
        ).dismiss()
        self.start_tour(
            "/odoo/action-customer_care.overview_action",
            "customer_care_overview_outlook",
            login="care_manager",
            cookies={"cids": str(self.company.id)},
        )
