from . import (
    care_capacity,
    care_excuse_refuse,
    care_target_excuse,
)
