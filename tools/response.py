"""What became of those asked, and rates of response as AAPOR defines them. No ORM.

AAPOR, *Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for
Surveys*, for named persons asked by e-mail and phone. Everybody in the sample is a
known customer, so nobody of unknown eligibility is discounted (e = 1): RR1 = RR3.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

DISPOSITIONS = {
    "complete": ("I", "1.1"),
    "partial": ("P", "1.2"),
    "refusal": ("R", "2.11"),
    "break_off": ("R", "2.12"),
    "no_contact": ("NC", "2.20"),
    "other": ("O", "2.30"),
    "not_attempted": ("U", "3.11"),
    "no_reply": ("U", "3.19"),
    "undelivered": ("U", "3.30"),
    "not_eligible": (None, "4.10"),
    "waiting": (None, None),
}
"""{disposition: (group in the formulas, code)}. Those without a group are in no rate:
customers who no longer belong to the population, and those who will still be asked."""
PARTIAL_SHARE = 0.5
"""Who answered less of the survey than this broke it off."""

SKIPPED = {
    "archived": "not_eligible",
    "opted_out": "refusal",
    "no_address": "undelivered",
    "no_phone": "undelivered",
    "undelivered": "undelivered",
    "quarantine": "other",
    "complaint": "other",
}


class Rates(NamedTuple):
    """Percentages of the ``sample``; None where nobody is in it.

    :param response: RR1, complete surveys
    :param response_partial: RR2, those with partial ones
    :param cooperation: COOP1, complete surveys of customers who were reached
    :param refusal: REF1
    :param contact: CON1, customers who were reached
    """

    sample: int
    response: float | None
    response_partial: float | None
    cooperation: float | None
    refusal: float | None
    contact: float | None


def disposition(state, reason=None, called=False, answered=None, aside=False) -> str:
    """What became of one invitation.

    :param state: that of the invitation
    :param reason: why it was skipped or not reminded
    :param called: whether a caller has tried
    :param answered: share of the survey's measures answered in an unfinished survey
    :param aside: whether the answer was set aside, so that it does not count

    >>> disposition("sent"), disposition("to_call", called=True)
    ('no_reply', 'no_contact')
    >>> disposition("sent", answered=0.7), disposition("sent", answered=0)
    ('partial', 'break_off')
    """
    if state in ("answered", "partial") and aside:
        return "other"
    if state == "answered":
        return "complete"
    if state == "partial":
        return "break_off" if (answered or 0) < PARTIAL_SHARE else "partial"
    if state == "refused" or reason == "opted_out":
        return "refusal"
    if state in ("bounced", "failed"):
        return "undelivered"
    if answered is not None:
        return "partial" if answered >= PARTIAL_SHARE else "break_off"
    if state == "skipped" and reason in SKIPPED:
        return SKIPPED[reason]
    if called:
        return "no_contact"
    if state == "skipped":
        return "not_attempted"
    return "no_reply" if state == "sent" else "waiting"


def unlinked(counts: Mapping[str, int], found: Mapping[str, int]) -> Counter:
    """Dispositions of an anonymous campaign, whose answers are counted apart from its
    invitations.

    :param counts: of the invitations
    :param found: of the surveys begun

    >>> unlinked({"no_reply": 8, "refusal": 1}, {"complete": 3})["no_reply"]
    5
    """
    result = Counter(counts)
    for key, count in found.items():
        result[key] += count
        rest = count
        for source in ("no_reply", "undelivered", "waiting", "refusal"):
            taken = min(rest, result[source])
            result[source] -= taken
            rest -= taken
    return result


def rates(counts: Mapping[str, int]) -> Rates:
    """Rates of response.

    :param counts: {disposition: how many}

    >>> rates({"complete": 4, "partial": 1, "no_reply": 5, "waiting": 3})[:3]
    (10, 40.0, 50.0)
    """
    groups = Counter()
    for key, count in counts.items():
        groups[DISPOSITIONS[key][0]] += count
    del groups[None]
    reached = groups["I"] + groups["P"] + groups["R"] + groups["O"]
    sample = groups.total()

    def percent(part, whole=sample):
        return 100.0 * part / whole if whole else None

    return Rates(
        sample,
        percent(groups["I"]),
        percent(groups["I"] + groups["P"]),
        percent(groups["I"], reached),
        percent(groups["R"]),
        percent(reached),
    )
