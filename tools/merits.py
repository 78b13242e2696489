"""Rewards and penalties: which rule holds, what it costs, and what an entry of the
ledger becomes when its cause changes.

Amounts are positive in rules; in the ledger a penalty is positive, a reward negative,
and a counter-entry the opposite of what it takes back.
"""

from dataclasses import dataclass
from datetime import date, timedelta

SIGNS = {"penalty": 1, "reward": -1}
LOWEST_FACTOR = 2
"""What is not made good in time costs at least double (domain, section 8)."""


@dataclass(frozen=True)
class Rule:
    """A rule as plain values; what is None holds for all, or without a limit."""

    id: int
    cause: str
    amount: float = 0.0
    company: int | None = None
    department: int | None = None
    date_from: date | None = None
    date_to: date | None = None

    def holds(self, cause, company, department, day):
        return (
            self.cause == cause
            and self.company in (None, company)
            and self.department in (None, department)
            and (self.date_from or date.min) <= day <= (self.date_to or date.max)
        )

    def rank(self):
        """Sorts the rule that prevails first: of the company before general, of the
        department before general, the newest, then the one entered last."""
        return (
            self.company is None,
            self.department is None,
            -(self.date_from or date.min).toordinal(),
            -self.id,
        )


def choose(rules, cause, company, department, day):
    """The one rule for what happened on a day, None if there is none.

    >>> general, own = Rule(1, "visit", 30), Rule(2, "visit", 40, company=7)
    >>> choose([general, own], "visit", 7, None, date(2026, 8, 1)).amount
    40
    >>> choose([general, own], "visit", 8, None, date(2026, 8, 1)).amount
    30
    >>> choose([own], "visit", 8, None, date(2026, 8, 1))
    """
    fitting = (rule for rule in rules if rule.holds(cause, company, department, day))
    return min(fitting, key=Rule.rank, default=None)


def spans(rules, cause, company, department, first, last):
    """The rules of a stretch of days: [(first day, last day, rule)], without the days
    that have none.

    >>> old = Rule(1, "visit", 30)
    >>> new = Rule(2, "visit", 50, date_from=date(2026, 8, 10))
    >>> [(a.day, b.day, rule.amount) for a, b, rule in spans(
    ...     [old, new], "visit", 1, None, date(2026, 8, 1), date(2026, 8, 31))]
    [(1, 9, 30), (10, 31, 50)]
    """
    starts = {first}
    for rule in rules:
        if rule.date_from and first < rule.date_from <= last:
            starts.add(rule.date_from)
        if rule.date_to and first <= rule.date_to < last:
            starts.add(rule.date_to + timedelta(days=1))
    starts = sorted(starts)
    ends = [start - timedelta(days=1) for start in starts[1:]] + [last]
    return [
        (start, end, rule)
        for start, end in zip(starts, ends, strict=True)
        if (rule := choose(rules, cause, company, department, start))
    ]


def signed(kind, amount, quantity=1):
    """Amount of an entry of the ledger.

    >>> signed("penalty", 30, 2), signed("reward", 50)
    (60, -50)
    """
    return SIGNS[kind] * amount * quantity


def surcharge(amount, factor):
    """What not making good costs on top of the original amount.

    >>> surcharge(30, 2), surcharge(30, 2.5)
    (30, 45.0)
    """
    return (factor - 1) * amount


@dataclass(frozen=True)
class Step:
    """What the ledger gets: a counter-entry, and an entry of a quantity."""

    counter: bool = False
    again: int = 0


def step(standing, before, now):
    """What is due when a cause counts ``now`` and its last entry says ``before``.

    A half made good is a whole counter-entry and a new entry. What a person took back
    or waived stays so.

    >>> step("valid", 2, 1)
    Step(counter=True, again=1)
    >>> step("valid", 1, 0), step("lifted", 1, 1), step("reversed", 1, 1)
    (Step(counter=True, again=0), Step(counter=False, again=1), \
Step(counter=False, again=0))

    :param standing: of the last entry: ``valid``, ``lifted`` (taken back because it was
        not due any more) or ``reversed`` (by a person)
    """
    if standing == "valid" and now != before:
        return Step(True, max(now, 0))
    if standing == "lifted" and now > 0:
        return Step(False, now)
    return Step()


def next_open(month, closed):
    """The first month from ``month`` on that is not closed, by their first days.

    >>> next_open(date(2026, 11, 1), {date(2026, 11, 1), date(2026, 12, 1)})
    datetime.date(2027, 1, 1)
    """
    while month in closed:
        month = (month + timedelta(days=31)).replace(day=1)
    return month
