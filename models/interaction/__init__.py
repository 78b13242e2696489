"""Contacts made and planned, the targets they count for, and the link to Odoo's
calendar and activities.

Owns: care.interaction*, care.brief.view, care.phone.report.
May use: core to contact_plan.
"""

from . import (
    calendar_attendee,
    calendar_event,
    calendar_event_counted,
    calendar_event_series,
    calendar_event_sync,
    care_brief_view,
    care_interaction,
    care_interaction_author,
    care_interaction_brief,
    care_interaction_counting,
    care_interaction_match,
    care_interaction_meeting,
    care_interaction_outcome,
    care_interaction_position,
    care_interaction_presets,
    care_interaction_purpose,
    care_interaction_sheet,
    care_interaction_sheet_values,
    care_interaction_stand_in,
    care_interaction_tried,
    care_phone_report,
    care_plan_target_counting,
    care_plan_target_links,
    care_plan_target_planning,
    care_plan_target_tried,
    crm_lead,
    crm_lead_merge,
    mail_activity,
    res_company,
    res_company_counting,
    res_config_settings,
    res_config_settings_counting,
    res_partner,
    res_partner_customer,
    res_partner_last_contact,
    res_partner_persons,
    res_partner_position,
    res_partner_reach,
    res_users_slots,
)
