from . import portal, survey, survey_first
