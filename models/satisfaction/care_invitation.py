from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, consteq
from odoo.tools.misc import hmac

from ..core.base import UNLOCKED

SKIP_REASONS = [
    ("archived", "Archived"),
    ("opted_out", "Opted out"),
    ("no_address", "E-mail address removed"),
    ("no_phone", "Phone number removed"),
    ("quarantine", "Asked by another campaign in the meantime"),
    ("complaint", "Now has an open complaint"),
    ("closed", "Closed before it was sent"),
    ("undelivered", "The reminder was not delivered"),
    ("internal", "Address of a colleague"),
]
CALL_REFUSALS = ("archived", "opted_out")
"""Customers who must not be called, also after an invitation by e-mail"""


class CareInvitation(models.Model):
    """Invitation of a customer to a survey, by a campaign or after a complaint, and its
    state. The answer is in the survey."""

    _name = "care.invitation"
    _description = "Survey Invitation"
    _order = "tier_sequence, partner_id, id"
    _rec_name = "partner_id"

    campaign_id = fields.Many2one(
        "care.campaign", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    complaint_id = fields.Many2one(
        "care.complaint", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, ondelete="set null", index=True
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Person",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    email = fields.Char("E-mail", readonly=True)
    phone = fields.Char(compute="_compute_phone")
    channel = fields.Selection(
        [("email", "E-mail"), ("phone", "Phone"), ("sms", "SMS")],
        required=True,
        readonly=True,
    )
    tier_id = fields.Many2one(
        "care.tier", readonly=True, ondelete="set null", index="btree_not_null"
    )
    tier_sequence = fields.Integer(
        related="tier_id.sequence", store=True, aggregator=None
    )
    region_id = fields.Many2one(
        "care.region", readonly=True, ondelete="set null", index="btree_not_null"
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, ondelete="set null"
    )
    manager_id = fields.Many2one(
        "res.users", "Account Manager", readonly=True, ondelete="set null"
    )
    state = fields.Selection(
        [
            ("pending", "To Send"),
            ("to_call", "To Call"),
            ("sent", "Asked"),
            ("answered", "Answered"),
            ("partial", "Answered in Part"),
            ("refused", "Declined to Answer"),
            ("bounced", "Bounced"),
            ("failed", "Not Delivered"),
            ("skipped", "Left Out"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    skip_reason = fields.Selection(SKIP_REASONS, "Exclusion Reason", readonly=True)
    sent_at = fields.Datetime("Asked on", readonly=True)
    reminded_at = fields.Datetime("Reminded on", readonly=True)
    reminded_again_at = fields.Datetime("Reminded Again on", readonly=True)
    answered_at = fields.Datetime("Answered on", readonly=True)
    calls = fields.Integer(readonly=True, aggregator="sum")
    called_at = fields.Datetime("Last Call", readonly=True)
    caller_id = fields.Many2one(
        "res.users", "Called by", readonly=True, ondelete="set null"
    )
    user_input_id = fields.Many2one(
        "survey.user_input",
        "Survey Answer",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Always empty in an anonymous campaign.",
    )

    _sent_idx = models.Index("(company_id, sent_at) WHERE sent_at IS NOT NULL")
    _email_uniq = models.UniqueIndex(
        "(campaign_id, email, COALESCE(rated_team_id, 0))"
        " WHERE email IS NOT NULL AND campaign_id IS NOT NULL",
        "A campaign can invite each e-mail address only once, and each colleague once "
        "for each department.",
    )
    _complaint_uniq = models.UniqueIndex(
        "(complaint_id) WHERE complaint_id IS NOT NULL",
        "A customer can be asked only once about a complaint.",
    )
    _todo_idx = models.Index("(campaign_id, id) WHERE state = 'pending'")

    @api.depends("contact_id.phone", "partner_id.phone")
    def _compute_phone(self):
        for invitation in self:
            invitation.phone = (
                invitation.contact_id.phone or invitation.partner_id.phone
            )

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    @api.model
    def _take(self, domain, limit):
        """Lock a batch that no other worker holds."""
        return self.search(domain, order="id", limit=limit).try_lock_for_update()

    @api.model
    def _send_new(self, batch):
        """Send to customers who can still be asked; exclude the others with a
        reason."""
        for campaign, invitations in batch.grouped("campaign_id").items():
            if campaign:
                invitations.with_company(campaign.company_id)._leave_out_late()
            else:
                invitations._leave_out_refused()
            ready = invitations.filtered(lambda row: row.state == "pending")
            if not campaign.anonymous:
                ready.filtered(lambda row: not row.user_input_id)._make_answers()
            ready.write({"state": "sent", "sent_at": fields.Datetime.now()})
            by_sms = ready.filtered(lambda row: row.channel == "sms")
            by_sms._write_sms()
            mails = (ready - by_sms)._write_mails(
                "mail_template_survey_invitation"
                if campaign
                else "mail_template_complaint_survey"
            )
            for mail in mails:
                self.browse(mail.res_id).mail_id = mail

    def _write_mails(self, template):
        """Queue the mails in Odoo, with headers for one-click unsubscription (RFC
        8058). Their messages, which users can read, get no text, as it contains the
        link."""
        template = self.env.ref(f"customer_care.{template}", raise_if_not_found=False)
        if not self or not template:
            return self.env["mail.mail"]
        mails = (
            template.sudo()
            .with_context(care_links=UNLOCKED)
            .send_mail_batch(
                self.ids, email_layout_xmlid="customer_care.survey_mail_layout"
            )
        )
        mails.mail_message_id.body = False
        for mail in mails:
            mail.headers = repr(self.browse(mail.res_id)._unsubscribe_headers())
        return mails

    def _leave_out_late(self):
        """Exclude customers who changed since sampling: archived, opted out, asked by
        another campaign, an open complaint, another address."""
        campaign = self.campaign_id
        self.env.flush_all()
        rows = {
            customer: (reason, email, contact)
            for customer, _tier, reason, email, contact in self.env.execute_query(
                campaign._sql_audience(
                    SQL("unnest(%s::int[]) AS p(id)", self.partner_id.ids)
                )
            )
        }
        for invitation in self:
            reason, email, contact = rows.get(
                invitation.partner_id.id, ("archived", None, None)
            )
            reason = reason or invitation._move_to(email, contact)
            if reason:
                invitation._skip(reason)

    def _skip(self, reason):
        self.write({"state": "skipped", "skip_reason": reason})

    def _make_answers(self):
        """Create the answers to fill in, each with its token, in one batch. Followers
        of the survey do not follow them, which would take a query each."""
        for survey in {invitation._survey() for invitation in self}:
            survey._care_freeze()
        answers = (
            self.env["survey.user_input"]
            .sudo()
            .with_context(tracking_disable=True)
            .create([invitation._answer_values() for invitation in self])
        )
        for invitation, answer in zip(self, answers, strict=True):
            invitation.user_input_id = answer.id

    def _survey(self):
        return self.campaign_id.survey_id.sudo() or self.complaint_id._care_survey()

    def _answer_values(self):
        campaign, complaint = self.campaign_id, self.complaint_id
        survey = self._survey()
        person = self.contact_id or self.partner_id
        return {
            "survey_id": survey.id,
            "partner_id": person.id,
            "email": person.email,
            "nickname": person.name,
            "lang_id": survey._care_lang(person.lang).id,
            "deadline": campaign._deadline() if campaign else False,
            "care_company_id": self.company_id.id,
            "care_campaign_id": campaign.id,
            "care_complaint_id": complaint.id,
            "care_partner_id": self.partner_id.id,
            "care_tier_id": self.tier_id.id,
            "care_region_id": self.region_id.id,
            "care_user_id": self.user_id.id,
            "care_manager_id": self.manager_id.id,
        }

    # ------------------------------------------------------------
    # Links
    # ------------------------------------------------------------

    def _survey_token(self):
        """Secret of an anonymous answer, derived from the invitation and not stored."""
        return hmac(self.env(su=True), "customer_care.ticket", self.id)

    def _stop_token(self):
        return hmac(self.env(su=True), "customer_care.stop", self.id)

    def _check_stop_token(self, token):
        token = token or ""
        return token.isascii() and consteq(self._stop_token(), token)

    def _link(self):
        """URL where the customer answers; without the token in previews"""
        self.ensure_one()
        base = self.get_base_url()
        if self.env.context.get("care_test_mail"):
            token = self.campaign_id.survey_id.sudo().access_token
            return f"{base}/survey/test/{token}"
        if not self._shows_links():
            return f"{base}/survey"
        if self.campaign_id.anonymous:
            return f"{base}/care/survey/{self._survey_token()}"
        answer = self.user_input_id.sudo()
        return base + answer.get_start_url()

    def _shows_links(self):
        """Are the mails of the job written? Users can render templates too."""
        return self.env.context.get("care_links") is UNLOCKED

    def _stop_link(self):
        return f"{self.get_base_url()}/care/stop/{self.id}/{self._stop_token()}"

    def _unsubscribe_headers(self):
        return {
            "List-Unsubscribe": f"<{self._stop_link()}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }

    def _choice_link(self, choice):
        """URL of an answer button in the mail after a complaint."""
        if not self._shows_links():
            return f"{self.get_base_url()}/survey"
        token = self.user_input_id.sudo().access_token
        return f"{self.get_base_url()}/care/outcome/{token}/{choice}"

    def _lang(self):
        return (self.contact_id or self.partner_id).lang

    def get_base_url(self):
        return self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")

    # ------------------------------------------------------------
    # What became of it
    # ------------------------------------------------------------

    def _set_answered(self, partly=False):
        """Mark as answered, also if the mail was reported as undelivered.

        :param partly: the survey was not finished when the campaign was closed
        """
        now = fields.Datetime.now()
        self.filtered(lambda row: not row.sent_at).sent_at = now
        self.write({"state": "partial" if partly else "answered", "answered_at": now})

    def _erase(self, customer=False):
        """Erase personal data; also unlink a customer that is a person."""
        values = {"contact_id": False, "email": False}
        if customer:
            values["partner_id"] = False
        self.write(values)

    # ------------------------------------------------------------
    # Calls
    # ------------------------------------------------------------

    def _check_call(self):
        """Check that the user can call: everybody who can read the invitation.

        :raise UserError: over, answered, or the campaign is anonymous
        """
        self.ensure_one()
        self.check_access("read")
        invitation = self.sudo()
        if not self.env.user.has_group("customer_care.group_user"):
            raise AccessError(
                self.env._("Only users of Customer Care can call customers.")
            )
        if invitation.campaign_id.anonymous:
            raise UserError(
                self.env._(
                    "Customers of an anonymous campaign cannot be called. "
                    "Send the invitation by e-mail."
                )
            )
        if invitation.campaign_id and invitation.campaign_id.state != "running":
            raise UserError(
                self.env._(
                    "The campaign is not running, so customers cannot be called."
                )
            )
        if invitation.state in ("answered", "partial"):
            raise UserError(
                self.env._("%s has already answered.", invitation.partner_id.name)
            )
        if not invitation.partner_id:
            raise UserError(
                self.env._("The personal data of the customer has been erased.")
            )
        reason = invitation._refusals()[invitation.id][0]
        if reason in CALL_REFUSALS or (reason and invitation.state == "to_call"):
            raise UserError(
                self.env._(
                    "%s can no longer be asked: archived, opted out, or with an "
                    "open complaint. Do not call; the entry will be removed from "
                    "the list automatically.",
                    invitation.partner_id.name,
                )
            )
        return invitation

    def _note_call(self, **values):
        now = fields.Datetime.now()
        self.write(
            {
                "calls": self.calls + 1,
                "called_at": now,
                "caller_id": self.env.uid,
                "sent_at": self.sent_at or now,
                **values,
            }
        )

    def action_call(self):
        """Open the survey to fill it in for the customer, who is on the phone. The
        answer is marked with the caller's name.

        :raise UserError: no calls in this campaign, or answered already
        """
        invitation = self._check_call()
        if not invitation.user_input_id:
            invitation._make_answers()
        invitation._note_call()
        answer = invitation.user_input_id
        answer._care_note_caller(self.env.user)
        return {
            "type": "ir.actions.act_url",
            "name": self.env._("Survey by Phone"),
            "url": answer.get_start_url(),
            "target": "new",
        }

    def action_not_reached(self):
        """Note a call without answer; the customer stays in the list."""
        self._check_call()._note_call()

    def action_refused(self):
        """Note that the customer declines to answer this time."""
        self._check_call()._note_call(state="refused")

    def action_view_answer(self):
        """What the customer answered, as a page.

        :raise UserError: nothing yet
        """
        self.ensure_one()
        self.check_access("read")
        answer = self.sudo().user_input_id
        if answer.state != "done":
            raise UserError(self.env._("No answer yet."))
        return {
            "type": "ir.actions.act_url",
            "url": answer.get_print_url(),
            "target": "new",
        }
