from odoo import models
from odoo.exceptions import UserError

from ...tools.anonymise import anonymise


class CareComplaint(models.Model):
    _inherit = "care.complaint"

    def action_draft_knowledge(self):
        """Draft a knowledge record from a solved complaint, without what tells whose it
        was. A person reads and reviews it."""
        self.ensure_one()
        self.check_access("read")
        if not self.solution:
            raise UserError(self.env._("The complaint has no solution yet."))
        names = self._named_in_text()
        knowledge = self.env["care.knowledge"].create(
            {
                "name": anonymise(self.subject, names),
                "answer": anonymise(self.solution, names),
                "category_id": self.category_id.id,
                "product_id": self.product_id.id,
                "company_id": self.company_id.id,
            }
        )
        knowledge._care_unlock().complaint_id = self
        return {
            "type": "ir.actions.act_window",
            "res_model": "care.knowledge",
            "res_id": knowledge.id,
            "views": [(False, "form")],
        }

    def _named_in_text(self):
        """Names and addresses of the customer and its people, and of who handled it"""
        complaint = self.sudo()
        customer = complaint.partner_id.commercial_partner_id
        people = (
            self.env["res.partner"]
            .sudo()
            .search([("id", "child_of", customer.id)], limit=200)
        )
        partners = customer | complaint.partner_id | complaint.contact_id | people
        parts = ("name", "street", "street2", "city", "zip", "email", "phone", "vat")
        return [
            *(partner[part] for partner in partners for part in parts),
            complaint.user_id.name,
            complaint.name,
            complaint.order_id.name,
            complaint.order_id.client_order_ref,
        ]
