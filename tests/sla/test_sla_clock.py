"""The clock of service-level agreements, without a database."""

import doctest
from datetime import datetime, timedelta
from itertools import pairwise
from unittest import TestCase

from hypothesis import example, given
from hypothesis import strategies as st

from ...tools import sla_clock
from ...tools.sla_clock import AroundTheClock, Clock, WorkingTime, replay
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

ZERO = datetime(2026, 11, 2)
"""A Monday"""
HORIZON = 90


def at(second):
    return ZERO + timedelta(seconds=second)


def seconds(instant):
    return None if instant is None else int((instant - ZERO).total_seconds())


def seconds_between(working, start, end):
    return working.between(at(start), at(end)).total_seconds()


intervals = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 12)).map(
        lambda part: (part[0], part[0] + part[1])
    ),
    max_size=5,
)
ledgers = st.lists(
    st.tuples(st.integers(-3, 50), st.sampled_from(sla_clock.LEDGER_KINDS)), max_size=8
)
starts = st.integers(0, 20)
allowances = st.integers(1, 20)
targets = st.sampled_from((sla_clock.REPLY, sla_clock.RESOLVE))


class Oracle:
    """The rules of the design told second by second, as slowly as one reads them."""

    def __init__(self, events, allowed, works, target, pausable):
        self.start = min(second for second, kind in events if kind == "received")
        self.events = [(max(second, self.start), kind) for second, kind in events]
        self.allowed, self.works = allowed, works
        self.target, self.pausable = target, pausable
        self.used = self.elapsed = 0
        self.up = None
        self.paused = self.cancelled = self.reached = self.missed = None

    def run(self, now):
        for second in range(self.start, now + 1):
            over = self.cancelled is not None or self.reached is not None
            if not over and self.up is not None and second > self.up:
                self.missed = self.up if self.missed is None else self.missed
            for when, kind in self.events:
                if when == second:
                    self.happen(second, kind)
            self.pass_second(second) if second < now else None
        return self

    def happen(self, second, kind):
        if kind == "resolved" or (kind == "replied" and self.target == "reply"):
            self.reached = second if self.reached is None else self.reached
            self.cancelled = None if kind == "resolved" else self.cancelled
        elif kind == "cancelled" and self.reached is None:
            self.cancelled = second
        elif kind == "reopened":
            ended = self.cancelled is not None or self.reached is not None
            self.cancelled = None
            self.reached = self.reached if self.target == "reply" else None
            if ended and self.reached is None and self.used == self.allowed:
                self.up = second
        elif kind == "paused" and self.pausable:
            self.paused = second
        elif kind == "resumed":
            self.paused = None

    def pass_second(self, second):
        over = self.cancelled is not None or self.reached is not None
        if over or self.paused is not None or not self.works(second):
            return
        self.elapsed += 1
        if self.used < self.allowed:
            self.used += 1
            if self.used == self.allowed:
                self.up = second + 1

    @property
    def state(self):
        if self.missed is not None:
            return "missed"
        if self.cancelled is not None:
            return "cancelled"
        if self.reached is not None:
            return "met"
        if self.paused is not None and self.used < self.allowed:
            return "paused"
        return "ongoing"


class TestSlaClock(TestCase):
    def test_examples_of_the_documentation(self):
        self.assertEqual(doctest.testmod(sla_clock).failed, 0)

    # Working time ---------------------------------------------------

    @given(intervals, st.integers(-5, 60), st.integers(-5, 60))
    def test_working_time_is_counted(self, parts, start, end):
        working = WorkingTime([(at(a), at(b)) for a, b in parts])
        counted = sum(
            any(a <= second < b for a, b in parts) for second in range(start, end)
        )
        self.assertEqual(
            working.between(at(start), at(end)), timedelta(seconds=counted)
        )

    @given(intervals, st.integers(-5, 60), allowances)
    def test_after_is_the_earliest(self, parts, start, wanted):
        working = WorkingTime([(at(a), at(b)) for a, b in parts])
        found = working.after(at(start), timedelta(seconds=wanted))
        counted = 0
        for second in range(start, HORIZON):
            counted += any(a <= second < b for a, b in parts)
            if counted == wanted:
                self.assertEqual(seconds(found), second + 1)
                return
        self.assertIsNone(found)

    @given(intervals, st.integers(-5, 60), allowances)
    def test_before_is_the_latest(self, parts, end, wanted):
        working = WorkingTime([(at(a), at(b)) for a, b in parts])
        found = seconds(working.before(at(end), timedelta(seconds=wanted)))
        left = {
            second: seconds_between(working, second, end) for second in range(-9, end)
        }
        enough = [second for second, time in left.items() if time >= wanted]
        if enough:
            self.assertEqual(found, max(enough))
        else:
            self.assertLessEqual(found, end)
            self.assertEqual(
                seconds_between(working, found, end),
                seconds_between(working, -9, end),
                "all there is",
            )

    # Replay ---------------------------------------------------------

    @given(intervals, ledgers, starts, allowances, targets, st.booleans(), st.data())
    @example(
        [(0, 10)], [(5, "paused"), (7, "resumed")], 0, 5, "resolve", True, None
    ).via("paused exactly when the time is up")
    @example(
        [(0, 10)], [(5, "resolved"), (7, "reopened")], 0, 5, "resolve", True, None
    ).via("resolved exactly in time, and reopened")
    def test_as_told_second_by_second(
        self, parts, events, start, allowed, target, pausable, data
    ):
        events = [(start, "received")] + [
            event for event in events if event[1] != "received"
        ]
        latest = max(second for second, _kind in events)
        now = data.draw(st.integers(latest, 70)) if data else 60
        ordered = sorted(events, key=lambda event: event[0])
        oracle = Oracle(
            ordered,
            allowed,
            lambda second: any(a <= second < b for a, b in parts),
            target,
            pausable,
        ).run(now)
        clock = replay(
            [(at(second), kind) for second, kind in events],
            allowed,
            WorkingTime([(at(a), at(b)) for a, b in parts]),
            now=at(now),
            target=target,
            pausable=pausable,
        )
        self.assertEqual(
            (clock.state, clock.elapsed),
            (oracle.state, oracle.elapsed),
        )
        self.assertEqual(
            (seconds(clock.reached_at), seconds(clock.missed_at)),
            (oracle.reached, oracle.missed),
        )
        if clock.state == "ongoing":
            self.check_deadline(oracle, now, seconds(clock.deadline))
        elif clock.state == "missed":
            self.assertEqual(clock.deadline, clock.missed_at)
        elif clock.state != "met":
            self.assertIsNone(clock.deadline)

    def check_deadline(self, oracle, now, deadline):
        """Nothing more happens: the clock is missed a second after, and not before."""
        oracle.events = []
        if oracle.up is None:
            for second in range(now, HORIZON):
                oracle.pass_second(second)
        self.assertEqual(deadline, oracle.up)

    @given(ledgers, starts, allowances, targets)
    def test_the_deadline_says_when_it_is_missed(self, events, start, allowed, target):
        """A reader needs no other replay to tell missed from ongoing later on."""
        events = [(at(start), "received")] + [
            (at(second), kind) for second, kind in events if kind != "received"
        ]
        latest = max(when for when, _kind in events)
        working = WorkingTime([(at(0), at(30)), (at(35), at(60))])

        def read(now):
            return replay(events, allowed, working, now=now, target=target)

        first = read(latest)
        for more in range(1, 60):
            later = read(latest + timedelta(seconds=more))
            passed = first.deadline and at(0) < first.deadline < latest + timedelta(
                seconds=more
            )
            expected = "missed" if first.state == "ongoing" and passed else first.state
            self.assertEqual(later.state, expected)

    @given(ledgers, starts, allowances, targets)
    def test_missed_stays_missed(self, events, start, allowed, target):
        """Whatever happens later."""
        working = WorkingTime([(at(0), at(30)), (at(35), at(60))])
        before = [(at(start), "received")]
        missed = replay(before, allowed, working, now=at(50), target=target)
        later = [
            (at(51 + abs(second)), kind)
            for second, kind in events
            if kind != "received"
        ]
        after = replay(before + later, allowed, working, now=at(200), target=target)
        if missed.state == "missed":
            self.assertEqual(
                (after.state, after.missed_at), ("missed", missed.missed_at)
            )

    # Rules by example -----------------------------------------------

    def office(self, *days):
        """9–12 and 13–18 o'clock on these days of November 2026"""
        return WorkingTime(
            [
                (datetime(2026, 11, day, start), datetime(2026, 11, day, end))
                for day in days
                for start, end in ((9, 12), (13, 18))
            ]
        )

    @given(ledgers, starts, targets, st.booleans(), intervals)
    def test_spans_tell_where_the_time_went(
        self, events, start, target, pausable, parts
    ):
        events = [(at(start), "received"), *((at(when), kind) for when, kind in events)]
        working = WorkingTime([(at(a), at(b)) for a, b in parts])
        clock = replay(events, 9, working, now=at(60), target=target, pausable=pausable)
        received = min(when for when, kind in events if kind == "received")
        self.assertEqual(
            [first for first, _last, _kind in clock.spans] + [at(60)],
            [received] + [last for _first, last, _kind in clock.spans],
        )
        kinds = [kind for _first, _last, kind in clock.spans]
        self.assertTrue(all(a != b for a, b in pairwise(kinds)))
        ran = sum(
            working.between(first, last).total_seconds()
            for first, last, kind in clock.spans
            if kind == "running"
        )
        self.assertEqual(ran, clock.elapsed)
        self.assertEqual(kinds[-1] == "over", clock.over)
        if not pausable:
            self.assertNotIn("paused", kinds)

    def test_ends_with_the_day_and_not_the_next_morning(self):
        events = [(datetime(2026, 11, 2, 17), "received")]
        clock = replay(
            events, 3600, self.office(2, 3), now=datetime(2026, 11, 2, 17, 30)
        )
        self.assertEqual(
            clock, Clock("ongoing", datetime(2026, 11, 2, 18), elapsed=1800)
        )

    def test_next_morning_is_late(self):
        events = [
            (datetime(2026, 11, 2, 17), "received"),
            (datetime(2026, 11, 3, 8), "resolved"),
        ]
        clock = replay(events, 3600, self.office(2, 3), now=datetime(2026, 11, 4))
        self.assertEqual(clock.state, "missed")
        self.assertEqual(clock.missed_at, datetime(2026, 11, 2, 18))
        self.assertEqual(clock.elapsed, 3600)

    def test_a_weekend_in_a_pause_moves_nothing(self):
        start = [(datetime(2026, 11, 6, 16), "received")]
        pause = [
            (datetime(2026, 11, 6, 20), "paused"),
            (datetime(2026, 11, 8, 20), "resumed"),
        ]
        office, now = self.office(6, 9), datetime(2026, 11, 8, 21)
        self.assertEqual(
            replay(start, 4 * 3600, office, now=now),
            replay(start + pause, 4 * 3600, office, now=now),
        )
        paused = replay(start + pause[:1], 4 * 3600, office, now=datetime(2026, 11, 7))
        self.assertEqual((paused.state, paused.deadline), ("paused", None))

    def test_resolving_answers_too(self):
        events = [(at(0), "received"), (at(5), "resolved"), (at(9), "reopened")]
        clock = replay(events, 10, AroundTheClock(), now=at(99), target="reply")
        self.assertEqual((clock.state, clock.reached_at), ("met", at(5)))
        again = replay(events, 10, AroundTheClock(), now=at(12))
        self.assertEqual(again, Clock("ongoing", at(14), elapsed=8))

    def test_before_the_reception_is_at_the_reception(self):
        events = [(at(-60), "replied"), (at(0), "received")]
        clock = replay(events, 10, AroundTheClock(), now=at(9), target="reply")
        self.assertEqual((clock.state, clock.reached_at), ("met", at(0)))

    def test_no_working_time_gives_no_deadline(self):
        events = [(at(0), "received"), (at(9), "paused"), (at(12), "resumed")]
        clock = replay(events, 10, WorkingTime([]), now=datetime(2036, 1, 1))
        self.assertEqual(clock, Clock("ongoing", None, elapsed=0))

    def test_cancelled_is_not_resolved(self):
        events = [(at(0), "received"), (at(5), "cancelled")]
        clock = replay(events, 10, AroundTheClock(), now=at(99))
        self.assertEqual(clock, Clock("cancelled", None, elapsed=5, over=True))
        late = replay(events, 4, AroundTheClock(), now=at(99))
        self.assertEqual(late.state, "missed", "cancelling hides no miss")

    def test_what_makes_no_sense_is_refused(self):
        with self.assertRaises(ValueError):
            replay([(at(0), "resolved")], 10, AroundTheClock(), now=at(1))
        for allowed in (0, -1):
            with self.assertRaises(ValueError):
                replay([(at(0), "received")], allowed, AroundTheClock(), now=at(1))
