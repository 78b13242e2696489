"""Means in which some customers count more than others, as those who buy more. No ORM.

The more unequal the weights, the fewer answers the mean rests on. Kish's effective
number of answers, (Σw)² / Σw², says how many; it takes weights to have nothing to do
with values. Where large customers answer otherwise than small ones, the variance of the
weighted mean may say that there are fewer still, and the smaller number is taken.

- L. Kish, *Survey Sampling*, Wiley 1965, section 11.7
"""

from collections.abc import Mapping
from math import fsum, sqrt
from random import Random
from typing import NamedTuple

from . import estimates

DRAWN_BELOW = 8
"""With fewer effective answers the weights of the interval are drawn,"""
DRAWS = 4000
"""so often that its ends are certain within about one point of 100,"""
DRAWN_VALUES = 20
"""and of at most so many different values."""
LEAST_COUNT = 1e-9
"""Fewer effective answers with a value are none."""


class Weighed(NamedTuple):
    """A weighted mean, and of how many answers with equal weights it is worth"""

    mean: estimates.Mean
    effective: float


class Weights(NamedTuple):
    """Answers with the same value: how many, and the sums of their weights and of the
    squares of these"""

    count: int
    total: float
    squares: float

    def plus(self, weight, squares=None, count=1):
        squares = weight * weight if squares is None else squares
        return Weights(self.count + count, self.total + weight, self.squares + squares)


NO_WEIGHTS = Weights(0, 0.0, 0.0)


def kish(table: Mapping[float, Weights]) -> float:
    """Effective number of answers by Kish; 0 without weights.

    >>> kish({100: Weights(2, 6, 18)}), kish({100: Weights(2, 10, 82)})
    (2.0, 1.2195121951219512)
    """
    squares = fsum(row.squares for row in table.values())
    total = fsum(row.total for row in table.values())
    return total * total / squares if squares else 0.0


def effective(table: Mapping[float, Weights]) -> float:
    """Effective number of answers: Kish's, or fewer where large weights go with values
    far from the mean.

    >>> rows = {0: Weights(1, 5, 25), 50: Weights(8, 16, 32)}
    >>> round(kish(rows), 2), round(effective(rows), 2)
    (7.74, 4.9)
    """
    number = kish(table)
    total = fsum(row.total for row in table.values())
    if not number:
        return 0.0
    middle = _middle(table, total)
    spread = fsum(row.total * (v - middle) ** 2 for v, row in table.items()) / total
    variance = (
        fsum(row.squares * (v - middle) ** 2 for v, row in table.items()) / total**2
    )
    return min(number, spread / variance) if variance else number


def mean(
    table: Mapping[float, Weights],
    low: float,
    high: float,
    answered: int | None = None,
    population: int | None = None,
) -> Weighed:
    """Weighted mean of values on a scale. Its interval is Gaffke's for the effective
    number of answers.

    :param table: {value: its weights}
    :param answered: answers, those without weight included
    :param population: how many could have answered; see :func:`estimates.mean`

    >>> mean({100: Weights(1, 3, 9), 0: Weights(1, 1, 1)}, 0, 100).mean.value
    75.0
    """
    table = {value: row for value, row in table.items() if row.total > 0}
    total = fsum(row.total for row in table.values())
    count = sum(row.count for row in table.values())
    if not total:
        return Weighed(estimates.Mean(0, None, None, None), 0.0)
    middle, number = _middle(table, total), effective(table)
    answered = count if answered is None else answered
    if population is not None and answered >= population:
        return Weighed(estimates.Mean(count, middle, middle, middle), number)
    lowest, highest = _bounds(table, number / total, low, high)
    rest = 1.0
    if population is not None:
        rest = sqrt((population - answered) / (population - 1))
    below = middle - (middle - min(lowest, middle)) * rest
    above = middle + (max(highest, middle) - middle) * rest
    return Weighed(
        estimates.Mean(count, middle, round(below, 2) + 0.0, round(above, 2) + 0.0),
        number,
    )


def share(
    table: Mapping[object, Weights],
    kind: object,
    answered: int | None = None,
    population: int | None = None,
) -> Weighed:
    """Weighted percentage of answers of one kind.

    >>> rows = {"good": Weights(1, 3, 9), "bad": Weights(1, 1, 1)}
    >>> share(rows, "good").mean.value, share(rows, "neither").mean.value
    (75.0, 0.0)
    """
    sides = {100: NO_WEIGHTS, 0: NO_WEIGHTS}
    for key, row in table.items():
        place = 100 if key == kind else 0
        sides[place] = sides[place].plus(row.total, row.squares, row.count)
    return mean(sides, 0, 100, answered, population)


def _bounds(table, scale, low, high):
    """Gaffke's interval. With few effective answers its weights are drawn, the same at
    each call: the integral of ``estimates`` takes seconds for fractions of answers."""
    counts = {
        value: count
        for value, row in table.items()
        if (count := scale * row.total) > LEAST_COUNT
    }
    if fsum(counts.values()) >= DRAWN_BELOW:
        return estimates.mean(counts, low, high)[2:]
    if len(counts) > DRAWN_VALUES:
        counts = _classes(counts, low, high)
    random = Random(1)
    below, above = [], []
    for _draw in range(DRAWS):
        parts = [
            (value, random.gammavariate(count, 1)) for value, count in counts.items()
        ]
        added = random.expovariate(1)
        total = added + fsum(part for _value, part in parts)
        middle = fsum(value * part for value, part in parts)
        below.append((middle + added * low) / total)
        above.append((middle + added * high) / total)
    place = int(DRAWS * (1 - estimates.CONFIDENCE) / 2)
    return sorted(below)[place], sorted(above)[-1 - place]


def _classes(counts, low, high):
    width, found = (high - low) / DRAWN_VALUES, {}
    for value, count in counts.items():
        place = low + width * (int((value - low) / width) + 0.5)
        found[place] = found.get(place, 0) + count
    return found


def _middle(table, total):
    return fsum(value * row.total for value, row in table.items()) / total
