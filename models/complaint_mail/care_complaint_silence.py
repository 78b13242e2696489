from odoo import api, fields, models
from odoo.tools import email_normalize

from ..core.care_job import single, work_off

NO_CONTACT = "customer_care.mail_activity_type_remind"


class CareComplaint(models.Model):
    """Complaints that wait for a customer who says nothing: a reminder, and in the end
    closing as cancelled, so that they count neither as solved nor as satisfied."""

    _inherit = "care.complaint"

    waiting_since = fields.Datetime(
        "Waiting for Customer Since",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Since when the complaint is in a stage that waits for the customer.",
    )
    reminded_at = fields.Datetime(
        "Customer Reminded",
        readonly=True,
        copy=False,
        help="When the customer was reminded, or the handler asked to call.",
    )
    no_answer = fields.Boolean(
        "Customer Did Not Answer",
        readonly=True,
        copy=False,
        help="Closed because the customer did not answer.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        complaints._note_waiting()
        return complaints

    def _on_stage_change(self, old):
        """First, as it is then written along with the stage"""
        moved = self.filtered(lambda complaint: complaint.stage_id != old[complaint.id])
        moved._note_waiting()
        moved.sudo().filtered("no_answer").no_answer = False
        return super()._on_stage_change(old)

    def _note_waiting(self):
        """The time begins when a complaint comes to a stage that waits."""
        complaints = self.sudo()
        fresh = complaints.filtered(
            lambda complaint: complaint.stage_id.pauses_sla
            and not complaint.waiting_since
        )
        if fresh:
            fresh.write({"waiting_since": fields.Datetime.now(), "reminded_at": False})
        over = complaints.filtered(
            lambda complaint: complaint.waiting_since
            and not complaint.stage_id.pauses_sla
        )
        if over:
            over.waiting_since = False
            over.activity_unlink([NO_CONTACT])

    # ------------------------------------------------------------
    # Words of the mail template
    # ------------------------------------------------------------

    def _reminded_name(self):
        """Name to greet"""
        return self._person_name()

    def _close_after_reminder(self):
        """Working days until the complaint is closed; 0: it stays open"""
        team = self.team_id.sudo()
        return max(team.close_after_days - team.remind_after_days, 0)

    # ------------------------------------------------------------
    # Reminding and closing
    # ------------------------------------------------------------

    @api.model
    @single
    def _cron_silence(self):
        """Remind and close complaint by complaint, with a commit after each: the mail
        is queued and the complaint marked in the same transaction."""
        if not self.env["res.groups"]._has_care_feature("complaint"):
            return
        teams = (
            self.env["care.complaint.team"]
            .sudo()
            .search(
                [
                    "|",
                    ("remind_after_days", ">", 0),
                    ("close_after_days", ">", 0),
                ]
            )
        )
        Complaint = self.sudo()
        for team in teams:
            # who is reminded now is not closed in the same run
            closing, reminding = team._silent_to_close(), team._silent_to_remind()
            if closing and not work_off(
                Complaint, closing, lambda complaints: complaints._close_silent()
            ):
                return
            if reminding and not work_off(
                Complaint, reminding, lambda complaints: complaints._remind_silent()
            ):
                return

    def _remind_silent(self):
        for complaint in self:
            complaint.reminded_at = fields.Datetime.now()
            contact, address = complaint._acknowledged_to()
            email = email_normalize(address or "", strict=False)
            if not email:
                complaint._ask_to_call()
            elif complaint._may_remind(email, contact):
                complaint._post_automatic(
                    "customer_care.mail_template_reminder", contact, address
                )

    def _may_remind(self, email, contact):
        """Not if the person opted out or is blocked as a sender of spam"""
        return not (
            self.env["mail.blacklist"].search_count([("email", "=", email)], limit=1)
            or self._is_blocked(email, self.team_id)
            or self._is_own_address(email)
            or self._is_colleague(contact)
        )

    def _ask_to_call(self):
        self._plan_for_reader(
            NO_CONTACT,
            lambda told: told.env._(
                "The customer has not answered and has no e-mail address: call."
            ),
        )

    def _close_silent(self):
        """Neither solved nor satisfied: the steps of a solution are not asked for."""
        stage = self.env["care.complaint.stage"]._first("cancelled")
        for complaint in self if stage else ():
            ours = complaint._care_in_language_of(complaint.company_id.partner_id)
            complaint.write(
                {
                    "stage_id": stage.id,
                    "cancel_reason": ours.env._("The customer did not answer"),
                }
            )
            complaint.no_answer = True
