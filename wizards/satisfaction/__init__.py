from . import (
    base_partner_merge,
    care_answer_aside,
    care_survey_block,
)
