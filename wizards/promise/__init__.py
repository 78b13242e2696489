from . import (
    care_notice_step,
    care_promise_dispute,
    care_promise_step,
)
