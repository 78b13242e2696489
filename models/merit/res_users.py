from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

LEDGER_USERS = (
    "user_id",
    "about_user_id",
    "supervisor_id",
    "answered_by_id",
    "confirmed_by_id",
    "waived_by_id",
)


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_ledger(self):
        entries = self.env["care.merit.entry"].sudo()
        named = Domain.OR(Domain(name, "in", self.ids) for name in LEDGER_USERS)
        closed = self.env["care.merit.month"].sudo()
        if entries.search_count(named, limit=1) or closed.search_count(
            [("closed_by_id", "in", self.ids)], limit=1
        ):
            raise UserError(
                self.env._(
                    "The ledger of rewards and penalties names this user, who cannot "
                    "be deleted. Archive the user instead."
                )
            )
