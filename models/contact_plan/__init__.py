"""Who must contact which customer how often: plans, rules, exceptions, targets and
attainment. Owns care.plan*, care.frequency. Uses core and tier."""

from . import (
    care_contact_report,
    care_frequency,
    care_plan,
    care_plan_exception,
    care_plan_rule,
    care_plan_target,
    care_plan_target_generate,
)
