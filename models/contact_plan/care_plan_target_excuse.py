from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_list

from ..core.res_users import DIGEST_RECORDS
from .care_plan_target import EXCUSES

WAITING_STATES = ("open", "missed")
ASKING_FIELDS = (
    "excuse_state",
    "excuse_asked_by_id",
    "excuse_asked_at",
    "excuse_asked_of_id",
    "excuse_asked_kind",
    "excuse_asked_reason",
    "excuse_decided_by_id",
    "excuse_decided_at",
    "excuse_answer",
)
EXCUSE_ACTIVITY = "customer_care.mail_activity_type_excuse"


class CarePlanTarget(models.Model):
    """Excuses that need an approval: asked for, approved or refused.

    While an excuse is asked for, its target keeps its state; the window that ends is
    missed as any other.
    """

    _inherit = "care.plan.target"

    excused_on = fields.Date(readonly=True)
    excuse_state = fields.Selection(
        [("asked", "Requested"), ("approved", "Approved"), ("refused", "Refused")],
        "Excuse",
        readonly=True,
        help="Empty: no approval was needed.",
    )
    excuse_asked_by_id = fields.Many2one("res.users", "Excuse Asked by", readonly=True)
    excuse_asked_at = fields.Datetime(readonly=True)
    excuse_asked_of_id = fields.Many2one(
        "res.users",
        "Supervisor Asked",
        readonly=True,
        help="Supervisor who is asked to approve the excuse.",
    )
    excuse_asked_kind = fields.Selection(EXCUSES, "Kind of Excuse", readonly=True)
    excuse_asked_reason = fields.Char("Reason Given", readonly=True)
    excuse_decided_by_id = fields.Many2one(
        "res.users", "Excuse Decided by", readonly=True
    )
    excuse_decided_at = fields.Datetime(readonly=True)
    excuse_answer = fields.Char("Answer", readonly=True)
    may_decide_excuse = fields.Boolean(compute="_compute_may_decide_excuse")

    _asked_idx = models.Index("(excuse_asked_of_id) WHERE excuse_state = 'asked'")
    _excused_idx = models.Index(
        "(excused_by_id, excused_on) WHERE excused_on IS NOT NULL"
    )

    @api.depends("excuse_state", "user_id", "company_id")
    @api.depends_context("uid")
    def _compute_may_decide_excuse(self):
        asked = self.filtered(lambda target: target.excuse_state == "asked")
        decidable = asked._decidable()
        for target in self:
            target.may_decide_excuse = target in decidable

    # ------------------------------------------------------------
    # Who decides
    # ------------------------------------------------------------

    def _decidable(self):
        """Targets whose excuses the user decides: those of the people they supervise,
        for administrators those of everybody else. Their own only administrators whom
        nobody supervises."""
        if self.env.su:
            return self
        user, decidable = self.env.user, self.browse()
        is_admin = user.has_group("customer_care.group_manager")
        groups = self.sudo().grouped(lambda target: (target.company_id, target.user_id))
        for (_company, person), targets in groups.items():
            supervisor = targets[:1]._excuse_supervisor()
            if person == user:
                may = is_admin and (not supervisor or supervisor == user)
            else:
                may = is_admin or supervisor == user
            if may:
                decidable |= targets.sudo(False)
        return decidable

    def _excuse_supervisor(self):
        """The supervisor, if they see the customers of others, else the company's care
        manager."""
        supervisor = self._supervisor()
        if supervisor and not supervisor.has_group("customer_care.group_user_all"):
            return self.company_id._care_manager()
        return supervisor

    def _by_excuse_supervisor(self):
        """{supervisor, may be empty: targets}"""
        by_supervisor = defaultdict(self.browse)
        groups = self.sudo().grouped(lambda target: (target.company_id, target.user_id))
        for targets in groups.values():
            by_supervisor[targets[:1]._excuse_supervisor()] |= targets
        return by_supervisor

    def _excuse_supervisor_names(self):
        names = [
            supervisor.name or self.env._("an administrator")
            for supervisor in self._by_excuse_supervisor()
        ]
        return format_list(self.env, names)

    def _self_excusable(self):
        """Own targets that the user may excuse without approval, the window that ends
        first before others: within the company's allowance for a month, begun, not
        too long before its end, and not refused before."""
        self = self.sudo()  # noqa: PLW0642
        excusable = self.browse()
        for company, targets in self.grouped("company_id").items():
            today = company._care_today()
            last = today + timedelta(days=company.care_excuse_days)
            eligible = targets.filtered(
                lambda target, today=today, last=last: target.user_id == self.env.user
                and target.excuse_state != "refused"
                and target.date_start <= today
                and target.date_end <= last
            )
            left = company.care_excuse_allowance - self._self_excused(company, today)
            eligible = eligible.sorted(lambda target: (target.date_end, target.id))
            excusable |= eligible[: max(left, 0)]
        return excusable.sudo(False)

    @api.model
    def _self_excused(self, company, today):
        """Number of targets that the user has excused without approval this month"""
        return self.sudo().search_count(
            [
                ("excused_by_id", "=", self.env.uid),
                ("company_id", "=", company.id),
                ("excuse_state", "=", False),
                ("excused_on", ">=", today.replace(day=1)),
            ]
        )

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    def _lock_for_excuse(self):
        """Wait for others who work on these targets. Odoo retries the request when one
        of them has changed; two requests of one user follow each other, so that both
        see the allowance used."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM care_plan_target WHERE id = ANY(%s) ORDER BY id "
                "FOR NO KEY UPDATE",
                self.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE res_users SET care_excused_at = %s WHERE id = %s",
                self.env.cr.now(),
                self.env.uid,
            )
        )
        self.invalidate_recordset(flush=False)

    def _ask_for_excuse(self, kind, reason):
        for supervisor, targets in self._by_excuse_supervisor().items():
            targets.sudo().write(
                {
                    "excuse_state": "asked",
                    "excuse_asked_by_id": self.env.uid,
                    "excuse_asked_at": fields.Datetime.now(),
                    "excuse_asked_of_id": supervisor.id,
                    "excuse_asked_kind": kind,
                    "excuse_asked_reason": reason,
                }
            )
            targets._tell_asked(supervisor)
        self._message_log_batch(
            {target.id: self.env._("Excuse asked for: %s", reason) for target in self}
        )

    def _tell_asked(self, supervisor):
        """One activity for all that a person asks of a supervisor on a day."""
        if not supervisor:
            return
        targets = self.sudo()._care_in_language_of(supervisor)
        waiting = targets.search_count(
            [
                ("excuse_asked_by_id", "=", self.env.uid),
                ("excuse_asked_of_id", "=", supervisor.id),
                ("excuse_state", "=", "asked"),
                ("state", "in", WAITING_STATES),
            ]
        )
        today = fields.Date.context_today(self)
        values = {
            "summary": targets.env._(
                "%(person)s asks to excuse %(count)s contacts",
                person=self.env.user.name,
                count=waiting,
            ),
            "note": Markup("<a href='%s'>%s</a>")
            % (
                "/odoo/action-customer_care.excuse_target_action",
                targets.env._("Excuses to Approve"),
            ),
        }
        kind = self.env.ref(EXCUSE_ACTIVITY)
        present = targets._excuse_activities(supervisor, self.env.user).filtered(
            lambda activity: activity.date_deadline == today
        )
        if present:
            present[:1].write(values)
            return
        targets.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        ).create(
            {
                "activity_type_id": kind.id,
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": targets[:1].id,
                "user_id": supervisor.id,
                "date_deadline": today,
                "automated": True,
                **values,
            }
        )

    @api.model
    def _excuse_activities(self, supervisor, asker):
        """Activities that tell a supervisor of what a person asks for; it is the one
        that has made them."""
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("activity_type_id", "=", self.env.ref(EXCUSE_ACTIVITY).id),
                    ("user_id", "=", supervisor.id),
                    ("create_uid", "=", asker.id),
                ]
            )
        )

    def _missed_words(self):
        """What a supervisor reads about a window that was missed"""
        if self.excuse_state != "asked":
            return self.duty
        return self.env._(
            "%(what)s. Excuse asked for: %(reason)s",
            what=self.duty,
            reason=self.excuse_asked_reason,
        )

    # ------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------

    def action_approve_excuse(self):
        """Excuse the targets for which this was asked."""
        waiting = self._lock_waiting()
        for (kind, reason), targets in waiting.grouped(
            lambda target: (target.excuse_asked_kind, target.excuse_asked_reason)
        ).items():
            targets.sudo().write(targets._decision("approved"))
            targets._excuse(kind, reason)
        waiting._tell_decided("approved")

    def action_refuse_excuse(self, answer=None):
        """Refuse the excuses asked for.

        :raise UserError: without words
        """
        answer = (answer or "").strip()
        if not answer:
            raise UserError(
                self.env._("Enter why the excuse is refused. The person reads it.")
            )
        waiting = self._lock_waiting()
        waiting.sudo().write(waiting._decision("refused") | {"excuse_answer": answer})
        waiting._message_log_batch(
            {target.id: self.env._("Excuse refused: %s", answer) for target in waiting}
        )
        waiting._tell_decided("refused")

    def _lock_waiting(self):
        """Locked targets that wait for a decision.

        :raise AccessError: the user does not decide all of them
        :raise UserError: none waits any more
        """
        self.check_access("read")
        self._lock_for_excuse()
        waiting = self.filtered(
            lambda target: target.excuse_state == "asked"
            and target.state in WAITING_STATES
        )
        if not waiting:
            raise UserError(
                self.env._(
                    "No excuse is waiting for an answer here: it was answered or "
                    "withdrawn meanwhile."
                )
            )
        if foreign := waiting - waiting._decidable():
            target = foreign[0].sudo()
            raise AccessError(
                self.env._(
                    "You do not decide the excuses of %(person)s. Ask %(supervisor)s.",
                    person=target.user_id.name or target.display_name,
                    supervisor=target._excuse_supervisor().name
                    or self.env._("an administrator"),
                )
            )
        return waiting

    def _decision(self, state):
        return {
            "excuse_state": state,
            "excuse_decided_by_id": self.env.uid,
            "excuse_decided_at": fields.Datetime.now(),
            "excuse_answer": False,
        }

    def _tell_decided(self, decision):
        """Tell the people who asked, and take the activities away that have nothing
        left to decide."""
        for asker, targets in self.sudo().grouped("excuse_asked_by_id").items():
            for supervisor in targets.excuse_asked_of_id:
                targets._close_excuse_activities(supervisor, asker)
            if asker.active and asker != self.env.user:
                targets._care_in_language_of(asker)._send_decision(asker, decision)

    def _send_decision(self, asker, decision):
        count = len(self)
        subject = (
            self.env._("Excuses approved: %s", count)
            if decision == "approved"
            else self.env._("Excuses refused: %s", count)
        )
        asker._care_send_digest(
            subject,
            self,
            {
                target: ": ".join(
                    filter(None, (target.display_name, target.excuse_answer))
                )
                for target in self[:DIGEST_RECORDS]
            },
            "customer_care.plan_target_action",
        )

    @api.model
    def _close_excuse_activities(self, supervisor, asker):
        waiting = self.sudo().search_count(
            [
                ("excuse_asked_by_id", "=", asker.id),
                ("excuse_asked_of_id", "=", supervisor.id),
                ("excuse_state", "=", "asked"),
                ("state", "in", WAITING_STATES),
            ],
            limit=1,
        )
        if not waiting:
            self._excuse_activities(supervisor, asker).unlink()

    def _withdraw_asking(self):
        """Forget that an excuse was asked for, but not that it was refused before."""
        asked = self.sudo().grouped(
            lambda target: (target.excuse_asked_of_id, target.excuse_asked_by_id)
        )
        refused = self.filtered(
            lambda target: target.excuse_state == "asked" and target.excuse_decided_at
        )
        refused.sudo().excuse_state = "refused"
        (self - refused).sudo().write(dict.fromkeys(ASKING_FIELDS, False))
        for supervisor, asker in asked:
            self._close_excuse_activities(supervisor, asker)
