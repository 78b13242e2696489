from . import call, campaign, portal, survey, survey_first, survey_place
