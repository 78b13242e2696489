from datetime import timedelta
from urllib.parse import quote

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

SAME_LOOK = timedelta(minutes=5)
"""Opened again within this time, a brief is still the same look at it."""
LATE_LOOK = timedelta(days=3)
"""How long a phone without a network may keep that it showed a brief"""


class ResPartner(models.Model):
    """How one reaches a person with one touch, and that a brief was opened."""

    _inherit = "res.partner"

    def care_brief_opened(self, opened_at=None):
        """Keep that the user opened the brief of this customer.

        :param str opened_at: UTC; by default now, and never after it
        """
        self.ensure_one()
        if not self.env.user.has_group("customer_care.group_user"):
            raise AccessError(self.env._("Only users of Customer Care read briefs."))
        self.check_access("read")
        now = fields.Datetime.now()
        try:
            when = min(fields.Datetime.to_datetime(opened_at or now), now)
        except (TypeError, ValueError):
            raise UserError(self.env._("This is no time: %s", opened_at)) from None
        if when < now - LATE_LOOK:
            return False
        customer = self.commercial_partner_id
        View = self.env["care.brief.view"].sudo()
        around = [
            ("partner_id", "=", customer.id),
            ("user_id", "=", self.env.uid),
            ("opened_at", ">", when - SAME_LOOK),
            ("opened_at", "<=", when),
        ]
        if View.search_count(around, limit=1):
            return False
        View.create(
            {
                "partner_id": customer.id,
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
                "opened_at": when,
            }
        )
        self.env["care.interaction"]._recompute_brief_opened(
            customer, self.env.user, when
        )
        return True

    def _care_links(self):
        """Ways to reach a person: [{kind, label, text, url, icon}], none unknown"""
        self.ensure_one()
        links = []
        if self.phone:
            dial = quote(self.phone.replace(" ", ""), safe="+")
            links += [
                ("call", self.env._("Call"), self.phone, f"tel:{dial}", "fa-phone"),
                ("sms", self.env._("SMS"), self.phone, f"sms:{dial}", "fa-comment"),
            ]
            number = self._phone_format(fname="phone") or self.phone
            digits = "".join(filter(str.isdigit, number))
            if number.startswith("+") and digits:
                links.append(
                    (
                        "whatsapp",
                        "WhatsApp",
                        number,
                        f"https://wa.me/{digits}",
                        "fa-whatsapp",
                    )
                )
        if self.email:
            url = f"mailto:{quote(self.email, safe='@')}"
            links.append(("mail", self.env._("Mail"), self.email, url, "fa-envelope"))
        return [
            dict(zip(("kind", "label", "text", "url", "icon"), link, strict=True))
            for link in links
        ]
