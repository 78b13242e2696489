from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """Clear the cached access rules when a portal user moves to another company,
        whose complaints it may read instead."""
        result = super().write(vals)
        if {"parent_id", "is_company"} & set(vals) and self.env[
            "res.users"
        ].sudo().search_count(
            [("partner_id", "child_of", self.ids), ("share", "=", True)], limit=1
        ):
            self.env.registry.clear_cache()
        return result
