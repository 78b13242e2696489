from odoo import api, fields, models
from odoo.fields import Domain


class CareCampaign(models.Model):
    """Answers that wait for review."""

    _inherit = "care.campaign"

    review_count = fields.Integer("To Review", compute="_compute_review_count")

    @api.depends("invitation_ids.state")
    def _compute_review_count(self):
        waiting = dict(
            self.env["survey.user_input"]
            .sudo()
            ._read_group(
                Domain("care_campaign_id", "in", self.ids)
                & Domain("care_review_reason", "!=", False)
                & Domain("care_aside_reason", "not in", (False, ""))
                & Domain("care_aside_user_id", "=", False),
                ["care_campaign_id"],
                ["__count"],
            )
        )
        for campaign in self:
            campaign.review_count = waiting.get(campaign, 0)

    def action_view_review(self):
        """Open the answers that wait for review, by reason."""
        action = self.action_view_answers()
        return action | {
            "context": {"search_default_to_review": 1, "group_by": "review_reason"}
        }
