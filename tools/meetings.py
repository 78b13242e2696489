"""Which occurrence of a changed series of meetings takes the place of which former one.
Plain values, no ORM."""


def pair_by_time(former, current):
    """Pair each former occurrence with the current one that is closest in time. The
    closest pair goes first, so those that have not moved keep their place.

    :param former: {key: when}, already shifted by as much as the series has moved
    :param current: {key: when}
    :return: {former key: current key}, none of them twice

    >>> from datetime import date
    >>> weekly = {n: date(2026, 11, day) for n, day in enumerate((2, 9, 16, 23))}
    >>> pair_by_time(weekly, {"a": date(2026, 11, 2), "b": date(2026, 11, 30)})
    {0: 'a', 3: 'b'}
    """
    distances = sorted(
        (abs(was - now), was, now, old, new)
        for old, was in former.items()
        for new, now in current.items()
    )
    pairs, taken = {}, set()
    for *_times, old, new in distances:
        if old not in pairs and new not in taken:
            pairs[old] = new
            taken.add(new)
    return pairs
