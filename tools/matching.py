"""Which contact counts for which window: a function of the set of contacts of one
customer and role, whatever the order in which they were reported. No ORM.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

CHANNEL_RANKING = ("onsite", "visit", "phone", "online")
"""Highest rank first."""
MEETING_CHANNELS = ("onsite", "visit")
"""Channels in which one goes to the customer"""
RANK = {channel: rank for rank, channel in enumerate(CHANNEL_RANKING)}


class Need(NamedTuple):
    """A window in which ``goal`` contacts are owed over ``channel``. Needs of the same
    channel do not overlap."""

    id: int
    channel: str
    start: date
    end: date
    goal: int
    accepts_higher: bool
    """May a contact over a higher channel serve?"""


class Contact(NamedTuple):
    id: int
    channel: str
    day: date
    """In the time zone of who made it."""


def match(needs: Iterable[Need], contacts: Iterable[Contact]) -> dict[int, int]:
    """Give each contact the need that it counts for.

    A need first takes contacts over its own channel, up to its goal, by day and then
    id. What is left over of higher channels then serves lower needs that accept it and
    still lack some, the highest of them first, again by day and id. What serves nobody
    counts where it belongs, above the goal. So each contact counts once at most, and a
    need has as many as are counted for it.

    :return: {id of the contact: id of the need}, without contacts outside all windows

    >>> november = date(2026, 11, 1), date(2026, 11, 30)
    >>> visits = [Contact(n, "visit", date(2026, 11, n)) for n in (3, 9, 20)]
    >>> needs = [Need(1, "visit", *november, 2, False),
    ...          Need(2, "phone", *november, 1, True)]
    >>> match(needs, visits)
    {3: 1, 9: 1, 20: 2}
    >>> match(needs, visits[1:])
    {9: 1, 20: 1}
    """
    needs = sorted(needs, key=lambda need: (RANK[need.channel], need.start, need.id))
    contacts = sorted(contacts, key=lambda contact: (contact.day, contact.id))
    by_channel = defaultdict(list)
    for need in needs:
        by_channel[need.channel].append(need)
    counted, found, surplus = {}, defaultdict(int), []
    for contact in contacts:
        home = next(
            (need for need in by_channel[contact.channel] if _holds(need, contact)),
            None,
        )
        if home and found[home.id] < home.goal:
            counted[contact.id] = home.id
            found[home.id] += 1
        else:
            surplus.append((contact, home))
    for need in needs:
        for contact, _home in surplus:
            if (
                found[need.id] < need.goal
                and contact.id not in counted
                and need.accepts_higher
                and RANK[contact.channel] < RANK[need.channel]
                and _holds(need, contact)
            ):
                counted[contact.id] = need.id
                found[need.id] += 1
    for contact, home in surplus:
        if home and contact.id not in counted:
            counted[contact.id] = home.id
    return counted


def state(done: int, goal: int, end: date, today: date, excused: bool) -> str:
    """What became of a window, from contacts and dates alone.

    >>> state(1, 1, date(2026, 10, 31), date(2026, 12, 24), False)
    'met'
    """
    if done >= goal:
        return "met"
    if excused:
        return "excused"
    return "missed" if end < today else "open"


def _holds(need: Need, contact: Contact) -> bool:
    return need.start <= contact.day <= need.end
