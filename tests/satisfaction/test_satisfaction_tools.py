"""The arithmetic of satisfaction, without a database."""

import doctest
from fractions import Fraction
from statistics import mean as plain_mean
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools import satisfaction as sat
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

scores = st.floats(0, 100, allow_nan=False)
groups = st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 60), max_size=8)


class TestDocstrings(TestCase):
    def test_examples(self):
        results = doctest.testmod(sat)
        self.assertTrue(results.attempted)
        self.assertFalse(results.failed)


class TestScore(TestCase):
    @given(st.integers(-5, 20), st.integers(1, 20), st.data())
    def test_within_and_monotonic(self, low, width, data):
        high = low + width
        one, other = sorted(
            data.draw(st.lists(st.integers(low, high), min_size=2, max_size=2))
        )
        self.assertLessEqual(0, sat.score(one, low, high))
        self.assertLessEqual(sat.score(one, low, high), sat.score(other, low, high))
        self.assertEqual(sat.score(low, low, high), 0)
        self.assertEqual(sat.score(high, low, high), 100)

    def test_off_the_scale(self):
        for arguments in ((6, 1, 5), (0, 1, 5), (1, 5, 5), (1, 5, 1)):
            with self.assertRaises(ValueError):
                sat.score(*arguments)

    @given(st.integers(2, 20))
    def test_options_fall_evenly(self, count):
        values = sat.option_scores(count)
        self.assertEqual((len(values), values[0], values[-1]), (count, 100, 0))
        self.assertEqual(values, sorted(values, reverse=True))

    def test_no_options(self):
        self.assertEqual(sat.option_scores(0), [])

    @given(scores)
    def test_level_is_the_nearest(self, value):
        place = sat.SATISFACTION_LEVELS.index(sat.level(value))
        distances = [abs(value - 25 * other) for other in range(5)]
        self.assertLessEqual(distances[place], min(distances) + 1e-9)

    def test_levels_of_the_five_options(self):
        self.assertEqual(
            [sat.level(value) for value in sat.option_scores(5)],
            list(reversed(sat.SATISFACTION_LEVELS)),
        )


class TestRatio(TestCase):
    @given(scores, scores, scores)
    def test_monotonic(self, perceived, expected, more):
        low, high = sorted((expected, more))
        self.assertGreaterEqual(sat.ratio(perceived, low), sat.ratio(perceived, high))
        low, high = sorted((perceived, more))
        self.assertLessEqual(sat.ratio(low, expected), sat.ratio(high, expected))

    @given(scores)
    def test_as_expected_is_one(self, value):
        self.assertEqual(sat.ratio(value, value), 1)

    @given(st.integers(0, 1000), st.integers(0, 1000))
    def test_above_one_only_where_better(self, perceived, expected):
        result = sat.ratio(perceived / 10, expected / 10)
        self.assertEqual(result > 1, perceived > expected)
        self.assertTrue(0.2 <= result <= 5)

    def test_on_marks(self):
        """4 of 5 where 5 was expected is 0.8, on any scale."""
        self.assertEqual(sat.ratio(sat.score(4, 1, 5), sat.score(5, 1, 5)), 0.8)
        self.assertEqual(sat.ratio(sat.score(7.5, 0, 10), 100), 0.8)

    @given(st.lists(st.tuples(scores, scores), min_size=1, max_size=9))
    def test_overall_is_the_ratio_of_means(self, pairs):
        """Never above 1 where the mean of what is perceived is lower."""
        perceived = plain_mean(one for one, _other in pairs)
        expected = plain_mean(other for _one, other in pairs)
        self.assertAlmostEqual(sat.overall_ratio(pairs), sat.ratio(perceived, expected))

    def test_who_expected_little_does_not_outweigh(self):
        pairs = [(50, 0), *[(50, 75)] * 4]
        self.assertGreater(plain_mean(sat.ratio(*pair) for pair in pairs), 1.1)
        self.assertLess(sat.overall_ratio(pairs), 1)

    @given(st.permutations([(10.0, 20.0), (0.0, 0.0), (70.0, 30.0), (5.0, 0.0)]))
    def test_order_does_not_matter(self, pairs):
        self.assertAlmostEqual(sat.overall_ratio(pairs), (4 + 85 / 25) / (4 + 50 / 25))


class TestAverage(TestCase):
    def test_average(self):
        self.assertEqual(sat.average(iter((1, 2, 6))), 3)
        self.assertIsNone(sat.average([]))


class TestLowSide(TestCase):
    def test_sides(self):
        for values, expected in (
            ((25, None, 0), "score"),
            ((26, None, None), None),
            ((50, 0, None), "recommend"),
            ((50, 20, 100), "recommend"),
            ((50, 30, 50), None),
            ((50, None, 0), "perceived"),
            ((None, 0, None), "recommend"),
            ((None, None, None), None),
        ):
            sides = dict(zip(("score", "recommend", "perceived"), values, strict=True))
            self.assertEqual(sat.low_side(sides, 25), expected, values)


class TestNps(TestCase):
    @given(st.lists(st.integers(0, 10), min_size=1))
    def test_mean_of_classes_is_the_nps(self, marks):
        classes = [sat.nps_class(mark * 10) for mark in marks]
        promoters = sum(mark >= 9 for mark in marks)
        detractors = sum(mark <= 6 for mark in marks)
        self.assertAlmostEqual(
            sat.average(classes), 100 * (promoters - detractors) / len(marks)
        )


class TestQuotas(TestCase):
    @given(groups, st.integers(-3, 400))
    def test_sum_and_limits(self, sizes, wanted):
        drawn = sat.quotas(sizes, wanted)
        total = sum(sizes.values())
        self.assertEqual(set(drawn), set(sizes))
        self.assertEqual(sum(drawn.values()), max(min(wanted, total), 0))
        for key, count in drawn.items():
            self.assertTrue(0 <= count <= sizes[key])
            exact = Fraction(sizes[key] * max(min(wanted, total), 0), total or 1)
            self.assertLess(abs(count - exact), 1)

    @given(groups, st.integers(-3, 400), st.integers(0, 30))
    def test_minimum(self, sizes, wanted, least):
        drawn = sat.quotas(sizes, wanted, least)
        self.assertEqual(sum(drawn.values()), sum(sat.quotas(sizes, wanted).values()))
        floors = {key: min(size, least) for key, size in sizes.items()}
        if sum(floors.values()) <= wanted:
            for key, count in drawn.items():
                self.assertTrue(floors[key] <= count <= sizes[key])
        # what is above the minimum is still in proportion
        above = [key for key in sizes if drawn[key] > floors[key]]
        for one in above:
            for other in above:
                if sizes[one] > sizes[other]:
                    self.assertGreaterEqual(drawn[one], drawn[other])

    @given(groups)
    def test_everybody(self, sizes):
        self.assertEqual(sat.quotas(sizes, 10**6), sizes)

    @given(st.sampled_from(("all", "count", "percent")), scores, st.integers(0, 500))
    def test_sample_size(self, mode, size, available):
        self.assertTrue(0 <= sat.sample_size(mode, size, available) <= available)

    def test_half_is_rounded_up(self):
        self.assertEqual(sat.sample_size("percent", 64.6, 250), 162)
        self.assertEqual(sat.sample_size("percent", 0.01, 3), 1)
        self.assertEqual(sat.sample_size("percent", 0, 3), 0)


class TestShown(TestCase):
    @given(groups)
    def test_the_hidden_rest_is_never_small(self, counts):
        visible = sat.shown(counts)
        hidden = sum(counts[key] for key in set(counts) - visible)
        self.assertTrue(
            hidden == 0 or hidden >= sat.ANONYMOUS_GROUP_SIZE or not visible
        )
        self.assertTrue(all(counts[key] >= sat.ANONYMOUS_GROUP_SIZE for key in visible))

    @given(st.dictionaries(st.sampled_from("ABCD"), st.integers(5, 60)))
    def test_large_groups_are_all_shown(self, counts):
        self.assertEqual(sat.shown(counts), set(counts))


class TestTrend(TestCase):
    @given(st.lists(scores, min_size=2, max_size=6))
    def test_turned_around(self, values):
        back = [*values[:-2], values[-1], values[-2]]
        turned = {"up": "down", "down": "up", "same": "same"}
        self.assertEqual(sat.trend(back), turned[sat.trend(values)])
