from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Users who are archived give up their open complaints."""
        archives = "active" in vals and not vals["active"]
        leaving = self.filtered("active") if archives else self.browse()
        result = super().write(vals)
        if leaving:
            self.env["care.complaint"].sudo().search(
                [("user_id", "in", leaving.ids), ("closed_at", "=", False)]
            )._assign_anew()
        return result
