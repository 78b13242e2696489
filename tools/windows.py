"""Windows of a contact frequency: which days belong together, and when each contact of
a window is best made. Calendar days only, no time zone and no ORM.

A *window* is a stretch of days in which a number of contacts is owed. The windows of a
frequency are counted from its anchor, never overlap and never leave a gap, before the
anchor too. Each window is cut into *slots*, one for each contact owed in it.
"""

from datetime import date, timedelta
from typing import NamedTuple

WINDOW_UNITS = ("day", "week", "month", "year")
DAY = timedelta(days=1)
LONGEST_WINDOW = {"day": 3660, "week": 520, "month": 120, "year": 10}
"""Longest window by unit, about ten years: beyond that a plan is a slip of the pen."""


class Window(NamedTuple):
    start: date
    end: date
    """The last day that still counts."""


class Slot(NamedTuple):
    start: date
    aim: date
    """The day by which the contact of the slot should have been made."""


class Frequency(NamedTuple):
    """``times`` contacts in each window of ``every`` × ``unit``, counted from
    ``anchor``: days and weeks from that day, months and years from the first day of
    its month or year. ``aim_every``, in the same unit, is the interval recommended;
    one shorter than ``every`` moves the slots to the beginning of the window: "one in
    one to two months" aims at every month and is late after two.

    :raise ValueError: by :func:`check`
    """

    times: int
    every: int
    unit: str
    aim_every: int
    anchor: date


def check(frequency: Frequency) -> None:
    """Raise ValueError unless the frequency makes sense."""
    if frequency.unit not in WINDOW_UNITS:
        raise ValueError("unknown unit")
    if frequency.times < 1:
        raise ValueError("at least one contact")
    if not 1 <= frequency.every <= LONGEST_WINDOW[frequency.unit]:
        raise ValueError("the window is empty or longer than about ten years")
    if not 1 <= frequency.aim_every <= frequency.every:
        raise ValueError("the interval recommended lies within the window")


def window_of(frequency: Frequency, day: date) -> Window:
    """The window that ``day`` belongs to.

    >>> window_of(Frequency(1, 45, "day", 45, date(2024, 1, 1)), date(2024, 2, 15))
    Window(start=datetime.date(2024, 2, 15), end=datetime.date(2024, 3, 30))
    >>> window_of(Frequency(1, 2, "month", 1, date(2024, 1, 31)), date(2024, 2, 29))
    Window(start=datetime.date(2024, 1, 1), end=datetime.date(2024, 2, 29))
    """
    check(frequency)
    number = _units_between(frequency, day) // frequency.every
    start = _plus(frequency, number * frequency.every)
    return Window(start, _plus(frequency, (number + 1) * frequency.every) - DAY)


def following(frequency: Frequency, window: Window) -> Window:
    """The window after ``window``."""
    return window_of(frequency, window.end + DAY)


def last_start(window: Window) -> date:
    """The last day on which more than half of the window remains, that day included:
    who enters a plan later owes nothing before the next window.

    >>> last_start(Window(date(2026, 11, 1), date(2026, 11, 30)))
    datetime.date(2026, 11, 15)
    """
    length = (window.end - window.start).days + 1
    return window.start + DAY * ((length - 1) // 2)


def owed(frequency: Frequency, since: date, today: date) -> list[Window]:
    """Windows to keep on ``today``, the current and the next, of who is in the plan
    since ``since`` or, if that is later, since today."""
    current = window_of(frequency, today)
    upcoming = following(frequency, current)
    if min(since, today) <= last_start(current):
        return [current, upcoming]
    return [upcoming]


def slots(frequency: Frequency, window: Window) -> list[Slot]:
    """One slot for each contact of a window, spread evenly over it, or over its first
    ``aim_every`` × ``unit``.

    >>> november = Window(date(2026, 11, 1), date(2026, 11, 30))
    >>> [slot.aim.day for slot in slots(
    ...     Frequency(2, 1, "month", 1, date(2024, 1, 1)), november)]
    [15, 30]
    """
    last_aim = aim_window(frequency, window).end
    return [
        spread(window.start, last_aim, frequency.times, done)
        for done in range(frequency.times)
    ]


def aim_window(frequency: Frequency, window: Window) -> Window:
    """The part of a window in which its contacts are best made."""
    end = _step(frequency.unit, window.start, frequency.aim_every) - DAY
    return Window(window.start, min(end, window.end))


def spread(start: date, last_aim: date, goal: int, done: int) -> Slot:
    """Slot of the contact after ``done`` ones, of ``goal`` spread evenly from ``start``
    to ``last_aim``; once all are made, that of the last."""
    days = (last_aim - start).days + 1
    number = min(done, goal - 1)
    return Slot(
        start + DAY * (number * days // goal),
        start + DAY * (-(-(number + 1) * days // goal) - 1),
    )


def min_days(window: Window, goal: int) -> int:
    """Smallest distance of two contacts unless agreed otherwise: half a slot.

    >>> min_days(Window(date(2026, 11, 1), date(2026, 11, 30)), 2)
    7
    """
    return ((window.end - window.start).days + 1) // (2 * goal)


def pace(slot: Slot, today: date) -> str:
    """``behind`` once the slot of the next contact owed has passed without it,
    ``ahead`` while it has not begun, else ``on_pace``."""
    if today > slot.aim:
        return "behind"
    return "ahead" if today < slot.start else "on_pace"


def due(aim: date, today: date, week_end: date) -> str:
    """How urgent a contact owed is.

    >>> days = [date(2026, 11, day) for day in (3, 4, 8, 9)]
    >>> [due(day, date(2026, 11, 4), date(2026, 11, 8)) for day in days]
    ['overdue', 'today', 'week', 'later']
    """
    if aim < today:
        return "overdue"
    if aim == today:
        return "today"
    return "week" if aim <= week_end else "later"


def _units_between(frequency: Frequency, day: date) -> int:
    anchor = frequency.anchor
    if frequency.unit == "day":
        return (day - anchor).days
    if frequency.unit == "week":
        return (day - anchor).days // 7
    if frequency.unit == "month":
        return (day.year - anchor.year) * 12 + day.month - anchor.month
    return day.year - anchor.year


def _plus(frequency: Frequency, number: int) -> date:
    """First day of the ``number``-th unit from the anchor."""
    anchor = frequency.anchor
    if frequency.unit == "month":
        anchor = anchor.replace(day=1)
    elif frequency.unit == "year":
        anchor = anchor.replace(month=1, day=1)
    return _step(frequency.unit, anchor, number)


def _step(unit: str, day: date, number: int) -> date:
    """``number`` units after ``day``, which for months and years is a first day."""
    if unit == "day":
        return day + DAY * number
    if unit == "week":
        return day + DAY * 7 * number
    months = number if unit == "month" else 12 * number
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1)
