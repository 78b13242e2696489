"""Logistic regression in plain Python: fitted by Newton's method with a ridge,
calibrated, stored as JSON.

Rows are lists of numbers; None is "not known" and weighs nothing. Columns that hardly
vary (fewer than ``SUPPORT`` rows differ from the most frequent value) get no weight.
"""

import json
from array import array
from bisect import bisect_right
from collections import Counter
from itertools import repeat
from math import exp, log, log1p, sqrt
from operator import add, mul, sub
from typing import NamedTuple

from .hit_rate import auc, brier

RIDGE = 1.0
SUPPORT = 30
"""Rows that must differ for a column to weigh, and outcomes of each kind that must be
there for a model to be believed."""
STEPS = 30
TOLERANCE = 1e-8
EDGE = 1e-9
"""Probabilities stay away from 0 and 1 by this."""


class Model(NamedTuple):
    """Weights of the standardised columns."""

    intercept: float
    weights: tuple
    means: tuple
    scales: tuple
    curve: tuple = ()
    """Calibration: ((logit, calibrated logit), …) rising, straight in between"""

    def logit(self, row):
        """Logarithm of the odds, before calibration."""
        total = self.intercept
        for value, weight, mean, scale in zip(
            row, self.weights, self.means, self.scales, strict=True
        ):
            if value is not None and weight:
                total += weight * (value - mean) / scale
        return total

    def probability(self, row):
        return logistic(bend(self.curve, self.logit(row)))

    def probabilities(self, rows):
        return [self.probability(row) for row in rows]

    def calibrate(self, rows, outcomes):
        """The model with its probabilities bent to what happened in other rows."""
        logits = [self.logit(row) for row in rows]
        return self._replace(curve=straight_curve(logits, outcomes))

    def to_json(self):
        return json.dumps(self._asdict())

    @classmethod
    def from_json(cls, text):
        values = json.loads(text)
        curve = tuple(tuple(point) for point in values.pop("curve"))
        intercept = values.pop("intercept")
        return cls(
            intercept, **{name: tuple(v) for name, v in values.items()}, curve=curve
        )


def logistic(logit):
    """
    >>> logistic(0), logistic(-1000) > 0
    (0.5, True)
    """
    if logit < 0:
        power = exp(max(logit, -700.0))
        return max(power / (1.0 + power), EDGE)
    return min(1.0 / (1.0 + exp(-min(logit, 700.0))), 1 - EDGE)


def bend(curve, logit):
    """Value of a curve of straight pieces; its outer pieces go on straight."""
    if not curve:
        return logit
    place = bisect_right(curve, (logit,), 1, len(curve) - 1)
    (left, low), (right, high) = curve[place - 1], curve[place]
    return low + (logit - left) * (high - low) / (right - left)


def straight_curve(logits, outcomes):
    """Curve of one straight piece after Platt: level and steepness of the logits as
    they fit the outcomes. No curve where the outcomes say nothing or the opposite."""
    if not enough(outcomes):
        return ()
    scaling = fit_columns([[logit] for logit in logits], outcomes, 0.0)
    if scaling.weights[0] <= 0:
        return ()
    return tuple((at, scaling.logit([at])) for at in (-10.0, 10.0))


def enough(outcomes, least=SUPPORT):
    """Whether so many happened, and as many did not."""
    happened = sum(map(bool, outcomes))
    return min(happened, len(outcomes) - happened) >= least


def fit(rows, outcomes, ridge=RIDGE):
    """Fit a model to what happened.

    A sum of squared weights (of standardised columns) times ``ridge`` ÷ 2 is added to
    the loss, so weights stay finite even where a column foretells all. Without both
    kinds of outcomes the model answers the (smoothed) share for all.

    Takes about 10 s for 100,000 rows of 20 columns.

    :param rows: equally long sequences of numbers or None
    :param outcomes: truthy for what happened
    :return: Model
    """
    return fit_columns(rows, outcomes, ridge)


class Columns(NamedTuple):
    """Standardised columns, those without support left out."""

    values: list
    places: tuple
    means: tuple
    scales: tuple


def fit_columns(rows, outcomes, ridge):
    happened = array("d", map(float, map(bool, outcomes)))
    total, width = len(happened), len(rows[0]) if rows else 0
    share = (sum(happened) + 0.5) / (total + 1)
    start = log(share / (1 - share))
    columns = standardised(rows, width)
    found = [0.0] * len(columns.places)
    if columns.places and 0 < sum(happened) < total:
        start, found = newton(columns.values, happened, start, ridge)
    weights = [0.0] * width
    for place, weight in zip(columns.places, found, strict=True):
        weights[place] = weight
    return Model(start, tuple(weights), columns.means, columns.scales)


def standardised(rows, width):
    """Columns with mean 0 and deviation 1; what is not known is 0, the mean."""
    kept, places = [], []
    means, scales = [0.0] * width, [1.0] * width
    for place in range(width):
        raw = [row[place] for row in rows]
        known = [value for value in raw if value is not None]
        if not varies(known):
            continue
        mean = sum(known) / len(known)
        scale = sqrt(sum((value - mean) ** 2 for value in known) / len(known))
        means[place], scales[place] = mean, scale
        kept.append(array("d", (0.0 if v is None else (v - mean) / scale for v in raw)))
        places.append(place)
    return Columns(kept, tuple(places), tuple(means), tuple(scales))


def varies(values):
    """Whether enough values differ from the most frequent one."""
    if len(values) < SUPPORT:
        return False
    ((_value, most),) = Counter(values).most_common(1)
    return len(values) - most >= SUPPORT


def newton(columns, happened, intercept, ridge):
    """Intercept and weights that maximise the likelihood less the ridge."""
    weights = [0.0] * len(columns)
    ones = array("d", repeat(1.0, len(happened)))
    design = [ones, *columns]
    penalty = [0.0] + [ridge] * len(columns)
    beta = [intercept, *weights]
    logits = combine(design, beta)
    loss = penalised_loss(logits, happened, beta, penalty)
    for _step in range(STEPS):
        chances = [logistic(logit) for logit in logits]
        left = array("d", map(sub, happened, chances))
        slope = [
            dot(column, left) - factor * weight
            for column, factor, weight in zip(design, penalty, beta, strict=True)
        ]
        move = solve(curvature(design, chances, penalty), slope)
        for _half in range(20):
            tried = list(map(add, beta, move))
            logits = combine(design, tried)
            found = penalised_loss(logits, happened, tried, penalty)
            if found <= loss:
                break
            move = [part / 2 for part in move]
        gain, loss, beta = loss - found, found, tried
        if gain < TOLERANCE * (abs(loss) + 1):
            break
    return beta[0], beta[1:]


def combine(design, beta):
    logits = [0.0] * len(design[0])
    for column, weight in zip(design, beta, strict=True):
        if weight:
            logits = list(map(add, logits, map(mul, column, repeat(weight))))
    return logits


def penalised_loss(logits, happened, beta, penalty):
    """Negative logarithm of the likelihood, plus the ridge."""
    loss = sum(
        (log1p(exp(-logit)) + (0.0 if hit else logit))
        if logit > 0
        else (log1p(exp(logit)) - (logit if hit else 0.0))
        for logit, hit in zip(logits, happened, strict=True)
    )
    squares = sum(
        factor * weight * weight for factor, weight in zip(penalty, beta, strict=True)
    )
    return loss + squares / 2


def curvature(design, chances, penalty):
    """Second derivatives of the loss."""
    weight = array("d", (chance * (1 - chance) for chance in chances))
    size = len(design)
    matrix = [[0.0] * size for _row in range(size)]
    for i, column in enumerate(design):
        weighted = array("d", map(mul, column, weight))
        for j in range(i + 1):
            matrix[i][j] = matrix[j][i] = dot(weighted, design[j])
        matrix[i][i] += penalty[i]
    return matrix


def dot(one, other):
    return sum(map(mul, one, other))


def solve(matrix, right):
    """Solution of a symmetric positive definite system, by Cholesky.

    >>> solve([[4.0, 2.0], [2.0, 5.0]], [8.0, 12.0])
    [1.0, 2.0]
    """
    size = len(right)
    lower = [[0.0] * size for _row in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i][j] - dot(lower[i][:j], lower[j][:j])
            if i == j:
                # Columns that say the same leave nothing over but rounding.
                lower[i][i] = sqrt(max(rest, 1e-12 * (matrix[i][i] + 1)))
            else:
                lower[i][j] = rest / lower[j][j]
    middle = []
    for i in range(size):
        middle.append((right[i] - dot(lower[i][:i], middle)) / lower[i][i])
    found = [0.0] * size
    for i in reversed(range(size)):
        above = sum(lower[j][i] * found[j] for j in range(i + 1, size))
        found[i] = (middle[i] - above) / lower[i][i]
    return found


class Choice(NamedTuple):
    """Which of two ways to foretell is used, and what they reached."""

    use_model: bool
    reason: str
    """``better``, ``no_better`` or ``too_few``"""
    model_auc: float | None
    simple_auc: float | None
    model_brier: float | None


def choose(model, simple, rows, outcomes):
    """Decide on rows that the model was not fitted to whether it is used.

    :param simple: scores of the simple rule for the same rows, higher for who is more
        likely to order (the opposite of a risk), or a function from a row to it
    """
    scores = [simple(row) for row in rows] if callable(simple) else simple
    probabilities = model.probabilities(rows)
    found = auc(probabilities, outcomes), auc(scores, outcomes)
    error = brier(probabilities, outcomes)
    if not enough(outcomes):
        return Choice(False, "too_few", *found, error)
    better = found[0] > found[1]
    return Choice(better, "better" if better else "no_better", *found, error)
