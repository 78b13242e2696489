from odoo import api, models
from odoo.exceptions import UserError

LOCKED_FIELDS = {
    *("name", "type", "url", "raw", "datas", "db_datas", "store_fname", "mimetype"),
    *("res_model", "res_id", "res_field"),
}


class IrAttachment(models.Model):
    """A closing letter that was sent or printed stays as it was."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if not self.env.su and LOCKED_FIELDS & set(vals):
            self._check_care_letters()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_care_letters(self):
        self._check_care_letters()

    def _check_care_letters(self):
        """:raise UserError: one of them is a letter of a complaint that is there"""
        if not self.ids or not any(
            file.res_model == "care.complaint" for file in self.sudo()
        ):
            return
        complaint = (
            self.env["care.complaint"]
            .sudo()
            .search([("letter_ids", "in", self.ids)], limit=1)
        )
        if complaint:
            raise UserError(
                self.env._(
                    "The closing letter of %s was sent and is kept as it is. It goes "
                    "with the complaint.",
                    complaint.name,
                )
            )
