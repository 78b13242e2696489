import doctest

from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from odoo.tests import BaseCase, tagged

from ...tools import hit_rate
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

FORECASTS = st.lists(
    st.tuples(st.integers(-20, 20), st.booleans()), min_size=2, max_size=60
)
CHANCES = st.lists(
    st.tuples(st.integers(0, 20).map(lambda n: n / 20), st.booleans()),
    min_size=1,
    max_size=80,
)


def columns(pairs):
    return [list(column) for column in zip(*pairs, strict=True)]


def both_kinds(outcomes):
    return len(set(outcomes)) == 2


@tagged("post_install", "-at_install")
class TestHitRate(BaseCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(hit_rate).failed, 0)

    @given(FORECASTS)
    def test_auc_is_the_share_of_pairs_in_order(self, pairs):
        scores, outcomes = columns(pairs)
        assume(both_kinds(outcomes))
        hits = [score for score, hit in pairs if hit]
        misses = [score for score, hit in pairs if not hit]
        wins = sum((a > b) + (a == b) / 2 for a in hits for b in misses)
        found = hit_rate.auc(scores, outcomes)
        self.assertAlmostEqual(found, wins / (len(hits) * len(misses)))
        statistic = mannwhitneyu(hits, misses).statistic
        self.assertAlmostEqual(found, statistic / (len(hits) * len(misses)))

    @given(FORECASTS)
    def test_auc_depends_on_the_order_only(self, pairs):
        scores, outcomes = columns(pairs)
        assume(both_kinds(outcomes))
        found = hit_rate.auc(scores, outcomes)
        self.assertEqual(hit_rate.auc([s**3 + 7 for s in scores], outcomes), found)
        self.assertAlmostEqual(hit_rate.auc([-s for s in scores], outcomes), 1 - found)

    def test_one_kind_of_outcome_has_no_answer(self):
        self.assertIsNone(hit_rate.auc([0.1, 0.2], [0, 0]))
        self.assertIsNone(hit_rate.auc([0.1, 0.2], [1, 1]))
        self.assertIsNone(hit_rate.auc([], []))
        self.assertIsNone(hit_rate.brier([], []))
        self.assertIsNone(hit_rate.top_share([3, 2], [0, 0]))
        self.assertEqual(hit_rate.calibration([], []), [])

    def test_brier_by_hand(self):
        # 0.2² + 0.3² + 0.9² + 0
        self.assertAlmostEqual(
            hit_rate.brier([0.2, 0.7, 0.9, 1], [0, 1, 0, 1]), 0.94 / 4
        )

    @given(CHANCES, st.integers(1, 12))
    def test_calibration_loses_nobody_and_rises(self, pairs, bins):
        chances, outcomes = columns(pairs)
        found = hit_rate.calibration(chances, outcomes, bins)
        self.assertLessEqual(len(found), bins)
        self.assertEqual(sum(part.count for part in found), len(pairs))
        self.assertAlmostEqual(
            sum(part.count * part.happened for part in found), sum(outcomes)
        )
        self.assertAlmostEqual(
            sum(part.count * part.forecast for part in found), sum(chances)
        )
        forecasts = [part.forecast for part in found]
        self.assertEqual(forecasts, sorted(set(forecasts)), "equal ones stay together")

    @given(FORECASTS)
    def test_top_share_grows_to_all(self, pairs):
        scores, outcomes = columns(pairs)
        assume(any(outcomes))
        found = [hit_rate.top_share(scores, outcomes, n / 10) for n in range(11)]
        self.assertEqual(found, sorted(found))
        self.assertEqual((found[0], round(found[-1], 9)), (0, 1))

    def test_top_share_of_equal_scores_is_the_share(self):
        self.assertAlmostEqual(hit_rate.top_share([1] * 50, [1, 0, 0, 0, 0] * 10), 0.2)
