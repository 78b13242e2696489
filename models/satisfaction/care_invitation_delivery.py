from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .care_campaign import OPEN_STATES, UNDELIVERED

BOUNCE_DAYS = 7
"""Mail servers give up after five days: a later bounce belongs to another mail."""


class CareInvitation(models.Model):
    """Delivery of invitations. An undelivered invitation loses its date, so that it
    counts neither for quarantine nor for the response rate, and can be resent."""

    _inherit = "care.invitation"

    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_system",
        help="The queued mail of the invitation; further mails are reminders.",
    )

    def _note_queue(self, mail, delivered):
        """Record the state of the invitation's mail or reminder in the queue.

        :param delivered: false: it failed, was cancelled or deleted; otherwise it is
            sent, or waits to be
        """
        self.ensure_one()
        if self.mail_id == mail:
            self._note_delivered() if delivered else self._note_failure()
        elif self.state == "sent" and not delivered and self.reminded_at:
            last = "reminded_again_at" if self.reminded_again_at else "reminded_at"
            self.write({last: False, "skip_reason": "undelivered"})
        elif delivered and self.skip_reason == "undelivered":
            last = "reminded_again_at" if self.reminded_at else "reminded_at"
            self.write({last: fields.Datetime.now(), "skip_reason": False})

    def _note_delivered(self):
        self.filtered(lambda row: row.state == "failed").write(
            {"state": "sent", "sent_at": fields.Datetime.now()}
        )

    def _note_failure(self):
        self.filtered(lambda row: row.state == "sent").write(
            {"state": "failed", "sent_at": False}
        )

    @api.model
    def _note_bounce(self, email):
        """Mark recent invitations to a nonexistent address as undelivered."""
        since = fields.Datetime.now() - timedelta(days=BOUNCE_DAYS)
        self.sudo().search(
            Domain("email", "=", email)
            & Domain("state", "=", "sent")
            & Domain.OR(
                Domain(name, ">=", since)
                for name in ("sent_at", "reminded_at", "reminded_again_at")
            )
        ).write(
            {
                "state": "bounced",
                "sent_at": False,
                "reminded_at": False,
                "reminded_again_at": False,
            }
        )

    # ------------------------------------------------------------
    # Send again
    # ------------------------------------------------------------

    def action_send_again(self):
        """Reset undelivered invitations, so that the job sends them again.

        :raise AccessError: not an administrator of the app
        :raise UserError: nothing to send, or the campaign is over
        """
        self.check_access("read")
        self.env["care.campaign"].check_access("write")
        undelivered = self.sudo().filtered(
            lambda row: row.state in UNDELIVERED and row.channel in ("email", "sms")
        )
        if not undelivered:
            raise UserError(
                self.env._(
                    "None of these invitations is undelivered. Select invitations "
                    "that were not delivered or bounced."
                )
            )
        if closed := undelivered.campaign_id.filtered(
            lambda campaign: campaign.state not in OPEN_STATES
        ):
            raise UserError(
                self.env._(
                    "The campaign “%s” is closed, so customers can no longer answer.",
                    closed[0].name,
                )
            )
        undelivered._send_again()

    def _send_again(self):
        """Remove their mails from the queue, so that a retry there sends nothing
        twice."""
        self.lock_for_update()
        mails = self.mail_id
        self.write(
            {
                "state": "pending",
                "mail_id": False,
                "sms_uuid": False,
                "sent_at": False,
                "reminded_at": False,
                "reminded_again_at": False,
                "skip_reason": False,
            }
        )
        mails.filtered(lambda mail: mail.state != "sent").unlink()
        self.env["care.campaign"]._schedule()
