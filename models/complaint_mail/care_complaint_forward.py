from odoo import api, fields, models
from odoo.tools import email_normalize, plaintext2html

from ...tools.mail_header import FORWARD_SUBJECT, forwarded
from ...tools.mail_kind import clean, is_chinese
from ...tools.mail_pictures import marked_pictures, put_back
from ...tools.mail_text import text_lines

FORWARDED = "customer_care.mail_activity_type_forwarded"
LONGEST_ADDRESS = 320


class CareComplaint(models.Model):
    """Mails that a colleague forwards: the complaint is its first sender's."""

    _inherit = "care.complaint"

    forwarded_from = fields.Char(
        "Sender of the Forwarded Mail",
        readonly=True,
        copy=False,
        help="Who seems to have written the forwarded mail. A user must confirm it.",
    )

    def action_confirm_forwarded(self):
        """Make the supposed sender of the forwarded mail the customer."""
        self.ensure_one()
        self.check_access("write")
        sender, company = self.forwarded_from, self.company_id
        email = email_normalize(sender or "", strict=False)
        if not email or self.partner_id:
            return
        contact = self._find_sender(email, company) or self._create_sender(
            sender, company, is_chinese(self.subject or "")
        )
        self.sudo().write({"email_from": sender, "forwarded_from": False})
        self.write({"partner_id": contact.id, "kind": "customer"})
        self.sudo().activity_unlink([FORWARDED])

    @api.model
    def _values_of_forward(self, msg_dict, company):
        """Values of a complaint that a colleague forwards: the customer is who wrote
        the mail inside. What the colleague adds stays inside.

        :return: None if there is no mail inside
        """
        subject = msg_dict.get("subject") or ""
        body, pictures = marked_pictures(msg_dict.get("body"))
        found = forwarded(
            subject,
            text_lines(body),
            lambda email: self._is_inside(email, company),
        )
        if not found or not (found.name or found.email):
            return None
        msg_dict["is_internal"] = True
        email = found.email or found.hint
        name = clean(found.name, 128).replace('"', "")
        writer = f'"{name}" <{email}>' if name and email else email or name
        if not found.sure or self.env.context.get("care_sender_check") == "failed":
            return {
                "email_from": clean(msg_dict["email_from"], LONGEST_ADDRESS),
                "kind": "internal",
                "forwarded_from": clean(writer, LONGEST_ADDRESS),
            }
        values = {
            "email_from": clean(writer, LONGEST_ADDRESS),
            "subject": FORWARD_SUBJECT.sub("", subject).strip() or subject,
            "description": put_back(plaintext2html(found.text), pictures)
            if found.text
            else False,
        }
        contact = self._find_sender(email, company)
        if not contact and company.care_mail_unknown == "contact":
            contact = self._create_sender(writer, company, is_chinese(subject))
        if contact:
            values["partner_id"] = contact.id
        return values

    @api.model
    def _is_inside(self, email, company):
        """Is it an address of ours, or of one of us?"""
        domains = {name.lower() for name in self._alias_domains().mapped("name")}
        return (
            email.rpartition("@")[2].lower() in domains
            or self._is_own_address(email)
            or self._is_colleague(self._find_sender(email, company))
        )

    def _ask_for_customer(self):
        """Schedule an activity: is the sender that was found the customer?"""
        self._plan_for_reader(
            FORWARDED,
            lambda told: told.env._("Is %s the customer?", self.forwarded_from),
        )
