from odoo import api, fields, models
from odoo.fields import Domain


class CareComplaint(models.Model):
    """Current tier of the customer, beside the tier at reception. Read directly from
    the customer's tier status, as lists show nothing else of it."""

    _inherit = "care.complaint"

    care_tier_id = fields.Many2one(
        "care.tier",
        "Tier",
        compute="_compute_care_tier",
        compute_sudo=True,
        search="_search_care_tier_id",
        groups="customer_care.group_user",
        help="Current tier of the customer.",
    )
    care_tier_color = fields.Integer(
        "Tier Color",
        compute="_compute_care_tier",
        compute_sudo=True,
        groups="customer_care.group_user",
        aggregator=None,
    )

    @api.depends("partner_id.care_status_ids.tier_id")
    @api.depends_context("company")
    def _compute_care_tier(self):
        customers = self.partner_id.commercial_partner_id
        rows = customers._care_status_rows(customers.ids, "tier_id")
        for complaint in self:
            tier = rows[complaint.partner_id.commercial_partner_id.id].tier_id
            complaint.care_tier_id = tier
            complaint.care_tier_color = tier.color

    @api.model
    def _search_care_tier_id(self, operator, value):
        return Domain("partner_id.care_tier_id", operator, value)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Allow sorting and grouping by tier."""
        if field_expr != "care_tier_id" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields["care_tier_id"], "read")
        customers, joined = self._fields["partner_id"].join(self, alias, query)
        return customers._field_to_sql(joined, "care_tier_id", query)
