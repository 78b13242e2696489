from . import campaign, phone, portal, survey, survey_first, survey_place
