from odoo import api, fields, models
from odoo.exceptions import UserError


class CareCampaign(models.Model):
    """Campaigns by text message need Odoo's app SMS."""

    _inherit = "care.campaign"

    sms_hindrance = fields.Char(compute="_compute_sms_hindrance")

    @api.depends("channel")
    def _compute_sms_hindrance(self):
        missing = self.env["care.invitation"]._sms_queue() is None
        for campaign in self:
            campaign.sms_hindrance = (
                campaign.channel == "sms"
                and missing
                and self.env._(
                    "Text messages are sent by Odoo's app “SMS gateway” (sms), which "
                    "is not installed. Ask an administrator of Odoo to install it "
                    "under Apps and to buy credits, or choose another channel."
                )
            )

    def _check_sms(self):
        """:raise UserError: text messages cannot be sent here"""
        for campaign in self:
            if campaign.sms_hindrance:
                raise UserError(campaign.sms_hindrance)
