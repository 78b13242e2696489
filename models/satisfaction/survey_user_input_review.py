import ipaddress
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import hmac

REVIEW_REASONS = [
    ("colleague", "Filled in by a colleague without a call"),
    ("internal", "Sent to a colleague's address"),
    ("email_changed", "E-mail address changed by a colleague before"),
    ("new_contact", "Contact added by a colleague before"),
    ("office", "From a network that colleagues use"),
    ("browser", "One browser answered for several customers"),
    ("network", "One network answered for many customers"),
]
EMAIL_DAYS = 14
"""Addresses that a colleague changed so long before the invitation, or later, count"""
ORIGIN_DAYS = 60
OFFICE_DAYS = 30
BROWSER_CUSTOMERS, NETWORK_CUSTOMERS = 2, 4
"""So many customers from one browser or network are too many"""


class SurveyUserInput(models.Model):
    """Answers that somebody else than the customer may have given: they are set aside
    until an administrator accepts them. Tokens to answer are nobody's to read."""

    _inherit = "survey.user_input"

    care_review_reason = fields.Selection(
        REVIEW_REASONS, "Reason for Review", readonly=True, copy=False
    )
    care_network = fields.Char(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Fingerprint of the network address.",
    )
    care_browser = fields.Char(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Fingerprint of the session.",
    )

    _care_network_idx = models.Index("(care_network) WHERE care_network IS NOT NULL")
    _care_browser_idx = models.Index("(care_browser) WHERE care_browser IS NOT NULL")

    # ------------------------------------------------------------
    # Tokens
    # ------------------------------------------------------------

    def _has_field_access(self, field, operation):
        """Who reads the token can answer as the customer."""
        if field.name == "access_token" and operation == "read" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _care_check_link(self):
        """:raise AccessError: the link would let the user answer for a customer"""
        self.check_access("read")
        ours = self.sudo().filtered("care_company_id")
        if ours.filtered(lambda answer: answer.state != "done") and not self.env.su:
            raise AccessError(
                self.env._(
                    "Only the customer has the link to answer. Call the customer "
                    "under Satisfaction ▸ To Call to fill in the survey."
                )
            )
        return self.sudo()

    def get_start_url(self):
        return super(SurveyUserInput, self._care_check_link()).get_start_url()

    def get_print_url(self):
        return super(SurveyUserInput, self._care_check_link()).get_print_url()

    def action_print_answers(self):
        return super(SurveyUserInput, self._care_check_link()).action_print_answers()

    # ------------------------------------------------------------
    # Where an answer comes from
    # ------------------------------------------------------------

    def _care_note_origin(self, address, session):
        """Keep fingerprints of the network and of the browser's session.

        :param address: of the network; private ones, as behind a proxy that Odoo does
            not know of, tell nothing
        """
        if not self.care_company_id or self.care_anonymous or self.state == "done":
            return
        values = {"care_browser": self._care_fingerprint("browser", session)}
        if self._care_is_public(address):
            values["care_network"] = self._care_fingerprint("network", address)
        self._care_write(values)

    @api.model
    def _care_fingerprint(self, kind, value):
        return hmac(self.env(su=True), f"customer_care.{kind}", value)

    @api.model
    def _care_is_public(self, address):
        try:
            return ipaddress.ip_address(address or "").is_global
        except ValueError:
            return False

    @api.model
    def _care_office_networks(self):
        """Fingerprints of the networks in which colleagues have been logged in"""
        since = fields.Datetime.now() - timedelta(days=OFFICE_DAYS)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT device.ip_address
                  FROM res_device_log device
                  JOIN res_users colleague ON colleague.id = device.user_id
                 WHERE colleague.share IS NOT TRUE AND device.last_activity >= %s
                """,
                since,
            )
        )
        return {
            self._care_fingerprint("network", address)
            for (address,) in rows
            if self._care_is_public(address)
        }

    # ------------------------------------------------------------
    # Review
    # ------------------------------------------------------------

    def _care_to_review(self):
        self.ensure_one()
        return bool(
            self.care_review_reason
            and self.care_aside_reason
            and not self.care_aside_user_id
        )

    def _care_hold(self):
        """Set new answers aside that the customer may not have given."""
        named = self.filtered(lambda answer: not answer.care_anonymous)
        office = (
            self._care_office_networks() if any(named.mapped("care_network")) else ()
        )
        for answer in named:
            if reason := answer._care_doubt(office):
                answer._care_hold_for(reason)
            if not answer.care_caller_id:
                answer._care_hold_crowd("browser", "care_browser", BROWSER_CUSTOMERS)
                answer._care_hold_crowd("network", "care_network", NETWORK_CUSTOMERS)

    def _care_hold_for(self, reason):
        fresh = self.filtered(
            lambda answer: not answer.care_review_reason
            and not answer.care_aside_reason
        )
        fresh._care_write(
            {
                "care_review_reason": reason,
                "care_aside_reason": reason,
                "care_aside_date": fields.Datetime.now(),
            }
        )

    def _care_doubt(self, office):
        """Why somebody else may have given this answer, or None. A call that the caller
        noted is no reason: the answer names the caller.

        :param office: fingerprints of the networks of colleagues
        """
        self.ensure_one()
        invitation = self.env["care.invitation"].sudo()
        invitation = invitation.search([("user_input_id", "=", self.id)], limit=1)
        if self.care_caller_id:
            noted = invitation.caller_id == self.care_caller_id
            return "colleague" if self.care_browser and not noted else None
        if invitation.email and self._care_is_internal(invitation.email):
            return "internal"
        if reason := self._care_address_doubt(invitation):
            return reason
        if self.care_network and self.care_network in office:
            return "office"
        return None

    def _care_is_internal(self, email):
        [(internal,)] = self.env.execute_query(
            SQL(
                "SELECT %s", self.env["care.invitation"]._sql_internal(SQL("%s", email))
            )
        )
        return bool(internal)

    @api.model
    def _care_address_doubt(self, invitation):
        """Did a colleague change the address, or add the contact to a known customer,
        shortly before the invitation or later?"""
        customer = invitation.partner_id
        person = invitation.contact_id or customer
        if not customer or not invitation.sent_at or invitation.channel != "email":
            return None
        since = invitation.sent_at - timedelta(days=EMAIL_DAYS)
        changed = person.care_email_changed_at
        if changed and changed >= since:
            return "email_changed"
        if (
            person.create_date >= since > customer.create_date
            and person.create_uid._is_internal()
        ):
            return "new_contact"
        return None

    def _care_hold_crowd(self, reason, name, most):
        """Hold all answers of one browser or network, if they are of too many
        customers."""
        if not self.sudo()[name]:
            return
        since = fields.Datetime.now() - timedelta(days=ORIGIN_DAYS)
        answers = self.sudo().search(
            Domain(name, "=", self.sudo()[name])
            & Domain("care_company_id", "=", self.care_company_id.id)
            & Domain("state", "=", "done")
            & Domain("care_caller_id", "=", False)
            & Domain("end_datetime", ">=", since)
        )
        if len(answers.care_partner_id) >= most:
            answers._care_hold_for(reason)

    def _care_accept(self):
        """Count answers that were held: what follows from them follows now."""
        for answer in self:
            if answer.care_complaint_id.outcome == "unknown":
                answer._care_tell_complaint()
        for company, answers in self.grouped("care_company_id").items():
            answers.with_company(company)._care_follow_up()
