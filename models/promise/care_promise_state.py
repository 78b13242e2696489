from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools.promises import reminder_day
from ..core.care_job import single, work_off
from .care_promise import REMINDER

APPROVAL = "customer_care.mail_activity_type_promise_approval"
LATE = "customer_care.mail_activity_type_promise_late"
BATCH = 200


class CarePromise(models.Model):
    """From the promise to its end: approved, kept, late, broken, forgiven."""

    _inherit = "care.promise"

    late_told_on = fields.Date(readonly=True, copy=False)
    broken_complaint_id = fields.Many2one(
        "care.complaint",
        "Internal Complaint",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    _broken_complaint_uniq = models.UniqueIndex(
        "(broken_complaint_id) WHERE broken_complaint_id IS NOT NULL"
    )

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    def _check_step(self, *states):
        """The promise may be read, and is in one of these states."""
        self.ensure_one()
        self.check_access("read")
        if self.state not in states:
            raise UserError(
                self.env._(
                    "This is not possible now: the promise is %s.",
                    dict(self._fields["state"]._description_selection(self.env))[
                        self.state
                    ].lower(),
                )
            )

    def _is_in_charge(self):
        """Who promised, or stands in; their supervisor; administrators"""
        user = self.env.user
        return (
            self.env.su
            or self.user_id.id in user._care_acting_ids()
            or user == self.supervisor_id
            or user.has_group("customer_care.group_manager")
        )

    def _check_in_charge(self):
        if not self._is_in_charge():
            raise AccessError(
                self.env._(
                    "Only the person who promised, the supervisor or an administrator "
                    "of Customer Care can do this."
                )
            )

    def _words_of(self, text, message):
        text = (text or "").strip()
        if not text:
            raise UserError(message)
        return text

    def _ask(self, step, name):
        """Open the wizard that asks what a step needs to know."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "care.promise.step",
            "view_mode": "form",
            "target": "new",
            "context": {"default_promise_id": self.id, "default_step": step},
        }

    # ------------------------------------------------------------
    # Approval
    # ------------------------------------------------------------

    def action_approve(self):
        for promise in self:
            promise._check_step("to_approve")
            if not promise._may_approve(self.env.user):
                raise AccessError(
                    self.env._(
                        "Only the supervisor or an administrator of Customer Care can "
                        "approve this promise, but not the person who promised above "
                        "the own limit."
                    )
                )
            promise._open(
                approved_by_id=self.env.uid, approved_cost=promise.company_cost
            )
            promise._tell(
                promise.user_id,
                lambda told: told.env._(
                    "Your promise is approved: tell the customer now."
                ),
            )

    def _open(self, **values):
        for promise in self:
            late = promise.date_due and promise.date_due < (
                promise.company_id._care_today()
            )
            promise._set_state("late" if late else "open", **values)
            promise.sudo().activity_unlink([APPROVAL])
            promise._remind()

    def _tell_approver(self):
        """Schedule an activity for the supervisor if the limit allows it, else for an
        administrator."""
        promise = self.sudo()
        promise.activity_unlink([APPROVAL, REMINDER])
        approver = self._approver()
        if not approver:
            promise._message_log(
                body=self.env._(
                    "No other user can approve this promise. Add another "
                    "administrator of Customer Care, or raise the limits in the "
                    "settings."
                )
            )
            return
        told = promise._care_in_language_of(approver)
        promise.activity_schedule(
            APPROVAL,
            user_id=approver.id,
            summary=told.env._("Approve a promise of %s", told._say_cost()),
        )

    def _approver(self):
        managers = self.env.ref("customer_care.group_manager").sudo().all_user_ids
        people = (
            self.supervisor_id.sudo()
            | self.company_id._care_manager()
            | managers.sorted("id")
        ) - self.user_id
        return next(
            (user for user in people if self._may_approve(user)),
            self.env["res.users"],
        )

    # ------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------

    def _remind(self):
        """Remind who promised before the promise is due. Nothing while the feature is
        off: the report or complaint reminds then."""
        if not self or not self._is_promise_on():
            return
        promises = self.sudo()
        promises.activity_unlink([REMINDER])
        for promise in promises.filtered(
            lambda row: row.state in ("open", "late") and row.date_due and row.user_id
        ):
            today = promise.company_id._care_today()
            days = promise.company_id.care_promise_remind_days
            promise.activity_schedule(
                REMINDER,
                date_deadline=reminder_day(promise.date_due, today, days),
                user_id=promise.user_id.id,
                summary=promise.display_name,
            )

    def _tell(self, users, word):
        """Notify users, each in their language.

        :param word: called with the promise in the language of the user
        """
        for user in users - self.env.user:
            told = self._care_in_language_of(user).sudo()
            told.message_notify(
                partner_ids=user.partner_id.ids,
                author_id=self.env.user.partner_id.id,
                subject=told.display_name,
                body=word(told),
                model_description=told.env["ir.model"]._get(self._name).name,
            )

    # ------------------------------------------------------------
    # Settled
    # ------------------------------------------------------------

    def _settle(self, state, **values):
        self._set_state(state, **values)
        self.sudo().activity_unlink([REMINDER, APPROVAL, LATE])

    def action_keep(self, evidence=None):
        """:param evidence: what shows it; without, the wizard asks for it"""
        if evidence is None:
            return self._ask("keep", self.env._("Promise Kept"))
        for promise in self:
            promise._check_step("open", "late")
            promise._check_in_charge()
            words = promise._words_of(
                evidence,
                self.env._(
                    "Enter what shows that the promise was kept: a message, a delivery "
                    "or a credit note."
                ),
            )
            promise._settle("kept", kept_at=fields.Datetime.now(), evidence=words)
            promise._after_kept()
        return None

    def action_break(self):
        """The promise will not be kept: an internal complaint is opened."""
        for promise in self:
            promise._check_step("open", "late")
            promise._check_in_charge()
            promise._break()

    def _break(self):
        self._settle("broken")
        for promise in self:
            promise._open_broken_complaint()

    def action_forgive(self, reason=None):
        """The customer does not insist on it any more."""
        if reason is None:
            return self._ask("forgive", self.env._("Forgiven by the Customer"))
        for promise in self:
            promise._check_step("open", "late", "broken", "disputed")
            promise._check_in_charge()
            words = promise._words_of(
                reason, self.env._("Enter what the customer said.")
            )
            promise._settle("forgiven", reason=words)
            promise._end_order(words)
        return None

    def action_withdraw(self, reason=None):
        """What the customer has not been told, or was entered by mistake"""
        if reason is None:
            return self._ask("withdraw", self.env._("Withdraw the Promise"))
        for promise in self:
            promise._check_withdraw()
            words = promise._words_of(
                reason, self.env._("Enter why the promise is withdrawn.")
            )
            promise._settle("withdrawn", reason=words)
        return None

    def _check_withdraw(self):
        """:raise UserError: it is late, settled or confirmed"""
        self._check_step("to_approve", "open")
        self._check_in_charge()
        if self.confirmed_at:
            raise UserError(
                self.env._("A confirmed promise cannot be withdrawn: keep it.")
            )

    def _settle_from_source(self, state):
        """From the report in which it was made, without evidence"""
        for promise in self:
            promise._settle(
                state, kept_at=fields.Datetime.now() if state == "kept" else False
            )
            if state == "kept":
                promise._after_kept()

    def _drop_from_source(self):
        """Its words were deleted where they were entered."""
        for promise in self.filtered("is_active"):
            promise._settle(
                "withdrawn", reason=self.env._("Deleted where it was entered.")
            )

    def _open_broken_complaint(self):
        """A broken promise goes the way of a complaint, once (domain, section 9)."""
        has = self.env["res.groups"]._has_care_feature
        if self.broken_complaint_id or not (has("promise") and has("complaint")):
            return
        promise = self.sudo().with_company(self.company_id)
        promise.lock_for_update()
        promise.invalidate_recordset(["broken_complaint_id"])
        if promise.broken_complaint_id:
            return
        told = promise._care_in_language_of(promise.company_id.partner_id)
        category = self.env.ref(
            "customer_care.care_category_promise", raise_if_not_found=False
        )
        complaint = promise.env["care.complaint"].create(
            {
                "kind": "internal",
                "subject": told.env._("Broken promise: %s", promise.display_name),
                "partner_id": promise.partner_id.id,
                "contact_id": promise.contact_id.id,
                "company_id": promise.company_id.id,
                "category_id": category and category.id,
                "order_id": promise.order_id.id,
                "against_team_id": promise.department_id.id,
                "responsible_id": promise.user_id.id,
                "source": "other",
            }
        )
        promise._care_unlock().broken_complaint_id = complaint

    # ------------------------------------------------------------
    # Nightly job
    # ------------------------------------------------------------

    @api.model
    def _forget_passed(self):
        """What was due while the feature was off does not break by itself."""
        for company in self.env["res.company"].sudo().search(Domain.TRUE):
            self.sudo().search(
                [
                    ("state", "in", ("open", "late")),
                    ("company_id", "=", company.id),
                    ("date_due", "<", company._care_today()),
                ]
            )._care_unlock().is_earlier = True

    @api.model
    @single
    def _cron_promises(self):
        """Open promises become late and broken; terms of disputes and orders pass."""
        if not self._is_promise_on():
            return
        for company in self.env["res.company"].search([("active", "=", True)]):
            today = company._care_today()
            mine = self.with_company(company)
            for domain, work in mine._nightly_steps(company, today):
                if not work_off(mine, domain, work, BATCH):
                    return
        self.env["care.notice"]._escalate()

    def _nightly_steps(self, company, today):
        """[(domain of promises, what to do with them)], in this order"""
        base = Domain("company_id", "=", company.id)
        broken = today - timedelta(days=company.care_promise_broken_days)
        return [
            (
                base & Domain("state", "=", "open") & Domain("date_due", "<", today),
                lambda promises: promises._become_late(today),
            ),
            (
                base
                & Domain("state", "=", "late")
                & Domain("date_due", "<", broken)
                & Domain("is_earlier", "=", False),
                lambda promises: promises._break(),
            ),
            (
                base
                & Domain("state", "=", "disputed")
                & Domain("dispute_due", "<", today)
                & Domain("denied_at", "=", False)
                & Domain("dispute_told_on", "=", False),
                lambda promises: promises._tell_unanswered(today),
            ),
            (
                base
                & Domain("state", "=", "disputed")
                & Domain("responsible_at", "=", False)
                & Domain("order_due", "<", today),
                lambda promises: promises._miss_order(),
            ),
        ]

    def _become_late(self, today):
        """Tell the supervisor once."""
        self._set_state("late", late_told_on=today)
        for promise in self.sudo():
            boss = promise.supervisor_id
            if promise.is_earlier or not boss.active:
                continue
            told = promise._care_in_language_of(boss)
            promise.activity_schedule(
                LATE,
                date_deadline=today,
                user_id=boss.id,
                summary=told.env._(
                    "%(person)s has not kept a promise in time: %(promise)s",
                    person=promise.user_id.name,
                    promise=promise.display_name,
                ),
            )
