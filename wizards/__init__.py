from . import (
    base_partner_merge,
    care_capacity,
    care_compensation_refuse,
    care_complaint_log,
    care_complaint_merge,
    care_complaint_skip,
    care_complaint_split,
    care_complaint_verify,
    care_partner_archive,
    care_relationship_pyramid,
    care_target_excuse,
    care_tier_change,
)
