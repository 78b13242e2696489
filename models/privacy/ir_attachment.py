from odoo import models


class IrAttachment(models.Model):
    """A closing letter goes with the details of its complaint, too."""

    _inherit = "ir.attachment"

    def _check_care_letters(self):
        if not self._care_is_unlocked():
            return super()._check_care_letters()
        return None
