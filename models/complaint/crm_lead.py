from odoo import api, fields, models

from ..card.res_partner import USER
from ..core.care_customer_view import readable_customers
from ..core.res_groups import COMPLAINT
from .care_complaint_clock import SLA_STATES


class CrmLead(models.Model):
    """Open complaints of the customer of an opportunity."""

    _inherit = "crm.lead"

    care_alarm = fields.Selection(
        related="partner_id.commercial_partner_id.care_alarm", groups=USER
    )
    care_complaint_count = fields.Integer(
        "Open Complaints", compute="_compute_care_complaints", groups=COMPLAINT
    )
    care_complaint_state = fields.Selection(
        SLA_STATES,
        "Most Urgent SLA Status",
        compute="_compute_care_complaints",
        groups=COMPLAINT,
    )

    @api.depends("partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_care_complaints(self):
        """Complaints that the user can read, as on the customer."""
        for lead, partner in readable_customers(self):
            lead.care_complaint_count = partner.care_complaint_count
            lead.care_complaint_state = partner.care_complaint_state
