"""Random samples, without a database."""

import doctest
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools import sampling
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

populations = st.lists(st.integers(0, 10**6), unique=True, max_size=60)
percents = st.integers(1, 1000).map(lambda tenths: tenths / 10) | st.floats(0, 100)


class TestDocstrings(TestCase):
    def test_examples(self):
        results = doctest.testmod(sampling)
        self.assertTrue(results.attempted)
        self.assertFalse(results.failed)


class TestOrder(TestCase):
    def test_same_on_any_machine(self):
        """What was drawn last year can be drawn again: these never change."""
        for seed, ids, expected in (
            ("a", range(8), [0, 1, 7, 3, 6, 4, 2, 5]),
            ("b", range(8), [3, 1, 5, 0, 6, 2, 7, 4]),
            ("护理", (1, 7, 10, 100), [100, 10, 1, 7]),
            ("a", (-1, 0, 10**12), [0, -1, 10**12]),
        ):
            self.assertEqual(sampling.order(seed, ids), expected)

    @given(st.text(), populations, st.randoms(use_true_random=False))
    def test_order_of_ids_changes_nothing(self, seed, ids, random):
        before = sampling.order(seed, ids)
        self.assertEqual(sorted(before), sorted(ids))
        random.shuffle(ids)
        self.assertEqual(sampling.order(seed, ids), before)
        self.assertEqual(sampling.order(seed, set(ids)), before)
        self.assertEqual(sampling.order(seed, iter(ids)), before)

    @given(st.text(), populations, st.sets(st.integers(0, 59)))
    def test_who_leaves_moves_nobody(self, seed, ids, gone):
        stay = {item for n, item in enumerate(ids) if n not in gone}
        self.assertEqual(
            sampling.order(seed, stay),
            [item for item in sampling.order(seed, ids) if item in stay],
        )

    def test_seeds_differ(self):
        orders = {tuple(sampling.order(str(seed), range(60))) for seed in range(100)}
        self.assertEqual(len(orders), 100)


class TestShare(TestCase):
    def test_same_on_any_machine(self):
        for seed, percent, expected in (
            ("7:2026-11-01", 20, [19, 15, 2, 12]),
            ("7:2026-11-01", 20.0, [19, 15, 2, 12]),
            ("7:2026-11-01", 0.1, [19]),
        ):
            self.assertEqual(sampling.share(seed, range(20), percent), expected)

    @given(st.text(), populations, percents, st.randoms(use_true_random=False))
    def test_the_first_of_the_order(self, seed, ids, percent, random):
        drawn = sampling.share(seed, ids, percent)
        self.assertEqual(drawn, sampling.order(seed, ids)[: len(drawn)])
        self.assertEqual(len(set(drawn)), len(drawn))
        self.assertLessEqual(set(drawn), set(ids))
        random.shuffle(ids)
        self.assertEqual(sampling.share(seed, ids, percent), drawn)
        self.assertEqual(sampling.share(seed, iter(ids), percent), drawn)

    @given(st.integers(0, 300), percents)
    def test_size(self, size, percent):
        exact = Decimal(repr(percent)) * size / 100
        rounded = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
        expected = max(rounded, 1) if size and percent else 0
        self.assertEqual(len(sampling.share("s", range(size), percent)), expected)

    def test_half_is_rounded_up(self):
        for size, percent, expected in (
            (20, 12.5, 3),
            (20, 17.5, 4),
            (20, 12.4, 2),
            # floats make 161 of it, multiplied in any order
            (250, 64.6, 162),
        ):
            drawn = sampling.share("s", range(size), percent)
            self.assertEqual(len(drawn), expected, percent)

    def test_limits(self):
        self.assertEqual(sampling.share("s", [], 50), [])
        self.assertEqual(sampling.share("s", [3, 4], 0), [])
        self.assertEqual(sampling.share("s", [3, 4], -10), [])
        self.assertEqual(sampling.share("s", [3], 0.01), [3])
        self.assertEqual(set(sampling.share("s", [3, 4], 100)), {3, 4})
        self.assertEqual(set(sampling.share("s", [3, 4], 150)), {3, 4})

    @given(st.text(), populations, percents, percents)
    def test_a_larger_share_has_the_smaller_in_it(self, seed, ids, one, two):
        small, large = sorted((one, two))
        drawn = sampling.share(seed, ids, small)
        self.assertEqual(sampling.share(seed, ids, large)[: len(drawn)], drawn)

    def test_everybody_has_the_same_chance(self):
        drawn = Counter(
            item
            for seed in range(2000)
            for item in sampling.share(str(seed), range(10), 20)
        )
        self.assertLess(max(drawn.values()), 480)
        self.assertGreater(min(drawn.values()), 320)
