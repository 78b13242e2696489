from . import base_partner_merge, care_tier_change
