from . import (
    base_partner_merge,
    care_capacity,
    care_complaint_log,
    care_partner_archive,
    care_relationship_pyramid,
    care_target_excuse,
    care_tier_change,
)
