from . import (
    call,
    campaign,
    knowledge,
    phone,
    portal,
    survey,
    survey_first,
    survey_place,
)
