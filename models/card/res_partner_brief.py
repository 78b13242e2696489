from odoo import models


class ResPartner(models.Model):
    """Who decides at the customer, for the brief: whom to ask for at the door."""

    _inherit = "res.partner"

    def _care_brief_values(self):
        values = super()._care_brief_values()
        people = self.child_ids._filtered_access("read").with_context(bin_size=True)
        values["deciders"] = people.filtered(
            lambda person: person.care_decision_role == "decision_maker"
        )
        return values
