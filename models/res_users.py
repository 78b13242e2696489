from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Who leaves hands open targets over; what has been done stays."""
        result = super().write(vals)
        if {"active", "company_ids"} & set(vals):
            self._care_reassign()
        return result

    @api.ondelete(at_uninstall=False)
    def _care_hand_over(self):
        self.env["care.plan.target"].sudo().search(
            [("user_id", "in", self.ids), ("state", "=", "open")]
        ).user_id = False

    def _care_reassign(self):
        partners = (
            self.env["care.account.member"]
            .sudo()
            .search([("user_id", "in", self.ids)])
            .partner_id
        )
        if partners:
            self.env["care.plan.target"].sudo()._assign(partners)
