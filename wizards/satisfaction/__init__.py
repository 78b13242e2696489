from . import (
    base_partner_merge,
    care_answer_aside,
)
