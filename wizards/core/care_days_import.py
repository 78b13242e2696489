from datetime import date, datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...models.core.resource_calendar import NOTICE_MONTH
from ...tools.public_days import UnknownDaysError, public_days

LAST_TIME = time(23, 59, 59)
YEARS = range(1970, 2100)


class CareDaysImport(models.TransientModel):
    """Public holidays and make-up working days of a year, from libraries that may be
    installed on the server. What the working hours have already is left alone."""

    _name = "care.days.import"
    _description = "Import Public Holidays"

    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        required=True,
        default=lambda self: self._default_calendar(),
    )
    country_id = fields.Many2one(
        "res.country",
        required=True,
        default=lambda self: self.env.company.country_id,
    )
    year = fields.Integer(required=True, default=lambda self: self._default_year())
    notice = fields.Text(compute="_compute_preview")
    preview = fields.Text("Days to Import", compute="_compute_preview")

    @api.model
    def _default_calendar(self):
        if self.env.context.get("active_model") == "resource.calendar":
            return self.env.context.get("active_id")
        return self.env.company.resource_calendar_id

    @api.model
    def _default_year(self):
        today = fields.Date.context_today(self)
        return today.year + (today.month >= NOTICE_MONTH)

    @api.depends("calendar_id", "country_id", "year")
    @api.depends_context("lang")
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = wizard.notice = False
            if not wizard.calendar_id or not wizard.country_id:
                continue
            try:
                holidays, working, whole = wizard._days_to_import()
            except UserError as error:
                wizard.notice = str(error)
                continue
            lines = [
                f"{self._span(first, last)}  {name}" for first, last, name in holidays
            ] + [
                self.env._("%s  working day", format_date(self.env, day))
                for day in working
            ]
            wizard.preview = "\n".join(lines)
            if not lines:
                wizard.notice = self.env._("All days are there already.")
            elif not whole:
                wizard.notice = self.env._(
                    "The make-up working days of %s are not known. Enter them as "
                    "special working days once they have been announced.",
                    wizard.year,
                )

    def _span(self, first, last):
        words = format_date(self.env, first)
        return words if first == last else f"{words} – {format_date(self.env, last)}"

    def action_import(self):
        """Create what is missing. Who may enter special working days may also enter
        the holidays that the library knows, and no others."""
        self.ensure_one()
        self.env["care.working.day"].check_access("create")
        calendar = self.calendar_id
        calendar.check_access("read")
        holidays, working, _whole = self._days_to_import()
        self.env["resource.calendar.leaves"].sudo().create(
            [
                {
                    "name": name,
                    "calendar_id": calendar.id,
                    "company_id": calendar.company_id.id or self.env.company.id,
                    "date_from": self._utc(first, time()),
                    "date_to": self._utc(last, LAST_TIME),
                    "time_type": "leave",
                }
                for first, last, name in holidays
            ]
        )
        like = min(calendar.attendance_ids.mapped("dayofweek"), default=False)
        if working and not like:
            raise UserError(
                self.env._("“%s” has no hours. Enter them first.", calendar.name)
            )
        self.env["care.working.day"].create(
            [
                {"calendar_id": calendar.id, "date": day, "like_weekday": like}
                for day in working
            ]
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _days_to_import(self):
        """Days of the year that the working hours do not have yet

        :raise UserError: they are not known here
        """
        try:
            if self.year not in YEARS:
                raise UnknownDaysError
            days = public_days(self.country_id.code, self.year, self.env.lang or "")
        except UnknownDaysError as unknown:
            raise UserError(self._why_unknown(unknown)) from None
        there = set(self.calendar_id.care_working_day_ids.mapped("date"))
        known = self._known_holidays()
        return days._replace(
            holidays=[
                (first, last, name)
                for first, last, name in days.holidays
                if not any(
                    start <= self._utc(last, LAST_TIME)
                    and end >= self._utc(first, time())
                    for start, end in known
                )
            ],
            working=[day for day in days.working if day not in there],
        )

    def _why_unknown(self, unknown):
        values = {"country": self.country_id.name, "year": self.year}
        if unknown.library:
            return self.env._(
                "The holidays of %(country)s are not known here. Install the Python "
                "package “%(library)s” on the server, or import a file.",
                library=unknown.library,
                **values,
            )
        return self.env._(
            "The holidays of %(country)s in %(year)s are not known. Import a file.",
            **values,
        )

    def _known_holidays(self):
        """Holidays of the year that the working hours have: [(from, to)], naive UTC"""
        return self.calendar_id._care_holidays(
            [
                ("time_type", "=", "leave"),
                ("company_id", "in", (False, self.env.company.id)),
            ],
            self._utc(date(self.year, 1, 1), time()),
            self._utc(date(self.year, 12, 31), LAST_TIME),
        )

    def _utc(self, day, moment):
        """Naive UTC of a time in the time zone of the working hours"""
        tz = pytz.timezone(self.calendar_id.tz or "UTC")
        local = tz.localize(datetime.combine(day, moment))
        return local.astimezone(pytz.utc).replace(tzinfo=None)
