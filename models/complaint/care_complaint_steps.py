from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from ...tools.case_steps import PHASE_ORDER, File, missing, next_phase
from .care_complaint_case import OUTCOMES

OUTCOME_FIELDS = {"outcome", "outcome_comment", "verified_by_id", "verified_at"}
"""Feedback of the customer, recorded by another user than the handler"""
BUTTON_FIELDS = OUTCOME_FIELDS | {
    "letter_sent_at",
    "letter_ids",
    "skip_reason",
    "skipped_by_id",
    "skipped_at",
    "full_file",
}
"""Written by buttons only"""
PLACES = {
    "reply": {"button": ".o-mail-Chatter-sendMessage"},
    "department": {"field": "against_team_id"},
    "cause": {"field": "root_cause_id", "page": "case"},
    "solution": {"field": "solution", "page": "case"},
    "approval": {"field": "compensation_amount", "page": "money"},
    "verified": {
        "button": ".o_care_customer_asked",
        "field": "outcome",
        "page": "case",
    },
    "responsible": {"field": "responsible_id", "page": "case"},
    "letter": {
        "button": "button[name=action_closing_letter]",
        "field": "action_print_closing_letter",
        "page": "case",
    },
}
"""Where on the form a requirement is met: the button to press, else the field and its
page"""


class CareComplaint(models.Model):
    """Steps of a complaint: the data that each requires, who may skip steps, and who
    verifies the solution."""

    _inherit = "care.complaint"

    verified_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        help="User who asked the customer; empty if the customer answered online.",
    )
    verified_at = fields.Datetime("Verified", readonly=True, copy=False)
    cancel_reason = fields.Char("Cancellation Reason", copy=False, tracking=True)
    skip_reason = fields.Char(
        "Reason to Skip Steps",
        readonly=True,
        copy=False,
        tracking=True,
        help="Why a manager moved the complaint on although its file was not complete.",
    )
    skipped_by_id = fields.Many2one(
        "res.users", "Steps Skipped by", readonly=True, copy=False
    )
    skipped_at = fields.Datetime("Steps Skipped", readonly=True, copy=False)
    responsibility_reasons = fields.Char(
        "Cause of Settlement", compute="_compute_responsibility_reasons"
    )
    step_missing = fields.Json(
        compute="_compute_step_missing",
        exportable=False,
    )
    """The next step, and what is missing before it"""
    can_verify = fields.Boolean(compute="_compute_can")
    can_skip = fields.Boolean(compute="_compute_can")

    @api.depends(
        "sla_reply_deadline",
        "sla_reply_result",
        "outcome",
        "reopen_count",
        "repeat_of_id",
    )
    @api.depends_context("lang")
    def _compute_responsibility_reasons(self):
        for complaint in self:
            reasons = []
            if complaint._is_answered_late():
                reasons.append(self.env._("no answer in time"))
            if complaint.outcome == "unsatisfied":
                reasons.append(self.env._("the customer is not satisfied"))
            if complaint.reopen_count:
                reasons.append(self.env._("the complaint was reopened"))
            if complaint._is_repeated():
                reasons.append(self.env._("the same complaint twice in a month"))
            complaint.responsibility_reasons = ", ".join(reasons)

    def _is_answered_late(self):
        """Was the deadline of a reply missed?"""
        deadline = self.sla_reply_deadline
        passed = deadline and deadline < fields.Datetime.now()
        return bool(passed) or self.sla_reply_result == "missed"

    def _is_repeated(self):
        """Is it a repeat of a complaint of the same month?"""
        return bool(self.repeat_of_id)

    @api.depends(
        "stage_id",
        "kind",
        "genuine",
        "first_contact",
        "short_file",
        "replied_at",
        "against_team_id",
        "root_cause",
        "root_cause_id",
        "solution",
        "compensation_state",
        "verified_at",
        "responsibility_reasons",
        "responsible_id",
        "partner_id",
        "letter_sent_at",
        "compensation_state",
    )
    @api.depends_context("lang")
    def _compute_step_missing(self):
        labels = dict(self._fields["phase"]._description_selection(self.env))
        words = self._step_words()
        for complaint in self:
            file = complaint._file()
            phase = next_phase(file, complaint.phase)
            complaint.step_missing = phase and {
                "next": labels[phase],
                "missing": [
                    {"name": name, "text": complaint._step_word(name, words)}
                    | PLACES[name]
                    for name in missing(file, phase)
                ],
            }

    def _step_word(self, name, words):
        if name == "verified" and self._is_asked_otherwise():
            return words["survey"]
        if name == "solution" and self.replied_at and self._is_short():
            return words["told"]
        return words[name]

    @api.depends("user_id", "phase", "team_id")
    @api.depends_context("uid")
    def _compute_can(self):
        for complaint in self:
            complaint.can_verify = (
                complaint.phase in ("verify", "settle")
                and complaint.user_id != self.env.user
            )
            complaint.can_skip = complaint._may_skip()

    def _may_skip(self):
        """Is the user the manager of the team or an administrator of the app?"""
        return self.env.user.has_group("customer_care.group_manager") or (
            self.env.user == self.team_id.sudo().manager_id
        )

    def _step_words(self):
        """{name of a requirement: what to do when it is missing}"""
        return {
            "reply": self.env._("answer the customer"),
            "department": self.env._("enter the department it is against"),
            "cause": self.env._("enter the cause"),
            "solution": self.env._("enter the solution"),
            "told": self.env._(
                "enter the solution, or press Solved: it takes the last reply"
            ),
            "approval": self.env._("have the compensation approved"),
            "verified": self.env._(
                "have another user than the handler ask whether the customer is "
                "satisfied"
            ),
            "survey": self.env._(
                "wait for the answer to the survey, or have another user than the "
                "handler ask whether the customer is satisfied"
            ),
            "responsible": self.env._("enter the responsible person"),
            "letter": self.env._("send or print the closing letter"),
            "cancel_reason": self.env._("enter the cancellation reason"),
        }

    def _file(self):
        """The file as :func:`missing` reads it"""
        return File(
            kind=self.kind,
            malicious=self.genuine == "malicious",
            short=self._is_short(),
            replied=bool(self.replied_at),
            first_contact=self.first_contact,
            department=bool(self.against_team_id),
            cause=bool(self.root_cause or self.root_cause_id),
            solution=bool(self.solution),
            approval_pending=self._approval_pending(),
            verified=bool(self.verified_at),
            responsibility_due=bool(self.responsibility_reasons),
            responsible=bool(self.responsible_id),
            letter_due=self._letter_due(),
            letter_sent=bool(self.letter_sent_at),
            cancel_reason=bool(self.cancel_reason),
        )

    def _missing_in(self, phase):
        """Names of what is missing before the complaint may be in the phase"""
        return missing(self._file(), phase)

    def _approval_pending(self):
        """Is a compensation waiting for approval, and can anyone approve it?"""
        return self.compensation_state == "waiting"

    # ------------------------------------------------------------
    # Create and write
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Users cannot set outcome, verification and letter: the values are dropped
        unless data files or migrations pass them as superuser."""
        if self.env.su:
            return super().create(vals_list)
        self = self._care_without_defaults(BUTTON_FIELDS)  # noqa: PLW0642
        return super().create(
            [
                {
                    name: value
                    for name, value in vals.items()
                    if name not in BUTTON_FIELDS
                }
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if not self.env.su:
            vals = self._care_drop_unchanged(BUTTON_FIELDS, vals)
        if not self.env.su and BUTTON_FIELDS & set(vals):
            raise AccessError(
                self.env._(
                    "Outcome, verification, letter and full file cannot be edited. "
                    "Use the buttons Customer Asked, Closing Letter, Full File and "
                    "Short File."
                )
            )
        before = None
        if vals.get("stage_id") and not self.env.su:
            before = {
                complaint.id: complaint.stage_id.phase for complaint in self.sudo()
            }
        result = super().write(vals)
        if before:
            self._check_steps(before)
        return result

    def _check_steps(self, before):
        """Refuse the move while the file lacks data that the step requires. The file is
        checked after the change, so that one write can bring both.

        :param before: {id: phase} before the change
        :raise UserError: something is missing
        """
        refused = []
        # computed now, whatever the change said
        self.invalidate_recordset(["responsibility_reasons"], flush=False)
        for complaint in self.sudo():
            phase = complaint.stage_id.phase
            if (
                complaint.company_id.care_steps_required
                and _is_forward(before[complaint.id], phase)
                and (names := missing(complaint._file(), phase))
            ):
                refused.append((complaint, names))
        if refused:
            raise UserError(self._refusal(refused))

    def _refusal(self, refused):
        words = self._step_words()
        lines = [
            self.env._(
                "%(complaint)s cannot go to “%(stage)s” yet:",
                complaint=complaint.display_name,
                stage=complaint.stage_id.name,
            )
            + "".join(f"\n– {words[name]}" for name in names)
            for complaint, names in refused[:10]
        ]
        return "\n\n".join(
            [
                *lines,
                self.env._(
                    "The team manager can move it with a reason: “Skip Steps…”."
                ),
            ]
        )

    def _on_stage_change(self, old):
        """Reopening clears verification, letter and first contact: they belong to the
        solution that failed."""
        result = super()._on_stage_change(old)
        reopened = self.sudo().filtered(
            lambda complaint: (
                complaint.verified_at
                or complaint.letter_sent_at
                or complaint.first_contact
            )
            and "reopened"
            in self._events_between(old[complaint.id], complaint.stage_id)
        )
        if reopened:
            reopened._log_before_reopening()
            reopened.write(
                {
                    "outcome": "unknown",
                    "outcome_comment": False,
                    "verified_by_id": False,
                    "verified_at": False,
                    "letter_sent_at": False,
                    "first_contact": False,
                }
            )
        return result

    def _log_before_reopening(self):
        """Keep what the reopening clears, and whose fault it was held to be then."""
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        bodies = {}
        for complaint in self:
            outcome = outcomes[complaint.outcome or "unknown"]
            if complaint.outcome_comment:
                outcome = f"{outcome} – “{complaint.outcome_comment}”"
            rows = [
                (self.env._("Outcome"), outcome),
                (
                    self.env._("Solved at First Contact"),
                    complaint.first_contact and self.env._("Yes"),
                ),
                (self.env._("Verified"), complaint._day_of(complaint.verified_at)),
                (self.env._("Verified By"), complaint.verified_by_id.name),
                (
                    self.env._("Closing Letter"),
                    complaint._day_of(complaint.letter_sent_at),
                ),
                (
                    self.env._("Cause"),
                    complaint.root_cause_id.display_name or complaint.root_cause,
                ),
                (self.env._("Responsible"), complaint.responsible_id.name),
            ]
            items = Markup().join(
                Markup("<li>%s: %s</li>") % row for row in rows if row[1]
            )
            title = self.env._("Before the complaint was reopened:")
            bodies[complaint.id] = Markup("<p>%s</p><ul>%s</ul>") % (title, items)
        self._message_log_batch(bodies=bodies)

    def _day_of(self, moment):
        return moment and format_datetime(
            self.env, moment, tz=self.company_id._care_tz().zone, dt_format="short"
        )

    # ------------------------------------------------------------
    # Check and skip
    # ------------------------------------------------------------

    def _care_record_outcome(self, outcome, comment=None, user=None):
        """Record the customer's feedback on the solution. The caller checks access.

        :param outcome: ``satisfied`` or ``unsatisfied``
        :param comment: in the customer's words
        :param user: who asked; none if the customer answers on the portal or in a
            survey
        """
        self.sudo().write(
            {
                "outcome": outcome,
                "outcome_comment": comment or False,
                "verified_by_id": user.id if user else False,
                "verified_at": fields.Datetime.now(),
            }
        )

    def _verify_by_hand(self, outcome, comment):
        """Record the answer of a customer asked by another user than the handler.

        :raise UserError: the user is the handler, or it is not solved yet
        """
        self.ensure_one()
        self.check_access("write")
        if self.phase not in ("verify", "settle"):
            raise UserError(
                self.env._("Ask the customer after the solution has been carried out.")
            )
        if self.user_id == self.env.user:
            raise UserError(
                self.env._(
                    "You handle this complaint. Another user must ask whether the "
                    "customer is satisfied."
                )
            )
        self._care_record_outcome(outcome, comment, self.env.user)
        label = dict(self._fields["outcome"]._description_selection(self.env))[outcome]
        self._message_log(
            body=self.env._("The customer was asked: %s", label)
            + (f" – {comment}" if comment else "")
        )

    def _skip_steps(self, stage, reason):
        """Move the complaint to a stage although its file is not complete.

        :raise AccessError: neither a manager of the team nor an administrator
        :raise UserError: no reason
        """
        self.ensure_one()
        self.check_access("write")
        if not self._may_skip():
            raise AccessError(
                self.env._(
                    "Only the team manager or an administrator of Customer Care can "
                    "skip steps."
                )
            )
        if not (reason or "").strip():
            raise UserError(
                self.env._("Enter a reason: it is kept with the complaint.")
            )
        words = self._step_words()
        names = missing(self._file(), stage.phase)
        left_out = ", ".join(words[name] for name in names)
        values = {"stage_id": stage.id, "skip_reason": reason.strip()}
        if left_out:
            values |= {
                "skipped_by_id": self.env.uid,
                "skipped_at": fields.Datetime.now(),
            }
        self.sudo().write(values)
        if left_out:
            self._message_log(body=self.env._("Skipped: %s", left_out))

    @api.model
    def _outcomes(self):
        """Answers of a customer who was asked"""
        return OUTCOMES[1:]


def _is_forward(before, after):
    if after == "cancelled":
        return before != "cancelled"
    if before not in PHASE_ORDER:
        return False
    return PHASE_ORDER.index(after) > PHASE_ORDER.index(before)
