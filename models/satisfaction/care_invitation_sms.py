from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

FAILED_SMS = ("error", "canceled")
SMS_DAYS = 7
"""The queue is asked so long what became of a message."""


class CareInvitation(models.Model):
    """Invitations by text message, through Odoo's app SMS where it is installed. The
    app does not depend on it: :meth:`_sms_queue` is the only place that knows it."""

    _inherit = "care.invitation"

    sms_uuid = fields.Char(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Reference of the latest message in the queue of the app SMS.",
    )
    sms_number = fields.Char("SMS Sent to", readonly=True, copy=False)

    @api.model
    def _sms_queue(self):
        """Odoo's queue of text messages, None if the app is not installed"""
        if "sms.sms" not in self.env:
            return None
        return self.env["sms.sms"].sudo()

    @api.model
    def _queue_sms(self, values):
        """:return: references of the messages, in the order of ``values``"""
        return self._sms_queue().create(values).mapped("uuid")

    def _write_sms(self, reminder=False):
        """Queue a message to each; those without a number of their own are left out,
        all fail if the app has been uninstalled."""
        if not self:
            return
        if self._sms_queue() is None:
            self.write({"state": "failed", "sent_at": False})
            return
        for company, rows in self.grouped("company_id").items():
            ready = rows._numbered()
            references = ready.with_company(company)._queue_sms(
                [row._sms_values(reminder) for row in ready]
            )
            for row, reference in zip(ready, references, strict=True):
                row.sms_uuid = reference

    def _numbered(self):
        """Note the number of each; of several customers with one number in a campaign
        only the first gets a message."""
        ready = self.browse()
        numbers = {
            row: (row.contact_id or row.partner_id).phone_sanitized for row in self
        }
        owners = defaultdict(set)
        for known in self.search_fetch(
            Domain("campaign_id", "in", self.campaign_id.ids)
            & Domain("sms_number", "in", list(filter(None, numbers.values()))),
            ["campaign_id", "sms_number"],
        ):
            owners[known.campaign_id, known.sms_number].add(known.id)
        for row, number in numbers.items():
            taken = owners[row.campaign_id, number] - {row.id}
            if not number or taken:
                row.write({"sent_at": False})
                row._skip("quarantine" if number else "no_phone")
                continue
            row.sms_number = number
            owners[row.campaign_id, number].add(row.id)
            ready += row
        return ready

    def _sms_values(self, reminder):
        person = self.contact_id or self.partner_id
        told = self._care_in_language_of(person)
        return {
            "number": self.sms_number,
            "body": told._sms_words(self.company_id, self._short_link(), reminder),
            "partner_id": person.id,
        }

    @api.model
    def _sms_words(self, company, link, reminder=False):
        """Short, as each 70 or 160 characters are paid for"""
        if reminder:
            return self.env._(
                "%(company)s: a reminder – how satisfied are you with us? %(link)s",
                company=company.name,
                link=link,
            )
        return self.env._(
            "%(company)s: how satisfied are you with us? Answer, or stop such "
            "messages, here: %(link)s",
            company=company.name,
            link=link,
        )

    def _short_link(self):
        """Not by Odoo's link tracker, whose links every employee can read"""
        return f"{self.get_base_url()}/care/a/{self.user_input_id.sudo().access_token}"

    @api.model
    def _note_sms(self):
        """Look up in the queue what became of recent messages: those that failed or
        were cancelled do not count as asked."""
        queue = self._sms_queue()
        since = fields.Datetime.now() - timedelta(days=SMS_DAYS)
        recent = self.search(
            Domain("channel", "=", "sms")
            & Domain("state", "in", ("sent", "failed"))
            & Domain("sms_uuid", "!=", False)
            & Domain("write_date", ">=", since)
        )
        if queue is None or not recent:
            return
        states = {
            message.uuid: message.state
            for message in queue.search(Domain("uuid", "in", recent.mapped("sms_uuid")))
        }
        for row in recent:
            state = states.get(row.sms_uuid)
            if state in FAILED_SMS and row.state == "sent":
                row._note_sms_failure()
            elif state and state not in FAILED_SMS:
                row._note_delivered()

    def _note_sms_failure(self):
        if not self.reminded_at:
            self._note_failure()
        elif self.skip_reason != "undelivered":
            last = "reminded_again_at" if self.reminded_again_at else "reminded_at"
            self.write({last: False, "skip_reason": "undelivered"})
