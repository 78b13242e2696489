from bisect import bisect_left, bisect_right
from datetime import timedelta

from odoo import api, fields, models

from ...tools.sla_clock import WorkingTime

TIMER_HORIZON = timedelta(days=4)
"""How long a timer in an open tab stays right without asking the server again."""


class CareComplaint(models.Model):
    """Data for the browser to count down working time without asking the server."""

    _inherit = "care.complaint"

    sla_timer = fields.Json(
        "Time Left",
        compute="_compute_sla_timer",
        compute_sudo=True,
        exportable=False,
    )
    sla_timeline = fields.Json(
        "Timeline", compute="_compute_sla_timeline", exportable=False
    )

    @api.depends("sla_deadline", "sla_warn_at", "sla_paused", "sla_result")
    def _compute_sla_timer(self):
        """Each calendar is read once, whatever the number of complaints."""
        now = fields.Datetime.now()
        running = self._origin.filtered("sla_deadline")
        first = running._first_clocks()
        working = {
            key: _Parts(clock)
            for key, clock in self.env["care.sla.status"]
            .union(*first.values())
            ._working_times_around(now, ahead=TIMER_HORIZON)
            .items()
        }
        for complaint in self:
            status = complaint.sla_deadline and first.get(complaint._origin.id)
            complaint.sla_timer = {
                "state": complaint.sla_state,
                "deadline": _text(complaint.sla_deadline),
                "warn": _text(complaint.sla_warn_at),
                "now": _text(now),
                "target": status.target if status else False,
                "parts": working[status._working_key()].between(
                    min(now, complaint.sla_deadline),
                    max(now, complaint.sla_deadline) + TIMER_HORIZON,
                )
                if status
                else "",
            }

    @api.depends("sla_ids", "event_ids", "sla_deadline", "sla_paused", "sla_result")
    @api.depends_context("lang", "uid")
    def _compute_sla_timeline(self):
        """Which policies apply, why, and how the time was spent."""
        now = fields.Datetime.now()
        by_complaint = self._origin.sudo().sla_ids.grouped("complaint_id")
        clocks = self._origin.sudo().sla_ids._read_clocks(now)
        for complaint in self:
            statuses = by_complaint.get(complaint._origin, ())
            complaint.sla_timeline = {
                "now": _text(now),
                "clocks": [_drawn(status, *clocks[status], now) for status in statuses],
                "events": [
                    {"at": _text(event.at), "kind": event.kind}
                    for event in complaint.event_ids
                ],
            }

    def _first_clocks(self):
        """{id of a complaint: its clock with the next deadline}"""
        statuses = (
            self.env["care.sla.status"]
            .sudo()
            .search_fetch(
                [
                    ("complaint_id", "in", self.ids),
                    ("over", "=", False),
                    ("deadline", "!=", False),
                ],
                [
                    "complaint_id",
                    "policy_id",
                    "company_id",
                    "calendar_id",
                    "hours_before_id",
                    "around_the_clock",
                    "allowed_hours",
                    "target",
                    "deadline",
                ],
                order="deadline DESC, id DESC",
            )
        )
        return {status.complaint_id.id: status for status in statuses}


def _drawn(status, clock, working, now):
    """What the timeline shows of a clock, and why it has its deadline"""
    received = clock.spans[0][0] if clock.spans else now
    until = max(filter(None, (now, status.deadline, status.reached_at)))
    return {
        "id": status.id,
        "name": status.policy_id.name,
        "why": status.policy_id._why(),
        "state": status.state,
        "dropped": status.dropped,
        "allowed": status.allowed_hours * 3600,
        "elapsed": clock.elapsed,
        "deadline": _text(status.deadline),
        "reached": _text(status.reached_at),
        "reasons": status._reasons(clock, now),
        "closed": [
            (_text(start), _text(end)) for start, end in working.closed(received, until)
        ],
        "spans": [(_text(start), _text(end), kind) for start, end, kind in clock.spans],
    }


def _text(instant):
    return fields.Datetime.to_string(instant) or False


class _Parts:
    """Working intervals as text, formatted once for all complaints. One text each, as
    the ORM copies lists deeply at each reading."""

    def __init__(self, working):
        self.working = working
        if isinstance(working, WorkingTime):
            starts, ends = map(_text, working.starts), map(_text, working.ends)
            self.texts = list(map("/".join, zip(starts, ends, strict=True)))

    def between(self, start, end):
        """``from/to,from/to…`` of what overlaps the span; None around the clock"""
        if not isinstance(self.working, WorkingTime):
            return None
        first = bisect_right(self.working.ends, start)
        return ",".join(self.texts[first : bisect_left(self.working.starts, end)])
