from . import (
    base_partner_merge,
    care_capacity,
    care_target_excuse,
    care_tier_change,
)
