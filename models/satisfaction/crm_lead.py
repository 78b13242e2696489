from odoo import fields, models

from ..core.res_groups import SATISFACTION


class CrmLead(models.Model):
    """What the customer of an opportunity last said of us."""

    _inherit = "crm.lead"

    care_satisfaction = fields.Float(
        related="partner_id.care_satisfaction", groups=SATISFACTION
    )
    care_satisfaction_known = fields.Boolean(
        related="partner_id.care_satisfaction_known", groups=SATISFACTION
    )
    care_satisfaction_trend = fields.Selection(
        related="partner_id.care_satisfaction_trend", groups=SATISFACTION
    )
    care_nps = fields.Selection(related="partner_id.care_nps", groups=SATISFACTION)

    def action_open_care_answers(self):
        return self.partner_id.action_open_care_answers()
