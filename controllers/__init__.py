from . import (
    call,
    campaign,
    knowledge,
    person,
    phone,
    portal,
    survey,
    survey_first,
    survey_place,
)
