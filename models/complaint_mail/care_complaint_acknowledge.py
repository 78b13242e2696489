import logging
from datetime import timedelta

import pytz
from babel.dates import format_date, format_time, get_timezone_location
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import babel_locale_parse, email_normalize

from ...tools.mail_kind import mailbox, unattended
from ..core.care_job import single, work_off

_logger = logging.getLogger(__name__)

IN_WRITING = ("email", "portal")
ACKNOWLEDGE_WITHIN = timedelta(days=1)
"""What was received longer ago is not acknowledged any more."""
ACKNOWLEDGE_LIMITS = ((timedelta(hours=1), 5), (timedelta(days=1), 15))
"""Acknowledgements to one address, however the complaints came in: a robot that
answers each gets no more, nor does somebody whose address others type."""
ACKNOWLEDGE_HEADERS = {
    "Auto-Submitted": "auto-replied",
    "X-Auto-Response-Suppress": "All",
}
"""Asks other robots not to answer."""


class CareComplaint(models.Model):
    """Acknowledgement with the time by which there will be an answer. A job sends it
    once; it is no reply for the clocks."""

    _inherit = "care.complaint"

    acknowledge = fields.Boolean(
        readonly=True, copy=False, help="The acknowledgement has not been sent yet."
    )
    acknowledged_at = fields.Datetime("Acknowledged", readonly=True, copy=False)
    acknowledged_mailbox = fields.Char(
        readonly=True, copy=False, index="btree_not_null", groups="base.group_system"
    )

    _acknowledge_idx = models.Index("(id) WHERE acknowledge")

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        owed = complaints.filtered("acknowledge")
        if owed:
            cron = self.env.ref(
                "customer_care.ir_cron_acknowledge", raise_if_not_found=False
            )
            if cron:
                cron.sudo()._trigger()
        return complaints

    @api.model
    def _prepare_teams(self, vals_list):
        """Also decide whether the complaint is acknowledged"""
        result = super()._prepare_teams(vals_list)
        past = fields.Datetime.now() - ACKNOWLEDGE_WITHIN
        for vals in vals_list:
            vals["acknowledge"] = self._wants_acknowledgement(vals, past)
        return result

    @api.model
    def _wants_acknowledgement(self, vals, past):
        if self.env.context.get("install_mode") or vals.get("event_ids"):
            return False
        received = vals.get("received_at")
        if received and fields.Datetime.to_datetime(received) < past:
            return False
        kind = vals.get("kind", "customer")
        if kind == "internal":
            return False
        if vals.get("source", "phone") in IN_WRITING:
            return True
        team = self.env["care.complaint.team"].sudo().browse(vals.get("team_id") or [])
        return team.acknowledge_phone

    # ------------------------------------------------------------
    # Words of the mail template
    # ------------------------------------------------------------

    def _acknowledged_to(self):
        """(contact, address) of the recipient; the contact is empty if the address is
        not its own"""
        contact = self.contact_id or self.partner_id
        if self.email_normalized and contact.email_normalized != self.email_normalized:
            return contact.browse(), self.email_from
        return contact, contact.email_formatted if contact.email_normalized else ""

    def _greeted_name(self):
        """Name of the person who gets the acknowledgement, if we knew it before: what
        a stranger enters as a name is not repeated to an address that may be another's.
        """
        contact, _address = self._acknowledged_to()
        known = contact.create_date and contact.create_date < self.create_date
        return self._person_name() if known else ""

    def _person_name(self):
        """Name of the person who gets our mails; '' if only a company or an address is
        known"""
        contact, _address = self._acknowledged_to()
        return "" if contact.is_company else contact.name or ""

    def _customer_lang(self):
        contact = self.contact_id or self.partner_id
        return contact.lang or self.company_id.partner_id.lang or self.env.lang

    def _customer_tz(self):
        """Time zone of the contact, else of the customer, else of the company"""
        name = self.contact_id.tz or self.partner_id.tz
        return pytz.timezone(name) if name else self.company_id._care_tz()

    def _answer_until(self):
        """Time by which the customer gets an answer, in the context's language and the
        customer's time zone; '' if no reply clock runs or it has run out."""
        clocks = self.sudo().sla_ids.filtered(
            lambda clock: (
                clock.target == "reply"
                and not clock.over
                and clock.deadline
                and clock.deadline > fields.Datetime.now()
            )
        )
        if not clocks:
            return ""
        zone = self._customer_tz()
        locale = babel_locale_parse(self.env.lang)
        moment = pytz.utc.localize(min(clocks.mapped("deadline"))).astimezone(zone)
        place = get_timezone_location(zone, locale=locale, return_city=True)
        return self.env._(
            "%(day)s, %(time)s (%(place)s time)",
            day=format_date(moment, "full", locale=locale),
            time=format_time(moment, "short", tzinfo=zone, locale=locale),
            place=place,
        )

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def _send_acknowledgement(self):
        """Post the acknowledgement, unless it has no recipient or the customer has had
        an answer meanwhile."""
        self.ensure_one()
        self.write({"acknowledge": False})
        contact, address = self._acknowledged_to()
        if self._may_acknowledge(contact, address) and self._post_automatic(
            "customer_care.mail_template_acknowledgement", contact, address
        ):
            email = email_normalize(address, strict=False)
            self.write(
                {
                    "acknowledged_at": fields.Datetime.now(),
                    "acknowledged_mailbox": mailbox(email),
                }
            )

    def _post_automatic(self, xmlid, contact, address):
        """Post what a template says, so that other robots do not answer it.

        :param contact, address: the recipient, see :meth:`_acknowledged_to`
        :return: false if the template has been deleted
        """
        template = self.env.ref(xmlid, raise_if_not_found=False)
        if not template:
            return False
        [values] = template._generate_template(
            self.ids, ("subject", "body_html", "email_from")
        ).values()
        company = self.company_id
        sender = company.email_formatted or self.env.user.email_formatted
        self.with_context(lang=self._customer_lang()).message_post(
            subject=values["subject"],
            body=values["body_html"],
            email_from=values["email_from"] or sender,
            author_id=company.partner_id.id,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=contact.ids,
            outgoing_email_to=False if contact else address,
            notify_skip_followers=True,
            mail_headers=ACKNOWLEDGE_HEADERS,
            email_layout_xmlid="mail.mail_notification_light",
            # the name of the record has what the visitor typed
            force_record_name=self.name,
        )
        return True

    def _may_acknowledge(self, contact, address):
        email = email_normalize(address or "", strict=False)
        if not email or unattended(email) or not self.company_id.care_acknowledge:
            return False
        if self.replied_at or self.closed_at or self._is_colleague(contact):
            return False
        now = fields.Datetime.now()
        if self._is_own_address(email) or self.received_at < now - ACKNOWLEDGE_WITHIN:
            return False
        return all(
            self.search_count(
                [
                    ("acknowledged_mailbox", "=", mailbox(email)),
                    ("acknowledged_at", ">", now - period),
                ]
            )
            < most
            for period, most in ACKNOWLEDGE_LIMITS
        )

    @api.model
    @single
    def _cron_acknowledge(self):
        """Acknowledge complaints one by one, with a commit after each: the mail is
        queued and the complaint marked in the same transaction."""
        if not self.env["res.groups"]._has_care_feature("complaint"):
            return
        progress = self.env["ir.cron"]
        Complaint = self.sudo()
        domain = [("acknowledge", "=", True)]
        progress._commit_progress(remaining=Complaint.search_count(domain))
        work_off(Complaint, domain, lambda complaint: complaint._try_acknowledgement())

    def _try_acknowledgement(self):
        """Log a broken template and go on with the other complaints."""
        try:
            with self.env.cr.savepoint():
                self._send_acknowledgement()
        except OperationalError:
            raise
        except Exception:
            _logger.exception("The acknowledgement of %s failed", self.name)
            self.write({"acknowledge": False})
            self._message_log(
                body=self.env._(
                    "The acknowledgement could not be created. Check its mail template."
                )
            )
