from odoo import models


class ResPartner(models.Model):
    """Customers on the phone, and complaints that are recorded for them."""

    _inherit = "res.partner"

    def _care_hotline_row(self):
        """Row in the list of possible callers"""
        self.ensure_one()
        customer = self.commercial_partner_id
        return {
            "id": self.id,
            "name": customer.name or self.display_name,
            "person": self.name if self != customer else False,
            "phone": self.phone or customer.phone,
            "city": customer.city,
            "number": customer.care_card_number,
            "tier": customer.care_tier_id.display_name or False,
            "tier_color": customer.care_tier_color,
            "alarm": customer.care_alarm,
            "open": customer.care_complaint_count,
        }

    def action_new_care_complaint(self):
        """The form of a complaint of this customer or contact person."""
        self.ensure_one()
        customer = self.commercial_partner_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Complaint"),
            "res_model": "care.complaint",
            "views": [(False, "form")],
            "context": {
                "default_partner_id": customer.id,
                "default_contact_id": self.id if self != customer else False,
            },
        }
