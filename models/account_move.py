from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """A posted invoice may change how the customer pays; time does so too, which
        the nightly job sees."""
        posted = super()._post(soft)
        invoices = posted.filtered(lambda move: move.is_sale_document())
        for company, moves in invoices.grouped("company_id").items():
            self.env["care.partner.tier"].sudo()._refresh_credit(
                moves.partner_id.commercial_partner_id, company
            )
        return posted
