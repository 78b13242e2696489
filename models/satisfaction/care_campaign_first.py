from odoo import api, fields, models


class CareCampaign(models.Model):
    """The first question as buttons in the mail."""

    _inherit = "care.campaign"

    first_in_mail = fields.Boolean(
        "First Question in the Mail",
        default=True,
        help="The invitation shows the options of the first question. Customers "
        "confirm their choice on a page, because mail programs open links too.",
    )
    first_hindrance = fields.Char(compute="_compute_first_hindrance")

    @api.depends("survey_id")
    def _compute_first_hindrance(self):
        for campaign in self:
            survey = campaign.survey_id
            campaign.first_hindrance = survey and survey._care_first_hindrance()
