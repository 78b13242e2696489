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
CROWDED = 2
"""Even shares on a day from which an agreed interval gives way"""


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
    """Smallest distance from the last contact where the agreed one, the length of the
    slot, does not fit; never more than that."""

    @property
    def length(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def earliest(self) -> date:
        """The first day that keeps the agreed interval"""
        return self.start if self.last is None else self.last + DAY * self.length

    @property
    def nearest(self) -> date:
        """The first day that keeps the smallest distance"""
        if self.last is None:
            return self.start
        return self.last + DAY * min(self.min_days, self.length)

    def simplified(self) -> "Span":
        """The same days to choose from, without a contact that is long past."""
        first = max(self.start, self.since)
        return self._replace(
            since=first, last=self.last if self.earliest > first else None
        )


class Choice(NamedTuple):
    """Days on which a contact may fall due, sorted; never empty."""

    days: Sequence[date]
    """Those that keep the agreed interval, the length of the slot, since the last
    contact; where none does, or there was none, all."""
    all_days: Sequence[date]
    """Those that keep the smallest distance from it; where none does, the last one."""

    def upcoming(self, today: date) -> "Choice":
        """Those from today on; where none is, the last one: overdue at once."""
        days, all_days = _from(self.days, today), _from(self.all_days, today)
        return Choice(
            days or all_days or self.days[-1:], all_days or self.all_days[-1:]
        )


def choose(span: Span, working_days: Sequence[date], margin: int) -> Choice:
    """Days on which a contact may fall due.

    The margin is kept in percent of the slot, rounded up to days, and as one working
    day where the slot has more than one. A contact that came to be owed too late for
    that keeps to the slot, else to the rest of the window. Without any working day,
    Monday to Friday count, then all days.

    :param working_days: of the person, sorted, from the slot to the window's end

    >>> november = [date(2026, 11, day) for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)]
    >>> span = Span(date(2026, 11, 1), date(2026, 11, 15), date(2026, 11, 15),
    ...             date(2026, 11, 1), date(2026, 10, 25), 9)
    >>> choice = choose(span, november, 20)
    >>> [day.day for day in choice.days], [day.day for day in choice.all_days]
    ([9, 10, 11, 12], [3, 4, 5, 6, 9, 10, 11, 12])
    >>> [day.day for day in choose(span._replace(last=None), november, 20).days]
    [2, 3, 4, 5, 6, 9, 10, 11, 12]
    """
    days = _allowed(span, working_days, margin)
    if span.last is None:
        return Choice(days, days)
    distant = _from(days, span.nearest) or days[-1:]
    return Choice(_from(distant, span.earliest) or distant, distant)


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
    choice: Choice


def level(
    requests: Iterable[Request], load: dict[date, int]
) -> dict[object, list[tuple[date, int]]]:
    """Spread contacts over the days they may fall due on.

    Those with the fewest days choose first. One with an agreed interval takes the first
    day that keeps it and has less than an even share of what is due; only where those
    days are crowded does the interval give way. The others fill up the emptiest days,
    beginning where they halve the longest gaps.

    :param load: contacts already due by day; those placed are added
    :return: {key: [(day, how many), …]}, by day

    >>> days = [date(2026, 11, day) for day in (2, 3, 4, 5)]
    >>> found = level([Request("calls", 5, Choice(days, days))], {days[0]: 1})
    >>> [(day.day, count) for day, count in found["calls"]]
    [(3, 2), (4, 2), (5, 1)]
    """
    placed = {}
    for request in sorted(requests, key=_fewest_days_first):
        days, all_days = request.choice
        counts = {}
        for day in (
            _emptiest(days, request.count, load)
            if len(days) == len(all_days)
            else _near(days, all_days, request.count, load)
        ):
            counts[day] = counts.get(day, 0) + 1
        placed[request.key] = sorted(counts.items())
    return placed


def _fewest_days_first(request):
    days, all_days = request.choice
    return len(all_days), all_days[0], len(days)


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


def _near(days, all_days, count, load) -> Iterator[date]:
    total = sum(load.get(day, 0) for day in all_days) + count
    share = -(-total // len(all_days))
    for _contact in range(count):
        day = next((day for day in days if load.get(day, 0) < share), None)
        if day is None:
            day = min(days, key=lambda day: load.get(day, 0))
        if load.get(day, 0) >= CROWDED * share:
            day = min(
                all_days,
                key=lambda day: (load.get(day, 0), abs((day - days[0]).days)),
            )
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
