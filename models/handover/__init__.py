"""Handovers of customers, the protection log, and archiving with a reason.
Owns care.handover*, care.protection.log. Uses card and the rooms above."""

from . import (
    care_handover,
    care_handover_line,
    care_handover_plan,
    care_handover_successor,
    care_handover_words,
    care_protection_log,
    res_partner,
)
