from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        """An order that is confirmed or cancelled changes how the customer buys."""
        result = super().write(vals)
        if vals.get("state") in ("sale", "cancel"):
            for company, orders in self.grouped("company_id").items():
                self.env["care.partner.tier"].sudo()._refresh_purchases(
                    orders.partner_id.commercial_partner_id, company
                )
        return result
