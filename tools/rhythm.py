"""The rhythm of a customer's orders: intervals, the next order, silence, seasons.

Days are ``date``; intervals are whole days between two days with an order, oldest
first. Days with several orders count once.
"""

from bisect import bisect_left
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

HALF_LIFE = 8
"""An interval weighs half as much as the one so many later."""
OWN_INTERVALS = 3
"""A customer with fewer intervals is measured by its segment."""
BAND = (0.1, 0.9)
"""Quantiles of the intervals between which the next order is expected."""
UNKNOWN_DAYS = 365
"""Usual interval where neither the customer nor the segment has one."""
GIVEN_UP = 4
"""No order is expected after a silence of so many long intervals."""
SEASON_GAP = 120
"""Days without an order that part two seasons."""
YEAR, YEAR_SLACK = 365, 65
"""Seasons begin a year apart, give or take these days."""


class Summary(NamedTuple):
    """Usual intervals, in days."""

    count: int
    """Intervals of the customer's own"""
    median: float
    low: float
    high: float
    """Quantiles ``BAND``"""
    spread: float
    """Middle half of the intervals ÷ median: 0 is a clock"""
    longest: int
    """The longest own interval: after so much silence the customer came back"""
    own: bool
    """From the customer's own intervals, not the segment's"""


def order_days(days, today, same_day=False):
    """Days with an order before ``today``, oldest first, each once.

    :param same_day: count the orders of ``today`` too
    """
    last = today if same_day else today - timedelta(days=1)
    return sorted({day for day in days if day <= last})


def intervals_between(days):
    """
    >>> from datetime import date
    >>> intervals_between([date(2026, 1, 1), date(2026, 1, 8), date(2026, 1, 10)])
    [7, 2]
    """
    return [(after - before).days for before, after in pairwise(days)]


def recency_weights(count, half_life=HALF_LIFE):
    """Weights of so many intervals, the newest last with 1.

    >>> recency_weights(3, half_life=1)
    [0.25, 0.5, 1.0]
    """
    return [0.5 ** ((count - 1 - place) / half_life) for place in range(count)]


def weighted_quantiles(values, weights, shares):
    """The values below which these shares of the weight lie.

    Where a share falls between two values, their mean, as in a plain median.

    >>> weighted_quantiles([1, 2, 3, 4], [1, 1, 1, 1], [0.5])
    [2.5]
    >>> weighted_quantiles([10, 30, 20], [1, 5, 1], [0.1, 0.5])
    [10, 30]
    """
    ranked = sorted(zip(values, weights, strict=True))
    total, bounds = 0.0, []
    for _value, weight in ranked:
        total += weight
        bounds.append(total)
    found = []
    for share in shares:
        wanted = share * total
        place = min(bisect_left(bounds, wanted * (1 - 1e-12)), len(ranked) - 1)
        value = ranked[place][0]
        if place + 1 < len(ranked) and abs(bounds[place] - wanted) <= total * 1e-12:
            value = (value + ranked[place + 1][0]) / 2
        found.append(value)
    return found


def weighted_median(intervals, half_life=HALF_LIFE):
    """Median in which newer intervals weigh more; None without intervals.

    >>> weighted_median([7, 7, 7, 30, 30, 30], half_life=2)
    30
    """
    if not intervals:
        return None
    weights = recency_weights(len(intervals), half_life)
    return weighted_quantiles(intervals, weights, [0.5])[0]


def interval_summary(intervals, segment=None, half_life=HALF_LIFE):
    """Usual intervals of a customer.

    Below ``OWN_INTERVALS`` the segment's are used, unless all of the customer's own
    are longer than its median: who orders once a year is not late after a month.

    :param intervals: oldest first
    :param segment: Summary of customers or goods alike
    :return: Summary, or None if nothing is known

    >>> interval_summary([20, 21, 22, 21]).median
    21
    >>> alike = interval_summary([20, 21, 22, 21])
    >>> interval_summary([90], alike).median, interval_summary([9], alike).median
    (90, 21)
    """
    count = len(intervals)
    few = count < OWN_INTERVALS
    if few and segment and not (count and min(intervals) > segment.median):
        longest = max(intervals, default=0)
        return segment._replace(count=count, longest=longest, own=False)
    if not count:
        return None
    weights = recency_weights(count, half_life)
    shares = [0.5, *BAND, 0.25, 0.75]
    median, low, high, lower, upper = weighted_quantiles(intervals, weights, shares)
    spread = (upper - lower) / median
    return Summary(count, median, low, high, spread, max(intervals), True)


def segment_summary(intervals_by_customer):
    """Usual intervals of a segment: medians over its customers with enough history,
    so that a busy customer counts no more than others. None if it has none."""
    summaries = [
        interval_summary(intervals)
        for intervals in intervals_by_customer
        if len(intervals) >= OWN_INTERVALS
    ]
    if not summaries:
        return None
    equal = [1.0] * len(summaries)
    median, low, high, spread = (
        weighted_quantiles([getattr(s, name) for s in summaries], equal, [0.5])[0]
        for name in ("median", "low", "high", "spread")
    )
    return Summary(0, median, low, high, spread, 0, False)


def silence_ratio(last_day, summary, today):
    """Days since the last order ÷ usual interval; None without either.

    >>> from datetime import date
    >>> silence_ratio(date(2026, 1, 1), interval_summary([20, 20, 20]),
    ...     date(2026, 1, 31))
    1.5
    """
    if not last_day or not summary:
        return None
    return max((today - last_day).days, 0) / max(summary.median, 1)


def next_order(last_day, summary, today, season_day=None):
    """When the next order is expected: (day, from, to), all None if not at all.

    A day before ``today`` says that the order is overdue. None is expected of who has
    been silent for ``GIVEN_UP`` long intervals.

    :param season_day: of :func:`season_back`, prevails
    """
    if not last_day or not summary or last_day > today:
        return None, None, None
    if season_day:
        slack = timedelta(days=max(summary.spread * 30, 14))
        return season_day, season_day - slack, season_day + slack
    longest = max(summary.high, summary.longest, 1)
    if (today - last_day).days > GIVEN_UP * longest:
        return None, None, None
    ahead = (summary.median, summary.low, summary.high)
    return tuple(last_day + timedelta(days=round(days)) for days in ahead)


def season_back(days, today):
    """The day on which a seasonal customer should be back, None for others.

    Seasonal is who ordered in two seasons or more, each beginning about a year after
    the one before, with ``SEASON_GAP`` days or more between them, and whose next
    season has not failed to come yet.

    :param days: with an order, oldest first, all before ``today``

    >>> from datetime import date
    >>> season_back([date(2024, 9, 1), date(2025, 9, 5)], date(2026, 1, 5))
    datetime.date(2026, 9, 5)
    """
    starts = [
        day
        for place, day in enumerate(days)
        if not place or (day - days[place - 1]).days >= SEASON_GAP
    ]
    if len(starts) < 2 or any(
        abs(apart - YEAR) > YEAR_SLACK for apart in intervals_between(starts)
    ):
        return None
    back = starts[-1] + timedelta(days=YEAR)
    if today > back + timedelta(days=YEAR_SLACK):
        return None
    return back
