"""Answers of several persons of one account, and of one account over time. No ORM.

An account's score is the mean of its persons: every voice decides whether it stays, and
who decides is not recorded everywhere, so that figures which only counted the decider
would change with what is filled in on contacts. Persons who disagree are pointed out.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from . import estimates
from .satisfaction import average

DISAGREEMENT = 40.0
"""Points between two persons of an account from which they disagree"""
LEAST_CHANGE = 5.0
"""A smaller change of a customer's score is none; as in :func:`satisfaction.trend`"""


class Wave(NamedTuple):
    """What the persons of an account answered to one campaign"""

    key: object
    scores: tuple[float, ...]

    @property
    def mean(self):
        counts = {}
        for score in self.scores:
            counts[score] = counts.get(score, 0) + 1
        return estimates.mean(counts, 0, 100)

    @property
    def spread(self):
        return max(self.scores) - min(self.scores) if self.scores else 0.0

    @property
    def disagree(self):
        return self.spread >= DISAGREEMENT


def waves(rows: Iterable[tuple[object, float | None]]) -> list[Wave]:
    """Answers put together by campaign, in the order in which campaigns first appear.

    :param rows: [(campaign, score or None)]

    >>> [wave.scores for wave in waves([("a", 50), ("b", 75), ("a", 100)])]
    [(50, 100), (75,)]
    """
    found = {}
    for key, score in rows:
        scores = found.setdefault(key, [])
        if score is not None:
            scores.append(score)
    return [Wave(key, tuple(scores)) for key, scores in found.items()]


def shown_interval(wave: Wave) -> tuple[float | None, float | None]:
    """Interval of a wave with more than one answer: one person's mark has none.

    >>> shown_interval(Wave("a", (50,)))
    (None, None)
    """
    if len(wave.scores) < 2:
        return None, None
    return wave.mean.low, wave.mean.high


class Difference(NamedTuple):
    """How much a score has changed, and whether that is more than chance: with one
    answer before or after nobody can tell."""

    value: float
    significant: bool


def difference(before: Sequence[float], after: Sequence[float]) -> Difference | None:
    """Change between the scores of two waves; None where one has none.

    >>> difference([50], [75]), difference([], [75])
    (Difference(value=25.0, significant=False), None)
    """
    if not before or not after:
        return None
    value = average(after) - average(before)
    if min(len(before), len(after)) < 2:
        return Difference(value, False)
    change = estimates.change(Wave(0, tuple(before)).mean, Wave(1, tuple(after)).mean)
    return Difference(value, change.significant)
