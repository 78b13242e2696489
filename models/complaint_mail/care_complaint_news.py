from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime, format_time

NEWS_SHOWN = 3
SAME_DAY = timedelta(hours=12)
"""The time alone says when an older message came in no more."""


class CareComplaint(models.Model):
    """What has come in while a user was writing a reply."""

    _inherit = "care.complaint"

    def news_since(self, message_id):
        """Messages of the customer and replies of colleagues that are newer than a
        message. The client asks before it sends a reply.

        :return: False, or the id of the newest with sentences about the latest
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
            "lines": [self._news_line(row) for row in messages[-NEWS_SHOWN:]],
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
    def _news_line(self, message):
        zone = self.env.user.tz or "UTC"
        age = fields.Datetime.now() - message.date
        moment = (
            format_time(self.env, message.date, tz=zone, time_format="short")
            if age < SAME_DAY
            else format_datetime(self.env, message.date, tz=zone, dt_format="short")
        )
        values = {
            "name": message.author_id.name or message.email_from or "",
            "time": moment,
        }
        if self._is_colleague(message.author_id):
            return self.env._("%(name)s answered at %(time)s.", **values)
        return self.env._("%(name)s wrote at %(time)s.", **values)
