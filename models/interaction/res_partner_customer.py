from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """Which partners are customers, whether or not they have a tier."""

    _inherit = "res.partner"

    care_is_customer = fields.Boolean(
        "Is a Customer",
        compute="_compute_care_is_customer",
        search="_search_care_is_customer",
        exportable=False,
        groups="customer_care.group_user",
        help="Has been invoiced, or has a tier or an account team.",
    )

    @api.depends_context("company")
    @api.depends("customer_rank", "care_tier_id", "care_member_ids")
    def _compute_care_is_customer(self):
        for partner in self:
            partner.care_is_customer = bool(
                partner.customer_rank > 0
                or partner.care_tier_id
                or partner.care_member_ids
            )

    def _search_care_is_customer(self, operator, value):
        """Only customers without invoice and tier have their team looked up."""
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["care_is_customer"], "read")
        member = self.env["care.account.member"]._field_to_sql("member", "partner_id")
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                """CASE WHEN %s > 0 OR %s IS NOT NULL THEN TRUE
                        ELSE EXISTS (SELECT FROM care_account_member AS member
                                      WHERE %s = %s)
                    END""",
                model._field_to_sql(alias, "customer_rank", query),
                model._field_to_sql(alias, "care_tier_id", query),
                member,
                SQL.identifier(alias, "id"),
            )
        )
