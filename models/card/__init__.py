"""The customer card: fields, completeness, needs, relationships, introduction.

Owns: care.card.item, care.need, care.relationship.*.
May use: core to interaction.
"""

from . import (
    care_card_item,
    care_need,
    care_relationship_history,
    care_relationship_report,
    crm_lead,
    crm_lost_reason,
    res_config_settings,
    res_partner,
    res_partner_brief,
    res_partner_card,
    res_partner_card_history,
    res_partner_card_parts,
    res_partner_completeness,
    res_partner_introduction,
    res_partner_view,
)
