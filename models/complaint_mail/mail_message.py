from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    def unlink(self):
        """A customer's message that is deleted needs no answer; a later one may."""
        gone = self.sudo().filtered(lambda message: message.model == "care.complaint")
        if gone:
            self.env["care.complaint"]._on_messages_gone(gone)
        return super().unlink()
