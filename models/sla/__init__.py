"""How soon complaints must be answered: policies, clocks, escalations, working time.

Owns: care.sla.*, care.hours.snapshot.
May use: core to handover; the complaint below uses it.
"""

from . import (
    care_complaint_kind,
    care_hours_snapshot,
    care_sla_escalation,
    care_sla_policy,
    care_sla_status,
    care_sla_status_escalate,
    care_sla_status_hours,
    care_sla_status_reason,
    res_company,
    resource_calendar,
)
