from datetime import timedelta

NEW_DAYS = 90
"""A customer whose first order is younger is new."""
TREND_DAYS = 90
"""Length of the two periods that are compared for the trend."""
DORMANT_DAYS = 120
LOST_DAYS = 365
GROWING, FALLING = 1.5, 0.5
"""Purchases of a period against those of the period before."""
SLOW_DAYS = 30
"""A receivable overdue longer than this makes a customer a bad payer."""


def purchase_state(today, first, last, recent, earlier):
    """How a customer buys, from the confirmed orders of one company.

    :param first, last: days of the first and the last order, or None
    :param recent, earlier: amounts of the last ``TREND_DAYS`` and of as many before
    :return: none, new, growing, steady, falling, dormant (nothing for 120 days) or
        lost (nothing for a year)
    """
    if not last:
        return "none"
    if today - last > timedelta(days=LOST_DAYS):
        return "lost"
    if today - last > timedelta(days=DORMANT_DAYS):
        return "dormant"
    if today - first <= timedelta(days=NEW_DAYS):
        return "new"
    if earlier > 0 and recent >= earlier * GROWING:
        return "growing"
    if earlier > 0 and recent <= earlier * FALLING:
        return "falling"
    return "steady"


def credit_state(invoiced, overdue_days, over_limit):
    """How a customer pays, from the posted invoices of one company.

    :param overdue_days: age of the oldest open receivable after its due day
    :return: none (never invoiced), good, slow, bad (overdue for more than 30 days) or
        limit (owes more than the credit limit)
    """
    if over_limit:
        return "limit"
    if overdue_days > SLOW_DAYS:
        return "bad"
    if overdue_days > 0:
        return "slow"
    return "good" if invoiced else "none"
