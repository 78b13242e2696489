from . import base_partner_merge, care_merit_reason
