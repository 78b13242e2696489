from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..core.care_job import single, work_off

CHECK = "customer_care.mail_activity_type_check"
WAIT_FOR_SURVEY = timedelta(days=7)
"""How long the checker leaves the customer to the survey before asking"""
CHECKS_AT_ONCE = 100
"""Of more complaints that are moved at once, the job plans the checks a minute later,
so that the move does not take long."""
CHECK_PENDING = Domain("check_pending", "=", True)
CHECK_FIELDS = {
    "user_id",
    "team_id",
    "category_id",
    "priority",
    "kind",
    "genuine",
    "first_contact",
}
"""Whether a check is due, and by whom, depends on these."""


class CareComplaint(models.Model):
    """Tell the user who must check the solution, by an activity that is done when the
    customer's answer is recorded."""

    _inherit = "care.complaint"

    check_pending = fields.Boolean(
        readonly=True, copy=False, help="Its check has not been planned yet."
    )
    _check_pending_idx = models.Index("(id) WHERE check_pending")

    def write(self, vals):
        result = super().write(vals)
        if CHECK_FIELDS & set(vals):
            self.sudo().filtered(
                lambda complaint: complaint.phase == "verify"
            )._plan_checks()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        complaints.sudo().filtered(
            lambda complaint: complaint.phase == "verify"
        )._plan_checks()
        return complaints

    def _on_stage_change(self, old):
        touched = self.sudo().filtered(
            lambda complaint: "verify" in (complaint.phase, old[complaint.id].phase)
        )
        cron = self.env.ref("customer_care.ir_cron_checks", raise_if_not_found=False)
        later = cron and len(touched) > CHECKS_AT_ONCE
        if later:
            touched.check_pending = True
            cron.sudo()._trigger()
        result = super()._on_stage_change(old)
        if not later:
            touched._plan_checks()
        return result

    @api.model
    @single
    def _cron_plan_checks(self):
        """Plan the checks of complaints that were moved by the hundred."""
        if not self.env["res.groups"]._has_care_feature("complaint"):
            return
        work_off(
            self.sudo(),
            CHECK_PENDING,
            lambda complaints: complaints._plan_pending_checks(),
            CHECKS_AT_ONCE,
        )

    def _plan_pending_checks(self):
        self.check_pending = False
        self._plan_checks()

    def _plan_checks(self, anew=False):
        """Schedule one activity for each complaint that waits for a check, and remove
        those of others.

        :param anew: the survey has begun or ended: word the activity again
        """
        if not self:
            return
        kind = self.env.ref(CHECK, raise_if_not_found=False)
        due = self.browse()
        for complaint in self if kind else ():
            planned = complaint.activity_ids.filtered(
                lambda activity: activity.activity_type_id == kind
            )
            waits = complaint._waits_for_check()
            if not waits or planned.user_id & complaint.user_id:
                planned.unlink()
                planned = planned.browse()
            if waits and not planned:
                due |= complaint
            elif waits and anew and planned.user_id:
                planned.write(complaint._check_values(planned.user_id[:1]))
        for alike in due.grouped(lambda complaint: complaint._checked_alike()).values():
            alike._plan_check(kind)

    def _checked_alike(self):
        """What decides who checks and what the activity says"""
        return self.company_id, self.team_id, self.user_id, self._is_asked_otherwise()

    def _plan_check(self, kind):
        """Schedule the checks of complaints that are alike."""
        user = self._checker()
        if not user and len(self) > 1:
            for complaint in self:
                complaint._plan_check(kind)
        elif user:
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                activity_type_id=kind.id,
                user_id=user.id,
                **self[:1]._check_values(user),
            )

    def _check_values(self, user):
        told = self._care_in_language_of(user)
        today = self.company_id._care_today()
        if self._is_asked_otherwise():
            return {
                "summary": told.env._(
                    "The customer is asked by survey: ask only without an answer"
                ),
                "date_deadline": today + WAIT_FOR_SURVEY,
            }
        return {
            "summary": told.env._("Ask whether the customer is satisfied"),
            "date_deadline": today + timedelta(days=1),
        }

    def _waits_for_check(self):
        return (
            self.phase == "verify"
            and not self.merged_into_id
            and "verified" in self._missing_in("settle")
        )

    def _is_asked_otherwise(self):
        """Is somebody or something else asking the customer already?"""
        return False

    def _checker(self):
        """Who checks these solutions, of one team and handler: the checker of the team,
        else its manager, else a colleague; for those who are absent today, their
        stand-in. Never the handler."""
        team = self.team_id.sudo()
        people = team.checker_id | team.manager_id | team.member_ids
        people = (people | self.company_id._care_manager()) - self.user_id
        people = people.filtered(
            lambda user: user.active and self.with_user(user).has_access("write")
        )
        today = self.company_id._care_today()
        away = people._care_absent_days(today, today)
        for user in people:
            acting = user if user not in away else user._care_stand_in(today)
            if acting and acting != self.user_id:
                return acting
        return people[:1]

    def _care_record_outcome(self, outcome, comment=None, user=None):  # pylint: disable=missing-return
        super()._care_record_outcome(outcome, comment, user)
        label = dict(self._fields["outcome"]._description_selection(self.env))[outcome]
        self.with_user(user or api.SUPERUSER_ID).sudo().activity_feedback(
            [CHECK], feedback=label
        )

    def _letter_asks(self):
        """Does the closing letter ask whether the customer is satisfied? Customers are
        asked once."""
        return self.outcome == "unknown" and not self._is_asked_otherwise()
