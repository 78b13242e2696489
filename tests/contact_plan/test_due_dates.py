"""When contacts fall due, without a database."""

import doctest
from collections import Counter
from datetime import date, timedelta
from unittest import TestCase

from hypothesis import assume, example, given
from hypothesis import strategies as st

from ...tools import due_dates
from ...tools.due_dates import Choice, Request, Span
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

DAY = timedelta(days=1)
FIRST = date(2026, 11, 1)
margins = st.integers(0, 80)


def days_of(start, end):
    return [start + DAY * n for n in range((end - start).days + 1)]


@st.composite
def spans(draw, early=True):
    """A slot in a window, entered before it or, unless ``early``, at any time."""
    start = FIRST + DAY * draw(st.integers(0, 40))
    end = start + DAY * draw(st.integers(0, 60))
    window_end = end + DAY * draw(st.integers(0, 40))
    since = start - DAY if early else start + DAY * draw(st.integers(-5, 100))
    last = draw(st.none() | st.integers(-60, 30))
    return Span(
        start,
        end,
        window_end,
        since,
        None if last is None else start + DAY * last,
        draw(st.integers(0, 30)),
    )


@st.composite
def calendars(draw):
    """Working days: Monday to Friday or any, with holidays or none at all"""
    some = draw(st.sampled_from(("week", "any", "none")))
    days = days_of(FIRST - DAY * 10, FIRST + DAY * 260)
    if some == "week":
        off = draw(st.sets(st.sampled_from(days), max_size=30))
        return [day for day in days if day.weekday() < 5 and day not in off]
    if some == "any":
        return sorted(draw(st.sets(st.sampled_from(days), max_size=80)))
    return []


class TestDocstrings(TestCase):
    def test_examples(self):
        results = doctest.testmod(due_dates)
        self.assertTrue(results.attempted)
        self.assertFalse(results.failed)


class TestChoice(TestCase):
    @given(spans(), calendars(), margins)
    def test_working_days_inside_the_slot(self, span, working, margin):
        days, all_days = due_dates.choose(span, working, margin)
        self.assertTrue(days)
        self.assertEqual(days, sorted(set(days)))
        self.assertLessEqual(set(days), set(all_days))
        days = all_days
        if set(working) & set(days_of(span.start, span.end)):
            self.assertLessEqual(set(days), set(working))
            self.assertTrue(all(span.start <= day <= span.end for day in days))
        else:
            self.assertTrue(all(span.start <= day <= span.window_end for day in days))

    @given(spans(), calendars(), margins)
    def test_a_margin_remains(self, span, working, margin):
        slot = [day for day in working if span.start <= day <= span.end]
        assume(len(slot) > 1)
        length = (span.end - span.start).days + 1
        for day in due_dates.choose(span, working, margin).all_days:
            self.assertTrue(
                (span.end - day).days * 100 >= length * margin or day == slot[0]
            )
            self.assertLess(day, slot[-1])

    @given(spans(early=False), calendars(), margins)
    def test_never_before_it_is_owed(self, span, working, margin):
        later = [day for day in working if span.since <= day <= span.window_end]
        assume(later and later[-1] >= span.start)
        self.assertTrue(
            all(
                day >= span.since
                for day in due_dates.choose(span, working, margin).all_days
            )
        )

    @given(spans(), calendars(), margins)
    def test_keeps_the_interval_where_that_fits(self, span, working, margin):
        assume(span.last)
        days, distant = due_dates.choose(span, working, margin)
        free = due_dates.choose(span._replace(last=None), working, margin).days
        agreed = span.last + DAY * ((span.end - span.start).days + 1)
        nearest = min(span.last + DAY * span.min_days, agreed)
        self.assertLessEqual(set(days), set(free))
        if free[-1] >= agreed:
            self.assertGreaterEqual(days[0], agreed)
        if free[-1] >= nearest:
            self.assertGreaterEqual(distant[0], nearest)
        self.assertEqual(days[-1], free[-1], "a late day is always left")

    @given(spans(early=False), calendars(), margins)
    @example(
        Span(FIRST, FIRST, FIRST + DAY * 3, FIRST + DAY, FIRST, 2),
        days_of(FIRST, FIRST + DAY * 9),
        0,
    )
    def test_simplified_changes_nothing(self, span, working, margin):
        self.assertEqual(
            due_dates.choose(span.simplified(), working, margin),
            due_dates.choose(span, working, margin),
        )

    def test_no_working_day_at_all(self):
        span = Span(FIRST, FIRST + DAY * 6, FIRST + DAY * 6, FIRST, None, 0)
        self.assertEqual(
            due_dates.choose(span, [], 20).days, days_of(FIRST + DAY, FIRST + DAY * 4)
        )

    def test_off_for_the_whole_slot(self):
        """Due when the person is back, if the window allows it."""
        span = Span(FIRST, date(2026, 11, 15), date(2026, 11, 30), FIRST, None, 0)
        back = days_of(date(2026, 11, 16), date(2026, 11, 30))
        days = due_dates.choose(span, back, 20).days
        self.assertEqual(days[0], date(2026, 11, 16))
        self.assertLess(days[-1], date(2026, 11, 30))


WEEK = days_of(date(2026, 11, 2), date(2026, 11, 13))


@st.composite
def requests(draw):
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, len(WEEK) - 1),
                st.integers(1, len(WEEK) - 1),
                st.integers(1, 30),
                st.booleans(),
            ),
            min_size=1,
            max_size=6,
        )
    )
    return [
        Request(
            number,
            count,
            Choice(
                WEEK[start : start + length][-2:] if soon else WEEK[start:][:length],
                WEEK[start : start + length],
            ),
        )
        for number, (start, length, count, soon) in enumerate(rows)
    ]


class TestLevel(TestCase):
    @given(requests())
    def test_each_is_placed_on_one_of_its_days(self, rows):
        load = Counter()
        placed = due_dates.level(rows, load)
        for row in rows:
            self.assertEqual(sum(n for _day, n in placed[row.key]), row.count)
            self.assertLessEqual(
                {day for day, _n in placed[row.key]}, set(row.choice.all_days)
            )
        self.assertEqual(sum(load.values()), sum(row.count for row in rows))

    @given(requests(), st.integers(1, 60))
    def test_those_with_most_days_level_out_the_rest(self, rows, count):
        """Within one of the even spread: none is due on a day that has two more than
        another day it could have been due on."""
        load = Counter()
        placed = due_dates.level(
            [*rows, Request("all", count, Choice(WEEK, WEEK))], load
        )
        fullest = max(load[day] for day, _number in placed["all"])
        self.assertLessEqual(fullest - min(load[day] for day in WEEK), 1)

    @given(st.integers(1, 200), st.integers(1, len(WEEK)))
    def test_alike_are_spread_evenly(self, count, length):
        load = Counter()
        days = WEEK[:length]
        due_dates.level([Request("all", count, Choice(days, days))], load)
        numbers = [load[day] for day in days]
        self.assertEqual(max(numbers), -(-count // length))
        self.assertLessEqual(max(numbers) - min(numbers), 1)

    @given(st.integers(1, 200), st.integers(1, len(WEEK)))
    def test_an_agreed_interval_gives_way_where_crowded(self, count, length):
        load = Counter()
        choice = Choice(WEEK[-length:], WEEK)
        due_dates.level([Request("agreed", count, choice)], load)
        share = -(-count // len(WEEK))
        self.assertLessEqual(max(load.values()), 2 * share)
        if count <= length * share:
            self.assertLessEqual(set(load), set(choice.days))

    @given(requests(), requests())
    def test_what_is_due_already_stays_and_counts(self, before, more):
        load = Counter()
        due_dates.level(before, load)
        earlier = Counter(load)
        due_dates.level(more, load)
        self.assertTrue(all(load[day] >= earlier[day] for day in WEEK))
        self.assertEqual(
            sum(load.values()) - sum(earlier.values()), sum(row.count for row in more)
        )

    def test_few_are_spread_over_the_whole_time(self):
        """Three customers of a month are not all due in its first days."""
        placed = due_dates.level([Request("few", 3, Choice(WEEK, WEEK))], Counter())
        days = [WEEK.index(day) for day, _number in placed["few"]]
        self.assertGreaterEqual(max(days) - min(days), len(WEEK) // 2)
        self.assertTrue(all(number == 1 for _day, number in placed["few"]))
