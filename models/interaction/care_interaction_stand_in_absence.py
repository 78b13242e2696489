from odoo import models


class CareInteraction(models.Model):
    """Who is away on the day of a contact, and stood in for by its author"""

    _inherit = "care.interaction"

    def _stand_in_candidates(self):
        self.ensure_one()
        people = self.env["res.users"].browse(self.user_id._care_acting_ids(self.date))
        return people - self.user_id
