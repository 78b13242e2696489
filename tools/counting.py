"""Whether a contact counts: who made it in which role, and what its report says. No
ORM."""

from collections.abc import Collection
from datetime import date, datetime

REQUIREMENTS = ("none", "either", "summary", "outcome", "both")
"""What a report must contain of its summary and its outcome"""


def holder_code(
    role: int | None,
    own: Collection[int],
    stood_in: Collection[int] | None,
    taken: Collection[int],
) -> str | None:
    """Why a contact counts for nobody, None if it counts.

    :param role: role in which the contact was made
    :param own: roles of its author in the account team of the customer
    :param stood_in: roles of the person the author stands in for, None for nobody
    :param taken: roles that anybody has in the account team

    A role that nobody has at the customer may be served by anyone.

    >>> holder_code(1, {1, 2}, None, {1, 2, 3})
    >>> holder_code(3, {1, 2}, None, {1, 2, 3})
    'other_role'
    >>> holder_code(3, set(), None, {3})
    'outside'
    >>> holder_code(3, set(), {3}, {3})
    >>> holder_code(4, set(), None, {3})
    """
    if role is None:
        return "outside" if taken and not own and stood_in is None else "no_role"
    if role not in taken or role in (own if stood_in is None else stood_in):
        return None
    if stood_in is not None:
        return "stand_in_role"
    return "other_role" if own else "outside"


def missing_items(
    requirement: str, needs_purpose: bool, summary: str, outcome: str, purpose: bool
) -> tuple[str, ...]:
    """Names of what a report lacks; ``either`` for a summary or an outcome.

    >>> missing_items("both", True, "Sells well", " ", False)
    ('outcome', 'purpose')
    >>> missing_items("either", False, "", "", False)
    ('either',)
    """
    has_summary, has_outcome = bool(summary.strip()), bool(outcome.strip())
    missing = []
    if requirement == "either" and not (has_summary or has_outcome):
        missing.append("either")
    if requirement in ("summary", "both") and not has_summary:
        missing.append("summary")
    if requirement in ("outcome", "both") and not has_outcome:
        missing.append("outcome")
    if needs_purpose and not purpose:
        missing.append("purpose")
    return tuple(missing)


def stay_hours(start: datetime, end: datetime, hours_per_day: float) -> float:
    """Working hours of a stay: those of each day from the first to the last one, of a
    stay within one day not more than it took.

    :param start: in the time zone of the person who stayed, as ``end``

    >>> stay_hours(datetime(2026, 11, 2, 9), datetime(2026, 11, 4, 12), 8)
    24.0
    >>> stay_hours(datetime(2026, 11, 2, 9), datetime(2026, 11, 2, 12), 8)
    3.0
    """
    days = stay_days(start.date(), end.date())
    if days == 1:
        return min(max((end - start).total_seconds() / 3600, 0.0), float(hours_per_day))
    return float(days * hours_per_day)


def stay_days(first: date, last: date) -> int:
    """At least one, also where the last day is before the first."""
    return max((last - first).days + 1, 1)
