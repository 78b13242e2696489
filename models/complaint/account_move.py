from odoo import api, fields, models

from .care_complaint_source import CareComplaintSource


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", CareComplaintSource._name]

    care_complaint_id = fields.Many2one(
        string="Compensated Complaint",
        help="The complaint that this credit note compensates.",
    )
    care_compensation = fields.Boolean(
        "Pays Compensation",
        copy=False,
        groups="customer_care.group_user",
        help="This credit note counts against the compensation granted for the "
        "complaint. Disable it for returned goods.",
    )

    def _post(self, soft=True):
        """A posted invoice may change the credit state of the customer. Changes that
        only time brings are left to the nightly job."""
        posted = super()._post(soft)
        invoices = posted.filtered(lambda move: move.is_sale_document())
        for company, moves in invoices.grouped("company_id").items():
            self.env["care.partner.tier"].sudo()._refresh_credit(
                moves.partner_id.commercial_partner_id, company
            )
        return posted

    @api.model
    def _care_complaint_field(self):
        return "invoice_id"

    def _care_complaint_values(self):
        """The invoice, and its order where it is of a single one"""
        lines = self.invoice_line_ids
        orders = lines.sale_line_ids.order_id
        return super()._care_complaint_values() | {
            "invoice_id": self.id,
            "order_id": orders.id if len(orders) == 1 else False,
            "product_id": self._care_only_product(lines).id,
        }
