from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import ormcache


class CareWorkingTimeMixin(models.AbstractModel):
    """Models that define working time: a change clears the cache of intervals."""

    _name = "care.working.time.mixin"
    _description = "Working Time"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._care_clear_working_time()
        return records

    def write(self, vals):
        self._care_clear_working_time()
        result = super().write(vals)
        self._care_clear_working_time()
        return result

    def unlink(self):
        self._care_clear_working_time()
        return super().unlink()

    def _care_clear_working_time(self):
        self.env.registry.clear_cache()


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "care.working.time.mixin"]

    def _care_intervals(self, company, start, end):
        """Working intervals of all months that overlap the span"""
        month = datetime(start.year, start.month, 1)
        while month <= end:
            yield from self._care_month(company.id, month)
            month += relativedelta(months=1)

    def _care_working_days(self, company, start, end):
        """{day: its working intervals in UTC}, of the days from ``start`` to ``end`` in
        the calendar's time zone, public holidays left out"""
        self.ensure_one()
        tz = pytz.timezone(self.tz or "UTC")
        days = defaultdict(list)
        for first, last in self._care_intervals(
            company,
            datetime.combine(start, time()) - timedelta(days=1),
            datetime.combine(end, time()) + timedelta(days=2),
        ):
            day = pytz.utc.localize(first).astimezone(tz).date()
            if start <= day <= end:
                days[day].append((first, last))
        return days

    @ormcache("self.id", "company_id", "month")
    def _care_month(self, company_id, month):
        """Working intervals of a month in UTC: ((start, end), …), naive UTC"""
        calendar = self.sudo().with_context(employee_timezone=None)
        batch = calendar._work_intervals_batch(
            pytz.utc.localize(month),
            pytz.utc.localize(month + relativedelta(months=1)),
            domain=[
                ("time_type", "=", "leave"),
                ("company_id", "in", (False, company_id)),
            ],
        )
        return tuple(
            (_naive(first), _naive(last)) for first, last, _attendance in batch[False]
        )


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "care.working.time.mixin"]


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "care.working.time.mixin"]

    def _care_clear_working_time(self):
        """Leave of a single resource is not a public holiday."""
        if all(leave.resource_id for leave in self):
            return None
        return super()._care_clear_working_time()


def _naive(instant):
    return instant.astimezone(pytz.utc).replace(tzinfo=None)
