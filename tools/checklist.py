"""Scores of checklists, and how far two inspectors agree. No ORM."""

from collections import Counter
from collections.abc import Iterable

Mark = tuple[str | None, float, bool]
"""("yes", "no", "na" or None; weight; critical?)"""


def score(marks: Iterable[Mark]) -> float | None:
    """Share of the weight that was marked yes, from 0 to 100; what does not apply or is
    not marked yet does not count. None when nothing counts.

    >>> score([("yes", 3, False), ("no", 1, False), ("na", 5, True), (None, 9, True)])
    75.0
    >>> score([("na", 1, False)]) is None
    True
    """
    counted = [(value, weight) for value, weight, __ in marks if value in ("yes", "no")]
    total = sum(weight for __, weight in counted)
    if not total:
        return None
    return 100.0 * sum(weight for value, weight in counted if value == "yes") / total


def has_failed_critical(marks: Iterable[Mark]) -> bool:
    """
    >>> has_failed_critical([("no", 1, False), ("yes", 1, True)])
    False
    >>> has_failed_critical([("no", 1, True)])
    True
    """
    return any(critical and value == "no" for value, __, critical in marks)


def agreement(pairs: Iterable[tuple[str, str]]) -> float | None:
    """Share of pairs that are alike, from 0 to 100

    >>> agreement([("yes", "yes"), ("no", "yes")])
    50.0
    """
    pairs = list(pairs)
    if not pairs:
        return None
    return 100.0 * sum(one == two for one, two in pairs) / len(pairs)


def kappa(pairs: Iterable[tuple[str, str]]) -> float | None:
    """Cohen's kappa: agreement beyond what chance alone would give. None where it is
    not defined: no pairs, or both always gave one and the same mark.

    >>> kappa([("yes", "yes"), ("no", "no"), ("yes", "no"), ("no", "yes")])
    0.0
    """
    pairs = list(pairs)
    size = len(pairs)
    if not size:
        return None
    one, two = (Counter(column) for column in zip(*pairs, strict=True))
    alike = sum(left == right for left, right in pairs)
    chance = sum(one[mark] * two[mark] for mark in one)
    if chance == size * size:
        return None
    return (alike * size - chance) / (size * size - chance)
