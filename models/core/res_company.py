import pytz

from odoo import fields, models


class ResCompany(models.Model):
    """Settings of all rooms have ``prefetch="care"``: the company is read all over
    Odoo, mostly without them."""

    _inherit = "res.company"

    def _care_tz(self):
        """Time zone that decides the day of an order: that of the company's address,
        else of its working hours, else UTC."""
        self.ensure_one()
        company = self.sudo()
        return pytz.timezone(
            company.partner_id.tz or company.resource_calendar_id.tz or "UTC"
        )

    def _care_today(self):
        """Today in the company's time zone."""
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self._care_tz().zone))

    def _care_limit(self, kind, user):
        """Amount in company currency up to which ``user`` decides without approval

        :param kind: the settings to read, such as ``promise``: each has one for who
            has own customers, all customers, and for administrators
        """
        company = self.sudo()
        for group, whose in (
            ("customer_care.group_manager", "manager"),
            ("customer_care.group_user_all", "all"),
            ("customer_care.group_user", "own"),
        ):
            if user.has_group(group):
                return company[f"care_{kind}_{whose}"]
        return 0
