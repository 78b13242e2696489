from . import portal, survey, survey_first, survey_place
