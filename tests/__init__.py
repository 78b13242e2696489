from . import (
    test_access_rights,
    test_care_plan_target,
    test_care_interaction,
    test_care_tier,
    test_crm_lead,
    test_monthly_review,
    test_res_partner,
    test_tier_review,
    test_tier_review_apply,
    test_tier_review_invoice,
    test_tiers,
    test_ui,
)
