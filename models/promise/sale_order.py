from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    care_promise_count = fields.Integer(
        "Promises",
        compute="_compute_care_promise_count",
        groups="customer_care.group_care_promise",
    )

    def _compute_care_promise_count(self):
        counts = dict(
            self.env["care.promise"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.care_promise_count = counts.get(order, 0)

    def action_open_care_promises(self):
        """Open the promises of the order; a new one is linked to it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.promise_action"
        )
        return action | {
            "domain": [("order_id", "=", self.id)],
            "context": {
                "default_order_id": self.id,
                "default_source": "order",
                "default_partner_id": self.partner_id.commercial_partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }
