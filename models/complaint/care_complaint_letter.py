from odoo import fields, models
from odoo.exceptions import UserError


class CareComplaint(models.Model):
    """The closing letter: the fault is admitted, how it was solved, thanks (domain,
    section 4). It goes out once for each solution."""

    _inherit = "care.complaint"

    letter_sent_at = fields.Datetime("Closing Letter", readonly=True, copy=False)

    def action_closing_letter(self):
        """Open the letter in the mail composer; sending it sets the date."""
        self.ensure_one()
        self._check_letter()
        template = self.env.ref(
            "customer_care.mail_template_closing_letter", raise_if_not_found=False
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Closing Letter"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id if template else False,
                "default_composition_mode": "comment",
                "care_closing_letter": True,
            },
        }

    def action_print_closing_letter(self):
        """The letter on paper; the first print counts as sent and is noted."""
        self.check_access("write")
        for complaint in self.filtered(lambda complaint: not complaint.letter_sent_at):
            complaint._check_letter()
            complaint._message_log(body=self.env._("Closing letter printed."))
            complaint.sudo().letter_sent_at = fields.Datetime.now()
        return self.env.ref("customer_care.report_closing_letter").report_action(self)

    def message_post(self, **kwargs):
        if not self.env.context.get("care_closing_letter") or len(self) != 1:
            return super().message_post(**kwargs)
        self.check_access("write")
        self.lock_for_update()
        self._check_letter()
        message = super().message_post(**kwargs)
        self.sudo().letter_sent_at = fields.Datetime.now()
        return message

    def _check_letter(self):
        """:raise UserError: it was sent already, or there is no solution"""
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

    def _letter_name(self):
        """Name for the salutation; empty if no person is known by name"""
        contact = self.contact_id
        return contact.name if contact and not contact.is_company else ""

    def _letter_lang(self):
        self.ensure_one()
        person = self._letter_to() or self.contact_id or self.partner_id
        return person.lang or self.env.lang
