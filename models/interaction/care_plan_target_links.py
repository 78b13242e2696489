from odoo import api, fields, models

from ..core.care_customer_view import readable_customers
from ..core.res_groups import VISIT


class CarePlanTarget(models.Model):
    """Reaching the customer from its card in My Contacts."""

    _inherit = "care.plan.target"

    contact_links = fields.Json(
        compute="_compute_contact_links", groups=VISIT, exportable=False
    )

    @api.depends("partner_id.phone", "partner_id.email")
    @api.depends_context("uid", "lang")
    def _compute_contact_links(self):
        for target, customer in readable_customers(self):
            target.contact_links = customer._care_links() if customer else False
