"""What counts and how far away it was, without a database."""

import doctest
from datetime import datetime, timedelta
from math import pi
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools import counting, distance
from ...tools.distance import EARTH_RADIUS, Position
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

ROLES = st.integers(1, 4)
role_sets = st.frozensets(ROLES)
positions = st.builds(
    Position,
    st.floats(-90, 90, allow_nan=False),
    st.floats(-180, 180, allow_nan=False),
)
texts = st.sampled_from(("", " ", "\n", "Sells well"))
NEW_YEAR = datetime(2026, 1, 1)
moments = st.integers(0, 60 * 24 * 30).map(
    lambda minutes: NEW_YEAR + timedelta(minutes=minutes)
)


class TestDocstrings(TestCase):
    def test_examples(self):
        for module in (counting, distance):
            results = doctest.testmod(module)
            self.assertTrue(results.attempted)
            self.assertFalse(results.failed)


class TestHolder(TestCase):
    @given(st.none() | ROLES, role_sets, st.none() | role_sets, role_sets)
    def test_holder(self, role, own, stood_in, others):
        taken = own | (stood_in or frozenset()) | others
        code = counting.holder_code(role, own, stood_in, taken)
        served = own if stood_in is None else stood_in
        self.assertEqual(
            code is None, role is not None and (role in served or role not in taken)
        )
        if code == "outside":
            self.assertFalse(own)
            self.assertIsNone(stood_in)
        if code == "stand_in_role":
            self.assertIsNotNone(stood_in)

    @given(ROLES, role_sets, role_sets)
    def test_joining_the_team_never_uncounts(self, role, own, others):
        taken = own | others
        if counting.holder_code(role, own, None, taken) is None:
            joined = own | {role}
            self.assertIsNone(counting.holder_code(role, joined, None, taken | joined))

    @given(
        st.sampled_from(counting.REQUIREMENTS),
        st.booleans(),
        texts,
        texts,
        st.booleans(),
    )
    def test_missing(self, requirement, needs_purpose, summary, outcome, purpose):
        given_items = (summary, outcome, purpose)
        missing = counting.missing_items(requirement, needs_purpose, *given_items)
        self.assertFalse(
            counting.missing_items(requirement, needs_purpose, "a", "b", True)
        )
        for number, full in enumerate(("a", "b", True)):
            more = [*given_items]
            more[number] = full
            self.assertLessEqual(
                set(counting.missing_items(requirement, needs_purpose, *more)),
                set(missing),
                "writing more never lacks more",
            )
        if requirement == "none" and not needs_purpose:
            self.assertEqual(missing, ())


class TestStay(TestCase):
    @given(moments, moments, st.floats(1, 24))
    def test_hours(self, start, end, per_day):
        start, end = sorted((start, end))
        hours = counting.stay_hours(start, end, per_day)
        days = (end.date() - start.date()).days + 1
        self.assertGreaterEqual(hours, 0)
        self.assertLessEqual(hours, days * per_day + 1e-9)
        if days > 1:
            self.assertAlmostEqual(hours, days * per_day)
        else:
            self.assertLessEqual(hours, (end - start).total_seconds() / 3600)


class TestDistance(TestCase):
    @given(positions, positions)
    def test_symmetric_and_bounded(self, here, there):
        meters = distance.meters(here, there)
        self.assertAlmostEqual(meters, distance.meters(there, here), 3)
        self.assertGreaterEqual(meters, 0)
        self.assertLessEqual(meters, pi * EARTH_RADIUS + 1)

    @given(positions)
    def test_nowhere_else(self, here):
        self.assertAlmostEqual(distance.meters(here, here), 0, 3)

    @given(positions, positions, positions)
    def test_triangle(self, a, b, c):
        self.assertLessEqual(
            distance.meters(a, c), distance.meters(a, b) + distance.meters(b, c) + 1
        )

    def test_known_ones(self):
        shanghai, beijing = Position(31.2304, 121.4737), Position(39.9042, 116.4074)
        self.assertAlmostEqual(distance.meters(shanghai, beijing) / 1000, 1067, delta=3)
        date_line = Position(0.0001, 179.999), Position(0.0001, -179.999)
        self.assertAlmostEqual(distance.meters(*date_line), 222, delta=2)

    def test_nearest(self):
        here, near, far = Position(31, 121), Position(31.001, 121), Position(32, 121)
        unknown = Position(0, 0)
        self.assertAlmostEqual(
            distance.nearest(here, [far, near, unknown]), 111, delta=1
        )
        self.assertIsNone(distance.nearest(here, [unknown]))
        self.assertIsNone(distance.nearest(unknown, [near]))
