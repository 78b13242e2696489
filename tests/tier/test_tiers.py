"""The arithmetic of tiers, without a database."""

import doctest
from datetime import date, timedelta
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools import tiers as tools
from ...tools.tiers import Tier
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

SCALE = (
    Tier(1, "A", 1_000_000, 70, 30),
    Tier(2, "B", 300_000, 90, 60),
    Tier(3, "C", 100_000, 99, 0),
    Tier(4, "D", 0, 100, 0),
)
A, B, C, D = range(4)
amounts = st.integers(-(10**9), 10**12)
populations = st.dictionaries(st.integers(1, 10**6), amounts, max_size=60)
ranks = st.sampled_from((A, B, C, D))


@st.composite
def scales(draw):
    """Any valid scale: amounts fall, shares rise, limits are what they like."""
    size = draw(st.integers(1, 6))
    money = draw(
        st.lists(st.integers(0, 10**9), min_size=size, max_size=size, unique=True)
    )
    shares = draw(
        st.lists(st.integers(1, 100), min_size=size, max_size=size, unique=True)
    )
    limits = draw(st.lists(st.integers(0, 200), min_size=size, max_size=size))
    rows = zip(sorted(money, reverse=True), sorted(shares), limits, strict=True)
    return tuple(Tier(i, str(i), *row) for i, row in enumerate(rows))


class TestDocstrings(TestCase):
    def test_examples(self):
        results = doctest.testmod(tools)
        self.assertTrue(results.attempted)
        self.assertFalse(results.failed)


class TestWindow(TestCase):
    def test_across_a_year(self):
        self.assertEqual(
            tools.months_before(date(2026, 1, 31), 3),
            (date(2025, 10, 1), date(2025, 12, 31)),
        )

    def test_no_month(self):
        for months in (0, -1):
            with self.assertRaises(ValueError):
                tools.months_before(date(2026, 1, 1), months)

    @given(st.dates(date(1950, 1, 1)), st.integers(1, 120))
    def test_whole_months_up_to_the_day(self, day, months):
        first, last = tools.months_before(day, months)
        self.assertEqual(first.day, 1)
        self.assertEqual(last + timedelta(days=1), day.replace(day=1))
        gap = (day.year - first.year) * 12 + day.month - first.month
        self.assertEqual(gap, months)


class TestAmount(TestCase):
    def test_on_the_threshold_is_the_better_tier(self):
        self.assertEqual(tools.rank_by_amount(SCALE, 300_000), B)
        self.assertEqual(tools.rank_by_amount(SCALE, 299_999), C)

    def test_segment_doubles(self):
        self.assertEqual(tools.rank_by_amount(SCALE, 599_999, 2.0), C)
        self.assertEqual(tools.rank_by_amount(SCALE, 600_000, 2.0), B)

    def test_factor_that_floats_cannot_hold(self):
        """3,000.00 × 1.1 is 3,300.0000000000005 in floats; 3,300.00 must reach it."""
        self.assertEqual(tools.rank_by_amount(SCALE, 330_000, 1.1), B)

    def test_average_is_not_rounded_up_to_a_threshold(self):
        self.assertEqual(tools.rank_by_amount(SCALE, 899_999, months=3), C)
        self.assertEqual(tools.rank_by_amount(SCALE, 900_000, months=3), B)

    def test_nothing_bought(self):
        self.assertEqual(tools.rank_by_amount(SCALE, 0), D)
        self.assertEqual(tools.rank_by_amount(SCALE, -5), D)
        self.assertEqual(tools.rank_by_amount(SCALE[:1], -5), A, "the only tier")

    @given(
        scales(),
        amounts,
        st.integers(0, 10**9),
        st.floats(0.1, 10),
        st.integers(1, 24),
    )
    def test_buying_more_never_lowers(self, scale, amount, more, factor, months):
        self.assertLessEqual(
            tools.rank_by_amount(scale, amount + more, factor, months),
            tools.rank_by_amount(scale, amount, factor, months),
        )

    @given(st.integers(-(10**12), 10**12), st.integers(1, 120))
    def test_average_is_within_half_a_unit(self, total, months):
        average = tools.per_month(total, months)
        self.assertLessEqual(abs(2 * (average * months - total)), months)
        self.assertEqual(average, -tools.per_month(-total, months))


class TestShare(TestCase):
    def ranks(self, amounts, scale=SCALE):
        standings = tools.standings(scale, amounts.items())
        return {customer: place.rank for customer, place in standings.items()}

    def test_who_crosses_a_bound_still_belongs(self):
        self.assertEqual(
            self.ranks({1: 60, 2: 20, 3: 15, 4: 4, 5: 1}),
            {1: A, 2: A, 3: B, 4: C, 5: D},
        )

    def test_exactly_on_a_bound_is_past_it(self):
        self.assertEqual(
            self.ranks({1: 70, 2: 20, 3: 9, 4: 1}), {1: A, 2: B, 3: C, 4: D}
        )

    def test_bound_that_floats_cannot_hold(self):
        scale = (SCALE[0]._replace(max_share=50.02), *SCALE[1:])
        self.assertEqual(self.ranks({1: 5_002, 2: 4_998}, scale), {1: A, 2: B})

    def test_ties_go_by_id(self):
        self.assertEqual(self.ranks({9: 50, 3: 50, 5: 50}), {3: A, 5: A, 9: A})
        self.assertEqual(self.ranks({9: 40, 3: 40, 5: 20}), {3: A, 9: A, 5: B})

    def test_refunds_have_no_share(self):
        standings = tools.standings(SCALE, [(1, 100), (2, -40)])
        self.assertEqual(standings[1].share, 100)
        self.assertEqual(standings[2], (D, 0.0, 100.0))

    def test_nobody_bought(self):
        self.assertEqual(self.ranks({1: 0, 2: 0, 3: -7}), {1: D, 2: D, 3: D})
        self.assertEqual(self.ranks({}), {})

    @given(scales(), populations, st.randoms(use_true_random=False))
    def test_order_of_input_changes_nothing(self, scale, population, random):
        pairs = list(population.items())
        before = tools.standings(scale, pairs)
        random.shuffle(pairs)
        self.assertEqual(tools.standings(scale, pairs), before)

    @given(scales(), populations)
    def test_tiers_exceed_their_bound_only_by_the_crossing_customer(
        self, scale, population
    ):
        ranks = self.ranks(population, scale)
        total = sum(amount for amount in population.values() if amount > 0)
        last = len(scale) - 1
        for rank, tier in enumerate(scale[:last]):
            members = [
                population[customer]
                for customer, place in ranks.items()
                if place <= rank and population[customer] > 0
            ]
            if members:
                without = sum(members) - min(members)
                crossing_is_here = any(
                    place == rank and population[customer] > 0
                    for customer, place in ranks.items()
                )
                if crossing_is_here:
                    self.assertLess(without * 100, tier.max_share * total)

    @given(scales(), populations)
    def test_larger_is_never_worse(self, scale, population):
        ranks = self.ranks(population, scale)
        by_amount = sorted(population, key=lambda c: (-population[c], c))
        in_order = [ranks[customer] for customer in by_amount]
        self.assertEqual(in_order, sorted(in_order))

    @given(populations, st.data())
    def test_buying_more_never_lowers(self, population, data):
        if not population:
            return
        customer = data.draw(st.sampled_from(sorted(population)))
        more = population | {customer: population[customer] + 10**6}
        self.assertLessEqual(
            self.ranks(more)[customer], self.ranks(population)[customer]
        )

    @given(populations)
    def test_shares_add_up(self, population):
        standings = tools.standings(SCALE, population.items())
        total = sum(place.share for place in standings.values())
        bought = any(amount > 0 for amount in population.values())
        self.assertAlmostEqual(total, 100 if bought else 0, places=6)


class TestDecision(TestCase):
    def decide(self, current, computed, **facts):
        return tools.decide(SCALE, current, computed, **facts)[:2]

    def test_first_tier(self):
        self.assertEqual(self.decide(None, C), (C, "upgrade"))

    def test_upgrade_is_immediate(self):
        self.assertEqual(self.decide(D, A, downgrade_after=5), (A, "upgrade"))

    def test_downgrade_waits(self):
        self.assertEqual(self.decide(A, C, downgrade_after=2), (A, "held"))
        self.assertEqual(
            self.decide(A, C, downgrade_after=2, worse_before=1), (C, "downgrade")
        )
        self.assertEqual(self.decide(A, C, downgrade_after=1), (C, "downgrade"))

    def test_overdue_lowers_at_once_to_the_best_tier_that_admits_it(self):
        late = {"downgrade_after": 2, "overdue_days": 31}
        self.assertEqual(self.decide(A, A, **late), (B, "downgrade"))
        self.assertEqual(
            self.decide(A, A, downgrade_after=2, overdue_days=61), (C, "downgrade")
        )

    def test_overdue_on_the_limit_is_admitted(self):
        self.assertEqual(self.decide(A, A, overdue_days=30), (A, "keep"))

    def test_overdue_while_held(self):
        self.assertEqual(
            self.decide(A, D, downgrade_after=2, overdue_days=40), (B, "downgrade")
        )

    def test_overdue_stops_an_upgrade_half_way(self):
        self.assertEqual(self.decide(D, A, overdue_days=45), (B, "upgrade"))
        self.assertEqual(self.decide(C, A, overdue_days=90), (C, "keep"))

    def test_overdue_never_raises(self):
        """A better tier without limit is no way up for a customer that is late."""
        scale = (SCALE[0]._replace(max_overdue_days=0), *SCALE[1:])
        self.assertEqual(tools.decide(scale, B, B, overdue_days=99)[0], C)

    def test_nobody_admits(self):
        scale = tuple(tier._replace(max_overdue_days=5) for tier in SCALE)
        self.assertEqual(tools.decide(scale, A, A, overdue_days=6)[0], D)

    def test_lock_wins(self):
        late = {"locked": True, "overdue_days": 999}
        self.assertEqual(self.decide(A, D, **late), (A, "locked"))
        self.assertEqual(self.decide(None, A, **late), (None, "locked"))

    @given(
        st.none() | ranks,
        ranks,
        st.integers(0, 200),
        st.booleans(),
        st.integers(0, 4),
        st.integers(1, 4),
    )
    def test_kind_says_what_happens(
        self, current, computed, late, locked, worse, after
    ):
        rank, kind, _cause = tools.decide(
            SCALE,
            current,
            computed,
            overdue_days=late,
            locked=locked,
            worse_before=worse,
            downgrade_after=after,
        )
        if kind in ("keep", "held", "locked"):
            self.assertEqual(rank, current)
        elif kind == "upgrade":
            self.assertTrue(current is None or rank < current)
        else:
            self.assertGreater(rank, current)
        if not locked:
            best = min(r for r in (computed, current) if r is not None)
            self.assertGreaterEqual(rank, best)
