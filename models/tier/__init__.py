"""What each customer is worth: tiers, segments, reviews, a customer's status, and
their reports.

Owns: care.tier*, care.reason.mixin, care.segment, care.partner.tier.
May use: core.
"""

from . import (
    care_customer_report,
    care_partner_tier,
    care_reason,
    care_segment,
    care_tier,
    care_tier_history,
    care_tier_report,
    care_tier_review,
    care_tier_review_apply,
    care_tier_review_compute,
    care_tier_review_facts,
    care_tier_review_line,
    care_tier_review_monthly,
    care_tier_review_pareto,
    customer_sales,
    res_company,
    res_config_settings,
    res_partner,
    res_partner_status,
    tier_reason,
)
