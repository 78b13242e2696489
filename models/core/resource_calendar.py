from collections import defaultdict
from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import ormcache

from ...tools.working_hours import whole_minutes, with_days

HOURS_FIELDS = {"tz", "two_weeks_calendar", "schedule_type", "flexible_hours"}
"""Fields of a calendar that change its hours, besides its lines"""
NOTICE_MONTH = 11
"""From November on, next year's days should be there."""
LONG_HOLIDAY = timedelta(days=31)
DAY = timedelta(days=1)


class HoursTouched(NamedTuple):
    """Calendars whose hours a change may touch, and when (naive UTC)"""

    calendars: models.Model | None
    """None: all"""
    first: datetime = datetime.min
    last: datetime = datetime.max


class CareWorkingTimeMixin(models.AbstractModel):
    """Models that define working time: a change clears the cache of intervals, and is
    noticed by what was computed with the hours as they were."""

    _name = "care.working.time.mixin"
    _description = "Working Time"

    @api.model_create_multi
    def create(self, vals_list):
        touched = self._care_hours_touched(vals_list)
        self._care_before_hours_change(touched)
        records = super().create(vals_list)
        records._care_clear_working_time()
        self._care_after_hours_change(touched)
        return records

    def write(self, vals):
        touched = self._care_hours_touched([vals])
        self._care_before_hours_change(touched)
        self._care_clear_working_time()
        result = super().write(vals)
        self._care_clear_working_time()
        self._care_after_hours_change(touched)
        return result

    def unlink(self):
        touched = self._care_hours_touched([])
        self._care_before_hours_change(touched)
        self._care_clear_working_time()
        result = super().unlink()
        self._care_after_hours_change(touched)
        return result

    def _care_clear_working_time(self):
        self.env.registry.clear_cache()

    def _care_hours_touched(self, vals_list):
        """Hours that the records define, or will define with the values

        :return: list of :class:`HoursTouched`
        """
        return []

    @api.model
    def _care_before_hours_change(self, touched):
        """Hook: the hours are still as they were."""

    @api.model
    def _care_after_hours_change(self, touched):
        """Hook: the hours have changed, or not."""


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "care.working.time.mixin"]

    care_working_day_ids = fields.One2many(
        "care.working.day",
        "calendar_id",
        "Special Working Days",
        groups="customer_care.group_user",
    )
    care_days_notice = fields.Char(
        compute="_compute_care_days_notice", groups="customer_care.group_manager"
    )

    @api.depends_context("lang")
    @api.depends("care_working_day_ids.date", "global_leave_ids")
    def _compute_care_days_notice(self):
        """Days of next year that are missing, and holidays too long to be right"""
        today = fields.Date.context_today(self)
        for calendar in self:
            words = calendar._care_missing_days(today) + [
                self.env._(
                    "The holiday “%(holiday)s” lasts %(days)s days. Correct its end "
                    "if this is a mistake.",
                    holiday=leave.name or "",
                    days=(leave.date_to - leave.date_from).days + 1,
                )
                for leave in calendar.global_leave_ids
                if leave.date_from
                and leave.date_to
                and leave.date_to - leave.date_from > LONG_HOLIDAY
                and leave.date_to.date() >= today
            ]
            calendar.care_days_notice = " ".join(words)

    def _care_missing_days(self, today):
        """Sentences about days that this year has and next year has not"""
        self.ensure_one()
        if today.month < NOTICE_MONTH:
            return []
        days = {day.year for day in self.care_working_day_ids.mapped("date") if day}
        holidays = {
            leave.date_from.year for leave in self.global_leave_ids if leave.date_from
        }
        words = []
        if today.year in days and today.year + 1 not in days:
            words.append(
                self.env._(
                    "The special working days of %s are missing.", today.year + 1
                )
            )
        if today.year in holidays and today.year + 1 not in holidays:
            words.append(
                self.env._("The public holidays of %s are missing.", today.year + 1)
            )
        return words

    def _care_hours_touched(self, vals_list):
        if any(HOURS_FIELDS & vals.keys() for vals in vals_list) and self:
            return [HoursTouched(self)]
        return []

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

    def _care_work_hours(self, company, start, end):
        """Working hours between two instants (with a time zone). Flexible hours are
        averages, counted by Odoo."""
        self.ensure_one()
        if self.flexible_hours:
            return self.get_work_hours_count(start, end)
        start, end = _naive(start), _naive(end)
        seconds = sum(
            max((min(last, end) - max(first, start)).total_seconds(), 0)
            for first, last in self._care_intervals(company, start, end)
        )
        return seconds / 3600

    @ormcache("self.id", "company_id", "month")
    def _care_month(self, company_id, month):
        """Working intervals of a month in UTC: ((start, end), …), naive UTC"""
        calendar = self.sudo().with_context(employee_timezone=None)
        start = pytz.utc.localize(month)
        end = pytz.utc.localize(month + relativedelta(months=1))
        holidays = [
            ("time_type", "=", "leave"),
            ("company_id", "in", (False, company_id)),
        ]
        batch = calendar._work_intervals_batch(start, end, domain=holidays)
        intervals = _meant(batch[False])
        days = calendar._care_days_around(month.date(), _naive(end).date())
        if days:
            leaves = calendar._care_holidays(
                holidays, _naive(start) - 2 * DAY, _naive(end) + 2 * DAY
            )
            intervals = with_days(intervals, days, leaves, month, _naive(end))
        return tuple(intervals)

    def _care_holidays(self, domain, first, last):
        """Each holiday by itself: [(from, to)], naive UTC"""
        leaves = self.env["resource.calendar.leaves"].search(
            [
                *domain,
                ("calendar_id", "in", (False, self.id)),
                ("resource_id", "=", False),
                ("date_from", "<=", last),
                ("date_to", ">=", first),
            ]
        )
        return [(leave.date_from, leave.date_to) for leave in leaves]

    def _care_days_around(self, first, last):
        """Special days: [(start, end, its hours)], naive UTC"""
        return [
            day._in_utc()
            for day in self.care_working_day_ids
            if first - DAY <= day.date <= last + DAY
        ]


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "care.working.time.mixin"]

    def _care_hours_touched(self, vals_list):
        return [HoursTouched(calendars_of(self, vals_list))]


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "care.working.time.mixin"]

    def _care_clear_working_time(self):
        """Leave of a single resource is not a public holiday."""
        if all(leave.resource_id for leave in self):
            return None
        return super()._care_clear_working_time()

    def _care_hours_touched(self, vals_list):
        """Leave of a single resource is not a public holiday."""
        rows = [
            {
                "resource_id": leave.resource_id.id,
                "calendar_id": leave.calendar_id.id,
                "date_from": leave.date_from,
                "date_to": leave.date_to,
            }
            for leave in self
        ]
        rows += [row | vals for vals in vals_list for row in rows or [{}]]
        Calendar = self.env["resource.calendar"]
        return [
            HoursTouched(
                Calendar.browse(row["calendar_id"]) if row.get("calendar_id") else None,
                fields.Datetime.to_datetime(row.get("date_from")) or datetime.min,
                fields.Datetime.to_datetime(row.get("date_to")) or datetime.max,
            )
            for row in rows
            if not row.get("resource_id")
        ]


def calendars_of(records, vals_list):
    """Calendars of the records, and of the values that they are to have"""
    ids = {vals["calendar_id"] for vals in vals_list if vals.get("calendar_id")}
    return records.calendar_id | records.env["resource.calendar"].browse(ids)


def _meant(intervals):
    """Intervals with a time zone as naive ones in UTC, in whole minutes"""
    pairs = (
        whole_minutes(_naive(start), _naive(end)) for start, end, _row in intervals
    )
    return [(start, end) for start, end in pairs if start < end]


def _naive(instant):
    return instant.astimezone(pytz.utc).replace(tzinfo=None)
