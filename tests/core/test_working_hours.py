"""Hours of days that differ from the week, without a database."""

import doctest
from datetime import datetime, timedelta
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools import working_hours
from ...tools.working_hours import with_days, without
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

ZERO = datetime(2026, 11, 2)
parts = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 12)).map(
        lambda part: (part[0], part[0] + part[1])
    ),
    max_size=5,
)
DAY = 24


def at(hour):
    return ZERO + timedelta(hours=hour)


def spans(pairs):
    return [(at(start), at(end)) for start, end in pairs]


def covered(pairs, hour):
    return any(start <= hour < end for start, end in pairs)


class TestWorkingHours(TestCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(working_hours).failed, 0)

    @given(parts, parts)
    def test_gaps_are_cut_out(self, hours, gaps):
        left = without(spans(hours), spans(gaps))
        for hour in range(75):
            self.assertEqual(
                covered(left, at(hour)),
                covered(hours, hour) and not covered(gaps, hour),
            )

    @given(parts, parts, parts, st.integers(0, 2))
    def test_a_day_has_its_own_hours_and_others_those_of_the_week(
        self, week, own, holidays, place
    ):
        """Hour by hour: the special day replaces the week, and only holidays that do
        not span its hours are taken off."""
        first, last = place * DAY, (place + 1) * DAY
        own = [
            (max(start, first), min(end, last))
            for start, end in own
            if max(start, first) < min(end, last)
        ]
        bounds = own and (min(own)[0], max(end for _start, end in own))
        shorter = [
            (start, end)
            for start, end in holidays
            if own and not (start <= bounds[0] and end >= bounds[1])
        ]
        found = with_days(
            spans(week),
            [(at(first), at(last), spans(own))],
            spans(holidays),
            at(6),
            at(70),
        )
        for hour in range(75):
            if first <= hour < last:
                works = covered(own, hour) and not covered(shorter, hour)
            else:
                works = covered(week, hour)
            self.assertEqual(covered(found, at(hour)), works and 6 <= hour < 70, hour)
