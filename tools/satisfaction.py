"""What answers of customers say: scores, ratios and how sure one can be. No ORM.

A score is 0–100. The ratio is perceived / expected (1: satisfied, as expected), each of
them a score. A class of recommendation is -100, 0 or 100, so that its mean is the NPS.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import sqrt
from typing import NamedTuple

MOST_RATIO = 2.0
"""Twice as good as expected and better counts as this: who expected next to nothing
would outweigh everybody else."""
SATISFACTION_LEVELS = ("very_low", "low", "neutral", "high", "very_high")
"""The five levels of satisfaction, the worst first"""
ANONYMOUS_GROUP_SIZE = 5
"""Smaller groups are not broken down in an anonymous campaign."""
FEW_ANSWERS = 30
"""With fewer answers a mean is said to rest on few."""

STUDENT = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
"""Student's t for 95 %, two-sided, by degrees of freedom from 1"""
NORMAL = 1.96


class Mean(NamedTuple):
    """A mean of ``count`` values with the interval that holds the true one in 95 of 100
    samples; without an interval (None) where there is but one value."""

    count: int
    value: float | None
    low: float | None
    high: float | None

    @property
    def few(self):
        return self.count < FEW_ANSWERS


def score(position: float, low: float, high: float) -> float:
    """Where ``position`` lies on a scale, 0–100.

    >>> score(1, 1, 5), score(4, 1, 5), score(10, 0, 10)
    (0.0, 75.0, 100.0)

    :raise ValueError: the scale has no two ends, or the position is not on it
    """
    if low >= high:
        raise ValueError(f"a scale from {low} to {high}")
    if not low <= position <= high:
        raise ValueError(f"{position} on a scale from {low} to {high}")
    return float(Fraction(100) * (Fraction(position) - low) / (Fraction(high) - low))


def option_scores(count: int) -> list[float]:
    """Scores of options in a row, the best first.

    >>> option_scores(5), option_scores(2), option_scores(1)
    ([100.0, 75.0, 50.0, 25.0, 0.0], [100.0, 0.0], [100.0])
    """
    if count == 1:
        return [100.0]
    return [100.0 * (count - 1 - place) / (count - 1) for place in range(count)]


def ratio(perceived: float, expected: float) -> float:
    """Perceived / expected, at most :data:`MOST_RATIO`. Who expected nothing is
    satisfied with nothing, and anything is more than expected.

    >>> ratio(60, 80), ratio(80, 80), ratio(100, 10), ratio(0, 0), ratio(10, 0)
    (0.75, 1.0, 2.0, 1.0, 2.0)
    """
    if expected <= 0:
        return MOST_RATIO if perceived > 0 else 1.0
    return min(perceived / expected, MOST_RATIO)


def overall_ratio(pairs: Iterable[tuple[float, float]]) -> float | None:
    """Ratio of one filled survey: of the sums over what was perceived and expected.

    >>> overall_ratio([(50, 100), (100, 50)]), overall_ratio([])
    (1.0, None)
    """
    pairs = list(pairs)
    if not pairs:
        return None
    return ratio(sum(one for one, _ in pairs), sum(other for _, other in pairs))


def nps_class(recommend: float) -> int:
    """Class of a score 0–100: promoters say 9 or 10 of 10, detractors 0 to 6.

    >>> [nps_class(mark * 10) for mark in (0, 6, 7, 8, 9, 10)]
    [-100, -100, 0, 0, 100, 100]
    """
    if recommend >= 90:
        return 100
    return 0 if recommend >= 70 else -100


def band(score: float, low: float, high: float) -> str:
    """How a score is to be taken, by the limits that a company sets.

    :param low: scores up to this, inclusive, are low
    :param high: scores from this, inclusive, are high

    >>> [band(score, 40, 90) for score in (0, 40, 40.1, 89.9, 90)]
    ['low', 'low', 'middle', 'middle', 'high']
    """
    if score <= low:
        return "low"
    return "high" if score >= high else "middle"


def level(value: float) -> str:
    """The nearest of five levels; half-way counts for the better.

    >>> [level(value) for value in (0, 12.4, 12.5, 50, 62.5, 87.5, 100)]
    ['very_low', 'very_low', 'low', 'neutral', 'high', 'very_high', 'very_high']
    """
    return SATISFACTION_LEVELS[min(int((value + 12.5) // 25), 4)]


def mean(values: Iterable[float]) -> Mean:
    """Mean of values with its interval, see :func:`mean_of_sums`."""
    values = list(values)
    middle = sum(values) / len(values) if values else 0.0
    return mean_of_sums(
        len(values),
        middle,
        sum((value - middle) ** 2 for value in values),
        *((min(values), max(values)) if values else ()),
    )


def mean_of_sums(count, middle, squares, low=None, high=None) -> Mean:
    """Mean from what a database sums up.

    :param count: number of values
    :param middle: their mean
    :param squares: sum of the squares of the distances from the mean
    :param low: no interval goes below, as no value can
    :param high: nor above
    """
    if not count:
        return Mean(0, None, None, None)
    middle = float(middle)
    if count == 1:
        return Mean(1, middle, None, None)
    margin = student(count - 1) * sqrt(max(float(squares), 0.0) / (count - 1) / count)
    below, above = middle - margin, middle + margin
    if low is not None:
        below = max(below, min(low, middle))
    if high is not None:
        above = min(above, max(high, middle))
    return Mean(count, middle, below, above)


def student(freedom: int) -> float:
    """Student's t for 95 %, two-sided: exact up to 30 degrees of freedom, within half a
    percent above.

    >>> student(1), student(30), round(student(60), 2)
    (12.706, 2.042, 2.0)
    """
    if freedom <= len(STUDENT):
        return STUDENT[max(freedom, 1) - 1]
    return NORMAL + 2.4 / freedom


def shares(counts: Mapping[str, int]) -> dict[str, float]:
    """Percent of each of the five levels, those that nobody chose too.

    >>> shares({"high": 3, "low": 1})["high"]
    75.0
    """
    total = sum(counts.get(name, 0) for name in SATISFACTION_LEVELS)
    return {
        name: 100.0 * counts.get(name, 0) / total if total else 0.0
        for name in SATISFACTION_LEVELS
    }


def quotas(sizes: Mapping, wanted: int) -> dict:
    """How many to draw of each group so that the sample mirrors the whole: shares are
    rounded by largest remainder, ties to the larger group, then the first.

    Never more than a group has, and all together are ``wanted`` or everybody.

    >>> quotas({"A": 10, "B": 30, "C": 60}, 10)
    {'A': 1, 'B': 3, 'C': 6}
    >>> quotas({"A": 1, "B": 1}, 5)
    {'A': 1, 'B': 1}
    """
    total = sum(sizes.values())
    wanted = max(min(wanted, total), 0)
    if not total:
        return dict.fromkeys(sizes, 0)
    exact = {key: Fraction(size * wanted, total) for key, size in sizes.items()}
    drawn = {key: int(value) for key, value in exact.items()}
    order = sorted(
        enumerate(sizes),
        key=lambda item: (
            drawn[item[1]] - exact[item[1]],
            -sizes[item[1]],
            item[0],
        ),
    )
    for _place, key in order[: wanted - sum(drawn.values())]:
        drawn[key] += 1
    return drawn


def sample_size(mode: str, size: float, available: int) -> int:
    """How many are drawn of those available.

    :param mode: ``all``, ``count`` or ``percent``; of a percentage at least one is
        drawn where there are any, rounded half up

    >>> sample_size("count", 20, 15), sample_size("percent", 10, 15)
    (15, 2)
    """
    if mode == "all":
        return available
    if mode == "count":
        return max(min(int(size), available), 0)
    if size <= 0 or not available:
        return 0
    drawn = int(Fraction(str(size)) * available / 100 + Fraction(1, 2))
    return min(max(drawn, 1), available)


def shown(counts: Mapping, least: int = ANONYMOUS_GROUP_SIZE) -> set:
    """Groups of an anonymous campaign that may be shown apart: those of ``least`` and
    more answers, and not those from which a hidden rest of fewer could be worked out.

    >>> sorted(shown({"A": 20, "B": 9, "C": 3}))
    ['A']
    >>> sorted(shown({"A": 20, "B": 9}))
    ['A', 'B']
    """
    groups = sorted(
        ((count, place, key) for place, (key, count) in enumerate(counts.items())),
        key=lambda group: group[:2],
    )
    visible = [group for group in groups if group[0] >= least]
    hidden = sum(count for count, _place, _key in groups if count < least)
    while visible and 0 < hidden < least:
        hidden += visible.pop(0)[0]
    return {key for _count, _place, key in visible}


def trend(scores: Sequence[float], least: float = 5.0) -> str | None:
    """Whether the latest of several scores, oldest first, is better than that before.

    :param least: a smaller difference is none

    >>> trend([50, 75]), trend([75, 50]), trend([50, 52]), trend([50])
    ('up', 'down', 'same', None)
    """
    if len(scores) < 2:
        return None
    change = scores[-1] - scores[-2]
    if abs(change) < least:
        return "same"
    return "up" if change > 0 else "down"
