"""Initials, handovers, states of purchases and payment, pyramids."""

from collections import Counter
from datetime import date, timedelta
from unittest import TestCase
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from ...tools import handover, initials, purchases, pyramid
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

TODAY = date(2026, 11, 10)


class TestInitial(TestCase):
    def test_names(self):
        for name, expected in (
            ("Velvet Sparrow", "V"),
            ("élan vital", "E"),
            ("Öko-Haus", "O"),
            ("Ødegård", "Ø"),
            ("ßtrange", "S"),
            ("жук", "Ж"),
            ("  «Atelier»", "A"),
            ("3 Sisters", "#"),
            ("", "#"),
            (None, "#"),
            ("!?", "#"),
        ):
            self.assertEqual(initials.initial(name), expected, name)

    def test_chinese_names_by_pinyin(self):
        for name, expected in (
            ("玉亭阁", "Y"),
            ("青瓷颜", "Q"),
            ("重庆美容", "C"),
            ("沈月澜", "S"),
        ):
            self.assertEqual(initials.initial(name), expected, name)

    def test_chinese_names_without_the_library(self):
        with patch.object(initials, "_pinyin", return_value=None):
            self.assertEqual(initials.initial("玉亭阁"), "玉")
            self.assertEqual(initials.initial("Yutingge 玉亭阁"), "Y")

    @given(st.text())
    def test_always_one_character(self, name):
        letter = initials.initial(name)
        self.assertEqual(len(letter), 1)
        self.assertEqual(initials.initial("  " + name), letter)


class TestDeal(TestCase):
    @given(
        st.lists(st.integers(0, 4), max_size=60),
        st.integers(1, 7),
    )
    def test_nobody_gets_two_more(self, ranks, people):
        customers = list(enumerate(ranks))
        dealt = handover.deal(customers, list(range(people)))
        self.assertEqual(set(dealt), set(range(len(ranks))))
        for rank in (None, *set(ranks)):
            counts = Counter(
                dict.fromkeys(range(people), 0)
                | Counter(dealt[key] for key, own in customers if rank in (None, own))
            )
            self.assertLessEqual(max(counts.values()) - min(counts.values()), 1)

    def test_by_region_takes_the_nearest_above(self):
        parents = {"city": "state", "state": "land", "land": None, "loop": "loop"}
        self.assertEqual(
            handover.by_region(
                [(1, "city"), (2, "state"), (3, "land"), (4, None), (5, "loop")],
                {"state": "ann", "land": "bob"},
                parents,
                "else",
            ),
            {1: "ann", 2: "ann", 3: "bob", 4: "else", 5: "else"},
        )
        self.assertEqual(
            handover.by_region([(1, "far")], {"land": "bob"}, parents, None), {1: None}
        )


class TestPurchases(TestCase):
    def state(self, first, last, recent=100, earlier=100):
        return purchases.purchase_state(
            TODAY,
            TODAY - timedelta(days=first),
            TODAY - timedelta(days=last),
            recent,
            earlier,
        )

    def test_bounds(self):
        self.assertEqual(purchases.purchase_state(TODAY, None, None, 0, 0), "none")
        for days, expected in (
            (90, "new"),
            (91, "steady"),
        ):
            self.assertEqual(self.state(days, 0), expected)
        for days, expected in (
            (120, "steady"),
            (121, "dormant"),
            (365, "dormant"),
            (366, "lost"),
        ):
            self.assertEqual(self.state(500, days), expected)
        for recent, expected in (
            (50, "falling"),
            (51, "steady"),
            (149, "steady"),
            (150, "growing"),
        ):
            self.assertEqual(self.state(500, 1, recent), expected)
        self.assertEqual(self.state(500, 1, 10, 0), "steady")

    def test_credit(self):
        for values, expected in (
            ((False, 0, False), "none"),
            ((True, 0, False), "good"),
            ((True, 1, False), "slow"),
            ((True, 30, False), "slow"),
            ((True, 31, False), "bad"),
            ((True, 0, True), "limit"),
        ):
            self.assertEqual(purchases.credit_state(*values), expected)


class TestPyramid(TestCase):
    def test_typical(self):
        counts = {"passer_by": 50, "acquaintance": 40, "friend": 6, "confidant": 4}
        steps = pyramid.steps(counts)
        self.assertEqual([step[1] for step in steps], [100, 50, 10, 4])
        self.assertEqual({step[5] for step in steps}, {"typical"})

    def test_below_and_above(self):
        steps = {
            step[0]: step[5] for step in pyramid.steps({"passer_by": 80, "friend": 20})
        }
        self.assertEqual(steps["acquaintance"], "below")
        self.assertEqual(steps["friend"], "above")
        self.assertEqual(steps["confidant"], "below")

    @given(
        st.dictionaries(st.sampled_from(pyramid.PYRAMID_LEVELS), st.integers(0, 500))
    )
    def test_narrows(self, counts):
        steps = pyramid.steps(counts)
        reached = [step[1] for step in steps]
        self.assertEqual(reached, sorted(reached, reverse=True))
        self.assertEqual(reached[0], sum(counts.values()))
        self.assertTrue(all(0 <= step[2] <= 100 for step in steps))
