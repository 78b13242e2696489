"""The case file of a complaint: ledger, steps, compensation, repeats, merging,
report.

Owns: care.complaint*, care.root.cause.
May use: core to sla.
"""

from . import (
    account_move,
    care_complaint,
    care_complaint_access,
    care_complaint_case,
    care_complaint_category,
    care_complaint_clock,
    care_complaint_compensation,
    care_complaint_documents,
    care_complaint_event,
    care_complaint_hotline,
    care_complaint_ledger,
    care_complaint_letter,
    care_complaint_link,
    care_complaint_merge,
    care_complaint_prepare,
    care_complaint_repeat,
    care_complaint_report,
    care_complaint_source,
    care_complaint_spam,
    care_complaint_stage,
    care_complaint_steps,
    care_complaint_team,
    care_complaint_tier,
    care_complaint_timer,
    care_root_cause,
    crm_lead,
    ir_attachment,
    res_company,
    res_config_settings,
    res_partner,
    res_partner_hotline,
    sale_order,
)
