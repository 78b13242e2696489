"""Contacts made, their purposes, and how the calendar and activities feed them.
Owns care.interaction*. Uses contact_plan and the rooms above."""

from . import (
    calendar_event,
    care_interaction,
    care_interaction_match,
    care_interaction_meeting,
    care_interaction_outcome,
    care_interaction_presets,
    care_interaction_purpose,
    crm_lead,
    mail_activity,
    res_partner,
)
