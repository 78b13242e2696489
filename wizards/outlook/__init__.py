from . import (
    base_partner_merge,
    care_loyalty_choice,
    care_something_new,
    crm_lead_lost,
)
