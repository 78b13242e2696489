from email.utils import getaddresses

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import email_normalize
from odoo.tools.mail import email_split_tuples

from ...tools.mail_auth import AUTH_HEADER, sender_check
from ...tools.mail_kind import (
    automatic,
    clean,
    file_name,
    is_chinese,
    person_name,
    says_away,
)
from ...tools.mail_text import MOST_NUMBERS, complaint_numbers
from ..complaint.care_complaint_stage import CLOSED_PHASES

LONGEST_SUBJECT = 250
LONGEST_ADDRESS = 320
OWN_ADDRESSES = ("bounce_email", "catchall_email", "default_from_email")


class CareComplaint(models.Model):
    """Complaints by e-mail: which mails create one, which are added to one, and their
    sender."""

    _name = "care.complaint"
    _inherit = ["mail.thread.cc", "care.complaint"]
    _primary_email = "email_from"

    partner_id = fields.Many2one(
        required=False,
        help="Can only be empty if an unknown sender has written. Choose the "
        "customer in that case.",
    )
    email_from = fields.Char("E-mail", readonly=True, copy=False)
    email_normalized = fields.Char(
        compute="_compute_email_normalized", store=True, index="btree_not_null"
    )
    _whose_check = models.Constraint(
        "CHECK (partner_id IS NOT NULL OR email_from IS NOT NULL)",
        "A complaint must have a customer. Choose one.",
    )

    @api.depends("email_from")
    def _compute_email_normalized(self):
        for complaint in self:
            complaint.email_normalized = email_normalize(
                complaint.email_from or "", strict=False
            )

    def _on_customer_changed(self, former, given):  # pylint: disable=missing-return
        """The sender is the contact person, if the address is one of the customer's."""
        super()._on_customer_changed(former, given)
        for complaint in self.filtered(lambda row: not row.contact_id):
            sender = self._find_sender(complaint.email_normalized, complaint.company_id)
            if sender != complaint.partner_id == sender.commercial_partner_id:
                complaint.contact_id = sender

    def action_create_contact(self):
        """Create a contact for an unknown sender and set it on all complaints of that
        sender."""
        self.ensure_one()
        self.check_access("write")
        contact = self._find_sender(self.email_normalized, self.company_id)
        contact = contact or self._create_sender(self.email_from, self.company_id)
        self.search(
            [
                ("partner_id", "=", False),
                ("email_normalized", "=", self.email_normalized),
                ("company_id", "=", self.company_id.id),
            ]
        ).partner_id = contact
        if not self.partner_id:
            self.partner_id = contact

    # ------------------------------------------------------------
    # Routes
    # ------------------------------------------------------------

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        return [("email_normalized", "=", email_from_normalized)]

    @api.model
    def _choose_routes(self, mail, message, routes):
        """Choose among the routes that Odoo found for a mail: a mail to two teams
        creates one complaint, automatic mails are set aside, and a reply goes to its
        complaint unless that was closed long ago.

        :param mail: the mail as it came
        :param message: {name: value} as Odoo has read it; is cleaned
        :return: routes
        """
        self._clean_message(message)
        self._read_contents(mail, message)
        ours = [route for route in routes if route[0] == self._name]
        others = [route for route in routes if route[0] != self._name]
        _model, thread, defaults, uid, alias = ours[0]
        complaint = self.sudo().browse(thread or [])
        team = (
            self.env["care.complaint.team"]
            .sudo()
            .browse((defaults or {}).get("team_id"))
        )
        by_number = not complaint
        if not complaint:
            complaint = self._find_by_number(message)
        if complaint:
            complaint = complaint._surviving()
        company = (complaint or team).company_id or self.env.company
        message["care_sender_check"] = self._check_sender(
            mail, message, company, by_number and complaint
        )
        reason = self._reason_to_set_aside(mail, message, complaint, team)
        if reason:
            self.env["care.incoming.mail"].sudo()._set_aside(
                reason, message, mail=mail, team=team, complaint=complaint
            )
            return others
        if (
            complaint.phase in CLOSED_PHASES
            and not complaint._may_reopen()
            and not self._only_thanks(message)
        ):
            author = self._find_sender(
                email_normalize(message["email_from"], strict=False),
                complaint.company_id,
            )
            if not self._is_colleague(author):
                defaults = {
                    "team_id": complaint.team_id.id,
                    "company_id": complaint.company_id.id,
                    "previous_id": complaint.id,
                }
                complaint = self.browse()
        return [*others, (self._name, complaint.id or 0, defaults, uid, alias)]

    @api.model
    def _clean_message(self, message):
        for name in ("subject", "email_from", "from", "to", "cc", "recipients"):
            if message.get(name):
                limit = LONGEST_SUBJECT if name == "subject" else None
                message[name] = clean(message[name], limit)
        for name in ("to_filtered", "cc_filtered"):
            message[name] = clean(message.get(name) or "")
        body = message.get("body") or ""
        message["body"] = type(body)(clean(body))
        message["attachments"] = [
            (file_name(name), *rest) for name, *rest in message.get("attachments") or ()
        ]

    @api.model
    def _reason_to_set_aside(self, mail, message, complaint, team):
        """One of the reasons of ``care.incoming.mail``, or None"""
        sender = email_normalize(message.get("email_from") or "", strict=False)
        if not sender:
            return "sender"
        if self._is_own_address(sender):
            return "own"
        if self._is_blocked(sender, complaint.team_id or team):
            return "blocked"
        domains = self._alias_domains().mapped("name")
        kind = automatic(lambda name: mail.get(name), domains)
        if not kind and complaint and says_away(message.get("subject")):
            kind = "auto"
        return kind

    @api.model
    def _alias_domains(self):
        return self.env["mail.alias.domain"].sudo().search(Domain.TRUE)

    @api.model
    def _check_sender(self, mail, message, company, by_number):
        """:param by_number: only the number in the subject says which complaint it is
        :return: a value of ``sender_check``
        """
        raw = [(name.lower(), str(value)) for name, value in mail.raw_items()]
        written = getaddresses([value for name, value in raw if name == "from"])
        sender = email_normalize(message.get("email_from") or "", strict=False) or ""
        if len(written) != 1 or written[0][1].lower() != sender:
            sender = ""
        headers = [value for name, value in raw if name == AUTH_HEADER]
        said = sender_check(headers, company.sudo().care_mail_authserv, sender)
        if said == "none":
            return "unverified" if by_number else "unknown"
        return "verified" if said == "pass" else "failed"

    @api.model
    def _is_own_address(self, email):
        """Addresses from which this database sends mail"""
        domains = self._alias_domains()
        own = {address for name in OWN_ADDRESSES for address in domains.mapped(name)}
        return email in own or bool(
            self.env["mail.alias"]
            .sudo()
            .search_count([("alias_full_name", "=", email)], limit=1)
        )

    @api.model
    def _find_by_number(self, message):
        """Find the complaint of a reply without references by the number in its
        subject; only complaints of the sender count."""
        subject = message.get("subject") or ""
        email = email_normalize(message.get("email_from") or "", strict=False)
        sequence = self.env.ref(
            "customer_care.sequence_complaint", raise_if_not_found=False
        )
        words = [word.strip(".,:;()[]#") for word in subject.split()]
        words = [word for word in words if any(map(str.isdigit, word))]
        numbers = list(dict.fromkeys([*complaint_numbers(subject), *words]))
        if not email or not sequence or not numbers:
            return self.sudo().browse()
        found = self.sudo().search([("name", "in", numbers)], limit=MOST_NUMBERS)
        for complaint in found.sorted(lambda found: numbers.index(found.name)):
            senders = complaint.partner_id | complaint.contact_id
            senders |= complaint.partner_id.child_ids
            if email == complaint.email_normalized or email in senders.mapped(
                "email_normalized"
            ):
                return complaint
        return found.browse()

    # ------------------------------------------------------------
    # Gateway
    # ------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Create the sender's complaint in the team of the address. The gateway calls
        as superuser; other callers keep their own rights."""
        if not self.env.su:
            return super().message_new(msg_dict, custom_values)
        values = dict(custom_values or {})
        self = self.with_user(api.SUPERUSER_ID)  # noqa: PLW0642
        team = self._team_of_route(values)
        company = team.company_id or self.env.company
        previous = self.browse(values.pop("previous_id", None))
        values = {
            "subject": msg_dict.get("subject") or self.env._("No Subject"),
            "description": self._description_of(msg_dict.get("body")),
            "source": "email",
            **self._values_of_sender(msg_dict, company, previous),
            **values,
            "team_id": team.id,
            "company_id": company.id,
        }
        if previous:
            values["linked_ids"] = [Command.link(previous.id)]
        cc = self._others_addressed(msg_dict)
        sender, supposed = values["email_from"], values.pop("forwarded_from", False)
        # The handler follows it and gets the mail itself, which says enough.
        quiet = self.with_company(company).with_context(
            mail_auto_subscribe_no_notify=True
        )
        complaint = super(CareComplaint, quiet).message_new(
            {**msg_dict, "cc": cc, "email_from": sender}, custom_values=values
        )
        complaint = complaint.with_env(self.with_company(company).env)
        if supposed:
            complaint.forwarded_from = supposed
            complaint._ask_for_customer()
        if previous:
            previous._message_log(
                body=self.env._(
                    "The customer has written again long after closing: %s",
                    complaint._get_html_link(title=complaint.name),
                )
            )
        return complaint

    def message_update(self, msg_dict, update_vals=None):
        cc = "" if self._is_forgeable() else self._others_addressed(msg_dict)
        return super().message_update({**msg_dict, "cc": cc}, update_vals=update_vals)

    @api.model
    def _others_addressed(self, msg_dict):
        """Other recipients of the mail, without ourselves and the sender"""
        sender = email_normalize(msg_dict.get("email_from") or "", strict=False)
        raw = f"{msg_dict.get('to_filtered') or ''},{msg_dict.get('cc_filtered') or ''}"
        others = self._mail_cc_sanitized_raw_dict(raw)
        return ", ".join(
            address for email, address in others.items() if email and email != sender
        )

    @api.model
    def _team_of_route(self, values):
        Team = self.env["care.complaint.team"]
        team = Team.browse(values.get("team_id")).exists()
        if team.active:
            return team
        company = self.env["res.company"].browse(values.get("company_id"))
        return Team._default_of(team.company_id or company or self.env.company)

    @api.model
    def _values_of_sender(self, msg_dict, company, previous):
        """Customer and contact by the sender's address; unknown senders by the
        setting; complaints of internal users are internal ones. Sets the author of
        the message."""
        sender = clean(msg_dict["email_from"], LONGEST_ADDRESS)
        contact = self._find_sender(email_normalize(sender, strict=False), company)
        values = {"email_from": sender}
        if self._is_colleague(contact):
            msg_dict["author_id"] = contact.id
            found = self._values_of_forward(msg_dict, company)
            return {**values, "kind": "internal"} if found is None else found
        if not contact and previous.partner_id:
            return {**values, "partner_id": previous.partner_id.id}
        if not contact and company.care_mail_unknown == "contact":
            contact = self._create_sender(
                sender, company, is_chinese(msg_dict.get("subject") or "")
            )
        msg_dict["author_id"] = contact.id
        if contact:
            values["partner_id"] = contact.id
        return values

    @api.model
    def _find_sender(self, email, company):
        """Contact with this address. Order: internal users, customers with a tier,
        contacts of the company before shared ones, archived ones last."""
        Partner = self.env["res.partner"].sudo().with_company(company)
        if not email:
            return Partner
        found = Partner.with_context(active_test=False).search(
            [
                ("email_normalized", "=", email),
                ("company_id", "in", [False, company.id]),
            ],
            order="id",
        )
        if len(found) < 2:
            return found
        return found.sorted(
            lambda partner: (
                not partner.active,
                partner.partner_share,
                not partner.care_tier_id,
                not partner.company_id,
                partner.id,
            )
        )[:1]

    @api.model
    def _create_sender(self, email_from, company, chinese=False):
        """:param chinese: they write Chinese, and are answered in it if it is there"""
        pairs = email_split_tuples(email_from)
        name, email = pairs[0] if pairs else ("", email_from)
        values = {
            "name": person_name(name, email),
            "email": email,
            "company_id": company.id,
        }
        if chinese:
            codes = (code for code, _name in self.env["res.lang"].get_installed())
            if lang := next((code for code in codes if code.startswith("zh")), None):
                values["lang"] = lang
        return self.env["res.partner"].sudo().create(values)
