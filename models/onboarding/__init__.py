"""The first day of an administrator, and what needs attention on every other one.

Owns: care.onboarding, care.overview.
May use: every room above.
"""

from . import (
    care_complaint_report,
    care_contact_report,
    care_customer_report,
    care_onboarding,
    care_onboarding_complaint,
    care_onboarding_plan,
    care_onboarding_review,
    care_onboarding_team,
    care_overview,
    care_overview_outlook,
    care_plan_target,
    care_setup_help,
    care_tier_report,
    res_partner,
)
