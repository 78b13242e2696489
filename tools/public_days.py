"""Public holidays of a year, and the weekends that make up for them, as the libraries
``holidays`` and ``chinese_calendar`` know them. Both are optional."""

from datetime import date, timedelta
from importlib import import_module
from typing import NamedTuple

DAY = timedelta(days=1)
SATURDAY = 5


class UnknownDaysError(Exception):
    """No library here knows the days of that country and year."""

    def __init__(self, library=None):
        super().__init__(library)
        self.library = library
        """What to install; None if it is there and does not know them"""


class Days(NamedTuple):
    """What differs from the week"""

    holidays: list
    """[(first day, last day, name)]"""
    working: list
    """Saturdays and Sundays on which people work"""
    whole: bool
    """Are make-up days known, where the country has them?"""


def public_days(country, year, lang="en_US"):
    """Days of a country in a year

    :param country: ISO 3166 code
    :raise UnknownDaysError: no library has them
    """
    if country == "CN":
        try:
            return _chinese_days(year, lang)
        except UnknownDaysError:
            return _country_days(country, year, lang)._replace(whole=False)
    return _country_days(country, year, lang)


def _chinese_days(year, lang):
    library = _load("chinese_calendar")
    if not library:
        raise UnknownDaysError("chinesecalendar")
    names, working = {}, []
    for day in _days(year):
        try:
            off, name = library.get_holiday_detail(day)
        except NotImplementedError:
            raise UnknownDaysError from None
        if off and name:
            names[day] = _chinese_name(library, name, lang)
        elif not off and day.weekday() >= SATURDAY:
            working.append(day)
    return Days(spans(names), working, True)


def _chinese_name(library, name, lang):
    if not lang.startswith("zh"):
        return name
    known = {row.value: row.chinese for row in library.constants.Holiday}
    return known.get(name, name)


def _country_days(country, year, lang):
    library = _load("holidays")
    if not library:
        raise UnknownDaysError("holidays")
    try:
        found = library.country_holidays(country, years=year, language=lang)
    except NotImplementedError:
        raise UnknownDaysError from None
    names = {day: name for day, name in found.items() if day.year == year}
    if not names:
        raise UnknownDaysError
    return Days(spans(names), [], True)


def spans(names):
    """Days that follow each other with the same name, as one

    :param names: {day: name}

    >>> spans({date(2026, 5, 1): "May", date(2026, 5, 2): "May"})
    [(datetime.date(2026, 5, 1), datetime.date(2026, 5, 2), 'May')]
    """
    found = []
    for day in sorted(names):
        if found and found[-1][1] == day - DAY and found[-1][2] == names[day]:
            found[-1] = (found[-1][0], day, names[day])
        else:
            found.append((day, day, names[day]))
    return found


def _days(year):
    first = date(year, 1, 1)
    count = (date(year + 1, 1, 1) - first).days
    return [first + place * DAY for place in range(count)]


def _load(name):
    try:
        return import_module(name)
    except ImportError:
        return None
