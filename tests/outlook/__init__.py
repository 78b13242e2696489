from . import (
    test_lost_leads,
    test_loyalty,
    test_outlook,
    test_outlook_ui,
    test_referral,
)
