from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.satisfaction import sample_size
from .care_campaign import OPEN_STATES, UNDELIVERED


class CareCampaign(models.Model):
    """Buttons of a campaign."""

    _inherit = "care.campaign"

    def _checked_sudo(self):
        """The campaigns as superuser, for buttons that write protected fields.

        :raise AccessError: the user may not write them
        """
        self.check_access("write")
        return self.sudo()

    def action_draft(self):
        """Back to the draft, before anybody has been asked."""
        campaigns = self._checked_sudo().filtered(
            lambda campaign: campaign.state == "sampled"
        )
        campaigns._forget_sample()

    def action_send(self):
        """Start: the job sends to those of the preview, calls come into the list.

        :raise UserError: nobody to ask, already over, or the survey cannot be used
        """
        for campaign in self._checked_sudo():
            if campaign.state == "draft":
                campaign.action_sample()
            campaign._check_survey()
            campaign._check_sms()
            if campaign.state != "sampled":
                raise UserError(
                    self.env._("The campaign “%s” has been started.", campaign.name)
                )
            if not campaign.invitation_ids:
                raise UserError(campaign._nobody_words())
            campaign._check_open()
            campaign.write({"state": "running", "started_at": fields.Datetime.now()})
            campaign._prepare_start()
        self._schedule()

    def _nobody_words(self):
        return self.env._(
            "No customer can be invited. The preview shows why "
            "customers are excluded; change the audience."
        )

    def action_pause(self):
        self._checked_sudo().filtered(
            lambda campaign: campaign.state == "running"
        ).state = "paused"

    def action_resume(self):
        campaigns = self._checked_sudo().filtered(
            lambda campaign: campaign.state == "paused"
        )
        campaigns._check_survey()
        campaigns.state = "running"
        self._schedule()

    def action_send_again(self):
        """Send all invitations again that were not delivered."""
        self._checked_sudo()
        self.invitation_ids.filtered(
            lambda row: row.state in UNDELIVERED
        ).action_send_again()

    def action_close(self):
        """No more sending, no more answers; who was not asked is left out."""
        self._checked_sudo().filtered(
            lambda campaign: campaign.state in OPEN_STATES
        )._close()

    def _check_open(self):
        if self.date_close and self.date_close < self.company_id._care_today():
            raise UserError(
                self.env._("“Open until” is in the past. Choose a later date.")
            )

    def _deadline(self):
        """End of the closing day in the company's time zone, in UTC"""
        if not self.date_close:
            return False
        end = self.company_id._care_tz().localize(
            datetime.combine(self.date_close + timedelta(days=1), time.min)
        )
        return end.astimezone(pytz.utc).replace(tzinfo=None) - timedelta(seconds=1)

    def _set_deadlines(self):
        """A later or earlier end holds for those already asked too."""
        self._unfinished()._care_write({"deadline": self._deadline()})

    def _unfinished(self):
        """Surveys that customers have not finished"""
        return (
            self.env["survey.user_input"]
            .sudo()
            .search(
                (
                    Domain("care_campaign_id", "in", self.ids)
                    | Domain("care_waiting_campaign_id", "in", self.ids)
                )
                & Domain("state", "!=", "done")
            )
        )

    def _wanted(self, available):
        return sample_size(self.sample_mode, self.sample_size, available)

    def action_view_invitations(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.invitation_action"
        )
        return action | {
            "domain": [("campaign_id", "=", self.id)],
            "context": {"default_campaign_id": self.id},
        }

    def action_view_answers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.answer_action"
        )
        return action | {"domain": [("campaign_id", "=", self.id)], "context": {}}
