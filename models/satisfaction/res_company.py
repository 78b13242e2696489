from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

SENDING_HORIZON = 60
"""Days in which a working day is looked for"""


class ResCompany(models.Model):
    """Settings of surveys and follow-ups."""

    _inherit = "res.company"

    care_survey_id = fields.Many2one(
        "survey.survey",
        "Survey for Campaigns",
        prefetch="care",
    )
    care_complaint_survey_id = fields.Many2one(
        "survey.survey",
        "Survey after Complaints",
        prefetch="care",
    )
    care_ask_after_complaint = fields.Boolean(
        "Ask after Complaints",
        default=True,
        help="When a complaint is solved, the customer is asked once whether the "
        "solution is satisfactory.",
        prefetch="care",
    )
    care_unsatisfied_action = fields.Selection(
        [("reopen", "Reopen the complaint"), ("alert", "Notify the team manager")],
        "When the Customer Is Not Satisfied",
        default="reopen",
        required=True,
        prefetch="care",
    )
    care_low_score = fields.Float(
        "Low Score",
        default=40.0,
        help="Scores up to this value, out of 100, are followed up.",
        prefetch="care",
    )
    care_low_action = fields.Selection(
        [
            ("activity", "Activity for the account manager"),
            ("complaint", "Complaint"),
            ("none", "Nothing"),
        ],
        "After a Low Score",
        default="activity",
        required=True,
        prefetch="care",
    )
    care_happy_suggest = fields.Boolean(
        "Suggest Asking for a Referral",
        default=True,
        help="The account manager gets an activity to ask a very satisfied customer "
        "for a referral.",
        prefetch="care",
    )
    care_happy_score = fields.Float(
        "Very Satisfied from",
        default=90.0,
        prefetch="care",
    )

    care_complaint_quarantine_days = fields.Integer(
        "Quarantine after a Complaint Survey (days)",
        default=14,
        help="Customers who were asked about a complaint are not asked by a campaign "
        "within this number of days. It is never longer than the quarantine of the "
        "campaign.",
        prefetch="care",
    )
    care_survey_hours = fields.Boolean(
        "Sending Hours",
        help="Invitations and reminders are only sent on working days between these "
        "hours. Those that become due at other times wait.",
        prefetch="care",
    )
    care_survey_from = fields.Float(
        "Send from",
        default=9.0,
        prefetch="care",
    )
    care_survey_until = fields.Float(
        "Send until",
        default=18.0,
        prefetch="care",
    )
    care_survey_zone = fields.Selection(
        [("company", "Company"), ("customer", "Customer")],
        "Time Zone of Sending Hours",
        default="company",
        required=True,
        help="Customer: the time zone of the person asked, or else of the customer or "
        "the company.",
        prefetch="care",
    )

    @api.constrains("care_survey_from", "care_survey_until")
    def _check_care_survey_hours(self):
        for company in self:
            if not 0 <= company.care_survey_from < company.care_survey_until <= 24:
                raise ValidationError(
                    self.env._(
                        "Sending hours must be between 0:00 and 24:00, and must end "
                        "after they begin."
                    )
                )

    @api.constrains("care_complaint_quarantine_days")
    def _check_care_complaint_quarantine_days(self):
        if any(company.care_complaint_quarantine_days < 0 for company in self):
            raise ValidationError(self.env._("Days cannot be negative."))

    @api.constrains("care_low_score", "care_happy_score")
    def _check_care_scores(self):
        for company in self:
            if not 0 <= company.care_low_score < company.care_happy_score <= 100:
                raise ValidationError(
                    self.env._(
                        "Scores must be between 0 and 100, and the limit of a low "
                        "score must be below that of a very high one."
                    )
                )

    # ------------------------------------------------------------
    # Sending hours
    # ------------------------------------------------------------

    def _care_domain_closed(self):
        """Invitations of this company that must not be sent now"""
        ours = Domain("company_id", "=", self.id) & (
            Domain("campaign_id", "=", False)
            | Domain("campaign_id.any_time", "=", False)
        )
        now, days = fields.Datetime.now(), self._care_sending_days()
        company_closed = self._care_next_sending(self._care_tz(), now, days) > now
        if self.care_survey_zone == "company":
            return ours if company_closed else Domain.FALSE
        closed = [
            name
            for name in pytz.all_timezones
            if self._care_next_sending(pytz.timezone(name), now, days) > now
        ]
        customer = Domain("partner_id.tz", "in", closed)
        if company_closed:
            customer |= Domain("partner_id.tz", "=", False)
        return ours & (
            Domain("contact_id.tz", "in", closed)
            | (Domain("contact_id.tz", "=", False) & customer)
        )

    def _care_sending_days(self):
        """Working days of the company, from yesterday on"""
        first = fields.Date.today() - timedelta(days=1)
        last = first + timedelta(days=SENDING_HORIZON)
        calendar = self.resource_calendar_id
        if calendar and (days := calendar._care_working_days(self, first, last)):
            return sorted(days)
        every = [first + timedelta(days=day) for day in range(SENDING_HORIZON)]
        return [day for day in every if day.isoweekday() < 6]

    def _care_next_sending(self, tz, now=None, days=None):
        """When mails may be sent in a time zone: now, or at the next sending hour.

        :return: naive UTC
        """
        now = now or fields.Datetime.now()
        for day in days or self._care_sending_days():
            start, end = (
                tz.localize(datetime.combine(day, time.min) + timedelta(hours=hours))
                .astimezone(pytz.utc)
                .replace(tzinfo=None)
                for hours in (self.care_survey_from, self.care_survey_until)
            )
            if now < end:
                return max(start, now)
        return now
