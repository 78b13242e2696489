import pytz

from odoo import api, fields, models
from odoo.fields import Domain


class CareInvitation(models.Model):
    """Sending hours: mails of surveys leave only on working days, between two hours, in
    the company's time zone or in that of the person asked."""

    _inherit = "care.invitation"

    @api.model
    def _domain_in_hours(self):
        """Invitations that may be sent now"""
        closed = [
            company._care_domain_closed()
            for company in self.env["res.company"]
            .sudo()
            .search([("care_survey_hours", "=", True)])
        ]
        return ~Domain.OR(closed)

    def _tz(self):
        """Time zone in which the sending hours count"""
        self.ensure_one()
        company = self.company_id
        if company.care_survey_zone == "customer" and (
            zone := self.contact_id.tz or self.partner_id.tz
        ):
            return pytz.timezone(zone)
        return company._care_tz()

    def _next_opening(self):
        """When the invitation may be sent: now, or at the next sending hour"""
        self.ensure_one()
        company = self.company_id
        if not company.care_survey_hours or self.campaign_id.any_time:
            return fields.Datetime.now()
        return company._care_next_sending(self._tz())
