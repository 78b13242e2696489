from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _get_forbidden_access(self, operation):
        """Hide all notes of complaints from portal users. Odoo hides notes of users
        only, not tracking of stage and handler."""
        forbidden = super()._get_forbidden_access(operation)
        if self.env.user._is_internal():
            return forbidden
        notes = (
            (self - forbidden)
            .sudo()
            .filtered(
                lambda message: message.model == "care.complaint"
                and (
                    message.is_internal
                    or not message.subtype_id
                    or message.subtype_id.internal
                )
            )
        )
        return forbidden + self.browse(notes.ids)
