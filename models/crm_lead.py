from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    care_tier_id = fields.Many2one(
        related="partner_id.commercial_partner_id.care_tier_id",
        string="Tier",
        groups="customer_care.group_user",
    )
    care_tier_color = fields.Integer(
        related="partner_id.commercial_partner_id.care_tier_color",
        string="Tier Color",
        groups="customer_care.group_user",
    )
    care_potential = fields.Selection(
        related="partner_id.commercial_partner_id.care_potential",
        string="Potential",
        groups="customer_care.group_user",
    )
