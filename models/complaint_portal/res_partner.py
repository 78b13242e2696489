from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """Odoo remembers which company a portal user belongs to when it reads the
        access rules. Who leaves it must not go on reading its complaints."""
        result = super().write(vals)
        if {"parent_id", "is_company"} & set(vals) and self.env[
            "res.users"
        ].sudo().search_count(
            [("partner_id", "child_of", self.ids), ("share", "=", True)], limit=1
        ):
            self.env.registry.clear_cache()
        return result
