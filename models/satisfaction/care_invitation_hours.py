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

    def _next_openings(self):
        """{invitation: when it may be sent}, now or at the next sending hour; each
        company and time zone is looked at once"""
        openings = dict.fromkeys(self, fields.Datetime.now())
        bound = self.filtered(
            lambda row: row.company_id.care_survey_hours
            and not row.campaign_id.any_time
        )
        for (company, tz), rows in bound.grouped(
            lambda row: (row.company_id, row._tz())
        ).items():
            openings.update(dict.fromkeys(rows, company._care_next_sending(tz)))
        return openings
