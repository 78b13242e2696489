"""When each contact owed falls due: on a working day, a margin before its slot ends,
and spread evenly over the days of the person who owes it. Calendar days only, no time
zone and no ORM.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from heapq import heapify, heapreplace
from typing import NamedTuple

DAY = timedelta(days=1)
FRIDAY = 4


class Span(NamedTuple):
    """Where one contact owed may fall due."""

    start: date
    end: date
    """First and last day of its slot."""
    window_end: date
    """The last day that still counts."""
    since: date
    """The day on which it came to be owed: never due before."""
    last: date | None
    """Day of the last contact, if any."""
    min_days: int
    """Smallest distance from the last contact, where the agreed one does not fit."""

    @property
    def earliest(self) -> date:
        """The first day that keeps the agreed interval, the length of the slot."""
        if self.last is None:
            return self.start
        return self.last + (self.end - self.start) + DAY

    def simplified(self) -> "Span":
        """The same days to choose from, without a contact that is long past."""
        first = max(self.start, self.since)
        return self._replace(
            since=first, last=self.last if self.earliest > first else None
        )


def choose(span: Span, working_days: Sequence[date], margin: int) -> list[date]:
    """Days on which a contact may fall due, sorted; never empty.

    The margin is kept in percent of the slot, rounded up to days, and as one working
    day where the slot has more than one. A contact that came to be owed too late for
    that keeps to the slot, else to the rest of the window. Without any working day,
    Monday to Friday count, then all days. Of these, the days that keep the length of
    the slot as interval since the last contact, else those that keep the smallest
    distance, else the last one.

    :param working_days: of the person, sorted, from the slot to the window's end

    >>> november = [date(2026, 11, day) for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)]
    >>> span = Span(date(2026, 11, 1), date(2026, 11, 15), date(2026, 11, 15),
    ...             date(2026, 11, 1), date(2026, 10, 25), 7)
    >>> [day.day for day in choose(span, november, 20)]
    [9, 10, 11, 12]
    >>> [day.day for day in choose(span._replace(last=None), november, 20)]
    [2, 3, 4, 5, 6, 9, 10, 11, 12]
    """
    days = _allowed(span, working_days, margin)
    if span.last is None:
        return days
    return (
        _from(days, span.earliest)
        or _from(days, span.last + DAY * span.min_days)
        or days[-1:]
    )


def _allowed(span, working_days, margin):
    first = max(span.start, span.since)
    slot = _between(working_days, span.start, span.end)
    if not _between(working_days, span.start, span.window_end):
        slot = working_days = _weekdays(span.start, span.end)
    return (
        _with_margin(slot, span.start, span.end, margin, first)
        or _from(slot, first)
        or _with_margin(
            _between(working_days, first, span.window_end),
            first,
            span.window_end,
            margin,
            first,
        )
        or _between(working_days, first, span.window_end)
        or slot[-1:]
        or [span.end]
    )


def _with_margin(days, start, end, margin, first):
    """Those of the working days from ``first`` on that leave the margin before
    ``end``"""
    if len(days) < 2:
        return _from(days, first)
    length = (end - start).days + 1
    latest = min(end + DAY * (-length * margin // 100), days[-2])
    return _between(days, first, max(latest, days[0]))


def _weekdays(start, end):
    days = [start + DAY * n for n in range((end - start).days + 1)]
    return [day for day in days if day.weekday() <= FRIDAY] or days


def _between(days, start, end):
    return days[bisect_left(days, start) : bisect_right(days, end)]


def _from(days, start):
    return days[bisect_left(days, start) :]


class Request(NamedTuple):
    """Contacts of one person that may fall due on the same days."""

    key: object
    count: int
    days: Sequence[date]
    soon: bool
    """Take the first days, not the emptiest: they keep an agreed interval."""


def level(
    requests: Iterable[Request], load: dict[date, int]
) -> dict[object, list[tuple[date, int]]]:
    """Spread contacts over the days they may fall due on.

    Those with the fewest days choose first. One that comes soon takes the first day
    with less than an even share of what is due on its days; the others fill up the
    emptiest days, beginning where they halve the longest gaps.

    :param load: contacts already due by day; those placed are added
    :return: {key: [(day, how many), …]}, by day

    >>> days = [date(2026, 11, day) for day in (2, 3, 4, 5)]
    >>> found = level([Request("calls", 5, days, False)], {days[0]: 1})
    >>> [(day.day, count) for day, count in found["calls"]]
    [(3, 2), (4, 2), (5, 1)]
    """
    placed = {}
    for request in sorted(
        requests, key=lambda request: (len(request.days), request.days[0], request.soon)
    ):
        place = _first_below_share if request.soon else _emptiest
        counts = {}
        for day in place(request.days, request.count, load):
            counts[day] = counts.get(day, 0) + 1
        placed[request.key] = sorted(counts.items())
    return placed


def _emptiest(days, count, load) -> Iterator[date]:
    heap = [
        (load.get(days[place], 0), order, days[place])
        for order, place in enumerate(_halving(len(days)))
    ]
    heapify(heap)
    for _contact in range(count):
        number, order, day = heap[0]
        heapreplace(heap, (number + 1, order, day))
        load[day] = number + 1
        yield day


def _first_below_share(days, count, load) -> Iterator[date]:
    share = -(-(sum(load.get(day, 0) for day in days) + count) // len(days))
    for _contact in range(count):
        day = next(day for day in days if load.get(day, 0) < share)
        load[day] = load.get(day, 0) + 1
        yield day


def _halving(length) -> Iterator[int]:
    """Places of a row, the middle first, then the middles of the halves, and so on.

    >>> list(_halving(5))
    [2, 1, 4, 0, 3]
    """
    stretches = [(0, length)]
    for start, end in stretches:
        if start < end:
            middle = (start + end) // 2
            yield middle
            stretches += [(start, middle), (middle + 1, end)]
