from odoo import api, models


class CarePlanTarget(models.Model):
    """Who reports for a target, and recounting after changes of the account team."""

    _inherit = "care.plan.target"

    @api.model
    def _assign(self, partners=None, company=None, today=None):
        result = super()._assign(partners, company, today)
        if partners:
            self.env["care.interaction"]._recount_teams(partners.exists())
        return result

    def _stand_in_values(self):
        """Whoever reports for a target without having its role stands in for the
        person who has it."""
        self.ensure_one()
        holders = (
            self.env["care.account.member"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("role_id", "=", self.role_id.id),
                ]
            )
            .user_id
        )
        if not holders or self.env.user in holders:
            return {}
        return {"stand_in_for_id": (self.sudo().user_id & holders or holders)[:1].id}

    def _open_interaction(self, view):
        action = super()._open_interaction(view)
        action["context"] |= {
            f"default_{name}": value for name, value in self._stand_in_values().items()
        }
        return action
