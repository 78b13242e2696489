from odoo.tests import HttpCase, tagged

from ..common_merit import MONTH, MeritCase


@tagged("post_install", "-at_install")
class TestMeritUi(HttpCase, MeritCase):
    def test_from_a_missed_visit_to_the_statement(self):
        salon = self.a_customer("Tour Salon")
        missed = self.target(partner_id=salon.id)
        self.propose(MONTH)
        self.tour("tell", "merit_entry_action", "care_manager")
        self.tour("object", "my_merit_entry_action", "care_boss")
        self.tour("confirm", "merit_entry_action", "care_manager")
        self.tour("close", "merit_month_action", "care_manager")
        self.assertEqual(self.entries(missed).state, "settled")
        self.tour("statement", "my_merit_statement_action", "care_boss")
        self.authenticate("care_boss", "care_boss")
        statement = self.env["care.merit.statement"].search(
            [("user_id", "=", self.boss.id)]
        )
        pdf = self.url_open(f"/report/pdf/customer_care.merit_statement/{statement.id}")
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")
        self.authenticate("care_rep", "care_rep")
        pdf = self.url_open(f"/report/pdf/customer_care.merit_statement/{statement.id}")
        self.assertNotEqual(pdf.headers["Content-Type"], "application/pdf")

    def tour(self, name, action, login):
        self.start_tour(
            f"/odoo/action-customer_care.{action}",
            f"customer_care_merit_{name}",
            login=login,
        )
