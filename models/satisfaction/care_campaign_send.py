import random
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..core.care_job import attempt, attempt_each, single, work_off
from .care_complaint_survey import SURVEY_PENDING

INVITATION_BATCH = 100
"""Invitations in one transaction"""
WRITTEN = ("email", "sms")
"""Channels by which the job sends"""
ANONYMOUS_TIER_SIZE = 5
"""An anonymous answer keeps the tier only if so many of the tier are asked."""


class CareCampaign(models.Model):
    """Sending, reminding and closing of campaigns.

    A batch is one transaction: answers to be filled in, mails in Odoo's queue and marks
    are written together, so a kill sends nothing twice; two workers take different
    invitations, as each locks what it takes.
    """

    _inherit = "care.campaign"

    @api.model
    def _schedule(self):
        self.env.ref("customer_care.ir_cron_campaign").sudo()._trigger()

    def _prepare_start(self):
        """Put calls in the list at once; shuffle tokens of anonymous answers, so that
        their order reveals nothing."""
        self.survey_id.sudo()._care_freeze()
        pending = self.env["care.invitation"].sudo()
        domain = Domain("campaign_id", "=", self.id) & Domain("state", "=", "pending")
        pending.search(domain & Domain("channel", "=", "phone")).state = "to_call"
        if self.anonymous:
            self._make_survey_tokens(pending.search(domain))

    def _make_survey_tokens(self, invitations):
        by_tier = invitations.grouped("tier_id")
        tokens = [
            {
                "campaign_id": self.id,
                "digest": self.env["care.survey.token"]._digest(
                    invitation._survey_token()
                ),
                "tier_id": tier.id if len(group) >= ANONYMOUS_TIER_SIZE else False,
            }
            for tier, group in by_tier.items()
            for invitation in group
        ]
        random.SystemRandom().shuffle(tokens)
        self.env["care.survey.token"].sudo().create(tokens)

    # ------------------------------------------------------------
    # Job
    # ------------------------------------------------------------

    @api.model
    @single
    def _cron_campaign(self):
        """Send, remind and close in batches, with a commit after each."""
        if not self.env["res.groups"]._has_care_feature("satisfaction"):
            return
        Cron = self.env["ir.cron"]
        self = self.sudo()  # noqa: PLW0642
        if not attempt_each(self._open_but_over(), lambda row: row._close()):
            return
        running = self.search(Domain("state", "=", "running"))
        if not attempt_each(running, lambda row: row._pause_unusable()):
            return
        invitations = self.env["care.invitation"].sudo()
        attempt(invitations, lambda rows: rows._leave_out_calls())
        attempt(invitations, lambda rows: rows._note_sms())
        remaining = invitations.search_count(self._domain_to_send())
        remaining += invitations.search_count(self._domain_to_remind())
        remaining += self.env["care.complaint"].search_count(SURVEY_PENDING)
        if (
            Cron._commit_progress(remaining=remaining)
            and work_off(
                invitations,
                self._domain_to_send(),
                invitations._send_new,
                INVITATION_BATCH,
            )
            and work_off(
                invitations,
                self._domain_to_remind(),
                invitations._remind,
                INVITATION_BATCH,
            )
            and self.env["care.complaint"]._care_invite_waiting()
        ):
            Cron._commit_progress(remaining=0)

    @api.model
    def _domain_to_send(self):
        return (
            Domain("state", "=", "pending")
            & Domain("channel", "in", WRITTEN)
            & (
                Domain("campaign_id.state", "=", "running")
                | Domain("campaign_id", "=", False)
            )
            & self.env["care.invitation"]._domain_in_hours()
        )

    @api.model
    def _domain_to_remind(self):
        """Invitations to remind, for the first or second time: sent or reminded long
        enough ago, campaign still open"""
        due = Domain.OR(
            campaign._domain_due()
            for campaign in self.search(
                Domain("state", "=", "running") & Domain("remind_days", ">", 0)
            )
        )
        return (
            due
            & Domain("state", "=", "sent")
            & Domain("channel", "in", WRITTEN)
            & Domain("reminded_again_at", "=", False)
            & Domain("skip_reason", "=", False)
            & self.env["care.invitation"]._domain_in_hours()
        )

    def _domain_due(self):
        """Invitations of this campaign to remind"""
        now = fields.Datetime.now()
        due = Domain("reminded_at", "=", False) & Domain(
            "sent_at", "<=", now - timedelta(days=self.remind_days)
        )
        if self.remind_again_days:
            due |= Domain(
                "reminded_at", "<=", now - timedelta(days=self.remind_again_days)
            )
        return Domain("campaign_id", "=", self.id) & due

    def _pause_unusable(self):
        """Pause a campaign whose survey can no longer be used, and tell its responsible
        user why."""
        self.ensure_one()
        try:
            self._check_survey()
        except UserError as error:
            self.state = "paused"
            told = self._care_in_language_of(self.user_id)
            self.message_post(
                body=told.env._(
                    "The campaign has been paused, because its survey cannot be used: "
                    "%s",
                    str(error),
                ),
                partner_ids=self.user_id.partner_id.ids,
            )

    @api.model
    def _open_but_over(self):
        """Campaigns whose closing date has passed in their company's time zone"""
        open_ones = self.search(
            Domain("state", "in", ("running", "paused"))
            & Domain("date_close", "!=", False)
        )
        return open_ones.filtered(
            lambda campaign: campaign.date_close < campaign.company_id._care_today()
        )

    def _close(self):
        invitations = self.env["care.invitation"].sudo()
        of_these = Domain("campaign_id", "in", self.ids)
        invitations.search(of_these & Domain("state", "=", "pending"))._skip("closed")
        invitations.search(of_these & Domain("state", "=", "to_call")).state = "skipped"
        self.write({"state": "closed", "closed_at": fields.Datetime.now()})
        now = fields.Datetime.now()
        unfinished = self._unfinished()
        unfinished._care_write({"deadline": now})
        unfinished._care_forget_link()
        unfinished._care_keep_partial()
        if any(self.mapped("anonymous")):
            self.env.ref("customer_care.ir_cron_publish").sudo()._trigger()
