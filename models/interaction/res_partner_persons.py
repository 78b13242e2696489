from odoo import api, models


class ResPartner(models.Model):
    """Whom one meets at a customer."""

    _inherit = "res.partner"

    def _care_persons(self):
        """Persons at the customer: [{id, name, role, ...}]"""
        people = self.child_ids.filtered(
            lambda person: not person.is_company and person.type == "contact"
        )._filtered_access("read")
        return [
            {"id": person.id, "name": person.name, "role": person.function or ""}
            for person in people
        ]

    @api.model
    def _care_decision_roles(self):
        """Roles that a new contact person can have: [(key, label)]"""
        return []
