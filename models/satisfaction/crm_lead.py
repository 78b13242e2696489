from odoo import api, fields, models
from odoo.fields import Domain

from ..core.care_customer_view import readable_customers
from ..core.res_groups import SATISFACTION
from .care_answer import NPS_CLASSES
from .res_partner import TRENDS


class CrmLead(models.Model):
    """Latest satisfaction of an opportunity's customer, for users who may see it. Not
    related fields, which are read as superuser."""

    _inherit = "crm.lead"

    care_satisfaction = fields.Float(
        "Satisfaction",
        compute="_compute_care_satisfaction",
        search="_search_care_satisfaction",
        digits=(5, 1),
        groups=SATISFACTION,
    )
    care_satisfaction_known = fields.Boolean(
        "Has Answered a Satisfaction Survey",
        compute="_compute_care_satisfaction",
        search="_search_care_satisfaction_known",
        groups=SATISFACTION,
    )
    care_satisfaction_trend = fields.Selection(
        TRENDS,
        "Satisfaction Trend",
        compute="_compute_care_satisfaction",
        groups=SATISFACTION,
    )
    care_nps = fields.Selection(
        NPS_CLASSES,
        "Recommendation",
        compute="_compute_care_satisfaction",
        groups=SATISFACTION,
    )

    @api.depends("partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_care_satisfaction(self):
        for lead, partner in readable_customers(self):
            lead.care_satisfaction = partner.care_satisfaction
            lead.care_satisfaction_known = partner.care_satisfaction_known
            lead.care_satisfaction_trend = partner.care_satisfaction_trend
            lead.care_nps = partner.care_nps

    def _search_care_satisfaction(self, operator, value):
        return Domain("partner_id.care_satisfaction", operator, value)

    def _search_care_satisfaction_known(self, operator, value):
        return Domain("partner_id.care_satisfaction_known", operator, value)

    def action_open_care_answers(self):
        return self.partner_id.action_open_care_answers()
