from . import care_tier_change
