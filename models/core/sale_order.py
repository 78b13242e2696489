from odoo import models


class SaleOrder(models.Model):
    """Confirmed orders of a company, customer by customer: what a customer bought in a
    period is read from the index alone, in the order in which it is summed up."""

    _inherit = "sale.order"

    _care_confirmed_idx = models.Index(
        "(company_id, partner_id, date_order) WHERE state = 'sale'"
    )
