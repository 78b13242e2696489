"""Which service-level policies measure a complaint: plain values, no ORM."""

from datetime import timedelta
from typing import NamedTuple


class Case(NamedTuple):
    """What a complaint is, as far as policies ask. Ids; 0 where there is none."""

    company: int
    team: int
    tier: int
    categories: frozenset
    """Its category and all those above"""
    kind: str
    priority: str
    """One digit, higher is more urgent"""


class Level(NamedTuple):
    """When somebody is told."""

    id: int
    hours: float
    """Working hours after the deadline; negative before it"""

    def instant(self, deadline, working):
        """When it is due; None if the working time ends before."""
        distance = timedelta(hours=abs(self.hours))
        if self.hours < 0:
            return working.before(deadline, distance)
        return working.after(deadline, distance)


class Policy(NamedTuple):
    """A policy. An empty condition takes every complaint."""

    id: int
    active: bool
    version: int
    company: int
    target: str
    hours: float
    calendar: int
    around_the_clock: bool
    pausable: bool
    warn_before: float
    teams: frozenset
    tiers: frozenset
    categories: frozenset
    kinds: frozenset
    min_priority: str
    levels: tuple

    def measures(self, case):
        """Does it apply to a complaint? All conditions must hold.

        >>> any_case = Policy(
        ...     1, True, 1, 0, "reply", 4.0, 0, False, True, 1.0,
        ...     *[frozenset()] * 4, "0", ()
        ... )
        >>> high = any_case._replace(min_priority="2", tiers=frozenset({7}))
        >>> case = Case(1, 1, 7, frozenset(), "customer", "1")
        >>> [policy.measures(case) for policy in (any_case, high)]
        [True, False]
        >>> high.measures(case._replace(priority="3"))
        True
        """
        return (
            self.company in (0, case.company)
            and (not self.teams or case.team in self.teams)
            and (not self.tiers or case.tier in self.tiers)
            and (not self.categories or not self.categories.isdisjoint(case.categories))
            and (not self.kinds or case.kind in self.kinds)
            and case.priority >= self.min_priority
        )
