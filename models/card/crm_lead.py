from odoo import api, fields, models

from .care_relationship_history import DECISION_ROLES, RELATIONSHIP_LEVELS
from .res_partner import ASSET_SCALES, CUSTOMER_KINDS, OWNERSHIPS, USER

CUSTOMER_FIELDS = (
    "care_kind",
    "care_ownership",
    "care_asset_scale",
    "care_region_id",
    "care_need_ids",
    "care_source_partner_id",
)
"""Card fields entered on a lead and copied to the customer created from it."""
CONTACT_FIELDS = ("care_decision_role", "care_relationship_level")
"""Card fields of the lead's contact person."""


class CrmLead(models.Model):
    """The customer card on the opportunity: that of its customer, else what is known of
    the lead, which the customer inherits."""

    _inherit = "crm.lead"

    care_kind = fields.Selection(CUSTOMER_KINDS, "Kind", groups=USER)
    care_ownership = fields.Selection(OWNERSHIPS, "Ownership", groups=USER)
    care_asset_scale = fields.Selection(ASSET_SCALES, "Assets", groups=USER)
    care_region_id = fields.Many2one(
        "care.region",
        "Region",
        ondelete="set null",
        index="btree_not_null",
        groups=USER,
    )
    care_need_ids = fields.Many2many("care.need", string="Needs", groups=USER)
    care_source_partner_id = fields.Many2one(
        "res.partner", "Referred by", index="btree_not_null", groups=USER
    )
    care_decision_role = fields.Selection(
        DECISION_ROLES, "Role in Decisions", groups=USER
    )
    care_relationship_level = fields.Selection(
        RELATIONSHIP_LEVELS, "Relationship", groups=USER
    )
    care_reason_ids = fields.Many2many(
        "crm.lost.reason",
        "care_lead_reason_rel",
        "lead_id",
        "reason_id",
        "Reasons for Not Buying",
        groups=USER,
        help="Objections of the customer, also before the lead is lost.",
    )
    care_card = fields.Json(compute="_compute_care_card", groups=USER)

    @api.depends("partner_id")
    @api.depends_context("lang", "uid", "company")
    def _compute_care_card(self):
        """Essentials of the customer's card, as the Care tab has them."""
        for lead in self:
            lead.care_card = lead.partner_id.commercial_partner_id._care_essentials()

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._add_care_lost_reason()
        leads._carry_care_card()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if vals.get("lost_reason_id"):
            self._add_care_lost_reason()
        if "partner_id" in vals:
            self._carry_care_card()
        return result

    def _add_care_lost_reason(self):
        """Add the lost reason of a lead to its reasons for not buying."""
        for reason, leads in (
            self.filtered("lost_reason_id").grouped("lost_reason_id").items()
        ):
            leads.sudo().care_reason_ids += reason

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        lead = self.sudo()
        names = () if parent_id else CUSTOMER_FIELDS
        if not is_company:
            names += CONTACT_FIELDS
        return values | {
            name: lead._fields[name].convert_to_write(lead[name], lead)
            for name in names
            if lead[name]
        }

    def _carry_care_card(self):
        """Copy the lead's card to empty fields of its customer."""
        for lead in self.sudo().filtered("partner_id"):
            contact = lead.partner_id
            customer = contact.commercial_partner_id
            for partner, names in (
                (customer, CUSTOMER_FIELDS),
                (
                    contact if not contact.is_company else contact.browse(),
                    CONTACT_FIELDS,
                ),
            ):
                values = {
                    name: lead._fields[name].convert_to_write(lead[name], lead)
                    for name in names
                    if lead[name] and partner and not partner[name]
                }
                if values.get("care_source_partner_id") == customer.id:
                    del values["care_source_partner_id"]
                if values:
                    partner.write(values)
