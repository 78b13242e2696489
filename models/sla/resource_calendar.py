from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools.sla_clock import WorkingTime

FIRST_SPAN = timedelta(days=10)
SPAN_PER_WORKING_HOUR = 6
"""Time searched per working hour: a week has 4.2 times the hours of a 40-hour week."""
LONGEST_SPAN = timedelta(days=366 * 11)
"""Limit of the search for a deadline: one working hour a day adds up to 4,000 hours."""


class CareWorkingTimeMixin(models.AbstractModel):
    _inherit = "care.working.time.mixin"

    @api.model
    def _care_before_hours_change(self, touched):
        self.env["care.hours.snapshot"].sudo()._remember(touched)
        return super()._care_before_hours_change(touched)

    @api.model
    def _care_after_hours_change(self, touched):
        self.env["care.hours.snapshot"].sudo()._forget_same(touched)
        return super()._care_after_hours_change(touched)


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    care_outdated_count = fields.Integer(
        compute="_compute_care_outdated_count", groups="customer_care.group_manager"
    )

    def _compute_care_outdated_count(self):
        counts = dict(
            self.env["care.sla.status"]._read_group(
                self._care_outdated_domain(), ["calendar_id"], ["__count"]
            )
        )
        for calendar in self:
            calendar.care_outdated_count = counts.get(calendar, 0)

    def _care_outdated_domain(self):
        return (
            Domain("calendar_id", "in", self.ids)
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("over", "=", False)
            & Domain("hours_changed", "=", True)
        )

    def _care_clock_intervals(self, company, start, end):
        """Flexible hours tell how much is worked, not when: a clock has none."""
        if self.flexible_hours:
            return []
        return list(self._care_intervals(company, start, end))

    def _care_working_time(self, company, start, latest, needed, before=None):
        """Working time of the calendar from ``start`` until ``needed`` of it has passed
        after ``latest``. The search ends after eleven years, and at once for a calendar
        without hours.

        :param company: its public holidays count, and those without a company
        :param start, latest: naive UTC
        :param needed: timedelta
        :param before: ``care.hours.snapshot`` with the hours as they were, or None
        """
        self.ensure_one()
        span = min(FIRST_SPAN + needed * SPAN_PER_WORKING_HOUR, LONGEST_SPAN)
        while True:
            end = latest + span
            intervals = self._care_clock_intervals(company, start, end)
            if before:
                intervals = before._in_place_of(intervals)
            working = WorkingTime(intervals)
            enough = working.between(latest, end) >= needed
            if enough or span >= LONGEST_SPAN or self._care_never_works():
                return working
            span = min(span * 4, LONGEST_SPAN)

    def _care_never_works(self):
        return self.flexible_hours or not self.attendance_ids

    def _care_check_fixed(self):
        """Refuse calendars by which no clock can run.

        :raise ValidationError: hours are flexible
        """
        flexible = self.filtered("flexible_hours")
        if flexible:
            raise ValidationError(
                self.env._(
                    "“%s” has flexible hours, which do not say when somebody works. "
                    "Select working hours with a fixed schedule for deadlines.",
                    ", ".join(flexible.mapped("name")),
                )
            )

    # ------------------------------------------------------------
    # Running clocks after a change
    # ------------------------------------------------------------

    def action_care_recompute(self):
        """Let running clocks follow the hours as they are now."""
        self._care_outdated_clocks()._recompute_hours()
        self.invalidate_recordset(["care_outdated_count"])

    def action_care_keep(self):
        """Let running clocks follow the hours as they were, to their end."""
        self._care_outdated_clocks().hours_changed = False
        self.invalidate_recordset(["care_outdated_count"])

    def _care_outdated_clocks(self):
        """Clocks as superuser, for administrators

        :raise AccessError: the user may not change SLA policies
        """
        self.check_access("read")
        self.env["care.sla.policy"].check_access("write")
        return self.env["care.sla.status"].sudo().search(self._care_outdated_domain())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        count = (
            self.env["care.sla.status"]
            .sudo()
            .search_count([("calendar_id", "in", self.ids), ("over", "=", False)])
        )
        if count:
            raise UserError(
                self.env._(
                    "Running clocks that follow these working hours: %s. Archive the "
                    "working hours instead of deleting them.",
                    count,
                )
            )
