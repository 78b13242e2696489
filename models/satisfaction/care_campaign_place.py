from odoo import api, fields, models


class CareCampaign(models.Model):
    """Feedback points beside a campaign: an open link for whoever was not drawn."""

    _inherit = "care.campaign"

    place_ids = fields.One2many("care.survey.place", "campaign_id", "Feedback Points")
    walk_in_count = fields.Integer(
        "Walk-ins",
        compute="_compute_walk_in_count",
        help="Answers of visitors at feedback points of this campaign. They are in no "
        "result of the campaign.",
    )

    @api.depends("place_ids")
    def _compute_walk_in_count(self):
        places = self.env["care.survey.place"].with_context(active_test=False)
        counts = dict.fromkeys(self, 0)
        if places.has_access("read"):
            for place in places.search([("campaign_id", "in", self.ids)]):
                counts[place.campaign_id] += place.answer_count
        for campaign in self:
            campaign.walk_in_count = counts.get(campaign, 0)

    def action_view_places(self):
        """The feedback points of the campaign, or a new one to fill in."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.survey_place_action"
        )
        return action | {
            "domain": [("campaign_id", "=", self.id)],
            "context": {
                "default_name": self.name,
                "default_campaign_id": self.id,
                "default_survey_id": self.survey_id.id,
                "default_company_id": self.company_id.id,
            },
        }
