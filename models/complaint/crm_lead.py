from odoo import fields, models

from ..core.res_groups import COMPLAINT


class CrmLead(models.Model):
    """Open complaints of the customer of an opportunity."""

    _inherit = "crm.lead"

    care_alarm = fields.Selection(
        related="partner_id.commercial_partner_id.care_alarm",
        groups=COMPLAINT,
    )
    care_complaint_count = fields.Integer(
        related="partner_id.commercial_partner_id.care_complaint_count",
        groups=COMPLAINT,
    )
    care_complaint_state = fields.Selection(
        related="partner_id.commercial_partner_id.care_complaint_state",
        groups=COMPLAINT,
    )
