from collections import namedtuple
from datetime import datetime, time, timedelta

import pytz

from odoo import models
from odoo.fields import Domain

SLOT_STEP = timedelta(minutes=15)
SLOT_SEARCH = timedelta(days=14)
"""How far after the day that was asked for a free slot is looked for"""

Slot = namedtuple("Slot", ["start", "end"])
"""A span in UTC without a time zone"""


class ResUsers(models.Model):
    """Free time of a person: working hours without holidays, leave, absences, meetings
    and planned contacts."""

    _inherit = "res.users"

    def _care_free_time(self, company, first, last):
        """{day: [:class:`Slot`]} of the days from ``first`` to ``last``"""
        self.ensure_one()
        resource = (
            self.env["resource.resource"]
            .sudo()
            .search(
                Domain("user_id", "=", self.id)
                & Domain("company_id", "in", (company.id, False)),
                limit=1,
            )
        )
        calendar = resource.calendar_id or company.sudo().resource_calendar_id
        if not calendar:
            return {}
        leaves = self._care_leaves({self: resource} if resource else {}, first, last)
        taken = [
            *(Slot(*leave[:2]) for leave in leaves.get(resource.id, ())),
            *self._care_busy_time(first, last),
        ]
        away = self._care_absent_days(first, last).get(self, ())
        return {
            day: without(map(Slot._make, intervals), taken)
            for day, intervals in sorted(
                calendar._care_working_days(company, first, last).items()
            )
            if not any(start <= day <= end for start, end in away)
        }

    def _care_busy_time(self, first, last):
        """Meetings that are attended, and planned contacts without one"""
        since = datetime.combine(first, time.min) - timedelta(days=1)
        until = datetime.combine(last, time.max) + timedelta(days=1)
        meetings = (
            self.env["calendar.event"]
            .sudo()
            .search(
                Domain("partner_ids", "in", self.partner_id.ids)
                & Domain("show_as", "=", "busy")
                & Domain("start", "<", until)
                & Domain("stop", ">", since)
            )
        )
        declined = meetings.attendee_ids.filtered(
            lambda row: row.partner_id == self.partner_id and row.state == "declined"
        ).event_id
        tz = pytz.timezone(self.sudo().tz or "UTC")
        spans = [
            _whole_days(meeting, tz)
            if meeting.allday
            else Slot(meeting.start, meeting.stop)
            for meeting in meetings - declined
        ]
        contacts = (
            self.env["care.interaction"]
            .sudo()
            .search(
                Domain("user_id", "=", self.id)
                & Domain("state", "=", "planned")
                & Domain("date_start", "<", until)
                & Domain("date_end", ">", since)
            )
        )
        return spans + [Slot(row.date_start, row.date_end) for row in contacts]

    def _care_next_slots(self, company, days, length):
        """The first free slot of this length on each of these days or after it

        :return: {day asked for: :class:`Slot`}; without those that have none
        """
        if not days:
            return {}
        free = self._care_free_time(company, min(days), max(days) + SLOT_SEARCH)
        return {
            day: slot
            for day in days
            if (slot := first_slot(free, day, day + SLOT_SEARCH, length))
        }


def _whole_days(meeting, tz):
    start, end = (
        tz.localize(datetime.combine(day, moment)).astimezone(pytz.utc)
        for day, moment in (
            (meeting.start_date, time.min),
            (meeting.stop_date, time.max),
        )
    )
    return Slot(start.replace(tzinfo=None), end.replace(tzinfo=None))


def without(spans, taken):
    """What is left of the spans

    >>> at = lambda hour: datetime(2026, 1, 5, hour)
    >>> [(s.start.hour, s.end.hour)
    ...  for s in without([Slot(at(8), at(12))], [Slot(at(9), at(10))])]
    [(8, 9), (10, 12)]
    """
    left = list(spans)
    for other in taken:
        left = [
            piece
            for span in left
            for piece in _cut(span, other)
            if piece.start < piece.end
        ]
    return sorted(left)


def _cut(span, other):
    if other.end <= span.start or span.end <= other.start:
        return [span]
    return [
        Slot(span.start, min(span.end, other.start)),
        Slot(max(span.start, other.end), span.end),
    ]


def first_slot(free, first, last, length):
    """The first :class:`Slot` of this length in free time, on quarters of an hour"""
    for day, spans in free.items():
        if not first <= day <= last:
            continue
        for span in spans:
            start = _round_up(span.start)
            if start + length <= span.end:
                return Slot(start, start + length)
    return None


def _round_up(moment):
    over = (moment - moment.min) % SLOT_STEP
    return moment + (SLOT_STEP - over if over else timedelta())
