from odoo import api, fields, models
from odoo.tools import email_normalize

SENDER_CHECKS = [
    ("verified", "Verified by the mail gateway"),
    ("unknown", "Not checked by a trusted gateway"),
    ("unverified", "Not verified: recognized by the complaint number only"),
    ("failed", "Not verified: the mail gateway reported a forged sender"),
]
ASSIGNED_AT_ONCE = 5
"""From so many complaints on their handler gets one message for all."""
FORGEABLE = ("unverified", "failed")


class CareComplaint(models.Model):
    """Messages of a complaint: recipients, and which messages are replies."""

    _inherit = "care.complaint"

    sender_check = fields.Selection(
        SENDER_CHECKS,
        "Sender of the Last Mail",
        readonly=True,
        copy=False,
        help="Whether the sender of the last mail could be verified.",
    )

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        """Skip the handler who recorded the complaint and is subscribed already."""
        if (
            followers_existing_policy == "update"
            and updated_values.get("user_id") == self.env.uid
        ):
            updated_values = {**updated_values, "user_id": False}
        return super()._message_auto_subscribe(
            updated_values, followers_existing_policy=followers_existing_policy
        )

    def _message_auto_subscribe_notify(self, partner_ids, template):
        """Who is given many complaints at once is told in one message."""
        quiet = self.env.context.get("mail_auto_subscribe_no_notify")
        if len(self) < ASSIGNED_AT_ONCE or quiet:
            return super()._message_auto_subscribe_notify(partner_ids, template)
        for user in self.user_id.sudo().filtered(
            lambda user: user.partner_id.id in partner_ids
        ):
            rows = self.filtered(lambda row, user=user: row.user_id == user)
            rows._tell_assigned(user, user)
        return None

    def _mail_get_partners(self, introspect_fields=False):
        """Send mails to the contact person, else to the customer."""
        return {
            complaint.id: complaint.contact_id or complaint.partner_id
            for complaint in self
        }

    def _notify_get_reply_to(self, default=None, author_id=False):
        """Replies go to the address of the team."""
        teams = self.team_id.sudo()
        addresses = teams._notify_get_reply_to(default=default, author_id=author_id)
        found = {
            complaint.id: addresses[complaint.team_id.id]
            for complaint in self
            if complaint.team_id
        }
        if rest := self.filtered(lambda complaint: not complaint.team_id):
            found |= super(CareComplaint, rest)._notify_get_reply_to(
                default=default, author_id=author_id
            )
        return found

    # ------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------

    def message_post(self, **kwargs):
        mailed = kwargs.get("message_type") == "email"
        forwarded = mailed and kwargs.get("is_internal") and not self.message_ids
        if mailed:
            kwargs = self._hold_back(kwargs)
            kwargs = self._send_on(self._keep_inside(kwargs))
        start = fields.Datetime.now()
        message = super().message_post(**kwargs)
        if mailed and self.env.su and "care_sender_check" in self.env.context:
            self._mark_sender(message, held=not forwarded)
        if self and self._is_answer_of_ours(message):
            self._settle_unanswered()
            if not self.replied_at:
                self._append([(self, "replied", self._reply_moment(message, start))])
        return message

    @api.model
    def _reply_moment(self, message, start):
        """The date of the message, unless a mail or a caller has brought another.

        :param start: when posting began
        """
        now = fields.Datetime.now()
        return message.date if start <= message.date <= now else now

    def _is_forgeable(self):
        """Is the sender of the incoming mail unverified?"""
        return self.env.context.get("care_sender_check") in FORGEABLE

    def _hold_back(self, values):
        """Do not forward a mail with an unverified sender. If it uses the address of an
        internal user, make it an internal note."""
        Partner = self.env["res.partner"].sudo()
        author = Partner.browse(values.get("author_id") or [])
        colleague = self._is_colleague(author) or self._is_colleague(
            self._find_sender(
                email_normalize(values.get("email_from") or "", strict=False),
                self.company_id,
            )
        )
        verified = self.env.context.get("care_sender_check") == "verified"
        if verified or not (self._is_forgeable() or (colleague and self.message_ids)):
            return values
        addressed = Partner.browse(values.get("partner_ids") or [])
        inside = addressed.filtered(self._is_colleague)
        if colleague:
            inside |= self.sudo().user_id.partner_id
            note = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
            values = {**values, "subtype_id": note, "is_internal": True}
            values.pop("subtype_xmlid", None)
        return {
            **values,
            "partner_ids": inside.ids,
            "outgoing_email_to": False,
            "notify_skip_followers": True,
        }

    @api.model
    def _keep_inside(self, values):
        """What a colleague writes above a forwarded mail is an internal note."""
        if not values.get("is_internal"):
            return values
        note = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        values = {**values, "subtype_id": note}
        values.pop("subtype_xmlid", None)
        return values

    def _mark_sender(self, message, held):
        """Warn the handler that the sender is not verified.

        :param held: could the mail have been held back? Not if it opens a complaint
        """
        check = self.env.context["care_sender_check"]
        held = held and self._is_colleague(message.author_id) and message.is_internal
        if held and check == "unknown":
            check = "unverified"
        self.sender_check = check
        if check not in FORGEABLE:
            return
        reason = (
            self.env._("the mail gateway reported a forged address")
            if check == "failed"
            else self.env._("only the address in the mail identifies the sender")
        )
        text = self.env._(
            "Sender not verified: %(sender)s, %(reason)s. Contact the customer "
            "before you act on it.",
            sender=message.email_from,
            reason=reason,
        )
        if held:
            text += " " + self.env._("It has not been forwarded to the customer.")
        self._message_log(body=text)

    def _send_on(self, values):
        """Forward to the customer what an internal user replies from a mail program to
        the address of the team, unless it answers an internal note."""
        author = self.env["res.partner"].sudo().browse(values.get("author_id") or [])
        comment = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        if not self._is_colleague(author) or values.get("subtype_id") != comment:
            return values
        customer = self._mail_get_partners()[self.id]
        if customer == author or not self.message_ids:
            return values
        if customer:
            partners = {*(values.get("partner_ids") or []), customer.id}
            return {**values, "partner_ids": list(partners)}
        if self.email_normalized != author.email_normalized:
            return {**values, "outgoing_email_to": self.email_from}
        return values

    @api.model
    def _is_colleague(self, partner):
        return bool(partner) and not partner.partner_share

    def _is_answer_of_ours(self, message):
        """Rule 5: a message of an internal user that goes to the customer"""
        if message.subtype_id != self.env.ref("mail.mt_comment") or message.is_internal:
            return False
        if message.message_type == "email":
            if not self._is_colleague(message.sudo().author_id):
                return False
        elif (
            message.message_type not in ("comment", "email_outgoing", "notification")
            or not self.env.user._is_internal()
            or self.env.uid == api.SUPERUSER_ID
        ):
            return False
        return self._reaches_customer(message.sudo())

    def _reaches_customer(self, message):
        reached = message.notified_partner_ids | message.partner_ids
        complaint = self.sudo()
        if customer := complaint.partner_id.commercial_partner_id:
            return customer in reached.commercial_partner_id or bool(
                complaint.contact_id & reached
            )
        written = {*reached.mapped("email_normalized")}
        written.add(email_normalize(message.outgoing_email_to or ""))
        return bool(self.email_normalized) and self.email_normalized in written

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if not self.partner_id and self.email_normalized:
            self._adopt_recipient(message)
        if (
            message.message_type in ("email", "comment")
            and msg_values.get("subtype_id")
            == self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
            and not self._is_colleague(message.sudo().author_id)
        ):
            self._mark_unanswered(message)
            self._on_customer_answer(message)
        return result

    def _adopt_recipient(self, message):
        """Take over the contact that the composer created for a sender without one."""
        contact = message.partner_ids.filtered(
            lambda partner: partner.email_normalized == self.email_normalized
        )
        if contact:
            self.sudo().partner_id = contact[:1]
