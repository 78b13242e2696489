import doctest
import math
import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from odoo.tests import BaseCase, tagged

from ...tools import hit_rate, logistic
from ...tools.logistic import SUPPORT, Model
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

GRADES = """
2.66 20 0 0  2.89 22 0 0  3.28 24 0 0  2.92 12 0 0  4.00 21 0 1  2.86 17 0 0
2.76 17 0 0  2.87 21 0 0  3.03 25 0 0  3.92 29 0 1  2.63 20 0 0  3.32 23 0 0
3.57 23 0 0  3.26 25 0 1  3.53 26 0 0  2.74 19 0 0  2.75 25 0 0  2.83 19 0 0
3.12 23 1 0  3.16 25 1 1  2.06 22 1 0  3.62 28 1 1  2.89 14 1 0  3.51 26 1 0
3.54 24 1 1  2.83 27 1 1  3.39 17 1 1  2.67 24 1 0  3.65 21 1 1  4.00 23 1 1
3.10 21 1 0  2.39 19 1 1
"""
"""Spector and Mazzeo (1980): mean grade, score of a test, taught by the new method,
grade improved; as in Greene, Econometric Analysis."""
PUBLISHED = (-13.021, 2.826, 0.095, 2.379)
"""Greene's logit coefficients of it: constant, mean grade, score, method"""

NUMBERS = st.floats(-1e6, 1e6)
LOGITS = st.floats(-50, 50)


def sample(count, seed=1):
    """Rows in which the first column foretells, and what happened."""
    draw = random.Random(seed)
    rows = [[draw.gauss(0, 1), draw.gauss(5, 3), draw.random()] for _ in range(count)]
    outcomes = [draw.random() < logistic.logistic(1.5 * row[0] - 1) for row in rows]
    return rows, outcomes


def raw_weights(model):
    """Intercept and weights of the columns as they came."""
    weights = [w / s for w, s in zip(model.weights, model.scales, strict=True)]
    moved = sum(w * m for w, m in zip(weights, model.means, strict=True))
    return [model.intercept - moved, *weights]


@tagged("post_install", "-at_install")
class TestLogistic(BaseCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(logistic).failed, 0)

    def test_published_result(self):
        """Four times the same rows have the same weights, and enough of each kind."""
        values = [float(value) for value in GRADES.split()]
        rows = [values[at : at + 3] for at in range(0, len(values), 4)] * 4
        model = logistic.fit(rows, values[3::4] * 4, ridge=0)
        for found, published in zip(raw_weights(model), PUBLISHED, strict=True):
            self.assertAlmostEqual(found, published, 3)

    def test_the_same_as_a_general_optimiser(self):
        rows, outcomes = sample(400)
        model = logistic.fit(rows, outcomes, ridge=30)
        matrix, hits = np.array(rows), np.array(outcomes, float)
        matrix = (matrix - matrix.mean(0)) / matrix.std(0)

        def loss(beta):
            logits = beta[0] + matrix @ beta[1:]
            fit = np.logaddexp(0, logits) - hits * logits
            return fit.sum() + 15 * (beta[1:] ** 2).sum()

        expected = minimize(loss, np.zeros(4), tol=1e-10).x
        for found, wanted in zip(
            [model.intercept, *model.weights], expected, strict=True
        ):
            self.assertAlmostEqual(found, wanted, 4)

    def test_mean_probability_is_the_share_that_happened(self):
        rows, outcomes = sample(500)
        model = logistic.fit(rows, outcomes)
        chances = model.probabilities(rows)
        self.assertAlmostEqual(sum(chances), sum(outcomes), 3)
        self.assertGreater(hit_rate.auc(chances, outcomes), 0.75)

    def test_what_foretells_all_stays_finite(self):
        rows = [[float(n)] for n in range(200)]
        model = logistic.fit(rows, [n >= 100 for n in range(200)])
        self.assertTrue(all(map(math.isfinite, model.weights)))
        self.assertLess(model.probability([0.0]), 0.2)
        self.assertGreater(model.probability([199.0]), 0.8)

    def test_equal_columns_share_the_weight(self):
        rows, outcomes = sample(400)
        model = logistic.fit([[row[0], row[0]] for row in rows], outcomes)
        self.assertAlmostEqual(model.weights[0], model.weights[1], 6)

    def test_what_is_not_known_weighs_nothing(self):
        rows, outcomes = sample(400)
        model = logistic.fit(rows, outcomes)
        mean = [*rows[0][:2], model.means[2]]
        self.assertAlmostEqual(
            model.probability([*rows[0][:2], None]), model.probability(mean)
        )
        unknown = logistic.fit([[*row, None] for row in rows], outcomes)
        self.assertEqual(unknown.weights[3], 0)
        self.assertEqual(unknown.probability([*rows[0], 7]), model.probability(rows[0]))

    def test_a_sign_seen_too_seldom_has_no_weight(self):
        rows, outcomes = sample(400)
        for seen in (SUPPORT - 1, SUPPORT):
            signs = [[*row, float(n < seen)] for n, row in enumerate(rows)]
            weight = logistic.fit(signs, outcomes).weights[3]
            self.assertEqual(bool(weight), seen == SUPPORT)

    def test_nothing_to_learn_from(self):
        for rows, outcomes, share in (
            ([], [], 0.5),
            ([[1.0], [2.0]], [0, 0], 0.5 / 3),
            ([[float(n)] for n in range(99)], [1] * 99, 0.995),
        ):
            model = logistic.fit(rows, outcomes)
            row = [5.0] if rows else []
            self.assertAlmostEqual(model.probability(row), share)

    @given(
        st.lists(st.tuples(LOGITS, NUMBERS, st.floats(0.1, 1e3)), max_size=5),
        LOGITS,
        st.lists(NUMBERS | st.none(), min_size=5, max_size=5),
    )
    def test_json_round_trip(self, columns, intercept, row):
        weights, means, scales = zip(*columns, strict=True) if columns else ((),) * 3
        model = Model(intercept, weights, means, scales, ((-10.0, -8.5), (10.0, 9.0)))
        names = tuple("abcde"[: len(columns)])
        self.assertEqual(Model.from_json(model.to_json(names), names), model)
        self.assertEqual(Model.from_json(model.to_json()), model)
        self.assertIsNone(Model.from_json(model.to_json(names), ("z",)))
        chance = model.probability(row[: len(columns)])
        self.assertTrue(0 < chance < 1)

    def test_calibration_mends_level_and_keeps_the_order(self):
        rows, outcomes = sample(2000)
        bold = logistic.fit(rows, outcomes)
        bold = bold._replace(
            intercept=bold.intercept + 2, weights=tuple(3 * w for w in bold.weights)
        )
        mended = bold.calibrate(rows[:1000], outcomes[:1000])
        rest, happened = rows[1000:], outcomes[1000:]
        before, after = bold.probabilities(rest), mended.probabilities(rest)
        self.assertEqual(
            sorted(range(1000), key=before.__getitem__),
            sorted(range(1000), key=after.__getitem__),
        )
        better = hit_rate.brier(after, happened)
        self.assertLess(better, hit_rate.brier(before, happened) - 0.03)
        self.assertAlmostEqual(sum(after) / 1000, sum(happened) / 1000, 1)

    def test_no_calibration_by_too_few_or_by_the_opposite(self):
        rows, outcomes = sample(300)
        model = logistic.fit(rows, outcomes)
        self.assertEqual(model.calibrate(rows[:20], outcomes[:20]), model)
        self.assertEqual(model.calibrate(rows, [not hit for hit in outcomes]), model)

    @given(
        st.lists(st.floats(0.1, 3), min_size=4, max_size=4),
        st.lists(LOGITS, max_size=9),
    )
    def test_a_curve_that_rises_keeps_the_order(self, steps, logits):
        curve, low = [], -5.0
        for at, step in zip((-3.0, -1.0, 1.0, 3.0), steps, strict=True):
            low += step
            curve.append((at, low))
        bent = [logistic.bend(tuple(curve), logit) for logit in sorted(logits)]
        self.assertEqual(bent, sorted(bent))
        for at, value in curve:
            self.assertAlmostEqual(logistic.bend(tuple(curve), at), value)

    def test_choice_between_model_and_rule(self):
        rows, outcomes = sample(600)
        model = logistic.fit(rows[:300], outcomes[:300])
        rest, happened = rows[300:], outcomes[300:]
        chosen = logistic.choose(model, lambda row: row[1], rest, happened)
        self.assertEqual((chosen.use_model, chosen.reason), (True, "better"))
        same = logistic.choose(model, model.probabilities(rest), rest, happened)
        self.assertEqual((same.use_model, same.reason), (False, "no_better"))
        self.assertEqual(same.model_auc, same.simple_auc)
        few = logistic.choose(model, [0] * 30, rest[:30], happened[:30])
        self.assertEqual((few.use_model, few.reason), (False, "too_few"))
        nothing = logistic.choose(model, [], [], [])
        self.assertEqual((nothing.use_model, nothing.model_auc), (False, None))
