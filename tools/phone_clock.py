"""When was it, if the clock of the phone was wrong? Without Odoo."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 2)
SLACK = timedelta(minutes=2)


def from_phone(milliseconds):
    """Naive UTC of a time as JavaScript writes it.

    >>> from_phone(1_792_000_000_000)
    datetime.datetime(2026, 10, 14, 17, 46, 40)
    """
    seconds = datetime.fromtimestamp(milliseconds / 1000, UTC).replace(tzinfo=None)
    return seconds.replace(microsecond=0)


class Clock:
    """Compares the clock of a phone with ours, at the moment of an upload.

    >>> now = datetime(2026, 11, 10, 12)
    >>> hour = timedelta(hours=1)
    >>> served = now - 5 * hour

    A clock that is a day fast is a day fast for what was written with it.

    >>> fast = Clock(now, now + 24 * hour)
    >>> fast.true_time(now + 22 * hour, served)
    datetime.datetime(2026, 11, 10, 10, 0)

    It was set right in between: what it was off when the page was last online counts.

    >>> right = Clock(now, now)
    >>> right.true_time(now + 22 * hour, served, known=-24 * hour)
    datetime.datetime(2026, 11, 10, 10, 0)

    Nothing helps: it was written after the page was loaded, and before now.

    >>> right.true_time(now + 22 * hour, served)
    datetime.datetime(2026, 11, 10, 12, 0)
    >>> right.true_time(now - 30 * hour, served)
    datetime.datetime(2026, 11, 10, 7, 0)
    """

    def __init__(self, now, phone_now):
        self.now = now
        self.offset = now - phone_now

    def true_time(self, when, served=None, known=None):
        """:param when: by the phone's clock
        :param served: when we last sent this phone its customers, by our clock
        :param known: what was to be added to the phone's clock then
        """
        offsets = (self.offset, known or timedelta())
        tries = [when + offset for offset in offsets]
        earliest = min(served, self.now) if served else EPOCH
        for time in tries:
            if earliest - SLACK <= time <= self.now + SLACK:
                return min(time, self.now)
        return max(earliest, min(tries[0], self.now))
