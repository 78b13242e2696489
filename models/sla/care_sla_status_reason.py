from datetime import timedelta

import pytz
from babel.dates import get_day_names

from odoo import models
from odoo.tools import babel_locale_parse, format_datetime, posix_to_ldml
from odoo.tools.misc import format_date, get_lang

from ...tools.working_hours import same_hours

MOST = 5
"""Holidays, special days or pauses told one by one"""
DAY = timedelta(days=1)


class CareSlaStatus(models.Model):
    """Why a clock has its deadline, told from the reception to the result"""

    _inherit = "care.sla.status"

    def _reasons(self, clock, now):
        """Sentences in the language and time zone of the reader

        :param clock: what :meth:`_read_clocks` tells of it
        """
        self.ensure_one()
        received = clock.spans[0][0] if clock.spans else now
        until = self.reached_at or self.deadline or now
        sentences = [
            self.env._("Received %s.", self._moment(received)),
            self._allowed_in_words(),
            *self._days_in_words(received, until),
            self._pauses_in_words(clock),
            self._result_in_words(clock),
        ]
        return list(filter(None, sentences))

    def _allowed_in_words(self):
        hours = self._duration_in_words(self.allowed_hours * 3600)
        if self.around_the_clock:
            return self.env._("Allowed: %s, around the clock.", hours)
        calendar = self.calendar_id.sudo()
        if not calendar:
            return self.env._("Allowed: %s, but no working hours are set.", hours)
        sentence = self.env._(
            "Allowed: %(hours)s of working time, by “%(calendar)s”: %(week)s.",
            hours=hours,
            calendar=calendar.name,
            week=self._week_in_words(calendar),
        )
        if self.hours_before_id:
            sentence += " " + self.env._(
                "These have changed since; the clock goes by the former ones."
            )
        return sentence

    def _week_in_words(self, calendar):
        """ "Mon–Fri 8:00–12:00, 13:00–17:00", with the time zone if it is not that of
        the reader"""
        if calendar.two_weeks_calendar:
            return self.env._("two weeks in turn")
        parts = calendar.attendance_ids.filtered(
            lambda part: not part.display_type and part.day_period != "lunch"
        )
        if not parts:
            return self.env._("no hours at all")
        names = get_day_names("abbreviated", locale=self._locale())
        words = [
            (names[first] if first == last else f"{names[first]}–{names[last]}")
            + " "
            + ", ".join(f"{_hour(begin)}–{_hour(end)}" for begin, end in hours)
            for first, last, hours in same_hours(
                (int(part.dayofweek), part.hour_from, part.hour_to) for part in parts
            )
        ]
        zone = calendar.tz or "UTC"
        if zone != self.env.tz.zone:
            words[-1] += f" ({zone})"
        return "; ".join(words)

    def _days_in_words(self, start, end):
        """Days between that differ from the week: public holidays, and special working
        days"""
        calendar = self.calendar_id.sudo()
        if self.around_the_clock or not calendar:
            return
        tz = pytz.timezone(calendar.tz or "UTC")

        def day(moment):
            return pytz.utc.localize(moment).astimezone(tz).date()

        leaves = self.env["resource.calendar.leaves"].sudo()
        closed = [
            self._holiday_in_words(
                leave, day(leave.date_from), day(leave.date_to - timedelta(seconds=1))
            )
            for leave in leaves.search(
                [
                    ("resource_id", "=", False),
                    ("time_type", "=", "leave"),
                    ("calendar_id", "in", (False, calendar.id)),
                    ("company_id", "in", (False, self.company_id.id)),
                    ("date_from", "<", end),
                    ("date_to", ">", start),
                ],
                order="date_from",
            )
        ]
        if closed:
            yield self.env._("Closed: %s.", self._listed(closed))
        worked = [
            format_date(self.env, special.date)
            for special in calendar.care_working_day_ids.sorted("date")
            if day(start) <= special.date <= day(end)
        ]
        if worked:
            yield self.env._("Special working days: %s.", self._listed(worked))

    def _holiday_in_words(self, leave, first, last):
        days = format_date(self.env, first)
        if last > first:
            days += f" – {format_date(self.env, last)}"
        return f"{leave.name} ({days})" if leave.name else days

    def _pauses_in_words(self, clock):
        pauses = [span for span in clock.spans if span[2] == "paused"]
        words = [
            f"{self._moment(start)} – {self._moment(end)}" for start, end, _ in pauses
        ]
        return words and self.env._("Paused: %s.", self._listed(words))

    def _result_in_words(self, clock):
        """What became of it; how late or early in working time"""
        if self.dropped:
            return self.env._("The policy no longer applies.")
        if self.cancelled:
            return self.env._("The complaint was cancelled.")
        left = self.allowed_hours * 3600 - clock.elapsed
        values = {
            "deadline": self._moment(self.deadline),
            "hours": self._duration_in_words(abs(left)),
            "reached": self._moment(self.reached_at),
        }
        if self.state == "paused":
            return self.env._("%s left when it goes on.", values["hours"])
        if not self.deadline:
            if self.reached_at:
                return self.env._("Reached %s, in time.", values["reached"])
            return self.env._("There is not enough working time for a deadline.")
        if self.reached_at:
            if left < 0:
                return self.env._(
                    "Due %(deadline)s, reached %(reached)s: %(hours)s late.", **values
                )
            return self.env._(
                "Due %(deadline)s, reached %(reached)s: in time, %(hours)s left.",
                **values,
            )
        if left < 0:
            return self.env._("Due %(deadline)s: %(hours)s late.", **values)
        return self.env._("Due %(deadline)s: %(hours)s left.", **values)

    def _listed(self, words):
        """The first ones, and how many more there are"""
        more = len(words) - MOST
        listed = ", ".join(words[:MOST])
        if more <= 0:
            return listed
        return self.env._("%(list)s and %(count)s more", list=listed, count=more)

    def _duration_in_words(self, seconds):
        """As the timer in the browser shows it, cut to the minute"""
        hours, minutes = divmod(int(seconds // 60), 60)
        if not hours:
            return self.env._("%s min", minutes)
        if not minutes:
            return self.env._("%s h", hours)
        return self.env._(
            "%(hours)s h %(minutes)s min", hours=hours, minutes=f"{minutes:02}"
        )

    def _moment(self, moment):
        """Date, weekday and time of the reader"""
        lang = get_lang(self.env)
        date, time = (
            posix_to_ldml(part, locale=self._locale())
            for part in (lang.date_format, lang.time_format.replace(":%S", ""))
        )
        return format_datetime(
            self.env, moment, tz=self.env.tz.zone, dt_format=f"{date} (EEE) {time}"
        )

    def _locale(self):
        return babel_locale_parse(get_lang(self.env).code)


def _hour(hour):
    hours, minutes = divmod(round(hour * 60), 60)
    return f"{hours}:{minutes:02}"
