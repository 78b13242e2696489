from . import campaign, portal, survey
