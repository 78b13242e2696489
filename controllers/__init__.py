from . import campaign, portal, survey, survey_first, survey_place
