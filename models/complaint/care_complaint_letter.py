from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang, plaintext2html

from ...tools.closing_letter import admits_fault
from ..core.base import UNLOCKED

ADDRESS_FIELDS = ("street", "street2", "zip", "city")


class CareComplaint(models.Model):
    """The closing letter: whose fault it was, how it was solved, thanks (domain,
    section 4). It goes out once for each solution, as a mail or on paper, and the PDF
    that went out is kept."""

    _inherit = "care.complaint"

    letter_sent_at = fields.Datetime("Closing Letter", readonly=True, copy=False)
    letter_ids = fields.Many2many(
        "ir.attachment",
        "care_complaint_letter_rel",
        "complaint_id",
        "attachment_id",
        "Sent Letters",
        readonly=True,
        copy=False,
        help="Closing letters as they were sent or printed, the latest first.",
    )

    def action_closing_letter(self):
        """Open the letter for editing; sending or printing it sets the date."""
        self.ensure_one()
        self.check_access("write")
        self._check_letter()
        subject, body = self._letter_draft()
        wizard = self.env["care.complaint.letter"].create(
            {"complaint_id": self.id, "subject": subject, "body": body}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Closing Letter"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_print_closing_letter(self):
        """The letter as it was sent, or before that the letter for editing"""
        self.ensure_one()
        self.check_access("write")
        if not self.letter_sent_at:
            return self.action_closing_letter()
        if self.letter_ids:
            return self._open_letter(self.letter_ids.sorted("id")[-1])
        return self.env.ref("customer_care.report_closing_letter").report_action(self)

    @api.model
    def _open_letter(self, attachment):
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "close": True,
        }

    # ------------------------------------------------------------
    # Text
    # ------------------------------------------------------------

    def _letter_draft(self):
        """(subject, body) of the template, in the language of the letter"""
        self.ensure_one()
        lang = self._letter_lang()
        template = self.env.ref(
            "customer_care.mail_template_closing_letter", raise_if_not_found=False
        )
        if not template:
            return self.display_name, plaintext2html(self.solution or "")
        rendered = (
            template._render_field(name, self.ids, set_lang=lang)[self.id]
            for name in ("subject", "body_html")
        )
        subject, body = rendered
        return subject, Markup(body)

    def _letter_admits_fault(self):
        return admits_fault(self.kind, self.genuine, self.root_cause_id.fault)

    def _letter_name(self):
        """Name for the salutation; empty if no person is known by name"""
        contact = self.contact_id
        return contact.name if contact and not contact.is_company else ""

    def _letter_day(self, moment=None):
        """The day of a moment, else today, in words of the letter's language"""
        zone = self.company_id._care_tz().zone
        day = fields.Datetime.context_timestamp(
            self.with_context(tz=zone), moment or fields.Datetime.now()
        ).date()
        return format_date(self.env, day, lang_code=self._letter_lang())

    def _letter_compensation(self):
        """The amount granted, '' if there is none"""
        if not self.compensation_granted:
            return ""
        env = self.with_context(lang=self._letter_lang()).env
        return formatLang(env, self.compensation_granted, currency_obj=self.currency_id)

    def _letter_lang(self):
        """The customer's language, else the company's, else the user's: the first that
        is installed"""
        self.ensure_one()
        person = self._letter_to() or self.contact_id or self.partner_id
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (
            person.lang,
            self.company_id.sudo().partner_id.lang,
            self.env.context.get("lang"),
        )
        return next((code for code in wanted if code in installed), "en_US")

    # ------------------------------------------------------------
    # Recipient
    # ------------------------------------------------------------

    def _letter_due(self):
        """Only customers' complaints need a letter, not internal ones or
        suggestions."""
        return self.kind == "customer" and bool(self.partner_id)

    def _letter_to(self):
        """Recipient: the contact person who complained, else the customer"""
        self.ensure_one()
        if self.contact_id.email:
            return self.contact_id
        return self.partner_id._care_letter_to() if self.partner_id else self.partner_id

    def _letter_postal(self):
        """Whose postal address the letter has: the contact person's if it is there,
        else the customer's"""
        self.ensure_one()
        contact = self.contact_id
        return contact if _has_address(contact) else self.partner_id

    def _letter_address(self):
        """Lines of the postal address, '' if there is none"""
        postal = self._letter_postal()
        if not _has_address(postal):
            return ""
        text = postal.with_context(lang=self._letter_lang())._display_address()
        return "\n".join(line.strip() for line in text.split("\n") if line.strip())

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def _send_letter(self, subject, body):
        """Mail the letter with its PDF.

        :raise UserError: the customer has no e-mail address, or it was sent already
        """
        recipient = self._letter_to()
        if not recipient.email:
            raise UserError(
                self.env._(
                    "%s has no e-mail address. Print the letter and send it by post.",
                    self.partner_id.display_name,
                )
            )
        name, content = self._begin_letter(subject, body)
        sender = self.user_id or self.env.user
        message = self.with_context(care_letter=UNLOCKED).message_post(
            body=Markup(body) + self._letter_link(),
            subject=subject,
            partner_ids=recipient.ids,
            attachments=[(name, content)],
            email_from=sender.email_formatted or self.env.user.email_formatted,
            author_id=self.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            force_email_lang=self._letter_lang(),
        )
        self._keep_letter(message.sudo().attachment_ids)
        return message

    def _print_letter(self, subject, body):
        """Keep the letter that goes by post.

        :return: its PDF
        """
        name, content = self._begin_letter(subject, body)
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        self._message_log(
            body=self.env._("Closing letter printed."), attachment_ids=attachment.ids
        )
        self._keep_letter(attachment)
        return attachment

    def _begin_letter(self, subject, body):
        """(name, content) of the PDF of a letter that may go out now"""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        self._check_letter()
        content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
            "customer_care.report_closing_letter",
            self.ids,
            data={"letter": {"subject": subject, "body": Markup(body)}},
        )
        words = self.with_context(lang=self._letter_lang()).env
        return f"{words._('Closing Letter')} {self.name}.pdf", content

    def _keep_letter(self, attachment):
        self.sudo().write(
            {
                "letter_sent_at": fields.Datetime.now(),
                "letter_ids": [fields.Command.link(file.id) for file in attachment],
            }
        )

    def _letter_link(self):
        """The complaint on the portal, to rate it unless the customer is asked in
        another way. In the mail it needs no log-in."""
        words = self.with_context(lang=self._letter_lang()).env
        return Markup('<p><a href="%s">%s</a></p>') % (
            self._portal_address(),
            words._("Tell us with two clicks whether you are satisfied")
            if self._letter_asks()
            else words._("See your complaint online"),
        )

    def _notify_by_email_render_layout(self, message, recipients_group, **kwargs):
        """The link of a letter opens the portal without a log-in in the mail to the
        customer, and only there: colleagues read the message beside the complaint."""
        body = super()._notify_by_email_render_layout(
            message, recipients_group, **kwargs
        )
        is_letter = self and self.env.context.get("care_letter") is UNLOCKED
        if not is_letter or recipients_group["notification_group_name"] == "user":
            return body
        link = Markup('href="%s"')
        return body.replace(
            link % self._portal_address(), link % self._portal_address(token=True)
        )

    def _portal_address(self, token=False):
        complaint = self.sudo()
        path = complaint.get_portal_url() if token else complaint.access_url
        return self.get_base_url() + path

    def _check_letter(self):
        """:raise UserError: it was sent already, or lacks a solution or a customer"""
        if self.letter_sent_at:
            raise UserError(
                self.env._(
                    "The closing letter of %(complaint)s was sent on %(date)s. Reopen "
                    "the complaint to send another one.",
                    complaint=self.name,
                    date=fields.Date.to_string(self.letter_sent_at),
                )
            )
        if not self.solution:
            raise UserError(
                self.env._(
                    "The letter explains the solution. Enter the solution first."
                )
            )
        if not self.partner_id:
            raise UserError(
                self.env._(
                    "The letter goes to the customer. Choose the customer first."
                )
            )


def _has_address(partner):
    return any(partner[name] for name in ADDRESS_FIELDS)
