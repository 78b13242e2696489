from . import (
    care_compensation_refuse,
    care_complaint_letter,
    care_complaint_log,
    care_complaint_merge,
    care_complaint_skip,
    care_complaint_split,
    care_complaint_take_over,
    care_complaint_verify,
)
