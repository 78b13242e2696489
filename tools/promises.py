"""When people are reminded of promises, and who is told next; without Odoo."""

from datetime import timedelta


def reminder_day(due, today, days):
    """Day of the reminder: some days before the due day, but neither in the past nor
    after the due day itself.

    >>> from datetime import date
    >>> str(reminder_day(date(2026, 11, 20), date(2026, 11, 10), 1))
    '2026-11-19'
    >>> str(reminder_day(date(2026, 11, 20), date(2026, 11, 20), 1))
    '2026-11-20'
    >>> str(reminder_day(date(2026, 11, 2), date(2026, 11, 10), 1))
    '2026-11-02'
    """
    return max(due - timedelta(days=days), min(today, due))


def next_in_line(line, told):
    """Who is told after ``told``; None at the end of the line.

    >>> next_in_line(["lead", "head"], None)
    'lead'
    >>> next_in_line(["lead", "head"], "lead")
    'head'
    >>> next_in_line(["lead", "head"], "head")
    >>> next_in_line(["new lead", "head"], "old lead")
    'new lead'
    >>> next_in_line([], None)
    """
    place = line.index(told) + 1 if told in line else 0
    return line[place] if place < len(line) else None
