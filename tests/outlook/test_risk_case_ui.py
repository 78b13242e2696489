from odoo.tests import HttpCase, tagged

from ..common_risk_case import RiskCase


@tagged("post_install", "-at_install")
class TestRiskCaseUi(HttpCase, RiskCase):
    def test_competitor_seen_to_won_back(self):
        report = self.contact(self.salon, 9, state="planned", summary="")
        self.start_tour(
            f"/odoo/care.interaction/{report.id}",
            "customer_care_competitor_seen",
            login="care_rep",
        )
        case = report.risk_case_id
        self.assertEqual(case.competitor, "Velours")
        self.assertEqual(case.state, "secret")
        self.assertEqual(case.price_state, "asked")
        self.start_tour(
            "/odoo/action-customer_care.risk_case_action",
            "customer_care_competitor_answered",
            login="care_lead",
        )
        self.assertTrue(case.reacted_at)
        self.assertEqual(case.price_state, "approved")
        self.assertEqual(case.price_decided_by_id, self.lead)
        self.env.cr.execute(
            "UPDATE care_risk_case SET result_from = result_from - INTERVAL '2 days'"
        )
        self.env.invalidate_all()
        self.ordered(1)
        self.start_tour(
            f"/odoo/care.risk.case/{case.id}",
            "customer_care_competitor_won_back",
            login="care_rep",
        )
        self.assertEqual(case.state, "won_back")
