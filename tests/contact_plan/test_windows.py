"""The arithmetic of windows and of their slots, without a database."""

import doctest
from datetime import date, timedelta
from itertools import pairwise
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools import windows
from ...tools.windows import Frequency, Slot, Window
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

DAY = timedelta(days=1)
FIRST = date(2024, 1, 1)
NOVEMBER = Window(date(2026, 11, 1), date(2026, 11, 30))
PACES = ("behind", "on_pace", "ahead")

month_edges = st.builds(
    lambda year, month, before: date(year, month, 1) - DAY * before,
    st.integers(1990, 2110),
    st.sampled_from((1, 2, 3, 12)),
    st.integers(0, 2),
)
days = st.dates(date(1990, 1, 1), date(2110, 12, 31)) | month_edges
stretches = st.builds(
    lambda start, more: Window(start, start + DAY * more), days, st.integers(0, 100)
)


@st.composite
def frequencies(draw, longest=3660):
    """Any valid frequency, often a short one."""
    unit = draw(st.sampled_from(windows.WINDOW_UNITS))
    most = min(windows.LONGEST_WINDOW[unit], longest)
    every = draw(st.integers(1, min(most, 7)) | st.integers(1, most))
    return Frequency(
        draw(st.integers(1, 40)), every, unit, draw(st.integers(1, every)), draw(days)
    )


def begins(frequency, day):
    """Does a unit begin on this day?"""
    if frequency.unit == "week":
        return day.weekday() == frequency.anchor.weekday()
    if frequency.unit == "month":
        return day.day == 1
    if frequency.unit == "year":
        return (day.month, day.day) == (1, 1)
    return True


def beginnings(frequency, step):
    """First days of windows: from the anchor, day by day, each ``every``-th on which a
    unit begins."""
    day = frequency.anchor
    while not begins(frequency, day):
        day -= DAY
    seen = 0
    while True:
        if begins(frequency, day):
            if seen % frequency.every == 0:
                yield day
            seen += 1
        day += step


def walk(frequency, day):
    """Slow oracle of the window of a day: go there from the anchor."""
    if day >= next(beginnings(frequency, DAY)):
        there = pairwise(beginnings(frequency, DAY))
        start, after = next(pair for pair in there if day < pair[1])
    else:
        there = pairwise(beginnings(frequency, -DAY))
        after, start = next(pair for pair in there if day >= pair[1])
    return Window(start, after - DAY)


def days_of(window):
    return [window.start + DAY * n for n in range((window.end - window.start).days + 1)]


def half_remains(window, day):
    """Is more than half of the window left on this day, the day included?"""
    return 2 * ((window.end - day).days + 1) > len(days_of(window))


class TestDocstrings(TestCase):
    def test_examples(self):
        results = doctest.testmod(windows)
        self.assertTrue(results.attempted)
        self.assertFalse(results.failed)


class TestWindows(TestCase):
    @given(frequencies(), days)
    def test_no_gap_and_no_overlap(self, frequency, day):
        window = windows.window_of(frequency, day)
        self.assertTrue(window.start <= day <= window.end)
        for inside in (window.start, window.end):
            self.assertEqual(windows.window_of(frequency, inside), window)
        following = windows.following(frequency, window)
        self.assertEqual(following.start, window.end + DAY)
        before = windows.window_of(frequency, window.start - DAY)
        self.assertEqual(before.end, window.start - DAY)
        self.assertEqual(windows.following(frequency, before), window)

    @given(frequencies(), days)
    def test_as_walked_from_the_anchor(self, frequency, day):
        self.assertEqual(windows.window_of(frequency, day), walk(frequency, day))

    @given(frequencies(), days)
    def test_any_window_begins_on_the_anchor(self, frequency, day):
        """Moving the anchor by whole windows changes nothing."""
        window = windows.window_of(frequency, day)
        moved = frequency._replace(anchor=window.start)
        self.assertEqual(windows.window_of(moved, day), window)
        self.assertEqual(
            windows.window_of(moved, frequency.anchor),
            windows.window_of(frequency, frequency.anchor),
        )

    @given(frequencies(longest=30), days)
    def test_each_day_belongs_to_one(self, frequency, day):
        """Days one by one: the windows they give follow each other."""
        seen = {}
        for n in range(400):
            window = windows.window_of(frequency, day + DAY * n)
            seen.setdefault(window, []).append(day + DAY * n)
        for one, two in pairwise(seen):
            self.assertEqual(two.start, one.end + DAY)
        for window in list(seen)[1:-1]:
            self.assertEqual(seen[window], days_of(window))

    def test_examples_of_the_domain(self):
        for (times, every, unit, aim_every), day, start, end, aim in (
            # one per one to two months: aim for every month, late after two
            ((1, 2, "month", 1), "2026-11-24", "2026-11-01", "2026-12-31", "11-30"),
            ((1, 2, "month", 1), "2028-02-10", "2028-01-01", "2028-02-29", "01-31"),
            # leap February, and the one of a year that is none
            ((1, 1, "month", 1), "2028-02-10", "2028-02-01", "2028-02-29", "02-29"),
            ((1, 1, "month", 1), "2100-02-10", "2100-02-01", "2100-02-28", "02-28"),
            ((1, 1, "year", 1), "2026-11-24", "2026-01-01", "2026-12-31", "12-31"),
            ((1, 2, "week", 2), "2026-11-24", "2026-11-16", "2026-11-29", "11-29"),
            ((1, 45, "day", 45), "2026-11-24", "2026-11-01", "2026-12-15", "12-15"),
            ((2, 1, "month", 1), "2026-11-24", "2026-11-01", "2026-11-30", "11-15"),
            # before the anchor
            ((1, 1, "week", 1), "2023-12-31", "2023-12-25", "2023-12-31", "12-31"),
            ((1, 5, "month", 5), "2023-12-31", "2023-08-01", "2023-12-31", "12-31"),
        ):
            frequency = Frequency(times, every, unit, aim_every, FIRST)
            with self.subTest(frequency=frequency, day=day):
                window = windows.window_of(frequency, date.fromisoformat(day))
                self.assertEqual(tuple(map(str, window)), (start, end))
                slot = windows.slots(frequency, window)[0]
                self.assertEqual(str(slot.aim)[5:], aim)

    def test_anchor_at_the_end_of_a_month(self):
        for anchor, unit, start, end in (
            (date(2024, 1, 31), "month", "2026-11-01", "2026-12-31"),
            (date(2024, 2, 29), "month", "2026-10-01", "2026-11-30"),
            (date(2024, 2, 29), "year", "2026-01-01", "2027-12-31"),
            (date(2023, 12, 31), "year", "2025-01-01", "2026-12-31"),
            (date(2026, 11, 26), "week", "2026-11-12", "2026-11-25"),
        ):
            window = windows.window_of(
                Frequency(1, 2, unit, 1, anchor), date(2026, 11, 24)
            )
            self.assertEqual(tuple(map(str, window)), (start, end), (anchor, unit))

    def test_nonsense_is_refused(self):
        for values in (
            (0, 1, "month", 1),
            (-1, 1, "month", 1),
            (1, 0, "month", 1),
            (1, -1, "day", 1),
            (1, 1, "hour", 1),
            (1, 2, "month", 3),
            (1, 2, "month", 0),
            *((1, most + 1, unit, 1) for unit, most in windows.LONGEST_WINDOW.items()),
        ):
            with self.subTest(values=values), self.assertRaises(ValueError):
                windows.window_of(Frequency(*values, FIRST), FIRST)

    def test_longest_is_about_ten_years(self):
        for unit, most in windows.LONGEST_WINDOW.items():
            window = windows.window_of(Frequency(1, most, unit, most, FIRST), FIRST)
            self.assertEqual(window.start, FIRST)
            self.assertLess(abs(len(days_of(window)) - 3652), 15, unit)


class TestSlots(TestCase):
    @given(frequencies(), days)
    def test_aim_window_is_that_of_the_interval_recommended(self, frequency, day):
        """Its end is that of a window of ``aim_every`` units that begins with it."""
        window = windows.window_of(frequency, day)
        shorter = frequency._replace(every=frequency.aim_every, anchor=window.start)
        aim = windows.aim_window(frequency, window)
        self.assertEqual(aim, walk(shorter, window.start))
        self.assertLessEqual(aim.end, window.end)
        self.assertEqual(aim == window, frequency.aim_every == frequency.every)

    @given(frequencies(), days)
    def test_one_for_each_contact(self, frequency, day):
        window = windows.window_of(frequency, day)
        slots = windows.slots(frequency, window)
        last_aim = windows.aim_window(frequency, window).end
        self.assertEqual(len(slots), frequency.times)
        self.assertEqual(slots[0].start, window.start)
        self.assertEqual(slots[-1].aim, last_aim)
        for done, slot in enumerate(slots):
            self.assertTrue(window.start <= slot.start <= slot.aim <= window.end)
            self.assertEqual(
                slot, windows.spread(window.start, last_aim, frequency.times, done)
            )

    @given(stretches, st.integers(1, 40))
    def test_spread_evenly(self, stretch, goal):
        """Slow oracle: the n-th of ``goal`` equal parts of the stretch begins on the
        last day whose morning is not after it, and is over on the first day whose
        evening is not before its end."""
        inside = days_of(stretch)
        for done in range(goal):
            slot = windows.spread(*stretch, goal, done)
            start = max(n for n in range(len(inside)) if n * goal <= done * len(inside))
            aim = min(
                n
                for n in range(len(inside))
                if (n + 1) * goal >= (done + 1) * len(inside)
            )
            self.assertEqual(slot, Slot(inside[start], inside[aim]))

    @given(stretches, st.integers(1, 40))
    def test_leave_no_day_out(self, stretch, goal):
        slots = [windows.spread(*stretch, goal, done) for done in range(goal)]
        self.assertEqual((slots[0].start, slots[-1].aim), stretch)
        for one, two in pairwise(slots):
            self.assertIn((two.start - one.aim).days, (0, 1))
        gaps = [(two.aim - one.aim).days for one, two in pairwise(slots)]
        self.assertLessEqual(max(gaps, default=0) - min(gaps, default=0), 1, "evenly")

    @given(stretches, st.integers(1, 40), st.integers(0, 100))
    def test_once_all_are_made_the_last(self, stretch, goal, more):
        self.assertEqual(
            windows.spread(*stretch, goal, goal + more),
            windows.spread(*stretch, goal, goal - 1),
        )

    @given(stretches)
    def test_pace(self, stretch):
        slot = Slot(*stretch)
        paces = {windows.pace(slot, day) for day in days_of(stretch)}
        self.assertEqual(paces, {"on_pace"})
        for day, expected in (
            (slot.start - DAY * 9, "ahead"),
            (slot.start - DAY, "ahead"),
            (slot.aim + DAY, "behind"),
            (slot.aim + DAY * 9, "behind"),
        ):
            self.assertEqual(windows.pace(slot, day), expected)

    @given(stretches, st.integers(1, 12), st.integers(0, 12), st.integers(-5, 110))
    def test_a_contact_more_never_sets_back(self, stretch, goal, done, offset):
        today = stretch.start + DAY * offset
        before, after = (
            PACES.index(windows.pace(windows.spread(*stretch, goal, made), today))
            for made in (done, done + 1)
        )
        self.assertGreaterEqual(after, before)
        later = windows.pace(windows.spread(*stretch, goal, done), today + DAY)
        self.assertLessEqual(PACES.index(later), before, "nor does waiting help")

    def test_two_a_month(self):
        first, second = (windows.spread(*NOVEMBER, 2, done) for done in range(2))
        self.assertEqual([slot.start.day for slot in (first, second)], [1, 16])
        self.assertEqual([slot.aim.day for slot in (first, second)], [15, 30])
        for day, paces in (
            (1, ["on_pace", "ahead"]),
            (15, ["on_pace", "ahead"]),
            (16, ["behind", "on_pace"]),
        ):
            today = date(2026, 11, day)
            self.assertEqual(
                [windows.pace(slot, today) for slot in (first, second)], paces
            )

    def test_more_contacts_than_days(self):
        week = Window(date(2026, 11, 23), date(2026, 11, 24))
        slots = [windows.spread(*week, 4, done) for done in range(4)]
        self.assertEqual([slot.aim.day for slot in slots], [23, 23, 24, 24])


class TestOwed(TestCase):
    @given(stretches)
    def test_last_start_leaves_more_than_half(self, window):
        """Slow oracle: try each day of the window."""
        self.assertEqual(
            windows.last_start(window),
            max(day for day in days_of(window) if half_remains(window, day)),
        )

    def test_last_start(self):
        for end, last in ((1, 1), (2, 1), (3, 2), (4, 2), (29, 15), (30, 15)):
            window = NOVEMBER._replace(end=date(2026, 11, end))
            self.assertEqual(windows.last_start(window).day, last, end)

    @given(frequencies(), days, days)
    def test_current_and_next(self, frequency, since, today):
        current = windows.window_of(frequency, today)
        upcoming = windows.window_of(frequency, current.end + DAY)
        begun = half_remains(current, min(since, today))
        self.assertEqual(
            windows.owed(frequency, since, today),
            [current, upcoming] if begun else [upcoming],
        )

    def test_who_comes_late_starts_with_the_next(self):
        monthly = Frequency(1, 1, "month", 1, FIRST)
        december = Window(date(2026, 12, 1), date(2026, 12, 31))
        for since, today, expected in (
            (date(2026, 11, 15), date(2026, 11, 24), [NOVEMBER, december]),
            (date(2026, 11, 16), date(2026, 11, 24), [december]),
            (date(2020, 1, 31), date(2026, 11, 30), [NOVEMBER, december]),
            # in the plan from tomorrow on: as from today
            (date(2026, 11, 16), date(2026, 11, 15), [NOVEMBER, december]),
        ):
            self.assertEqual(windows.owed(monthly, since, today), expected, since)

    @given(
        frequencies(longest=30),
        days,
        st.integers(0, 200),
        st.randoms(use_true_random=False),
    )
    def test_same_whenever_it_is_generated(self, frequency, since, length, random):
        """Daily, or once in each window on any day, repeatedly and in any order: who
        is in the plan since a day gets an unbroken run of windows, to the next."""
        every_day = [since + DAY * n for n in range(length + 1)]
        by_window = {}
        for today in every_day:
            window = windows.window_of(frequency, today)
            by_window.setdefault(window, []).append(today)
        some_days = [random.choice(inside) for inside in by_window.values()]
        shuffled = every_day + some_days
        random.shuffle(shuffled)
        first, *later = by_window
        expected = [first, *later] if half_remains(first, since) else later
        expected.append(windows.following(frequency, list(by_window)[-1]))
        for order in (every_day, some_days, shuffled):
            generated = {
                window
                for today in order
                for window in windows.owed(frequency, since, today)
            }
            self.assertEqual(sorted(generated), expected)
