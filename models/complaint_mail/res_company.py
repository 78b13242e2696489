from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Settings of complaints by e-mail."""

    _inherit = "res.company"

    care_mail_unknown = fields.Selection(
        [
            ("contact", "Create a new contact"),
            ("none", "Record the complaint without a customer"),
        ],
        "Unknown Senders",
        default="contact",
        required=True,
        prefetch="care",
    )
    care_reopen_days = fields.Integer(
        "Reopening Period (days)",
        default=30,
        help="A message within this number of days after closing is added to the "
        "complaint, and its handler decides whether to reopen it; a later one "
        "creates a new, linked complaint. 0: always create a new one.",
        prefetch="care",
    )
    care_reopen_at_once = fields.Boolean(
        "Reopen at Once",
        help="A customer's message reopens the closed complaint without asking the "
        "handler, unless it only says thanks.",
        prefetch="care",
    )
    care_mail_authserv = fields.Char(
        "Trusted Mail Gateway",
        help="Name that your mail gateway writes at the start of the "
        "Authentication-Results header, e.g. mx.example.com. The gateway must "
        "remove such headers from incoming mails. If this is empty, no sender "
        "is verified, and mails from users become internal notes.",
        prefetch="care",
    )
    care_acknowledge = fields.Boolean(
        "Acknowledge Complaints",
        default=True,
        help="Customers who complain by e-mail or in the portal are told within a "
        "minute when to expect an answer. This does not count as a reply.",
        prefetch="care",
    )

    @api.constrains("care_reopen_days")
    def _check_care_reopen_days(self):
        if any(company.care_reopen_days < 0 for company in self):
            raise ValidationError(
                self.env._(
                    "The number of days during which a reply reopens a "
                    "complaint cannot be negative."
                )
            )
