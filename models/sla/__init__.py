"""SLA policies, clocks and escalations, and working time of a calendar.
Owns care.sla.*. Uses core; complaints come below and use it."""

from . import (
    care_sla_escalation,
    care_sla_policy,
    care_sla_status,
    care_sla_status_escalate,
    resource_calendar,
)
