from datetime import timedelta

from odoo import fields, models

WAIT = timedelta(hours=1)

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
        """Check each mail of a survey again when it leaves the queue: by then customers
        may have opted out or moved, and the campaign may be over or paused."""
        ready = self - self._care_cancel_refused()
        ready -= ready._care_postpone()
        return super(MailMail, ready)._send(*args, **kwargs)

    def _care_cancel_refused(self):
        """Cancel mails to those who must not be asked any more.

        :return: the mails
        """
        mails, invitations = self._care_waiting()
        refusals = invitations._refusals() if mails else {}
        refused = mails.browse()
        for mail in mails:
            invitation = invitations.browse(mail.res_id)
            reason, email = refusals.get(mail.res_id, (None, None))
            reason = reason or invitation._refuse_queued(mail, email)
            if reason:
                refusals[mail.res_id] = (reason, email)
                refused += mail
        if refused:
            refused.cancel()
            invitations.browse(refused.mapped("res_id"))._note_refused(refusals)
        return refused

    def _care_postpone(self):
        """Leave mails in the queue while their campaign is paused, and outside sending
        hours.

        :return: the mails
        """
        mails, invitations = self._care_waiting()
        paused = mails.filtered(
            lambda mail: invitations.browse(mail.res_id).campaign_id.state == "paused"
        )
        paused.scheduled_date = fields.Datetime.now() + WAIT
        late = mails.browse()
        openings = invitations._next_openings()
        for mail in mails - paused:
            opening = openings[invitations.browse(mail.res_id)]
            if opening > fields.Datetime.now():
                mail.scheduled_date = opening
                late += mail
        return paused + late

    def _care_waiting(self):
        """Mails of surveys in the queue, and their invitations"""
        mails = self.filtered(
            lambda mail: mail.model == "care.invitation" and mail.state == "outgoing"
        )
        invitations = self.env["care.invitation"].sudo().browse(mails.mapped("res_id"))
        present = invitations.exists()
        return mails.filtered(lambda mail: mail.res_id in present._ids), present

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
