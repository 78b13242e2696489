"""The rhythm of a customer's orders: intervals, the next order, silence, seasons.

Days are ``date``; intervals are whole days between two days with an order, oldest
first. Days with several orders count once.
"""

from bisect import bisect_left
from datetime import timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

HALF_LIFE = 8
"""An interval weighs half as much as the one so many later."""
OWN_INTERVALS = 3
"""A customer with fewer intervals is measured by its segment."""
BAND = (0.1, 0.9)
"""Quantiles of the intervals between which the next order is expected."""
SEGMENT_WEIGHT = 2.0
"""The segment counts beside own intervals like so many of today: customers buy more
alike than a few intervals of theirs say."""
UNKNOWN_DAYS = 365
"""Usual interval where neither the customer nor the segment has one."""
GIVEN_UP = 4
"""No order is expected after a silence of so many long intervals."""
SEASON_GAP = 120
"""Days without an order that part two seasons."""
SEASON_DAYS = 90
"""Who orders for longer than this at a time is not seasonal."""
YEAR, YEAR_SLACK = 365, 45
"""Seasons begin a year apart, give or take these days."""


class Summary(NamedTuple):
    """Usual intervals, in days."""

    count: int
    """Intervals of the customer's own"""
    median: float
    low: float
    high: float
    """Quantiles ``BAND``"""
    lower: float
    upper: float
    """Quartiles; of a segment those of its customers' medians"""
    longest: int
    """The longest own interval: after so much silence the customer came back"""
    own: bool
    """From the customer's own intervals, not the segment's"""

    @property
    def spread(self):
        """Middle half of the intervals ÷ median: 0 is a clock."""
        return (self.upper - self.lower) / max(self.median, 1)


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


@lru_cache(maxsize=1000)
def recency_weights(count, half_life=HALF_LIFE):
    """Weights of so many intervals, the newest last with 1.

    >>> recency_weights(3, half_life=1)
    (0.25, 0.5, 1.0)
    """
    return tuple(0.5 ** ((count - 1 - place) / half_life) for place in range(count))


def weighted_quantiles(values, weights, shares):
    """The values below which these shares of the weight lie.

    Where a share falls between two values, their mean, as in a plain median.

    >>> weighted_quantiles([1, 2, 3, 4], [1, 1, 1, 1], [0.5])
    [2.5]
    >>> weighted_quantiles([10, 30, 20], [1, 5, 1], [0.1, 0.5])
    [10, 30]
    """
    ranked = sorted(zip(values, weights, strict=True))
    bounds = list(accumulate([weight for _value, weight in ranked]))
    total = bounds[-1]
    slack = total * 1e-12
    found = []
    for share in shares:
        wanted = share * total
        place = bisect_left(bounds, wanted - slack)
        value = ranked[place][0]
        if bounds[place] - wanted <= slack and place + 1 < len(ranked):
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
    are longer than its median: who orders once a year is not late after a month. From
    there on the segment is a little weight beside the own ones.

    :param intervals: oldest first
    :param segment: Summary of customers or goods alike, of :func:`segment_summary`
    :return: Summary, or None if nothing is known

    >>> interval_summary([20, 21, 22, 21]).median
    21
    >>> alike = segment_summary([[20, 21, 22, 21]])
    >>> interval_summary([90], alike).median, interval_summary([9], alike).median
    (90, 21)
    """
    count = len(intervals)
    longest = max(intervals, default=0)
    weights = recency_weights(count, half_life)
    if count < OWN_INTERVALS and segment:
        if not count or min(intervals) <= segment.median:
            return segment._replace(count=count, longest=longest, own=False)
    elif segment:
        alike = [segment.lower, segment.median, segment.upper]
        intervals = [*alike, *intervals]
        weights = (SEGMENT_WEIGHT / len(alike),) * len(alike) + weights
    if not count:
        return None
    shares = [0.5, *BAND, 0.25, 0.75]
    return Summary(
        count, *weighted_quantiles(intervals, weights, shares), longest, True
    )


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

    def quantile(name, share):
        values = [getattr(summary, name) for summary in summaries]
        return weighted_quantiles(values, [1.0] * len(values), [share])[0]

    return Summary(
        count=0,
        median=quantile("median", 0.5),
        low=quantile("low", 0.5),
        high=quantile("high", 0.5),
        lower=quantile("median", 0.25),
        upper=quantile("median", 0.75),
        longest=0,
        own=False,
    )


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
        slack = timedelta(days=YEAR_SLACK)
        return season_day, season_day - slack, season_day + slack
    longest = max(summary.high, summary.longest, 1)
    if (today - last_day).days > GIVEN_UP * longest:
        return None, None, None
    ahead = (summary.median, summary.low, summary.high)
    return tuple(last_day + timedelta(days=round(days)) for days in ahead)


def may_be_seasonal(intervals):
    """Whether :func:`season_starts` is worth a look: no season but about a year after
    the last."""
    gaps = [days for days in intervals if days >= SEASON_GAP]
    shortest = YEAR - YEAR_SLACK - SEASON_DAYS
    return gaps and min(gaps) >= shortest and max(gaps) <= YEAR + YEAR_SLACK


def season_starts(days):
    """First days of the seasons of a customer who orders once a year, for a short
    time; none for others.

    Two may be chance: CDNOW customers who bought again after about a year bought in the
    quarter thereafter as others of their recency and frequency did. Three are a habit.

    :param days: with an order, oldest first
    """
    seasons = []
    for day in days:
        if not seasons or (day - seasons[-1][1]).days >= SEASON_GAP:
            seasons.append((day, day))
        seasons[-1] = (seasons[-1][0], day)
    starts = [start for start, _end in seasons]
    yearly = all(abs(days - YEAR) <= YEAR_SLACK for days in intervals_between(starts))
    short = all((end - start).days <= SEASON_DAYS for start, end in seasons)
    return starts if len(starts) > 1 and yearly and short else []


def season_back(days, today):
    """The day on which a seasonal customer should be back; None for others, in the
    season itself, and when the customer has not come back.

    :param days: with an order, oldest first, all before ``today``

    >>> from datetime import date
    >>> season_back([date(2024, 9, 1), date(2025, 9, 5)], date(2026, 1, 5))
    datetime.date(2026, 9, 5)
    """
    starts = season_starts(days)
    if not starts or (today - days[-1]).days < SEASON_GAP // 2:
        return None
    back = starts[-1] + timedelta(days=YEAR)
    return None if today > back + timedelta(days=YEAR_SLACK) else back
