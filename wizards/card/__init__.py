from . import (
    base_partner_merge,
    care_relationship_pyramid,
)
