"""The clock of service-level agreements: a ledger of events, replayed in working time.

Instants are naive UTC datetimes. Nothing here reads a clock, rounds, or knows a
database. The rules are those of the design, core 3.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

RECEIVED, PAUSED, RESUMED = "received", "paused", "resumed"
REPLIED, RESOLVED, REOPENED, CANCELLED = "replied", "resolved", "reopened", "cancelled"
LEDGER_KINDS = (RECEIVED, PAUSED, RESUMED, REPLIED, RESOLVED, REOPENED, CANCELLED)
REPLY, RESOLVE = "reply", "resolve"
ENDS = {REPLY: (REPLIED, RESOLVED), RESOLVE: (RESOLVED,)}
"""What ends the clock of a target: who resolves, answers too (rule 5)."""
ZERO = timedelta()


def summary_state(deadline, warn_at, paused, result, now):
    """State of a complaint from the summary of its clocks.

    :param deadline: the next deadline of a running clock, None if none runs
    :param warn_at: when the first running clock comes to be at risk, or None
    :param paused: is a clock paused
    :param result: ``met`` or ``missed`` of the clocks that have ended, or None

    >>> at = datetime(2026, 11, 2, 9)
    >>> summary_state(at, None, False, None, at)
    'on_track'
    >>> summary_state(None, None, True, "met", at)
    'paused'
    """
    if deadline:
        if deadline < now:
            return "missed"
        return "at_risk" if warn_at and warn_at <= now else "on_track"
    return "paused" if paused else result or "none"


class ClockRow(NamedTuple):
    """What is stored of a clock, as far as the summary needs it."""

    target: str
    deadline: datetime | None
    warn_at: datetime | None
    reached_at: datetime | None
    paused: bool
    cancelled: bool
    over: bool


def summarize(clocks):
    """What a complaint shows of its clocks. A late clock counts as open until the reply
    or solution is given.

    :param clocks: :class:`ClockRow` of all its clocks
    :return: (next deadline, when the first clock comes to be at risk, is one paused,
        result of those that have ended, then deadline and result of the reply, and of
        the solution)

    >>> at = datetime(2026, 11, 2, 9)
    >>> summarize([ClockRow("reply", at, None, at, False, False, True)])
    (None, None, False, 'met', None, 'met', None, None)
    """
    deadlines, warnings, ended = [], [], set()
    targets = {REPLY: ([], set()), RESOLVE: ([], set())}
    paused_one = False
    for target, deadline, warn_at, reached_at, paused, cancelled, over in clocks:
        if not over:
            deadlines.append(deadline)
            warnings.append(warn_at)
            paused_one = paused_one or bool(paused)
        elif deadline and (not reached_at or deadline < reached_at):
            ended.add("missed")
        if cancelled:
            continue
        owed, results = targets[target]
        if not reached_at:
            owed.append(deadline)
            results.add("ongoing")
        else:
            ended.add("met")
            results.add("missed" if deadline and deadline < reached_at else "met")
    summary = [_first(deadlines), _first(warnings), paused_one, _worst(ended)]
    for owed, results in targets.values():
        summary += _first(owed), _worst(results)
    return tuple(summary)


def _worst(results):
    if len(results) < 2:
        return next(iter(results), None)
    return "missed" if "missed" in results else "ongoing"


def _first(instants):
    return min((at for at in instants if at), default=None) if instants else None


class AroundTheClock:
    """Every second is working time."""

    def between(self, start, end):
        return max(end - start, ZERO)

    def after(self, start, duration):
        return start + duration

    def before(self, end, duration):
        return end - duration

    def closed(self, start, end):
        return []


class WorkingTime:
    """The working time of a calendar in a span, read once and asked often.

    :param intervals: [(start, end)] of work in any order; they may touch or overlap.
        Outside of them nobody works.

    >>> at = lambda hour: datetime(2026, 11, 2, hour)
    >>> monday = WorkingTime([(at(9), at(12)), (at(13), at(18))])
    >>> monday.between(at(11), at(14))
    datetime.timedelta(seconds=7200)
    >>> monday.after(at(17), timedelta(hours=1))
    datetime.datetime(2026, 11, 2, 18, 0)
    >>> monday.after(at(17), timedelta(hours=2)) is None
    True
    """

    def __init__(self, intervals):
        union = []
        for start, end in sorted(intervals):
            if union and start <= union[-1][1]:
                union[-1][1] = max(union[-1][1], end)
            elif start < end:
                union.append([start, end])
        self.starts = [start for start, _end in union]
        self.ends = [end for _start, end in union]
        self.worked_before = list(
            accumulate((end - start for start, end in union), initial=ZERO)
        )

    @property
    def total(self):
        """All the working time there is"""
        return self.worked_before[-1]

    def _worked(self, instant):
        place = bisect_right(self.starts, instant) - 1
        if place < 0:
            return ZERO
        here = min(instant, self.ends[place]) - self.starts[place]
        return self.worked_before[place] + here

    def between(self, start, end):
        """Working time from ``start`` to ``end``, none if ``end`` is before."""
        return max(self._worked(end) - self._worked(start), ZERO)

    def after(self, start, duration):
        """The earliest instant at which so much working time has passed since
        ``start``; None if there is not so much."""
        if duration <= ZERO:
            return start
        wanted = self._worked(start) + duration
        if wanted > self.total:
            return None
        place = bisect_left(self.worked_before, wanted) - 1
        return self.starts[place] + (wanted - self.worked_before[place])

    def before(self, end, duration):
        """The latest instant from which so much working time is left until ``end``;
        the beginning of all work if there has not been so much."""
        if duration <= ZERO or not self.starts:
            return end
        wanted = self._worked(end) - duration
        if wanted < ZERO:
            return min(self.starts[0], end)
        place = bisect_right(self.worked_before, wanted) - 1
        if place == len(self.starts):
            return end
        return min(self.starts[place] + (wanted - self.worked_before[place]), end)

    def closed(self, start, end):
        """[(from, to)] between ``start`` and ``end`` in which nobody works

        >>> at = lambda hour: datetime(2026, 11, 2, hour)
        >>> WorkingTime([(at(9), at(12))]).closed(at(11), at(14))
        [(datetime.datetime(2026, 11, 2, 12, 0), datetime.datetime(2026, 11, 2, 14, 0))]
        """
        edges = zip([start, *self.ends], [*self.starts, end], strict=True)
        clipped = ((max(first, start), min(last, end)) for first, last in edges)
        return [(first, last) for first, last in clipped if first < last]


@dataclass(frozen=True)
class Clock:
    """What a replay tells."""

    state: str
    """``ongoing``, ``paused``, ``met``, ``missed`` or ``cancelled``"""
    deadline: datetime | None
    """When the time is up, or was when it was met. None while paused, when cancelled,
    and where there is not enough working time."""
    elapsed: float
    """Working seconds that counted so far, those after the deadline too"""
    reached_at: datetime | None = None
    """When the customer had the reply or the solution, in time or late"""
    missed_at: datetime | None = None
    """The deadline that passed without"""
    over: bool = False
    """Nothing is owed any more: reached or cancelled"""
    spans: tuple = field(default=(), compare=False)
    """((start, end, "running" | "paused" | "over"), …) without gaps, from the reception
    to the last event or the time of reading"""


def replay(events, allowed, working, *, now, target=RESOLVE, pausable=True):
    """The clock of one policy for one complaint, read at ``now``.

    The deadline is the earliest instant at which the allowed working time has elapsed
    since the reception (rules 2, 3). Exactly on it is in time, and nothing that happens
    later turns missed into met (rule 7). Paused, resolved and cancelled time is free;
    after reopening the clock goes on where it stood (rules 4, 6). A reply stays given.
    Without enough working time there is no deadline (rule 9).

    :param events: [(instant, kind)]. They are taken by instant, equal ones in the order
        given; what is dated before the reception counts at the reception.
    :param allowed: seconds of working time
    :param working: :class:`WorkingTime` or :class:`AroundTheClock`
    :param pausable: do pauses stop this clock?
    :raise ValueError: nothing has been received, or no time is allowed
    """
    if allowed <= 0:
        raise ValueError("no time is allowed")
    start = min((at for at, kind in events if kind == RECEIVED), default=None)
    if start is None:
        raise ValueError("nothing has been received")
    run = _Run(start, timedelta(seconds=allowed), working, target, pausable)
    for at, kind in sorted(events, key=lambda event: event[0]):
        run.go_on(max(at, start))
        run.happen(kind)
    return run.tell(now)


class _Run:
    """A clock on its way through the ledger."""

    def __init__(self, start, allowed, working, target, pausable):
        self.working, self.target, self.pausable = working, target, pausable
        self.at = start
        self.left = allowed
        self.elapsed = ZERO
        self.deadline = working.after(start, allowed)
        """When the time is up if the clock goes on, or was when it stopped."""
        self.paused = self.cancelled = False
        self.reached_at = self.missed_at = None
        self.spans = []

    @property
    def over(self):
        """Stopped for good, unless reopened"""
        return self.cancelled or self.reached_at is not None

    @property
    def stands(self):
        return self.over or (self.paused and self.left > ZERO)

    def go_on(self, at):
        """Let time pass. A clock that has used up everything just when it was paused
        has no time left to be paused in."""
        self.draw(at)
        if self.over:
            self.at = max(at, self.at)
            return
        if not self.stands and self.deadline is not None and at > self.deadline:
            self.missed_at = self.missed_at or self.deadline
        if not self.paused:
            worked = self.working.between(self.at, at)
            self.elapsed += worked
            self.left = max(self.left - worked, ZERO)
        self.at = max(at, self.at)

    def draw(self, at):
        """Write down what the clock does until then."""
        if at <= self.at:
            return
        kind = "over" if self.over else "paused" if self.paused else "running"
        start = self.at
        if self.spans and self.spans[-1][2] == kind:
            start = self.spans.pop()[0]
        self.spans.append((start, at, kind))

    def happen(self, kind):
        stood = self.stands
        if kind in ENDS[self.target]:
            self.reached_at = self.reached_at or self.at
            if kind == RESOLVED:
                self.cancelled = False
        elif kind == CANCELLED:
            self.cancelled = self.cancelled or self.reached_at is None
        elif kind == REOPENED:
            self.cancelled = False
            if self.target == RESOLVE:
                self.reached_at = None
        elif kind in (PAUSED, RESUMED):
            self.paused = self.pausable and kind == PAUSED
        if stood and not self.stands:
            self.deadline = self.working.after(self.at, self.left)

    def tell(self, now):
        self.go_on(now)
        if self.missed_at:
            state, deadline = "missed", self.missed_at
        elif self.cancelled:
            state, deadline = "cancelled", None
        elif self.reached_at:
            state, deadline = "met", None if self.paused else self.deadline
        elif self.stands:
            state, deadline = "paused", None
        else:
            state, deadline = "ongoing", self.deadline
        return Clock(
            state,
            deadline,
            self.elapsed.total_seconds(),
            self.reached_at,
            self.missed_at,
            self.over,
            tuple(self.spans),
        )
