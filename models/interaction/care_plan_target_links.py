from odoo import api, fields, models

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
        readable = self.partner_id._filtered_access("read")
        for target in self:
            customer = (target.partner_id & readable).with_prefetch(readable.ids)
            target.contact_links = customer._care_links() if customer else False
