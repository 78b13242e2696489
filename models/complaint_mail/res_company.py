from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """How complaints by e-mail are treated."""

    _inherit = "res.company"

    care_mail_unknown = fields.Selection(
        [
            ("contact", "Make a new contact"),
            ("none", "Record the complaint without a customer"),
        ],
        "Unknown Senders",
        default="contact",
        required=True,
    )
    care_reopen_days = fields.Integer(
        "Reopen for (days)",
        default=30,
        help="A reply to a complaint that was closed within so many days reopens it; a "
        "later one opens a new complaint that is linked. 0: always a new one.",
    )
    care_mail_authserv = fields.Char(
        "Trusted Mail Gateway",
        help="Name with which your mail gateway begins the header "
        "Authentication-Results, such as mx.example.com. The gateway must remove such "
        "headers from mails that come in. Without it, no sender counts as verified, "
        "and mails of colleagues become internal notes.",
    )
    care_acknowledge = fields.Boolean(
        "Acknowledge Complaints",
        default=True,
        help="Who complains by e-mail or in the portal is told within a minute until "
        "when there will be an answer. That is no reply for the clocks.",
    )

    @api.constrains("care_reopen_days")
    def _check_care_reopen_days(self):
        if any(company.care_reopen_days < 0 for company in self):
            raise ValidationError(
                self.env._("The days in which a reply reopens cannot be negative.")
            )
