"""Running shares of amounts, largest first. Plain Python, no ORM."""

from itertools import accumulate

PRECISION = 6
"""Digits of a share in percent; sums of floats differ by less."""


def running_shares(amounts):
    """
    :return: for each amount the share in percent that it and all before it have of
        the sum; zeros where the sum is not positive

    >>> running_shares([60, 30, 10])
    [60.0, 90.0, 100.0]
    >>> running_shares([])
    []
    >>> running_shares([0, 0])
    [0.0, 0.0]
    >>> running_shares([120, -20])
    [120.0, 100.0]
    """
    amounts = list(amounts)
    total = sum(amounts)
    if total <= 0:
        return [0.0] * len(amounts)
    return [round(100 * part / total, PRECISION) for part in accumulate(amounts)]


def count_for_share(shares, share):
    """How many of the first ones make ``share`` percent together

    >>> count_for_share([60.0, 80.0, 100.0], 80)
    2
    >>> count_for_share([0.0, 0.0], 80)
    2
    """
    return next(
        (place for place, reached in enumerate(shares, 1) if reached >= share),
        len(shares),
    )
