from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .resource_calendar import DAY, HoursTouched, calendars_of


class CareWorkingDay(models.Model):
    """A day whose hours differ from the week: a Saturday that makes up for a holiday,
    an extra Sunday, a short Christmas Eve.

    Its hours replace those of the week, and a public holiday that spans them: the more
    specific one counts. A shorter holiday is still taken off.
    """

    _name = "care.working.day"
    _description = "Special Working Day"
    _inherit = ["care.working.time.mixin"]
    _order = "date desc, calendar_id"

    calendar_id = fields.Many2one(
        "resource.calendar", "Working Hours", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="calendar_id.company_id", related_sudo=False)
    date = fields.Date(required=True, index=True)
    like_weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        "Works Like",
        help="The hours of this weekday. Leave empty to enter hours.",
    )
    hour_from = fields.Float("From", aggregator=None)
    hour_to = fields.Float("To", aggregator=None)

    _calendar_date_uniq = models.UniqueIndex(
        "(calendar_id, date)",
        "These working hours already have this day. Change the existing one.",
    )
    _hours_check = models.Constraint(
        "CHECK (like_weekday IS NOT NULL OR "
        "(COALESCE(hour_from, 0) >= 0 AND COALESCE(hour_from, 0) < "
        "COALESCE(hour_to, 0) AND hour_to <= 24))",
        "Select a weekday, or enter hours between 0:00 and 24:00 that end after they "
        "begin.",
    )

    @api.depends("calendar_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for day in self:
            parts = (day.calendar_id.name, day.date and format_date(self.env, day.date))
            day.display_name = ", ".join(filter(None, parts))

    @api.constrains("calendar_id", "like_weekday", "date")
    def _check_weekday_has_hours(self):
        for day in self:
            if day.like_weekday and not day._like_attendances():
                labels = dict(
                    self._fields["like_weekday"]._description_selection(self.env)
                )
                raise ValidationError(
                    self.env._(
                        "“%(calendar)s” has no hours on %(weekday)s. Select another "
                        "weekday, or enter hours.",
                        calendar=day.calendar_id.name,
                        weekday=labels[day.like_weekday],
                    )
                )

    def copy(self, default=None):
        self._care_check_copy(default, {"calendar_id", "date"})
        return super().copy(default)

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import Template for Special Working Days"),
                "template": "/customer_care/static/xls/working_days.xlsx",
            }
        ]

    @api.model
    def action_open(self):
        """Open the list, and tell administrators which days are missing."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.working_day_list_action"
        )
        notice = self._missing_notice()
        if not notice:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": notice,
                "next": action,
            },
        }

    @api.model
    def _missing_notice(self):
        """Days of next year that are missing, by calendar"""
        if not self.has_access("create"):
            return ""
        today = fields.Date.context_today(self)
        calendars = self.env["resource.calendar"].search(
            [("company_id", "in", [False, *self.env.companies.ids])]
        )
        return "\n".join(
            f"{calendar.name}: {' '.join(words)}"
            for calendar in calendars
            if (words := calendar._care_missing_days(today))
        )

    def _care_hours_touched(self, vals_list):
        dates = [*self.mapped("date"), *(vals.get("date") for vals in vals_list)]
        dates = [fields.Date.to_date(date) for date in dates if date]
        if not dates:
            return []
        return [
            HoursTouched(
                calendars_of(self, vals_list),
                datetime.combine(min(dates), time()) - DAY,
                datetime.combine(max(dates), time()) + 2 * DAY,
            )
        ]

    def _like_attendances(self):
        """In a calendar of two weeks, those of the week that the day is in"""
        calendar = self.calendar_id
        Attendance = self.env["resource.calendar.attendance"]
        week = str(Attendance.get_week_type(self.date)) if self.date else False
        return calendar.attendance_ids.filtered(
            lambda part: not part.display_type
            and part.day_period != "lunch"
            and part.dayofweek == self.like_weekday
            and (not calendar.two_weeks_calendar or part.week_type == week)
        )

    def _in_utc(self):
        """(start of the day, its end, [(from, to)]), naive UTC"""
        self.ensure_one()
        hours = [(self.hour_from, self.hour_to)]
        if self.like_weekday:
            hours = [
                (part.hour_from, part.hour_to) for part in self._like_attendances()
            ]
        return (
            self._at(0),
            self._at(24),
            [(self._at(start), self._at(end)) for start, end in hours],
        )

    def _at(self, hour):
        tz = pytz.timezone(self.calendar_id.tz or "UTC")
        instant = datetime.combine(self.date, time()) + timedelta(
            minutes=round(hour * 60)
        )
        return tz.localize(instant).astimezone(pytz.utc).replace(tzinfo=None)
