"""Customers change hands: handovers, archiving with a reason, the protection log.

Owns: care.handover*, care.protection.log.
May use: core to card.
"""

from . import (
    base,
    care_handover,
    care_handover_line,
    care_handover_plan,
    care_handover_successor,
    care_handover_words,
    care_protection_log,
    res_company,
    res_config_settings,
    res_partner,
)
