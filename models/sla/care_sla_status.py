from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.sla_clock import AroundTheClock, WorkingTime, replay
from .care_sla_policy import TARGETS

STATES = [
    ("ongoing", "Running"),
    ("paused", "Paused"),
    ("met", "Met"),
    ("missed", "Missed"),
    ("cancelled", "Cancelled"),
]


REPLAYED_FIELDS = (
    "deadline",
    "warn_at",
    "escalate_at",
    "reached_at",
    "paused",
    "cancelled",
    "over",
)
"""What a replay of the ledger decides"""


class CareSlaStatus(models.Model):
    """Clock of a policy for a complaint, computed by replaying the ledger.

    Whether it is met or missed is not stored: it follows from deadline and
    ``reached_at`` against now, in Python and in SQL alike (rule 7).
    """

    _name = "care.sla.status"
    _description = "SLA Status"
    _order = "deadline, id"
    _rec_name = "policy_id"

    complaint_id = fields.Many2one(
        "care.complaint", required=True, ondelete="cascade", index=True, readonly=True
    )
    policy_id = fields.Many2one(
        "care.sla.policy", required=True, ondelete="restrict", index=True, readonly=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    target = fields.Selection(TARGETS, required=True, readonly=True)
    allowed_hours = fields.Float(readonly=True, aggregator=None)
    calendar_id = fields.Many2one(
        "resource.calendar", "Working Hours", readonly=True, ondelete="set null"
    )
    around_the_clock = fields.Boolean(readonly=True)
    pausable = fields.Boolean(readonly=True)
    warn_before = fields.Float(readonly=True, aggregator=None)
    policy_version = fields.Integer(readonly=True, aggregator=None)
    deadline = fields.Datetime(readonly=True)
    warn_at = fields.Datetime("At Risk from", readonly=True)
    reached_at = fields.Datetime("Reached", readonly=True)
    paused = fields.Boolean(readonly=True)
    cancelled = fields.Boolean(readonly=True)
    hours_before_id = fields.Many2one(
        "care.hours.snapshot",
        "Former Hours",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The clock follows these hours, which have changed since.",
    )
    hours_changed = fields.Boolean(
        readonly=True,
        copy=False,
        help="Hours have changed, and nobody has decided yet what the clock does.",
    )
    dropped = fields.Boolean(
        readonly=True, help="The complaint changed and the policy no longer applies."
    )
    over = fields.Boolean(readonly=True)
    state = fields.Selection(
        STATES, compute="_compute_state", search="_search_state", readonly=True
    )
    missed_at = fields.Datetime("Missed", compute="_compute_state")
    elapsed_hours = fields.Float(compute="_compute_hours")
    remaining_hours = fields.Float(
        compute="_compute_hours",
        help="Working hours until the deadline; negative after it.",
    )

    _policy_uniq = models.Constraint(
        "UNIQUE (complaint_id, policy_id)", "A complaint has only one clock per policy."
    )
    _open_idx = models.Index("(deadline) WHERE over IS NOT TRUE")

    # ------------------------------------------------------------
    # State
    # ------------------------------------------------------------

    @api.depends("deadline", "reached_at", "paused", "cancelled")
    def _compute_state(self):
        now = fields.Datetime.now()
        for status in self:
            late = status.deadline and status.deadline < (status.reached_at or now)
            status.missed_at = late and status.deadline
            if status.cancelled:
                status.state = "cancelled"
            elif late:
                status.state = "missed"
            elif status.reached_at:
                status.state = "met"
            else:
                status.state = "paused" if status.paused else "ongoing"

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "state":
            return self._sql_state(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _sql_state(self, alias):
        return SQL(
            """CASE WHEN %(cancelled)s THEN 'cancelled'
                    WHEN %(deadline)s < COALESCE(%(reached)s, %(now)s) THEN 'missed'
                    WHEN %(reached)s IS NOT NULL THEN 'met'
                    WHEN %(paused)s THEN 'paused'
                    ELSE 'ongoing' END""",
            cancelled=SQL.identifier(alias, "cancelled"),
            deadline=SQL.identifier(alias, "deadline"),
            reached=SQL.identifier(alias, "reached_at"),
            paused=SQL.identifier(alias, "paused"),
            now=fields.Datetime.now(),
        )

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = tuple(value)
        return Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s IN %s", model._sql_state(alias), states
            )
        )

    def _compute_hours(self):
        now = fields.Datetime.now()
        clocks = self._origin._read_clocks(now)
        for status in self:
            clock, _working = clocks.get(status._origin, (None, None))
            hours = clock.elapsed / 3600 if clock else 0
            status.elapsed_hours = hours
            status.remaining_hours = status.allowed_hours - hours

    # ------------------------------------------------------------
    # Replay
    # ------------------------------------------------------------

    def _read_clocks(self, now, ledger=None):
        """{status: (clock, working time)}, with the ledger read once unless it is
        given, and each calendar once, whatever the number of complaints"""
        if ledger is None:
            ledger = self.complaint_id._ledger()
        spans = {}
        for status in self:
            times = [at for at, _kind in ledger[status.complaint_id.id]]
            spans[status] = (min(times), max(*times, now))
        working = self._read_working_times(spans)
        found = {}
        for key, statuses in self.grouped(lambda row: row._working_key()).items():
            for status in statuses:
                clock = replay(
                    ledger[status.complaint_id.id],
                    status.allowed_hours * 3600,
                    working[key],
                    now=now,
                    target=status.target,
                    pausable=status.pausable,
                )
                found[status] = clock, working[key]
        return found

    def _working_key(self):
        if self.around_the_clock:
            return True
        return self.calendar_id.id, self.company_id.id, self.hours_before_id.id

    def _working_times_around(self, now, before=timedelta(), ahead=timedelta()):
        """{key: working time around deadlines and now}"""
        return self._read_working_times(
            {
                status: (
                    min(now, status.deadline or now) - before,
                    max(now, status.deadline or now) + ahead,
                )
                for status in self
            }
        )

    def _read_working_times(self, spans):
        """Each calendar once, for all its clocks"""
        found = {}
        for key, statuses in self.grouped(lambda row: row._working_key()).items():
            calendar = statuses[:1].calendar_id.sudo()
            if key is True:
                found[key] = AroundTheClock()
            elif not calendar:
                found[key] = WorkingTime([])
            else:
                policies = self.env["care.sla.policy"]._all()
                levels = [
                    level.hours
                    for policy in statuses.policy_id.ids
                    for level in policies[policy].levels
                ]
                hours = max(*statuses.mapped("allowed_hours"), *levels, 0)
                found[key] = calendar._care_working_time(
                    statuses[:1].company_id,
                    min(spans[status][0] for status in statuses),
                    max(spans[status][1] for status in statuses),
                    timedelta(hours=hours),
                    before=statuses[:1].hours_before_id.sudo(),
                )
        return found

    def _replay(self, anew=False, ledger=None):
        """Bring deadlines in line with the ledger, in one statement.

        :param anew: also recompute finished and missed clocks, for back-dated events
            and on request. By default a recorded result is final, even if working
            hours have changed since.
        :param ledger: the ledger of their complaints, where it has been read
        """
        statuses = self if anew else self.filtered(lambda status: not status._settled())
        if not statuses:
            return
        statuses.flush_recordset()
        now = fields.Datetime.now()
        rows = statuses._new_rows(now, ledger, keep=not anew)
        self.env.execute_query(
            SQL(
                """
                UPDATE care_sla_status status
                   SET deadline = new.deadline, warn_at = new.warn_at,
                       escalate_at = new.escalate_at, reached_at = new.reached_at,
                       paused = new.paused, cancelled = new.cancelled, over = new.over,
                       write_date = %s, write_uid = %s
                  FROM unnest(%s::int[], %s::timestamp[], %s::timestamp[],
                              %s::timestamp[], %s::timestamp[], %s::bool[],
                              %s::bool[], %s::bool[])
                    AS new(id, deadline, warn_at, escalate_at, reached_at, paused,
                           cancelled, over)
                 WHERE status.id = new.id
             RETURNING status.id
                """,
                now,
                self.env.uid,
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )
        statuses.invalidate_recordset(flush=False)

    @api.model
    def _wind(self, vals_list, ledger, now):
        """Add the deadlines to the values of new clocks."""
        drafts = self.concat(*map(self.new, vals_list))
        rows = drafts._new_rows(now, ledger, keep=False, new=True)
        for vals, (_id, *values) in zip(vals_list, rows, strict=True):
            vals.update(zip(REPLAYED_FIELDS, values, strict=True))

    def _new_rows(self, now, ledger, keep, new=False):
        """[(id, *values of ``REPLAYED_FIELDS``)] in the order of the clocks

        :param keep: what was missed stays so
        :param new: the clocks are new, so no level has run
        """
        levels = self._next_levels(new)
        clocks = self._read_clocks(now, ledger)
        return [
            self._new_row(status, *clocks[status], levels[status], keep)
            for status in self
        ]

    def _settled(self):
        """A reply is final; reopening a complaint resumes only the solution clock."""
        return self.target == "reply" and bool(self.reached_at)

    @api.model
    def _new_row(self, status, clock, working, levels, keep):
        deadline, reached_at = clock.deadline, clock.reached_at
        missed = keep and status.state == "missed" and clock.state != "missed"
        if missed:
            deadline = status.deadline
        cancelled = not missed and (
            clock.state == "cancelled"
            or (status.dropped and clock.state in ("ongoing", "paused"))
        )
        if cancelled:
            deadline = None
        warn_at = deadline and working.before(
            deadline, timedelta(hours=status.warn_before)
        )
        escalate_at = deadline and min(
            filter(None, (level.instant(deadline, working) for level in levels)),
            default=None,
        )
        return (
            status.id,
            deadline,
            warn_at,
            escalate_at,
            reached_at,
            clock.state == "paused" and not missed,
            cancelled,
            clock.over or cancelled or status.dropped,
        )

    # ------------------------------------------------------------
    # Protection
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The clocks of a complaint cannot be deleted."))
