from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """An invitation that could not be delivered is shown as such."""
        if failure_type:
            ids = [mail.res_id for mail in self if mail.model == "care.invitation"]
            self.env["care.invitation"].sudo().browse(ids).exists()._note_failure()
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
