"""Times and values as phones send them."""

import doctest
from datetime import datetime, timedelta
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools import phone_clock, phone_payload
from ...tools.phone_clock import Clock
from ...tools.phone_payload import InvalidReportError, read_report
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

NOW = datetime(2026, 11, 10, 12)
HOUR = timedelta(hours=1)
KEY = "0123456789abcdef"
hours = st.integers(min_value=0, max_value=100).map(lambda number: number * HOUR)
skews = st.integers(min_value=-80, max_value=80).map(lambda number: number * HOUR)


class TestClock(TestCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(phone_clock).failed)
        self.assertFalse(
            doctest.testmod(
                phone_payload, optionflags=doctest.IGNORE_EXCEPTION_DETAIL
            ).failed
        )

    @given(hours, hours, skews)
    def test_a_clock_that_is_wrong_all_the_time_is_corrected(self, ago, before, skew):
        true = NOW - ago
        served = true - before
        clock = Clock(NOW, NOW + skew)
        self.assertEqual(clock.true_time(true + skew, served, -skew), true)

    @given(hours, hours, skews, skews, skews)
    def test_never_before_the_page_was_loaded_nor_in_the_future(
        self, ago, before, then, now, known
    ):
        served = NOW - ago - before
        clock = Clock(NOW, NOW + now)
        found = clock.true_time(NOW - ago + then, served, known)
        self.assertTrue(served - timedelta(minutes=2) <= found <= NOW)


class TestPayload(TestCase):
    def report(self, **values):
        return read_report({"key": KEY, "partner": 7, "at": 0, **values})

    def test_least(self):
        report = self.report()
        self.assertEqual(
            (report.state, report.channel, report.photos), ("done", "visit", ())
        )

    def test_what_is_not_known_is_left_out(self):
        self.assertEqual(self.report(mood="fine", user_id=2), self.report())

    def test_refused(self):
        for name, value in (
            ("key", "short"),
            ("key", None),
            ("key", "x" * 65),
            ("partner", "7"),
            ("partner", True),
            ("partner", -1),
            ("partner", 2**40),
            ("at", None),
            ("at", "now"),
            ("at", -1),
            ("at", float("nan")),
            ("channel", "fax"),
            ("state", "cancelled"),
            ("feeling", "6"),
            ("promise_date", "tomorrow"),
            ("promise_date", 5),
            ("next_at", 1e15),
            ("summary", ["x"]),
            ("photos", "x"),
            ("photos", [None]),
            ("photos", [""] * 11),
            ("latitude", "x"),
            ("offset", "x"),
        ):
            with (
                self.subTest(name=name, value=value),
                self.assertRaises(InvalidReportError),
            ):
                self.report(**{"longitude": 1, name: value})

    def test_place_is_on_earth(self):
        for latitude, longitude in ((91, 0), (0, 181), (float("inf"), 0)):
            with self.assertRaises(InvalidReportError):
                self.report(latitude=latitude, longitude=longitude)
        self.assertEqual(self.report(latitude=31.2, longitude=121.5).position[0], 31.2)

    def test_long_texts_are_cut(self):
        self.assertEqual(len(self.report(summary="x" * 20_000).summary), 10_000)
