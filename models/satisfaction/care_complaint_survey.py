from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..complaint.care_complaint_stage import RESOLVED_PHASES
from ..core.care_job import work_off

SURVEY_BATCH = 100
SURVEY_PENDING = Domain("survey_pending", "=", True)
TO_ASK = ("pending", "to_call")
ASKED = ("sent", "answered", "partial")
ASK_WITHIN = timedelta(days=30)
"""Nobody is asked about what was solved longer ago, such as before Satisfaction was
switched off for a while."""


class CareComplaint(models.Model):
    """Survey after a complaint: sent once by a job after the complaint was first
    solved, not in the transaction of the stage change."""

    _inherit = "care.complaint"

    survey_pending = fields.Boolean(readonly=True, copy=False)
    invitation_ids = fields.One2many("care.invitation", "complaint_id", "Asked")
    survey_state = fields.Selection(
        related="invitation_ids.state", string="Survey after the Complaint"
    )

    _survey_pending_idx = models.Index("(id) WHERE survey_pending")

    def _on_stage_change(self, old):
        """Customers are to be asked: said first, as the check of the solution depends
        on it."""
        solved = self.sudo().filtered(
            lambda complaint: complaint.phase in RESOLVED_PHASES
            and old[complaint.id].phase not in RESOLVED_PHASES
        )
        fresh = solved.filtered(
            lambda complaint: complaint.kind == "customer"
            and complaint.outcome == "unknown"
            and complaint.company_id.care_ask_after_complaint
            and not complaint.invitation_ids
        )
        if fresh and self._asks_by_survey():
            fresh.survey_pending = True
            self.env["care.campaign"]._schedule()
        self.sudo().filtered(
            lambda complaint: complaint.phase not in RESOLVED_PHASES
            and old[complaint.id].phase in RESOLVED_PHASES
        )._withdraw_surveys()
        result = super()._on_stage_change(old)
        if solved:
            self.env["care.follow.up"].sudo().search(
                [("complaint_id", "in", solved.ids)]
            )._set_done()
        return result

    def _on_customer_changed(self, former, given):  # pylint: disable=missing-return
        """A survey that has not gone out goes to the customer of now."""
        super()._on_customer_changed(former, given)
        if waiting := self._withdraw_surveys():
            waiting.survey_pending = True
            self.env["care.campaign"]._schedule()

    def _withdraw_surveys(self):
        """Take back surveys for which nobody has been written to or called.

        :return: complaints that had one
        """
        asked = self.invitation_ids.filtered(
            lambda invitation: invitation.state in TO_ASK and not invitation.sent_at
        )
        waiting = self.filtered("survey_pending") | asked.complaint_id
        waiting.survey_pending = False
        asked.unlink()
        return waiting

    @api.model
    def _asks_by_survey(self):
        return self.env["res.groups"]._has_care_feature("satisfaction")

    @api.model
    def _care_invite_waiting(self):
        """Invite in batches, each committed with its mails.

        :return: whether there was time for all
        """
        return work_off(
            self.sudo(),
            SURVEY_PENDING,
            lambda complaints: complaints._care_invite(),
            SURVEY_BATCH,
        )

    def _care_invite(self):
        """Invite the customers of these complaints, by phone if they have no e-mail.
        Customers who opted out are skipped."""
        self.survey_pending = False
        since = fields.Datetime.now() - ASK_WITHIN
        fresh = self.filtered(
            lambda complaint: not complaint.invitation_ids
            and complaint._care_survey()
            and complaint.partner_id
            and complaint.outcome == "unknown"
            and complaint.phase in RESOLVED_PHASES
            and complaint.resolved_at
            and complaint.resolved_at >= since
        )
        values = [
            complaint._care_invitation_values(complaint._care_person())
            for complaint in fresh
        ]
        invitations = self.env["care.invitation"].create(values)
        refusals = invitations._refusals()
        refused = invitations.filtered(lambda row: refusals[row.id][0])
        ready = (invitations - refused).filtered_domain(
            Domain("state", "=", "pending") & invitations._domain_in_hours()
        )
        invitations._send_new(ready)
        refused.unlink()
        self.filtered(lambda complaint: not complaint.invitation_ids)._plan_checks(
            anew=True
        )

    def _is_asked_otherwise(self):
        """A survey about an earlier solution does not ask about this one."""
        complaint = self.sudo()
        since = complaint.resolved_at
        asked = complaint.invitation_ids.filtered(
            lambda row: (
                row.state in TO_ASK
                or (
                    row.state in ASKED
                    and since
                    and (row.answered_at or row.sent_at) >= since
                )
            )
        )
        by_survey = complaint.survey_pending or asked
        return bool(by_survey and self._asks_by_survey()) or (
            super()._is_asked_otherwise()
        )

    def _care_survey(self):
        """The survey that the company asks after complaints"""
        survey = self.company_id.sudo().care_complaint_survey_id
        ready = self.env["survey.survey"]._care_ready_survey("complaint")
        return (survey or ready).sudo()

    def _care_person(self):
        """The contact who complained, else another contact of the customer with an
        address"""
        self.ensure_one()
        customer = self.partner_id
        return self.contact_id or customer._care_letter_to() or customer

    def _care_invitation_values(self, person):
        customer = self.partner_id
        email = person.email_normalized
        return {
            "complaint_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": customer.id,
            "contact_id": person.id,
            "email": email,
            "channel": "email" if email else "phone",
            "state": "pending" if email else "to_call",
            "tier_id": self.tier_id.id,
            "region_id": customer.care_region_id.id,
            "user_id": customer.user_id.id,
            "manager_id": (customer.care_manager_id or customer.user_id).id,
        }

    # ------------------------------------------------------------
    # What the customer says
    # ------------------------------------------------------------

    def _care_record_outcome(self, outcome, comment=None, user=None):  # pylint: disable=missing-return
        """Record the outcome from the portal or a call in the pending survey, so that
        it counts and the customer is not asked again. A negative answer online takes
        effect at once; after a call, the user decides."""
        for complaint in self:
            answer = complaint.sudo().invitation_ids.user_input_id.filtered(
                lambda answer: answer.state != "done"
            )[:1]
            if answer.with_context(care_by_hand=bool(user))._care_choose(
                outcome, comment
            ):
                continue
            super(CareComplaint, complaint)._care_record_outcome(outcome, comment, user)
            complaint.sudo().survey_pending = False
            if outcome == "unsatisfied" and not user:
                complaint.sudo()._care_react()

    def _care_answered(self, outcome, comment, caller):
        """Handle a completed survey, filled in by the customer or by a user during a
        call.

        :param caller: the colleague, may be empty
        """
        self.ensure_one()
        if self.phase not in RESOLVED_PHASES:
            self._note_late_answer(outcome, comment)
            return
        self._care_record_outcome(outcome, comment, caller or None)
        by_hand = self.env.context.get("care_by_hand")
        if outcome == "unsatisfied" and caller and not by_hand:
            self._care_react()

    def _note_late_answer(self, outcome, comment):
        """An answer about a solution that has failed since verifies nothing."""

        def words(told):
            labels = told._fields["outcome"]._description_selection(told.env)
            return told.env._(
                "Survey answered, but the complaint is no longer solved: %s",
                dict(labels)[outcome],
            )

        log = words(self._care_in_language_of(self.company_id.partner_id))
        self._message_log(body=f"{log} – “{comment}”" if comment else log)
        self._plan_for_reader("mail.mail_activity_data_todo", words)

    def _care_react(self):
        """React to a dissatisfied customer by the setting: reopen the complaint, unless
        the customer chose otherwise, and notify the team manager. The outcome stays
        until the next verification."""
        said = {"outcome": self.outcome, "outcome_comment": self.outcome_comment}
        if (
            self.company_id.care_unsatisfied_action == "reopen"
            and not self.env.context.get("care_no_reopen")
            and self.phase in RESOLVED_PHASES
        ):
            self.action_reopen()
            self.write(said)
        user = (
            self.team_id.manager_id or self.user_id or self.company_id._care_manager()
        )
        if user:
            told = self._care_in_language_of(user)
            words = told.env._("The customer is not satisfied with the solution.")
            if said["outcome_comment"]:
                words += f" “{said['outcome_comment']}”"
            told.activity_schedule(
                "customer_care.mail_activity_type_low_score",
                summary=told.env._("Not satisfied: %s", self.display_name),
                note=words,
                user_id=user.id,
            )
