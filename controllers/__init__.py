from . import campaign, knowledge, portal, survey, survey_first, survey_place
