from . import (
    care_call,
    care_call_event,
    care_call_system,
    care_complaint,
    res_users,
)
