from . import (
    base_partner_merge,
    base_partner_merge_risk_case,
    care_loyalty_choice,
    care_something_new,
    crm_lead_lost,
)
