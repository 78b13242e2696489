from . import (
    care_partner_tier,
    care_segment,
    care_tier,
    care_tier_history,
    care_tier_review,
    care_tier_review_apply,
    care_tier_review_compute,
    care_tier_review_line,
    crm_lead,
    res_company,
    res_config_settings,
    res_partner,
)
