from . import (
    base_partner_merge,
    care_capacity,
    care_complaint_log,
    care_complaint_skip,
    care_complaint_verify,
    care_partner_archive,
    care_relationship_pyramid,
    care_target_excuse,
    care_tier_change,
)
