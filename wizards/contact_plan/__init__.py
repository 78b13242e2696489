from . import (
    care_capacity,
    care_target_excuse,
)
