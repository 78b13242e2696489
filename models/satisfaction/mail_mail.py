from odoo import models

DELIVERED = {"outgoing": True, "sent": True, "exception": False, "cancel": False}


class MailMail(models.Model):
    """Update invitations when their queued mails are sent, fail or are deleted."""

    _inherit = "mail.mail"

    def write(self, vals):
        result = super().write(vals)
        if (delivered := DELIVERED.get(vals.get("state"))) is not None:
            self._care_tell_invitations(delivered)
        return result

    def unlink(self):
        """Mark invitations of deleted unsent mails as undelivered; sent mails are
        deleted by Odoo."""
        self.filtered(lambda mail: mail.state != "sent")._care_tell_invitations(False)
        return super().unlink()

    def _send(self, *args, **kwargs):
        """Cancel mails to customers who opted out while the mail was queued."""
        ready = self - self._care_cancel_refused()
        return super(MailMail, ready)._send(*args, **kwargs)

    def _care_cancel_refused(self):
        """Cancel mails to those who must not be asked any more.

        :return: the mails
        """
        mails = self.filtered(
            lambda mail: mail.model == "care.invitation" and mail.state == "outgoing"
        )
        invitations = self.env["care.invitation"].sudo().browse(mails.mapped("res_id"))
        refusals = invitations._refusals() if mails else {}
        refused = mails.filtered(lambda mail: refusals.get(mail.res_id, [None])[0])
        if refused:
            refused.cancel()
            invitations.browse(refused.mapped("res_id"))._note_refused(refusals)
        return refused

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        if failure_type:
            self._care_tell_invitations(False)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )

    def _care_tell_invitations(self, delivered):
        """Written to the database at once: Odoo marks a mail as failed before it sends
        it, so that a conflict over the invitation shows before and not after, when
        the mail would be sent a second time."""
        mails = self.filtered(lambda mail: mail.model == "care.invitation")
        if not mails:
            return
        invitations = self.env["care.invitation"].sudo().browse(mails.mapped("res_id"))
        present = invitations.exists()
        for mail in mails.sudo():
            if invitation := present.browse(mail.res_id) & present:
                invitation._note_queue(mail, delivered)
        invitations.flush_model(["state", "sent_at", "reminded_at", "skip_reason"])
