from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.image import image_data_uri

from ..core.care_job import single, work_off
from .res_partner import PREFETCH, USER

DRAWN_PHOTO_PREFIX = "data:image/svg+xml"


class ResPartner(models.Model):
    """Tell customers in writing who their account manager is, once per change (domain
    section 7)."""

    _inherit = "res.partner"

    care_manager_introduced_id = fields.Many2one(
        "res.users",
        "Introduced Account Manager",
        copy=False,
        readonly=True,
        groups=USER,
        prefetch=PREFETCH,
        help="The account manager who was introduced to the customer.",
    )
    care_introduction_pending = fields.Boolean(
        copy=False, readonly=True, groups=USER, prefetch=PREFETCH
    )
    care_introduction_due = fields.Boolean(
        compute="_compute_care_introduction_due", groups=USER, prefetch=PREFETCH
    )

    _care_introduction_idx = models.Index("(id) WHERE care_introduction_pending")

    @api.depends("care_manager_id", "care_manager_introduced_id")
    def _compute_care_introduction_due(self):
        for partner in self:
            partner.care_introduction_due = (
                partner.care_manager_id
                and partner.care_manager_id != partner.care_manager_introduced_id
            )

    def action_care_introduce(self):
        """Open the letter in the composer; sending it counts as introduced."""
        self.ensure_one()
        self.check_access("write")
        self._check_care_own()
        self._check_care_introduction()
        template = self.env.ref(
            "customer_care.mail_template_introduction", raise_if_not_found=False
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Introduce the Account Manager"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": "res.partner",
                "default_res_ids": self.ids,
                "default_template_id": template.id if template else False,
                "default_composition_mode": "comment",
                "care_introduces": True,
            },
        }

    def action_care_print_introduction(self):
        """Print the letter for customers without e-mail and log it in the chatter."""
        self.check_access("write")
        for partner in self:
            partner._check_care_introduction()
            partner._check_care_own()
            if partner.care_introduction_due:
                partner.message_post(
                    body=self.env._(
                        "Printed the letter that introduces %s as account manager.",
                        partner.care_manager_id.name,
                    )
                )
                partner._set_care_introduced()
        return self.env.ref("customer_care.report_introduction").report_action(self)

    def action_care_introduce_all(self):
        """Queue letters by e-mail to the selected customers that have not been told
        yet, and list those without an e-mail address."""
        self.check_access("write")
        customers = self.commercial_partner_id
        customers._check_care_own()
        due = customers.filtered("care_introduction_due")
        silent = due.filtered(lambda partner: not partner._care_letter_to())
        (due - silent)._schedule_care_introduction()
        if silent:
            message = self.env._(
                "%(sent)s letters will be sent. These customers have no e-mail "
                "address: %(names)s. Print their letters instead.",
                sent=len(due - silent),
                names=", ".join(silent[:10].mapped("display_name")),
            )
        else:
            message = self.env._("%s letters will be sent.", len(due))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if silent else "success",
                "sticky": bool(silent),
            },
        }

    def message_post(self, **kwargs):
        message = super().message_post(**kwargs)
        if self.env.context.get("care_introduces") and len(self) == 1:
            self.check_access("write")
            self._check_care_own()
            self._set_care_introduced()
        return message

    def _check_care_introduction(self):
        for partner in self:
            if not partner.care_manager_id:
                raise UserError(
                    self.env._(
                        "%s has no account manager yet. Choose one in the account "
                        "team.",
                        partner.display_name,
                    )
                )

    def _set_care_introduced(self):
        for partner in self:
            partner._write_care(
                {
                    "care_manager_introduced_id": partner.sudo().care_manager_id.id,
                    "care_introduction_pending": False,
                }
            )

    def _care_letter_to(self):
        """Recipient of the letter: the customer, else its decision maker, else any
        contact with an e-mail address."""
        self.ensure_one()
        if self.email:
            return self
        contacts = self.child_ids.filtered("email")
        deciding = contacts.filtered(
            lambda contact: contact.care_decision_role == "decision_maker"
        )
        return (deciding or contacts)[:1]

    def _schedule_care_introduction(self):
        if self:
            self._write_care({"care_introduction_pending": True})
            self.env.ref("customer_care.ir_cron_introduction").sudo()._trigger()

    @api.model
    @single
    def _cron_introduce(self):
        """Send pending letters, one transaction each: a letter is written down together
        with its mark, so a kill sends none twice. What cannot be sent is dropped with a
        note; a letter that fails is tried again next time."""
        domain = [("care_introduction_pending", "=", True)]
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(domain))
        work_off(self, domain, lambda partner: partner._care_introduce())

    def _care_introduce(self):
        """Send the letter of one customer if it is still due."""
        template = self.env.ref(
            "customer_care.mail_template_introduction", raise_if_not_found=False
        )
        recipient = self._care_letter_to()
        if not self.care_introduction_due or not template:
            self._write_care({"care_introduction_pending": False})
        elif not recipient:
            self._write_care({"care_introduction_pending": False})
            self._message_log(
                body=self.env._(
                    "The account manager's introduction letter was not sent because "
                    "there is no e-mail address. Print it instead."
                )
            )
        else:
            self.with_context(care_introduces=True).message_post_with_source(
                template, subtype_xmlid="mail.mt_comment"
            )

    def _care_letter_photo(self):
        """Photo of the account manager as a data URI, or False: the drawn letter that
        Odoo gives to users without a photo introduces nobody."""
        photo = self.sudo().care_manager_id.partner_id.image_256
        uri = photo and image_data_uri(photo)
        return uri if uri and not uri.startswith(DRAWN_PHOTO_PREFIX) else False
