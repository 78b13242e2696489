from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CareComplaintTeam(models.Model):
    """When a customer who says nothing is reminded, and the complaint closed."""

    _inherit = "care.complaint.team"

    remind_after_days = fields.Integer(
        "Remind Customer After (working days)",
        aggregator=None,
        help="Working days in a stage that waits for the customer, after which the "
        "customer is reminded by e-mail. 0: never.",
    )
    close_after_days = fields.Integer(
        "Close Without Answer After (working days)",
        aggregator=None,
        help="Working days in a stage that waits for the customer, after which the "
        "complaint is closed without a solution. 0: never.",
    )

    @api.constrains("remind_after_days", "close_after_days")
    def _check_silence(self):
        for team in self:
            remind, close = team.remind_after_days, team.close_after_days
            if remind < 0 or close < 0:
                raise ValidationError(
                    self.env._("The number of working days cannot be negative.")
                )
            if remind and close and close <= remind:
                raise ValidationError(
                    self.env._(
                        "A complaint must be closed later than the customer is "
                        "reminded. Enter more working days for closing."
                    )
                )

    def _silent(self):
        """Complaints of the team that wait for a silent customer"""
        return Domain(
            [
                ("team_id", "=", self.id),
                ("waiting_since", "!=", False),
                ("unanswered_since", "=", False),
                ("merged_into_id", "=", False),
                ("closed_at", "=", False),
            ]
        )

    def _silent_to_remind(self):
        limit = self._working_days_ago(self.remind_after_days)
        return limit and self._silent() & Domain(
            [("waiting_since", "<", limit), ("reminded_at", "=", False)]
        )

    def _silent_to_close(self):
        """Who was to be reminded has had the time between as well, also if the
        reminder was late."""
        limit = self._working_days_ago(self.close_after_days)
        if not limit:
            return None
        domain = self._silent() & Domain("waiting_since", "<", limit)
        if self.remind_after_days:
            between = self.close_after_days - self.remind_after_days
            reminded = self._working_days_ago(between)
            if not reminded:
                return None
            domain &= Domain("reminded_at", "<", reminded)
        return domain

    def _working_days_ago(self, count):
        """Start of the working day before which something lies that is at least
        ``count`` working days old today, naive UTC; None for 0."""
        if not count:
            return None
        company = self.company_id
        calendar = self.calendar_id or company.resource_calendar_id
        if not calendar:
            return fields.Datetime.now() - timedelta(days=count)
        now = fields.Datetime.now()
        last = now.date() + timedelta(days=1)
        days = calendar._care_working_days(
            company, last - timedelta(days=count * 7 + 60), last
        )
        starts = sorted(min(spans)[0] for spans in days.values())
        begun = [start for start in starts if start <= now]
        return begun[-count] if len(begun) >= count else None
