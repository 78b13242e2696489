from datetime import timedelta

import pytz

from odoo import models

from ..tools.sla_clock import WorkingTime

FIRST_SPAN = timedelta(days=60)
LONGEST_SPAN = timedelta(days=366 * 11)
"""How far a deadline is looked for; working hours of one a day reach 4,000 hours."""


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _care_working_time(self, company, start, latest, needed):
        """Working time of the calendar from ``start`` until ``needed`` of it has passed
        after ``latest``, or for eleven years if it never does: a calendar without hours
        ends the search.

        :param company: whose holidays count, beside those of nobody
        :param start, latest: naive UTC
        :param needed: timedelta
        """
        self.ensure_one()
        span = FIRST_SPAN
        while True:
            end = latest + span
            working = WorkingTime(self._care_intervals(company, start, end))
            enough = working.between(latest, end) >= needed
            if enough or span >= LONGEST_SPAN or not self.attendance_ids:
                return working
            span = min(span * 4, LONGEST_SPAN)

    def _care_intervals(self, company, start, end):
        batch = self.sudo()._work_intervals_batch(
            pytz.utc.localize(start),
            pytz.utc.localize(end),
            domain=[
                ("time_type", "=", "leave"),
                ("company_id", "in", (False, company.id)),
            ],
        )
        return [
            (_naive(first), _naive(last)) for first, last, _attendance in batch[False]
        ]


def _naive(instant):
    return instant.astimezone(pytz.utc).replace(tzinfo=None)
