from datetime import timedelta

from odoo import models

from ...tools.sla_clock import WorkingTime

FIRST_SPAN = timedelta(days=10)
SPAN_PER_WORKING_HOUR = 6
"""Time searched per working hour: a week has 4.2 times the hours of a 40-hour week."""
LONGEST_SPAN = timedelta(days=366 * 11)
"""Limit of the search for a deadline: one working hour a day adds up to 4,000 hours."""


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _care_working_time(self, company, start, latest, needed):
        """Working time of the calendar from ``start`` until ``needed`` of it has passed
        after ``latest``. The search ends after eleven years, and at once for a calendar
        without hours.

        :param company: its public holidays count, and those without a company
        :param start, latest: naive UTC
        :param needed: timedelta
        """
        self.ensure_one()
        span = FIRST_SPAN + needed * SPAN_PER_WORKING_HOUR
        while True:
            end = latest + span
            working = WorkingTime(self._care_intervals(company, start, end))
            enough = working.between(latest, end) >= needed
            if enough or span >= LONGEST_SPAN or not self.attendance_ids:
                return working
            span = min(span * 4, LONGEST_SPAN)
