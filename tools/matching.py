"""Which contact counts for which window: a function of the set of contacts of one
customer and role, whatever the order in which they were reported. No ORM.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from itertools import product
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
    min_days: int = 0
    """Smallest distance between two contacts of a goal above 1."""


class Contact(NamedTuple):
    id: int
    channel: str
    day: date
    """In the time zone of who made it."""
    minute: datetime | None = None
    """When it began. Of several in one minute only the one over the highest channel
    counts: reported twice, e.g. from two devices."""


def match(needs: Iterable[Need], contacts: Iterable[Contact]) -> dict[int, int | None]:
    """Give each contact the need that it counts for.

    A need first takes contacts over its own channel, up to its goal, by day and then
    id. What is left over of higher channels then serves lower needs that accept it and
    still lack some, the highest of them first, again by day and id. What serves nobody
    counts where it belongs, above the goal. So each contact counts once at most, and a
    need has as many as are counted for it. A contact too soon after another one of a
    need with a goal above 1 does not count for that need.

    :return: {id of the contact: id of the need, None if it came too soon}, without
        contacts outside all windows

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
    contacts, twice = _one_a_minute(list(contacts))
    by_channel = defaultdict(list)
    for need in needs:
        by_channel[need.channel].append(need)
    tally, surplus = _Tally(twice), []
    for contact in contacts:
        home = next(
            (need for need in by_channel[contact.channel] if _holds(need, contact)),
            None,
        )
        if not (home and tally.lacks(home) and tally.count(home, contact)):
            surplus.append((contact, home))
    for need, (contact, _home) in product(needs, surplus):
        if tally.lacks(need) and _accepts(need, contact):
            tally.count(need, contact)
    for contact, home in surplus:
        if home:
            tally.count(home, contact)
    return tally.counted


class _Tally:
    """What has been counted so far."""

    def __init__(self, twice):
        self.counted = dict.fromkeys(twice)
        self.made = defaultdict(list)

    def lacks(self, need):
        return len(self.made[need.id]) < need.goal

    def count(self, need, contact):
        """Count the contact unless it is counted already, outside the window or too
        soon after another one; say whether."""
        if self.counted.get(contact.id) or not _holds(need, contact):
            return False
        days = self.made[need.id]
        if not _is_distant(need, days, contact):
            self.counted[contact.id] = None
            return False
        days.append(contact.day)
        self.counted[contact.id] = need.id
        return True


def _one_a_minute(contacts):
    """:return: those that may count, by day and id; ids of the others"""
    first = {}
    for contact in sorted(contacts, key=lambda one: (RANK[one.channel], one.id)):
        first.setdefault(contact.minute or contact.id, contact)
    twice = {contact.id for contact in contacts} - {one.id for one in first.values()}
    return (
        sorted(first.values(), key=lambda contact: (contact.day, contact.id)),
        twice,
    )


def _accepts(need, contact):
    return need.accepts_higher and RANK[contact.channel] < RANK[need.channel]


def _is_distant(need, days, contact):
    return need.goal == 1 or all(
        abs((contact.day - day).days) >= need.min_days for day in days
    )


def last_day(need: Need, contacts: Iterable[Contact]) -> date | None:
    """Day of the last contact that could have counted, inside the window or not.

    >>> calls = Need(1, "phone", date(2026, 11, 1), date(2026, 11, 30), 1, False)
    >>> last_day(calls, [Contact(1, "visit", date(2026, 10, 9))])
    >>> last_day(calls._replace(accepts_higher=True),
    ...          [Contact(1, "visit", date(2026, 10, 9))])
    datetime.date(2026, 10, 9)
    """
    return max(
        (
            contact.day
            for contact in contacts
            if contact.channel == need.channel or _accepts(need, contact)
        ),
        default=None,
    )


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
