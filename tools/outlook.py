"""Early warning: what the orders of a customer say about the next ones.

How it is used, once a night for all customers of a company:

1. ``gather`` (or SQL that does the same) makes :class:`Facts` of each customer as of a
   day: only orders **before** that day are known, whatever the database holds.
2. ``vector`` makes the row of numbers for :mod:`.logistic`, which gives the
   probability of an order in the next ``HORIZON`` days, and ``risk`` 0 to 100.
3. ``reasons`` says in data why; the caller words it.

Training takes the facts as of 182 and 91 days ago with what happened in the 91 days
after each: see :func:`.logistic.fit` and :func:`.logistic.choose`.
"""

from bisect import bisect_left
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from math import log, log1p
from operator import neg
from typing import NamedTuple

from .rhythm import (  # noqa: F401  one place to import from
    OWN_INTERVALS,
    UNKNOWN_DAYS,
    YEAR_SLACK,
    Summary,
    interval_summary,
    intervals_between,
    may_be_seasonal,
    next_order,
    order_days,
    season_back,
    season_starts,
    segment_summary,
    silence_ratio,
    weighted_median,
)

HORIZON = 91
"""Days ahead that are foretold: 13 weeks."""
PERIOD = 90
"""Length of the two periods that are compared for the trend."""
WARMTH, WARMTH_LONG = 60, 240
"""An order day counts half as much so many days later."""
OLDEST = 5000
"""Age in days from which an order day counts no less with every day."""
SILENT = 1.25
"""Silence ÷ usual interval from which silence is a reason."""
FALLING = 0.7
"""Amount of a period ÷ of the one before from which the fall is a reason."""
SIMPLE_HALF = 90
"""Days of silence at which the simple risk is 50."""
LOST_INTERVALS, LOST_LONGEST = 3, 1.5
"""A customer is lost after so many long intervals and so many times the longest."""
SURE_SEASONS = 3
"""Seasons from which a customer is trusted to come back in the next."""
SEASON_RISK = 0.4
"""Part of the risk that is left of such a customer on the eve of the season."""
BANDS = ((75.0, "high"), (45.0, "medium"), (0.0, "low"))


class Facts(NamedTuple):
    """What is known of one customer in the morning of a day.

    Money is in one currency for all customers of the company. Signs that are not
    known are None and weigh nothing.
    """

    order_count: int = 0
    """Days with an order; a day with returns only is none"""
    first_day: date | None = None
    last_day: date | None = None
    intervals: Summary | None = None
    warmth: float = 0.0
    """Sum over the order days of ½ ^ (age in days ÷ ``WARMTH``)"""
    warmth_long: float = 0.0
    """The same with ``WARMTH_LONG``"""
    orders_90: int = 0
    """Order days of the last 90 days"""
    orders_180: int = 0
    amount_90: float = 0.0
    """Net of returns, in the last 90 days"""
    amount_before_90: float = 0.0
    """In the 90 days before those"""
    amount_365: float = 0.0
    amount_total: float = 0.0
    season_day: date | None = None
    """Of :func:`season_back`"""
    seasons: int = 0
    """Years in which a seasonal customer came, of :func:`season_starts`"""
    overdue_contacts: int | None = None
    bad_faces: int | None = None
    open_complaints: int | None = None
    categories_dropped: tuple | None = None
    """Ids of product categories that the customer no longer buys"""
    overdue_share: float | None = None
    """Overdue money ÷ amount of the last 365 days, 0 to 1"""
    decision_maker_gone: bool | None = None


def gather(orders, today, segment=None, same_day=False, **signs):
    """Facts of one customer as of ``today``.

    :param orders: (day, amount) in any order; a negative amount is a return
    :param segment: Summary for customers with few intervals
    :param same_day: count the orders of ``today`` too
    :param signs: fields of Facts from ``overdue_contacts`` on

    >>> facts = gather([(date(2026, 1, 1), 5.0), (date(2026, 1, 1), 4.0),
    ...     (date(2026, 1, 8), 1.0), (date(2026, 9, 1), 1.0)], date(2026, 2, 1))
    >>> facts.order_count, facts.last_day.day, facts.amount_90
    (2, 8, 10.0)
    """
    until = today + timedelta(days=same_day)
    known = sorted(order for order in orders if order[0] < until)
    money = amounts(known, today)
    days = list(dict.fromkeys(day for day, amount in known if amount >= 0))
    if not days:
        return Facts(**money, **signs)
    now = today.toordinal()
    ages = [now - day.toordinal() for day in days]
    between = [before - after for before, after in pairwise(ages)]
    starts = season_starts(days) if may_be_seasonal(between) else []
    return Facts(
        order_count=len(days),
        first_day=days[0],
        last_day=days[-1],
        intervals=interval_summary(between, segment),
        warmth=warmth(ages, WARMTH),
        warmth_long=warmth(ages, WARMTH_LONG),
        orders_90=within(ages, 90),
        orders_180=within(ages, 180),
        season_day=season_back(days, today) if starts else None,
        seasons=len(starts),
        **money,
        **signs,
    )


def amounts(orders, today):
    """Fields of Facts with money."""
    now = today.toordinal()
    recent = before = year = total = 0.0
    for day, amount in orders:
        age = now - day.toordinal()
        total += amount
        if age <= 365:
            year += amount
        if age <= PERIOD:
            recent += amount
        elif age <= 2 * PERIOD:
            before += amount
    return {
        "amount_90": recent,
        "amount_before_90": before,
        "amount_365": year,
        "amount_total": total,
    }


def within(ages, days):
    """How many are not older than so many days; the oldest first.

    >>> within([200, 90, 4], 90)
    2
    """
    return len(ages) - bisect_left(ages, -days, key=neg)


def warmth(ages, half_life):
    """Sum of what is left of order days of these ages, in days, the oldest first.

    >>> warmth([60, 30], 30)
    0.75
    """
    left = halves(half_life)
    if ages[0] > OLDEST:
        ages = [min(age, OLDEST) for age in ages]
    return sum(map(left.__getitem__, ages))


@lru_cache(maxsize=8)
def halves(half_life):
    return [0.5 ** (age / half_life) for age in range(OLDEST + 1)]


FEATURES = (
    "recency",
    "frequency",
    "warmth",
    "warmth_long",
    "frequency_warmth",
    "orders_90",
    "orders_180",
    "tenure",
    "rate",
    "silence_ratio",
    "amount_365",
    "trend",
    "overdue_contacts",
    "bad_faces",
    "open_complaints",
    "categories_dropped",
    "overdue_share",
    "decision_maker_gone",
)


def vector(facts, today):
    """The numbers of ``FEATURES``; what is not known is None.

    ``tenure`` is from the first to the last order: by the time since the first alone,
    customers of one season in last quarter's training and today's would never meet.
    """
    if not facts.order_count:
        return [None] * len(FEATURES)
    silence = max((today - facts.last_day).days, 0)
    repeats = log1p(facts.order_count - 1)
    warmth = log(facts.warmth + 0.01)
    ratio = silence_ratio(facts.last_day, facts.intervals, today)
    dropped = facts.categories_dropped
    return [
        log1p(silence),
        repeats,
        warmth,
        log(facts.warmth_long + 0.01),
        repeats * warmth,
        log1p(facts.orders_90),
        log1p(facts.orders_180),
        log1p((facts.last_day - facts.first_day).days),
        log((facts.order_count - 0.5) / (max((today - facts.first_day).days, 0) + 30)),
        None if ratio is None else log1p(ratio),
        signed_log(facts.amount_365),
        signed_log(facts.amount_90) - signed_log(facts.amount_before_90),
        known_log(facts.overdue_contacts),
        known_log(facts.bad_faces),
        known_log(facts.open_complaints),
        None if dropped is None else log1p(len(dropped)),
        facts.overdue_share,
        None if facts.decision_maker_gone is None else float(facts.decision_maker_gone),
    ]


def signed_log(amount):
    """Logarithm that also takes nothing and returns."""
    return log1p(amount) if amount >= 0 else -log1p(-amount)


def known_log(count):
    return None if count is None else log1p(count)


def risk(probability, facts, today):
    """Risk of leaving, 0 to 100 with decimals, from the probability of an order in
    the next ``HORIZON`` days.

    Who came in ``SURE_SEASONS`` seasons is not expected before the next: until then
    the risk grows with the part of the year that passed.
    """
    value = 100.0 * (1.0 - probability)
    sure = facts.season_day and facts.seasons >= SURE_SEASONS
    if sure and today <= facts.season_day:
        waited = (today - facts.last_day).days
        value *= SEASON_RISK * waited / max((facts.season_day - facts.last_day).days, 1)
    return value


def simple_risk(facts, today):
    """Risk by the days since the last order alone, 0 to 100; 50 after 90 days.

    >>> simple_risk(Facts(1, date(2026, 1, 1), date(2026, 1, 1)), date(2026, 4, 1))
    50.0
    """
    if not facts.order_count:
        return 100.0
    silence = max((today - facts.last_day).days, 0)
    return 100.0 * silence / (silence + SIMPLE_HALF)


def fallback_risk(facts, today):
    """Risk by silence alone, 0 to 100, for companies without a model of their own.

    Who has ``OWN_INTERVALS`` intervals is measured by them, whatever the segment does:
    50 after half of the silence at which it is lost, 80 at that. Who orders once a
    season is measured by the season, everybody else by :func:`simple_risk`.

    >>> weekly = gather([(date(2026, 1, day), 1.0) for day in (1, 8, 15, 22)],
    ...     date(2026, 1, 23))
    >>> [round(fallback_risk(weekly, date(2026, 2, day))) for day in (1, 12, 22)]
    [48, 80, 90]
    """
    usual = facts.intervals
    if not facts.order_count:
        return 100.0
    if facts.season_day:
        end = facts.season_day + timedelta(days=YEAR_SLACK)
        half = lost_after(*[(end - facts.last_day).days] * 2) / 2
    elif usual and usual.own and usual.count >= OWN_INTERVALS:
        long = min(usual.high, usual.longest)
        half = lost_after(long, usual.longest) / 2
    else:
        return simple_risk(facts, today)
    ratio = max((today - facts.last_day).days, 0) / half
    return 100.0 * ratio**2 / (1 + ratio**2)


def lost_after(high, longest):
    """Days of silence, by a long interval and the longest one"""
    return max(LOST_INTERVALS * high, LOST_LONGEST * longest, 1)


def risk_band(value, facts=None, today=None, bands=BANDS):
    """``low``, ``medium``, ``high``, ``lost`` (silent for much longer than ever before)
    or ``none`` (never ordered). A seasonal customer between seasons is ``medium`` at
    most.

    >>> risk_band(80.5), risk_band(12.25), risk_band(50, Facts())
    ('high', 'low', 'none')
    """
    if facts is not None:
        if not facts.order_count:
            return "none"
        if today and is_lost(facts, today):
            return "lost"
        if facts.season_day:
            bands = bands[1:]
    return next((name for bound, name in bands if value >= bound), bands[-1][1])


def is_lost(facts, today):
    """Silent for three long intervals and longer than ever, or for a year when there
    is nothing to measure by."""
    if facts.season_day:
        return False
    silence = (today - facts.last_day).days
    usual = facts.intervals
    if not usual:
        return silence > UNKNOWN_DAYS
    return silence > max(lost_after(usual.high, usual.longest), HORIZON)


def reasons(facts, today):
    """Why a customer is at risk: [(code, values)], the heaviest first.

    Values are numbers, ISO dates and lists, to be stored as JSON and worded by the
    caller:

    - ``no_orders`` · ``single_order`` (days) · ``season`` (day)
    - ``silent`` (usual, days, own) · ``longest`` (longest, days)
    - ``returns`` (amount) · ``falling`` (percent)
    - ``decision_maker_gone`` · ``open_complaints`` (count) · ``bad_faces`` (count)
    - ``overdue_contacts`` (count) · ``categories_dropped`` (categories)
    - ``overdue_money`` (percent)
    """
    return [*order_reasons(facts, today), *sign_reasons(facts)]


def order_reasons(facts, today):
    if not facts.order_count:
        return [("no_orders", {})]
    found = []
    silence = max((today - facts.last_day).days, 0)
    usual = facts.intervals
    ratio = silence_ratio(facts.last_day, usual, today)
    if facts.season_day:
        found.append(("season", {"day": facts.season_day.isoformat()}))
    elif facts.order_count == 1:
        found.append(("single_order", {"days": silence}))
    if ratio and ratio >= SILENT and not facts.season_day:
        values = {"usual": round(usual.median), "days": silence, "own": usual.own}
        found.append(("silent", values))
        if usual.count >= OWN_INTERVALS and silence > usual.longest:
            found.append(("longest", {"longest": usual.longest, "days": silence}))
    if facts.amount_90 < 0:
        found.append(("returns", {"amount": -facts.amount_90}))
    elif 0 < facts.amount_90 <= FALLING * facts.amount_before_90:
        fall = 100 * (1 - facts.amount_90 / facts.amount_before_90)
        found.append(("falling", {"percent": round(fall)}))
    return found


def sign_reasons(facts):
    found = []
    if facts.decision_maker_gone:
        found.append(("decision_maker_gone", {}))
    for code in ("open_complaints", "bad_faces", "overdue_contacts"):
        if count := getattr(facts, code):
            found.append((code, {"count": count}))
    if facts.categories_dropped:
        values = {"categories": sorted(facts.categories_dropped)}
        found.append(("categories_dropped", values))
    if facts.overdue_share and facts.overdue_share > 0:
        found.append(("overdue_money", {"percent": round(100 * facts.overdue_share)}))
    return found
