from odoo import fields, models

GROUP = "customer_care.group_care_outlook"


class CrmLead(models.Model):
    """What is expected of the customer of an opportunity, with the reader's rights."""

    _inherit = "crm.lead"

    care_risk_band = fields.Selection(
        related="partner_id.care_risk_band", related_sudo=False, groups=GROUP
    )
    care_next_order_date = fields.Date(
        related="partner_id.care_next_order_date", related_sudo=False, groups=GROUP
    )
    care_outlook_reason = fields.Char(
        related="partner_id.care_outlook_reason", related_sudo=False, groups=GROUP
    )
