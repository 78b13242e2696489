from odoo import api, fields, models

from ..core.care_reference import CareReferenceMixin
from .care_complaint_source import CareComplaintSource


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", CareComplaintSource._name, CareReferenceMixin._name]

    care_complaint_id = fields.Many2one(
        string="Replacement for", help="The complaint that this order compensates."
    )

    def write(self, vals):
        """Confirming or cancelling an order changes the customer's purchase state."""
        result = super().write(vals)
        if vals.get("state") in ("sale", "cancel"):
            for company, orders in self.grouped("company_id").items():
                self.env["care.partner.tier"].sudo()._refresh_purchases(
                    orders.partner_id.commercial_partner_id, company
                )
        return result

    @api.model
    def _care_complaint_field(self):
        return "order_id"

    def _care_complaint_values(self):
        product = self._care_only_product(self.order_line)
        return super()._care_complaint_values() | {
            "order_id": self.id,
            "product_id": product.id,
        }
