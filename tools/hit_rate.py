"""How often a forecast was right: rank, error, calibration, share found.

Probabilities and scores come with outcomes, truthy for what happened. All functions
return None where the outcomes do not allow an answer.
"""

from typing import NamedTuple

BINS = 10
TOP_SHARE = 0.2


class Bin(NamedTuple):
    """Customers with like forecasts."""

    count: int
    forecast: float
    """Mean probability"""
    happened: float
    """Share in which it happened"""


def auc(scores, outcomes):
    """Probability that one in which it happened has the higher score than one in which
    it did not; ties count half. 0.5 is a coin.

    >>> auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    0.75
    >>> auc([1, 1], [0, 1])
    0.5
    """
    ranked = sorted(zip(scores, map(bool, outcomes), strict=True))
    rank_sum = happened = place = 0
    while place < len(ranked):
        score, end, hits = ranked[place][0], place, 0
        while end < len(ranked) and ranked[end][0] == score:
            hits += ranked[end][1]
            end += 1
        rank_sum += hits * (place + 1 + end) / 2
        happened += hits
        place = end
    missed = len(ranked) - happened
    if not happened or not missed:
        return None
    return (rank_sum - happened * (happened + 1) / 2) / (happened * missed)


def brier(probabilities, outcomes):
    """Mean squared error; 0 is perfect.

    >>> brier([0.5, 1.0], [1, 1])
    0.125
    """
    errors = [
        (probability - bool(outcome)) ** 2
        for probability, outcome in zip(probabilities, outcomes, strict=True)
    ]
    return sum(errors) / len(errors) if errors else None


def calibration(probabilities, outcomes, bins=BINS):
    """Bins of about the same number of customers, by rising probability.

    Equal probabilities are never parted, so there may be fewer bins.

    >>> calibration([0.1, 0.1, 0.5, 1.0], [0, 0, 0, 1], bins=2)
    [Bin(count=2, forecast=0.1, happened=0.0), Bin(count=2, forecast=0.75, \
happened=0.5)]
    """
    ranked = sorted(zip(probabilities, map(bool, outcomes), strict=True))
    total, found, start = len(ranked), [], 0
    for number in range(1, bins + 1):
        end = max(round(total * number / bins), start)
        while start < end < total and ranked[end][0] == ranked[end - 1][0]:
            end += 1
        if end > start:
            rows = ranked[start:end]
            forecast = sum(probability for probability, _hit in rows) / len(rows)
            happened = sum(hit for _probability, hit in rows) / len(rows)
            found.append(Bin(len(rows), forecast, happened))
        start = end
    return found


def top_share(scores, outcomes, share=TOP_SHARE):
    """Share of all that happened which is among the highest scores.

    Of equal scores at the border, the proportion that fits in is taken.

    >>> top_share([5, 4, 3, 2, 1], [1, 0, 1, 0, 0], share=0.2)
    0.5
    """
    ranked = sorted(zip(scores, map(bool, outcomes), strict=True), reverse=True)
    all_hits = sum(hit for _score, hit in ranked)
    if not all_hits:
        return None
    room, found, place = share * len(ranked), 0.0, 0
    while room > 0 and place < len(ranked):
        score, end, hits = ranked[place][0], place, 0
        while end < len(ranked) and ranked[end][0] == score:
            hits += ranked[end][1]
            end += 1
        found += hits * min(1, room / (end - place))
        room -= end - place
        place = end
    return found / all_hits
