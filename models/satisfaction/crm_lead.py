from odoo import fields, models

from ..card.res_partner import USER


class CrmLead(models.Model):
    """What the customer of an opportunity last said of us."""

    _inherit = "crm.lead"

    care_satisfaction = fields.Float(
        related="partner_id.care_satisfaction", groups=USER
    )
    care_satisfaction_known = fields.Boolean(
        related="partner_id.care_satisfaction_known", groups=USER
    )
    care_satisfaction_trend = fields.Selection(
        related="partner_id.care_satisfaction_trend", groups=USER
    )
    care_nps = fields.Selection(related="partner_id.care_nps", groups=USER)

    def action_open_care_answers(self):
        return self.partner_id.action_open_care_answers()
