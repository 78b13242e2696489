from odoo import api, fields, models

from ...tools.mail_text import only_thanks
from ..complaint.care_complaint_stage import CLOSED_PHASES, RESOLVED_PHASES

ANSWER = "customer_care.mail_activity_type_answer"
AFTER_CLOSING = "customer_care.mail_activity_type_after_closing"


class CareComplaint(models.Model):
    """What a customer's message triggers, also after the solution and after closing."""

    _inherit = "care.complaint"

    written_after_closing = fields.Datetime(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When the customer wrote after closing; empty once a user has decided "
        "whether to reopen.",
    )

    def action_only_thanks(self):
        """Keep the complaint closed although the customer has written."""
        self.check_access("write")
        for complaint in self.filtered("written_after_closing"):
            complaint._message_log(
                body=self.env._(
                    "The customer's message needs no answer: the complaint stays "
                    "closed."
                )
            )
        self.sudo()._settle_after_closing()
        self._settle_unanswered()

    def _on_customer_answer(self, message):
        """A customer's message resumes a waiting complaint. After the solution a person
        decides what it means, and nothing changes before, unless the company reopens at
        once; thanks alone change nothing."""
        complaint = self.with_user(api.SUPERUSER_ID)
        if complaint.merged_into_id:
            return
        closed = complaint.phase in CLOSED_PHASES
        if closed or complaint.phase in RESOLVED_PHASES:
            if not complaint._is_thanks(message):
                complaint._on_answer_to_solution(closed)
        elif self._is_forgeable():
            complaint._tell_of_answer()
        elif complaint.stage_id.pauses_sla:
            complaint.stage_id = complaint._stage_after_pause()
            complaint._tell_of_answer()

    def _on_answer_to_solution(self, closed):
        if not closed:
            self._tell_of_answer()
            return
        if (
            self.company_id.care_reopen_at_once
            and self._may_reopen()
            and not self._is_forgeable()
        ):
            self.action_reopen()
        elif not self.written_after_closing:
            self.written_after_closing = fields.Datetime.now()
        self._tell_of_answer(AFTER_CLOSING)

    def _may_reopen(self):
        days = self.company_id.care_reopen_days
        age = fields.Datetime.now() - (self.closed_at or fields.Datetime.now())
        return days > 0 and age.total_seconds() <= days * 86_400

    @api.model
    def _only_thanks(self, message):
        """:param message: {name: value} as Odoo has read a mail"""
        return not message.get("attachments") and only_thanks(
            message.get("body"), [message.get("email_from", "").partition("<")[0]]
        )

    def _is_thanks(self, message):
        message = message.sudo()
        names = [message.author_id.name, (message.email_from or "").partition("<")[0]]
        return not message.attachment_ids and only_thanks(message.body, names)

    def _stage_after_pause(self):
        """The first stage of the same phase that does not pause, else of an earlier"""
        Stage = self.env["care.complaint.stage"]
        for phase in (self.phase, "investigate", "record"):
            stage = Stage.search(
                [("phase", "=", phase), ("pauses_sla", "=", False)], limit=1
            )
            if stage:
                return stage
        return self.stage_id

    def _on_stage_change(self, old):
        """Whoever reopens has decided."""
        result = super()._on_stage_change(old)
        self.sudo().filtered(
            lambda complaint: complaint.phase not in CLOSED_PHASES
        )._settle_after_closing()
        return result

    def _settle_after_closing(self):
        waiting = self.filtered("written_after_closing")
        if waiting:
            waiting.written_after_closing = False
            waiting.activity_unlink([AFTER_CLOSING])

    # ------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------

    def _tell_of_answer(self, xmlid=ANSWER):
        """Schedule one activity, however often the customer writes"""
        kind = self.env.ref(xmlid, raise_if_not_found=False)
        if kind and kind not in self.activity_ids.activity_type_id:
            self._plan_for_reader(
                xmlid, lambda told: told._answer_summary(xmlid == AFTER_CLOSING)
            )

    def _plan_for_reader(self, xmlid, words):
        """Schedule an activity, without a mail, for who reads the customer's messages.

        :param xmlid: its type; nothing happens if that has been deleted
        :param words: called with the complaint in the language of that user
        """
        kind = self.env.ref(xmlid, raise_if_not_found=False)
        user = self._answer_reader()
        if not kind or not user:
            return
        told = self._care_in_language_of(user)
        told.with_context(mail_activity_quick_update=True).activity_schedule(
            activity_type_id=kind.id, user_id=user.id, summary=words(told)
        )

    def _answer_reader(self):
        """The handler, else the stand-in, else the team manager, else a member: the
        first who is not absent today"""
        team = self.team_id.sudo()
        today = self.company_id._care_today()
        people = self.user_id | self.user_id._care_stand_ins(today).sudo(False)
        people |= team.manager_id | team.member_ids
        people = (people | self.company_id._care_manager()).filtered("active")
        away = people._care_absent_days(today, today)
        present = people.filtered(lambda user: user not in away)
        return (present or people)[:1]

    def _answer_summary(self, after_closing):
        if self._is_forgeable():
            return self.env._("A mail from an unverified sender has been received.")
        if after_closing and self.phase in CLOSED_PHASES:
            return self.env._(
                "The customer has written after closing: reopen, or only thanks?"
            )
        if after_closing:
            return self.env._("The customer has written to a closed complaint.")
        if self.phase in RESOLVED_PHASES:
            return self.env._("The customer has written after the solution.")
        return self.env._("The customer has answered, so the clocks are running again.")
