"""Hours of days that differ from the week. Instants are naive UTC datetimes."""

from datetime import timedelta

LAST_SECOND = 59


def whole_minutes(start, end):
    """An interval as it was meant: calendars end a day of 24 hours a microsecond
    early, and holidays at 23:59:59.

    >>> from datetime import datetime
    >>> whole_minutes(datetime(2026, 11, 2), datetime(2026, 11, 2, 23, 59, 59, 999999))
    (datetime.datetime(2026, 11, 2, 0, 0), datetime.datetime(2026, 11, 3, 0, 0))
    """
    if start.second == LAST_SECOND:
        start = start.replace(microsecond=0) + timedelta(seconds=1)
    if end.microsecond:
        end = end.replace(microsecond=0) + timedelta(seconds=1)
    return start, end


def without(intervals, gaps):
    """Intervals with the gaps cut out"""
    for gap_start, gap_end in gaps:
        intervals = [
            part
            for start, end in intervals
            for part in ((start, min(end, gap_start)), (max(start, gap_end), end))
            if part[0] < part[1]
        ]
    return intervals


def with_days(intervals, days, leaves, first, last):
    """Put the hours of days that differ in place of what the week has on them.

    A holiday that spans all hours of such a day is overruled: whoever enters the day
    knows of the holiday. A shorter one is taken off.

    :param days: [(start of the day, its end, [(from, to)])]
    :param leaves: [(from, to)], holidays
    :param first, last: only the time between is returned
    """
    own = []
    for _start, _end, entered in days:
        hours = [(begin, end) for begin, end in entered if begin < end]
        if not hours:
            continue
        begin, end = min(hours)[0], max(end for _begin, end in hours)
        shorter = [leave for leave in leaves if leave[0] > begin or leave[1] < end]
        own += without(hours, shorter)
    week = without(list(intervals), [(start, end) for start, end, _hours in days])
    return sorted(
        (max(start, first), min(end, last))
        for start, end in week + own
        if start < last and end > first
    )


def same_hours(parts):
    """Days of a week that follow each other with the same hours

    :param parts: (weekday, from, to), 0 being Monday
    :return: [(first weekday, last weekday, ((from, to), ...))]

    >>> same_hours([(0, 13, 17), (0, 8, 12), (1, 8, 12), (1, 13, 17), (5, 9, 12)])
    [(0, 1, ((8, 12), (13, 17))), (5, 5, ((9, 12),))]
    """
    days = {}
    for day, start, end in parts:
        days.setdefault(day, set()).add((start, end))
    found = []
    for day in sorted(days):
        hours = tuple(sorted(days[day]))
        if found and found[-1][1] == day - 1 and found[-1][2] == hours:
            found[-1] = (found[-1][0], day, hours)
        else:
            found.append((day, day, hours))
    return found
