from odoo import api, fields, models


class CareComplaint(models.Model):
    """Messages of a complaint, and which of them answer the customer."""

    _inherit = "care.complaint"

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        """Who records a complaint and handles it has been subscribed already."""
        if (
            followers_existing_policy == "update"
            and updated_values.get("user_id") == self.env.uid
        ):
            updated_values = {**updated_values, "user_id": False}
        return super()._message_auto_subscribe(
            updated_values, followers_existing_policy=followers_existing_policy
        )

    def message_post(self, **kwargs):
        message = super().message_post(**kwargs)
        if self and self._is_reply(message):
            self._append([(self, "replied", fields.Datetime.now())])
        return message

    def _is_reply(self, message):
        """Rule 5: a message of an internal user that goes to the customer"""
        if (
            message.message_type not in ("comment", "email_outgoing", "notification")
            or message.subtype_id != self.env.ref("mail.mt_comment")
            or message.is_internal
            or self.replied_at
            or not self.env.user._is_internal()
            or self.env.uid == api.SUPERUSER_ID
        ):
            return False
        reached = message.sudo().notified_partner_ids | message.partner_ids
        return self.partner_id in reached.commercial_partner_id
