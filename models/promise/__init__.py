from . import (
    care_notice,
    care_promise,
    care_promise_dispute,
    care_promise_state,
    res_company,
    res_config_settings,
    res_users,
)
