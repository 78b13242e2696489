from odoo.tests import tagged, users

from ..common_dashboard import DashboardBook
from ..common_outlook import OutlookCase


@tagged("post_install", "-at_install")
class TestEarlyWarningDashboard(DashboardBook, OutlookCase):
    file = "customer_care_early_warning_dashboard.json"

    @users("care_manager")
    def test_all_it_asks_for_exists(self):
        self.check_sources()

    def test_scores_agree_with_the_records(self):
        self.company.care_risk_threshold = 60
        self.refresh()

        def ours(model, domain):
            return self.env[model].search(
                [("company_id", "=", self.company.id), *domain]
            )

        risky = ours("care.outlook", [("risk", ">=", 60), ("year_amount", ">", 0)])
        due = ours("care.outlook.category", [*self.Reorder._due(self.today)])
        cases = ours("care.risk.case", [("closed_at", "=", False)])
        self.assertEqual(risky.partner_id, self.theirs)
        self.assertEqual(due.partner_id, self.mine)
        self.assertEqual(cases.partner_id, self.theirs)
        expected = {
            "Customers at risk": (1, risky),
            "Sales at risk": (risky.year_amount, risky),
            "Reorders due": (1, due),
            "Open cases": (1, cases),
            "Would be lost": (cases.cost_of_loss, cases),
        }
        scores = self.scores()
        self.assertEqual(set(scores), set(expected))
        for title, (source, measure) in scores.items():
            value, records = expected[title]
            found = ours(source["model"], source["domain"])
            aggregate = measure if measure == "__count" else f"{measure}:sum"
            [(shown,)] = found._read_group([("id", "in", found.ids)], [], [aggregate])
            with self.subTest(title=title):
                self.assertEqual(found, records)
                self.assertAlmostEqual(shown, value)

    def test_shown_with_the_feature_only(self):
        dashboard = self.env.ref("customer_care.early_warning_dashboard")
        Dashboards = self.env["spreadsheet.dashboard"]
        for on in (True, False):
            self.env["res.groups"]._switch_care_features(outlook=on)
            for user in (self.rep, self.manager):
                found = Dashboards.with_user(user).search([("id", "=", dashboard.id)])
                self.assertEqual(bool(found), on, user.login)
