"""Who contacts customers and how often: plans, rules, exceptions, targets, attainment.

Owns: care.absence, care.plan*, care.frequency, care.contact.report.
May use: core, tier.
"""

from . import (
    care_absence,
    care_contact_report,
    care_frequency,
    care_plan,
    care_plan_exception,
    care_plan_rule,
    care_plan_target,
    care_plan_target_buttons,
    care_plan_target_due,
    care_plan_target_excuse,
    care_plan_target_generate,
    care_plan_target_insert,
    care_plan_target_match,
    care_plan_target_missed,
    care_plan_target_place,
    care_plan_target_stand_in,
    ir_rule,
    res_company,
    res_company_excuse,
    res_config_settings,
    res_config_settings_excuse,
    res_users,
    res_users_excuse,
)
