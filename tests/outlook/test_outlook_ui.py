from odoo.tests import HttpCase, tagged

from ..common_outlook import OutlookCase


@tagged("post_install", "-at_install")
class TestOutlookUi(HttpCase, OutlookCase):
    def test_reorder_to_quotation(self):
        lines = self.env["sale.order.line"].search(
            [("order_id.partner_id", "=", self.mine.id)]
        )
        lines.product_uom_qty = 2
        self.orders(self.theirs, (25, 55, 85, 115), product=self.mask_product)
        self.refresh()
        due = self.Reorder.search(self.Reorder._due(self.today))
        self.assertEqual(
            due, self.reorder(self.mine) | self.reorder(self.theirs, self.mask)
        )
        self.start_tour(
            "/odoo/action-customer_care.outlook_reorder_action",
            "customer_care_reorder",
            login="care_rep",
        )
        [order] = self.env["sale.order"].search([("create_uid", "=", self.rep.id)])
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.order_line.product_id, self.product)
        self.assertEqual(order.order_line.product_uom_qty, 2)
        self.assertTrue(self.reorder(self.mine).ordered_on)

    def test_lost_lead_to_new_lead(self):
        lead = self.env["crm.lead"].create(
            {"name": "Wants masks", "user_id": self.rep.id, "type": "opportunity"}
        )
        lead.care_wanted_category_ids = self.mask
        lead.action_set_lost()
        self.start_tour(
            "/odoo/action-customer_care.lost_leads_action",
            "customer_care_something_new",
            login="care_rep",
        )
        [new] = self.env["crm.lead"].search([("care_again_of_id", "=", lead.id)])
        self.assertTrue(new.active)
