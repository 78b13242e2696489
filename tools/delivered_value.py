"""Value delivered to a customer: what the customer gets minus what it costs in money
and trouble (Kotler's customer delivered value). No ORM.

Parts are scores 0–100. Both totals are means of their parts, so that delivered value
goes from -100 (all cost) over 0 to 100 (all value).
"""

from collections.abc import Mapping
from math import fsum
from typing import NamedTuple

from .satisfaction import mark

VALUE_PARTS = ("product", "service", "people", "image")
COST_PARTS = ("money", "time", "effort", "energy")
NEUTRAL_IMPORTANCE = 50.0
"""Score of importance where it was not asked or answered"""


class Delivered(NamedTuple):
    value: float
    cost: float

    @property
    def delivered(self):
        return self.value - self.cost


def total(
    scores: Mapping[str, float], importance: Mapping[str, float | None]
) -> float | None:
    """Mean of the parts, weighted by the marks from 1 to 5 of their importance.

    >>> total({"product": 100, "image": 0}, {})
    50.0
    >>> total({"product": 100, "image": 0}, {"product": 100, "image": 25})
    71.42857142857143
    """
    weights = {}
    for part in scores:
        stated = importance.get(part)
        weights[part] = mark(NEUTRAL_IMPORTANCE if stated is None else stated)
    whole = fsum(weights.values())
    if not whole:
        return None
    return fsum(weights[part] * score for part, score in scores.items()) / whole


def delivered(
    values: Mapping[str, float],
    costs: Mapping[str, float],
    importance: Mapping[str, float | None] | None = None,
) -> Delivered | None:
    """Value delivered by one customer's answer; None if a side was not answered.

    >>> delivered({"product": 75, "service": 50}, {"money": 25}).delivered
    37.5
    """
    stated = importance or {}
    value, cost = total(values, stated), total(costs, stated)
    if value is None or cost is None:
        return None
    return Delivered(value, cost)
