"""How sure one can be of figures about all customers from the answers of some. No ORM.

Values lie on a scale with two ends and are given as ``{value: count}``, as a database
groups them.

Every interval is Gaffke's: it needs nothing of the distribution but the ends of its
scale, holds at any number of answers and when all agree, and is that of Clopper and
Pearson for shares. The adjusted Wald intervals usual for the NPS (Agresti; Rocks 2016)
and Student's t fall to 80 % and less with five answers.

- N. Gaffke, *Three test statistics for a nonparametric one-sided hypothesis on the mean
  of a nonnegative variable*, Mathematical Methods of Statistics 14 (2005)
- E. Learned-Miller, P. Thomas, *A new confidence interval for the mean of a bounded
  random variable*, arXiv 1905.06208 (2019)
"""

from collections.abc import Iterable, Mapping
from math import atan, erfc, exp, fsum, log1p, pi, sin, sqrt
from statistics import NormalDist
from typing import NamedTuple

FEW_ANSWERS = 30
"""With fewer answers a mean is said to rest on few."""
CONFIDENCE = 0.95
MOST_VALUES = 40
"""More different values are put into as many classes, away from the mean, so that the
interval only gets wider."""
COVERAGE = {5: 97.7, 8: 97.5, 30: 95.2, 300: 95.1}
"""{answers: percent of simulated campaigns whose interval held the true value, in the
worst case of all populations tried}. ``tests/satisfaction/test_estimates`` has the
populations and runs the simulation again."""
INTEGRATED = 1e-8
"""Smaller parts of an integral are not added any more."""
LEAST_CORRELATED = 10
"""With fewer answers no correlation is shown."""
LEAST_EXPECTED = 5
"""Cochran's rule: with fewer answers expected in a cell, chi-squared says nothing."""


class Mean(NamedTuple):
    """A mean of ``count`` values with the interval that holds the true one in at least
    95 of 100 samples; None where there is no value."""

    count: int
    value: float | None
    low: float | None
    high: float | None

    @property
    def few(self):
        return self.count < FEW_ANSWERS


def mean(
    counts: Mapping[float, int], low: float, high: float, population: int | None = None
) -> Mean:
    """Mean of values on a scale, with its interval.

    :param counts: {value: how many gave it}
    :param population: how many could have answered: the more of them did, the smaller
        the interval, and it is gone when all did

    >>> mean({100: 5}, 0, 100)[2:]
    (47.82, 100.0)
    >>> mean({100: 5}, 0, 100, population=5)[2:]
    (100.0, 100.0)
    """
    counts = {value: count for value, count in counts.items() if count}
    size = sum(counts.values())
    if not size:
        return Mean(0, None, None, None)
    middle = fsum(value * count for value, count in counts.items()) / size
    if population is not None and size >= population:
        return Mean(size, middle, middle, middle)
    below = _lower_bound(counts, low, high)
    above = -_lower_bound({-value: n for value, n in counts.items()}, -high, -low)
    if population is not None:
        rest = sqrt((population - size) / (population - 1))
        seen, unseen = middle * size / population, (population - size) / population
        below = max(middle - (middle - below) * rest, seen + low * unseen)
        above = min(middle + (above - middle) * rest, seen + high * unseen)
    return Mean(size, middle, *(round(bound, 2) + 0.0 for bound in (below, above)))


def _lower_bound(counts, low, high):
    """Quantile of the mean with weights drawn from a Dirichlet distribution, an answer
    at the lower end of the scale being added."""
    scale = high - low
    counts = _classes({(v - low) / scale: n for v, n in counts.items()})
    counts[0.0] = counts.get(0.0, 0) + 1
    size = sum(counts.values())
    wanted = (1 - CONFIDENCE) / 2
    left, right = 0.0, fsum(v * n for v, n in counts.items()) / size
    if not right:
        return low
    pairs = list(counts.items())
    for _step in range(24):
        middle = (left + right) / 2
        if _below(pairs, middle) < wanted:
            left = middle
        else:
            right = middle
        if right - left < 1e-6:
            break
    return low + scale * left


def _classes(counts):
    """At most :data:`MOST_VALUES` values, each moved down to the start of its class"""
    if len(counts) <= MOST_VALUES:
        return dict(counts)
    classes = {}
    for value, count in counts.items():
        place = int(value * MOST_VALUES + 1e-9) / MOST_VALUES
        classes[place] = classes.get(place, 0) + count
    return classes


def _below(pairs, bound):
    """Probability that the mean of values with Dirichlet weights is at most ``bound``:
    that of a sum of gamma variables being negative, by the inversion of Imhof (1961),
    summed as by Davies (1980).

    :param pairs: [(value, shape of its gamma variable)]
    """
    parts = [(value - bound, shape) for value, shape in pairs if value != bound]
    center = abs(fsum(part * shape for part, shape in parts))
    spread = sqrt(fsum(part * part * shape for part, shape in parts))
    widest = max(abs(part) for part, _shape in parts)
    step = 2 * pi / (center + 8 * spread + 25 * widest)
    total, place, size = 0.0, 0.5, 1.0
    while size > INTEGRATED:
        u = place * step
        angle = damping = 0.0
        for part, shape in parts:
            turn = part * u
            angle += shape * atan(turn)
            damping += shape * log1p(turn * turn)
        size = exp(-damping / 2) / (pi * place)
        total += sin(angle) * size
        place += 1
    return 0.5 - total


def share(count: int, total: int, population: int | None = None) -> Mean:
    """Percentage of those who said something.

    >>> share(0, 5)[1:], share(3, 4).value
    ((0.0, 0.0, 52.18), 75.0)
    """
    return mean({100: count, 0: total - count}, 0, 100, population)


def nps(promoters: int, passives: int, detractors: int, population=None) -> Mean:
    """Net Promoter Score, -100 to 100.

    >>> nps(5, 0, 0).low, nps(2, 1, 1).value
    (-4.36, 25.0)
    """
    return mean({100: promoters, 0: passives, -100: detractors}, -100, 100, population)


# Strata and waves


def weighted(strata: Iterable[tuple[float, Mean]]) -> Mean:
    """Mean of all customers from the means of their strata, whatever share of each
    stratum was asked or has answered. Strata without answers are left out.

    The interval is put together from those of the strata: the method of variance
    estimates recovery (Zou and Donner, Statistics in Medicine 27, 2008).

    :param strata: [(size in the population, mean)]

    >>> weighted([(90, Mean(10, 50.0, 40.0, 60.0)), (10, Mean(10, 100.0, 90.0, 100.0))])
    Mean(count=20, value=55.0, low=45.94, high=64.0)
    """
    strata = [(size, part) for size, part in strata if part.count and size]
    total = fsum(size for size, _part in strata)
    if not total:
        return Mean(0, None, None, None)
    count = sum(part.count for _size, part in strata)
    value = fsum(size / total * part.value for size, part in strata)
    below, above = (
        sqrt(fsum((size / total * distance) ** 2 for size, distance in distances))
        for distances in (
            [(size, part.value - part.low) for size, part in strata],
            [(size, part.high - part.value) for size, part in strata],
        )
    )
    return Mean(count, value, round(value - below, 2), round(value + above, 2))


class Change(NamedTuple):
    """Difference of two means with its interval"""

    value: float
    low: float
    high: float

    @property
    def significant(self):
        return self.low > 0 or self.high < 0


def change(before: Mean, after: Mean) -> Change | None:
    """How much better a wave is than one before, of samples drawn independently; its
    interval by the same method as in :func:`weighted`.

    >>> change(Mean(30, 60.0, 52.0, 68.0), Mean(30, 80.0, 74.0, 86.0)).significant
    True
    """
    if None in (before.low, after.low):
        return None
    value = after.value - before.value
    below = sqrt((after.value - after.low) ** 2 + (before.high - before.value) ** 2)
    above = sqrt((after.high - after.value) ** 2 + (before.value - before.low) ** 2)
    return Change(value, value - below, value + above)


def answers_needed(margin: float, spread: float, population: int | None = None) -> int:
    """How many answers give an interval of ± ``margin`` around a mean (normal
    approximation, which is near enough to plan with).

    :param spread: standard deviation of the values

    >>> answers_needed(5, 25), answers_needed(5, 25, 100), answers_needed(5, 25, 8)
    (97, 50, 8)
    """
    needed = (NormalDist().inv_cdf(0.5 + CONFIDENCE / 2) * spread / margin) ** 2
    if population is not None:
        needed = needed / (1 + (needed - 1) / population) if population else 0
        return min(-int(-needed // 1), population)
    return -int(-needed // 1)


# Relations


def spearman(counts: Mapping[tuple[float, float], int]) -> float | None:
    """Rank correlation (Spearman) of pairs, with the mean rank for equal values; None
    for fewer than :data:`LEAST_CORRELATED` pairs or where one side never differs.

    >>> spearman({(1, 1): 5, (2, 2): 5}), spearman({(1, 1): 4, (2, 2): 5})
    (1.0, None)
    """
    size = sum(counts.values())
    if size < LEAST_CORRELATED:
        return None
    ranks = [_ranks(counts, side) for side in (0, 1)]
    middle = (size + 1) / 2
    both = left = right = 0.0
    for (x, y), count in counts.items():
        dx, dy = ranks[0][x] - middle, ranks[1][y] - middle
        both += count * dx * dy
        left += count * dx * dx
        right += count * dy * dy
    return both / sqrt(left * right) if left and right else None


def _ranks(counts, side):
    sizes = {}
    for pair, count in counts.items():
        sizes[pair[side]] = sizes.get(pair[side], 0) + count
    ranks, before = {}, 0
    for value in sorted(sizes):
        ranks[value] = before + (sizes[value] + 1) / 2
        before += sizes[value]
    return ranks


def differ(groups: Iterable[tuple[int, int]]) -> float | None:
    """Probability that shares differ between groups as much as this by chance alone
    (Pearson's chi-squared); None where too few are in a group to say.

    :param groups: [(those who did, all of the group)]

    >>> round(differ([(30, 50), (15, 50)]), 4), differ([(3, 4), (1, 4)])
    (0.0026, None)
    """
    groups = [(did, size) for did, size in groups if size]
    total = sum(size for _did, size in groups)
    did_all = sum(did for did, _size in groups)
    if len(groups) < 2 or not 0 < did_all < total:
        return None
    least = min(did_all, total - did_all) * min(size for _did, size in groups) / total
    if least < LEAST_EXPECTED:
        return None
    statistic = fsum(
        (did - size * did_all / total) ** 2 / (size * did_all / total)
        + (did - size * did_all / total) ** 2 / (size * (total - did_all) / total)
        for did, size in groups
    )
    return chi_squared_above(statistic, len(groups) - 1)


def chi_squared_above(statistic: float, freedom: int) -> float:
    """Probability of a value above ``statistic``, of the closed form for whole degrees
    of freedom (Abramowitz and Stegun 26.4.4 and 26.4.5)

    >>> round(chi_squared_above(3.841459, 1), 4), round(chi_squared_above(5.991, 2), 3)
    (0.05, 0.05)
    """
    half = statistic / 2
    if freedom % 2:
        result, term, start = erfc(sqrt(half)), sqrt(half / pi) * 2 * exp(-half), 3
    else:
        result, term, start = exp(-half), half * exp(-half), 4
    for place in range(start, freedom + 1, 2):
        result += term
        term *= statistic / place
    return min(result, 1.0)


def coverage(count: int) -> float | None:
    """Coverage measured in simulations of the nearest smaller number of answers; None
    for fewer than were simulated.

    >>> coverage(5), coverage(29) == coverage(8), coverage(4)
    (97.7, True, None)
    """
    sizes = [size for size in COVERAGE if size <= count]
    return COVERAGE[max(sizes)] if sizes else None
