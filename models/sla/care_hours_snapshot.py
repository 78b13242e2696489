from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

EPOCH = datetime(1970, 1, 1)
MONTHS_AHEAD = 13
"""How long a clock that keeps former hours can still go on with them"""


class CareHoursSnapshot(models.Model):
    """Hours of a calendar before they changed, for the clocks that were running. A
    running clock follows them until a person recomputes it."""

    _name = "care.hours.snapshot"
    _description = "Working Hours before a Change"

    calendar_id = fields.Many2one(
        "resource.calendar", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    date_from = fields.Datetime(required=True)
    date_to = fields.Datetime(required=True)
    intervals = fields.Json(help="[[start, end]] in seconds since 1970, UTC.")

    @api.model
    def _remember(self, touched):
        """Call it before hours change: running clocks that the change may move, and
        that have no snapshot yet, get one.

        :param touched: list of ``HoursTouched``
        """
        for calendars, first, last in touched:
            for calendar, company, received, ends, ids in self._clocks(
                calendars, first, last
            ):
                snapshot = self._take(calendar, company, received, ends)
                self._assign(ids, snapshot.id)

    @api.model
    def _clocks(self, calendars, first, last):
        """[(calendar, company, first reception, last deadline, ids of clocks)]"""
        if calendars is not None and not calendars.ids:
            return []
        self.env["care.sla.status"].flush_model()
        self.env["care.complaint"].flush_model(["received_at"])
        return self.env.execute_query(
            SQL(
                """
                SELECT status.calendar_id, status.company_id,
                       MIN(complaint.received_at), MAX(status.deadline),
                       ARRAY_AGG(status.id)
                  FROM care_sla_status status
                  JOIN care_complaint complaint ON complaint.id = status.complaint_id
                 WHERE status.over IS NOT TRUE
                   AND status.around_the_clock IS NOT TRUE
                   AND status.hours_before_id IS NULL
                   AND %s
                   AND complaint.received_at <= %s
                   AND (status.deadline IS NULL OR status.deadline >= %s)
              GROUP BY status.calendar_id, status.company_id
                """,
                SQL("status.calendar_id IS NOT NULL")
                if calendars is None
                else SQL("status.calendar_id = ANY(%s)", calendars.ids),
                last,
                first,
            )
        )

    @api.model
    def _take(self, calendar_id, company_id, received, ends):
        now = fields.Datetime.now()
        start = received.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        end = max(now, ends or now).replace(
            day=1, hour=0, minute=0, second=0, microsecond=0
        ) + relativedelta(months=MONTHS_AHEAD)
        snapshot = self.create(
            {
                "calendar_id": calendar_id,
                "company_id": company_id,
                "date_from": start,
                "date_to": end,
            }
        )
        snapshot.intervals = snapshot._read_current()
        return snapshot

    def _read_current(self):
        """Hours of the calendar as they are now, for the span of the snapshot"""
        intervals = self.calendar_id._care_clock_intervals(
            self.company_id, self.date_from, self.date_to - timedelta(seconds=1)
        )
        return [[_seconds(start), _seconds(end)] for start, end in intervals]

    @api.model
    def _forget_same(self, touched):
        """Call it after the change: where the hours are what they were, nothing has
        changed for the clocks."""
        for calendars, _first, _last in touched:
            mine = Domain.TRUE
            if calendars is not None:
                mine = Domain("calendar_id", "in", calendars.ids)
            snapshots = self.search(mine)
            same = snapshots.filtered(
                lambda snapshot: snapshot.intervals == snapshot._read_current()
            )
            if same:
                clocks = self.env["care.sla.status"].search(
                    [("hours_before_id", "in", same.ids)]
                )
                clocks._follow_current_hours()

    @api.model
    def _assign(self, ids, snapshot_id):
        clocks = self.env["care.sla.status"].browse(ids)
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """
                UPDATE care_sla_status
                   SET hours_before_id = %s, hours_changed = TRUE
                 WHERE id = ANY(%s) RETURNING id
                """,
                snapshot_id,
                ids,
            )
        )
        clocks.invalidate_recordset(["hours_before_id", "hours_changed"], flush=False)

    def _in_place_of(self, current):
        """The snapshot's intervals while it lasts, current ones before and after it.
        Both end at the turn of a month."""
        self.ensure_one()
        return [
            (EPOCH + timedelta(seconds=start), EPOCH + timedelta(seconds=end))
            for start, end in self.intervals or ()
        ] + [
            (start, end)
            for start, end in current
            if end <= self.date_from or start >= self.date_to
        ]


def _seconds(instant):
    return int((instant - EPOCH).total_seconds())
