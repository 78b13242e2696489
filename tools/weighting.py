"""Means in which some customers count more than others, as those who buy more. No ORM.

The more unequal the weights, the fewer answers the mean rests on. Kish's effective
number of answers, (Σw)² / Σw², says how many; it takes weights to have nothing to do
with values. Where large customers answer otherwise than small ones, the variance of the
weighted mean may say that there are fewer still, and the smaller number is taken.

- L. Kish, *Survey Sampling*, Wiley 1965, section 11.7
"""

from collections.abc import Mapping
from math import fsum, sqrt
from typing import NamedTuple

from . import estimates


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
    found = estimates.mean(
        {value: number * row.total / total for value, row in table.items()}, low, high
    )
    rest = 1.0
    if population is not None:
        rest = sqrt((population - answered) / (population - 1))
    below = middle - (middle - min(found.low, middle)) * rest
    above = middle + (max(found.high, middle) - middle) * rest
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


def _middle(table, total):
    return fsum(value * row.total for value, row in table.items()) / total
