"""What answers of customers say: scores, ratios, classes. No ORM.

A score is 0–100. The ratio is perceived / expected (1: satisfied, as expected). A class
of recommendation is -100, 0 or 100, so that its mean is the NPS.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import fsum

MARK_STEP = 25.0
"""Scores from one mark to the next of the five, 1 to 5, that ratios are of"""
SATISFACTION_LEVELS = ("very_low", "low", "neutral", "high", "very_high")
"""The five levels of satisfaction, the worst first"""
ANONYMOUS_GROUP_SIZE = 5
"""Smaller groups are not broken down in an anonymous campaign."""


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


def mark(score: float) -> float:
    """The mark from 1 to 5 that a score stands for, whatever scale it is from: zero is
    no mark, so that ratios of marks are defined.

    >>> mark(0), mark(75), mark(100)
    (1.0, 4.0, 5.0)
    """
    return 1 + score / MARK_STEP


def ratio(perceived: float, expected: float) -> float:
    """Perceived / expected of two scores or of their means, on marks: 4 of 5 where 5
    was expected is 0.8. It is above 1 only where the perceived score is higher.

    >>> ratio(75, 100), ratio(80, 80), ratio(100, 0), ratio(0, 0)
    (0.8, 1.0, 5.0, 1.0)
    """
    return mark(perceived) / mark(expected)


def overall_ratio(pairs: Iterable[tuple[float, float]]) -> float | None:
    """Ratio of means, of all pairs (perceived, expected) of a survey or of a campaign.

    >>> overall_ratio([(50, 100), (100, 50)]), overall_ratio([])
    (1.0, None)
    """
    pairs = list(pairs)
    if not pairs:
        return None
    return sum(mark(one) for one, _ in pairs) / sum(mark(other) for _, other in pairs)


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


def average(values: Iterable[float]) -> float | None:
    values = list(values)
    return fsum(values) / len(values) if values else None


def low_side(sides: Mapping[str, float | None], limit: float) -> str | None:
    """The first side of an answer that asks for a follow-up, even where a neutral word
    about satisfaction makes its score middling.

    :param sides: scores of satisfaction, recommendation and perception; 0 of 10 is 0
    :param limit: scores up to this are low

    >>> low_side({"score": 50, "recommend": 0, "perceived": None}, 25)
    'recommend'
    """
    return next(
        (key for key, side in sides.items() if side is not None and side <= limit), None
    )


def quotas(sizes: Mapping, wanted: int, least: int = 0) -> dict:
    """How many to draw of each group so that the sample mirrors the whole: shares are
    rounded by largest remainder, ties to the larger group, then the first.

    Never more than a group has, and all together are ``wanted`` or everybody.

    :param least: draw so many of each group first, or all it has; if ``wanted`` does
        not suffice for that, it is shared out in proportion to these minimums

    >>> quotas({"A": 10, "B": 30, "C": 60}, 10)
    {'A': 1, 'B': 3, 'C': 6}
    >>> quotas({"A": 10, "B": 30, "C": 60}, 20, least=5)
    {'A': 5, 'B': 5, 'C': 10}
    >>> quotas({"A": 1, "B": 1}, 5)
    {'A': 1, 'B': 1}
    """
    wanted = max(min(wanted, sum(sizes.values())), 0)
    floors = {key: min(size, least) for key, size in sizes.items()}
    if sum(floors.values()) > wanted:
        return _proportional(floors, wanted)
    drawn, rest = {}, dict(sizes)
    while True:
        shared = _proportional(rest, wanted - sum(drawn.values()))
        short = [key for key, count in shared.items() if count < floors[key]]
        if not short:
            drawn |= shared
            return {key: drawn[key] for key in sizes}
        for key in short:
            drawn[key] = floors[key]
            del rest[key]


def _proportional(sizes, wanted):
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
