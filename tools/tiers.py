"""ABC classification of customers: arithmetic on plain values, no ORM.

Everywhere in this module

- ``tiers`` is a sequence of :class:`Tier`, best first; a *rank* is an index into
  it, so a smaller rank is a better tier;
- money is an ``int`` in the currency's smallest unit (cents), which keeps
  comparisons with thresholds and shares exact;
- shares are percentages between 0 and 100.
"""

from datetime import date, timedelta
from math import floor, log10
from typing import NamedTuple


class Tier(NamedTuple):
    id: int
    code: str
    min_amount: int
    """Lowest monthly amount of the tier, before the segment's factor."""
    max_share: float
    """Cumulative share of sales at which the tier ends, with up to two decimals."""
    max_overdue_days: int
    """Oldest overdue receivable that the tier admits, in days; 0: any."""


class Standing(NamedTuple):
    """Place of one customer among all, largest amount first."""

    rank: int
    share: float
    cumulative_share: float
    """Including the customer's own share."""


class Decision(NamedTuple):
    rank: int | None
    """Rank to propose; None where the customer has no tier and keeps none."""
    kind: str
    """keep, upgrade, downgrade, held or locked."""
    cause: str
    """What settled it: amount, new, hysteresis, overdue or lock."""


def months_before(day: date, months: int) -> tuple[date, date]:
    """First and last day of the whole calendar months before the month of ``day``.

    >>> months_before(date(1998, 7, 1), 3)
    (datetime.date(1998, 4, 1), datetime.date(1998, 6, 30))
    """
    if months < 1:
        raise ValueError("the window needs at least one month")
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1), day.replace(day=1) - timedelta(days=1)


def per_month(total: int, months: int) -> int:
    """Average of ``total`` over ``months``, rounded half away from zero.

    >>> per_month(10_001, 2), per_month(-10_001, 2)
    (5001, -5001)
    """
    half_up = (2 * abs(total) + months) // (2 * months)
    return half_up if total >= 0 else -half_up


def threshold(tier: Tier, factor: float = 1.0) -> int:
    """Lowest monthly amount of ``tier`` for a segment, rounded to a whole unit."""
    return round(tier.min_amount * factor)


def rank_by_amount(tiers, total: int, factor: float = 1.0, months: int = 1) -> int:
    """Best tier whose threshold ``total`` over ``months`` reaches, without rounding
    the average; who bought nothing is last."""
    last = len(tiers) - 1
    if total <= 0:
        return last
    for rank, tier in enumerate(tiers):
        if total >= threshold(tier, factor) * months:
            return rank
    return last


def standings(tiers, amounts) -> dict:
    """Pareto classification of all customers at once.

    A customer's tier is the first one whose bound exceeds the cumulative share of
    the customers *before* it, so the customer that crosses a bound still belongs to
    the better tier. Amounts of zero and below have no share and the last tier.

    :param amounts: pairs (customer id, amount); ties go by customer id
    :return: {customer id: Standing}
    """
    last = len(tiers) - 1
    ordered = sorted(amounts, key=lambda pair: (-pair[1], pair[0]))
    total = sum(amount for _customer, amount in ordered if amount > 0)
    result = {}
    rank = before = 0
    for customer, amount in ordered:
        if amount <= 0:
            result[customer] = Standing(last, 0.0, 100.0 if total else 0.0)
            continue
        while (
            rank < last
            and before * 10_000 >= round(tiers[rank].max_share * 100) * total
        ):
            rank += 1
        before += amount
        result[customer] = Standing(rank, amount * 100 / total, before * 100 / total)
    return result


def rank_admitting(tiers, rank: int, overdue_days: int) -> int:
    """Best tier, no better than ``rank``, that admits a receivable so overdue."""
    for r in range(rank, len(tiers)):
        limit = tiers[r].max_overdue_days
        if not limit or overdue_days <= limit:
            return r
    return len(tiers) - 1


def decide(
    tiers,
    current: int | None,
    computed: int,
    *,
    overdue_days: int = 0,
    locked: bool = False,
    worse_before: int = 0,
    downgrade_after: int = 1,
) -> Decision:
    """What to do with a customer whose amounts put it at ``computed``.

    A lock wins over everything. An overdue receivable lowers at once. Rising is
    immediate; falling needs ``downgrade_after`` reviews in a row that computed a
    tier worse than the current one, this review included.

    :param current: rank of the present tier, None for a customer without tier
    :param worse_before: how many reviews directly before this one computed a tier
        worse than the present one
    """
    if locked:
        return Decision(current, "locked", "lock")
    if current is None:
        rank = rank_admitting(tiers, computed, overdue_days)
        return Decision(rank, "upgrade", "overdue" if rank > computed else "new")
    held = computed > current and worse_before + 1 < downgrade_after
    target = current if held else computed
    rank = rank_admitting(tiers, target, overdue_days)
    cause = "overdue" if rank > target else "hysteresis" if held else "amount"
    if rank < current:
        return Decision(rank, "upgrade", cause)
    if rank > current:
        return Decision(rank, "downgrade", cause)
    return Decision(rank, "held" if held else "keep", cause)


def card_is_stale(verified, verify_days, today):
    """Was a customer card never verified, or longer ago than its tier allows?

    :param verified: the day, or a false value
    :param verify_days: 0: cards of the tier do not age

    >>> days = [date(2026, 11, 1), date(2026, 10, 31), None]
    >>> [card_is_stale(day, 30, date(2026, 12, 1)) for day in days]
    [False, True, True]
    """
    return verify_days > 0 and (
        not verified or today - verified > timedelta(days=verify_days)
    )


def round_amount(amount):
    """The nearest amount at or below that people would name: 1, 1.5, 2, 2.5, 3, 4, 5,
    6 or 8 times a power of ten.

    >>> [round_amount(amount) for amount in (9_870, 1_490, 2_600, 42, 0.7, 0, -5)]
    [8000.0, 1000.0, 2500.0, 40.0, 0.6, 0.0, 0.0]
    """
    if amount <= 0:
        return 0.0
    power = 10.0 ** floor(log10(amount))
    names = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
    # Up to a millionth below a name is that name, as powers of ten are not exact
    best = max(name for name in names if name * power <= amount * (1 + 1e-6))
    return round(best * power, 6)


def propose_amounts(cuts):
    """Thresholds near the amounts at which sales divide, best tier first.

    :param cuts: for each tier but the last, the smallest amount of a customer that its
        share of sales still holds; None where it holds nobody
    :return: as many round amounts, each below the one before; empty if nobody bought

    >>> propose_amounts([9_870, 2_600, 42])
    [8000.0, 2500.0, 40.0]
    >>> propose_amounts([500, 500, None]), propose_amounts([None, None, None])
    ([500.0, 250.0, 100.0], [])
    """
    if not any(cut and cut > 0 for cut in cuts):
        return []
    amounts = []
    for cut in cuts:
        amount = round_amount(cut or 0)
        if amounts and not 0 < amount < amounts[-1]:
            amount = round_amount(amounts[-1] / 2)
        amounts.append(amount or round_amount(max(cut or 0 for cut in cuts)))
    return amounts
