from odoo import api, fields, models

NEWS_SHOWN = 3


class CareComplaint(models.Model):
    """What has come in while a user was writing a reply."""

    _inherit = "care.complaint"

    def news_since(self, message_id):
        """Messages of the customer and replies of colleagues that are newer than a
        message. The client asks before it sends a reply.

        :return: False, or the id of the newest, and who wrote the latest and when
        """
        self.ensure_one()
        self._check_viewer()
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(self._news_domain(int(message_id)), order="id")
        )
        if not messages:
            return False
        return {
            "id": messages[-1:].id,
            "latest": [self._news_row(row) for row in messages[-NEWS_SHOWN:]],
        }

    def _news_domain(self, message_id):
        own = self.env.user.partner_id | self.env.ref("base.partner_root")
        return [
            ("model", "=", self._name),
            ("res_id", "=", self.id),
            ("id", ">", message_id),
            ("message_type", "in", ("comment", "email", "email_outgoing")),
            ("subtype_id", "=", self.env.ref("mail.mt_comment").id),
            ("is_internal", "=", False),
            ("author_id", "not in", own.ids),
        ]

    @api.model
    def _news_row(self, message):
        return {
            "name": message.author_id.name or message.email_from or "",
            "date": fields.Datetime.to_string(message.date),
            "colleague": self._is_colleague(message.author_id),
        }
