from . import (
    care_outlook,
    care_outlook_category,
    care_outlook_check,
    care_outlook_model,
    res_company,
    res_config_settings,
)
