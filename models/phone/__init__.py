from . import (
    care_partner_merged,
    care_phone_brief,
    care_phone_day,
    care_phone_report,
    care_phone_report_values,
    partner_merge,
    res_company,
    res_config_settings,
)
