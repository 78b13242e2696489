from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..core.care_job import attempt, single, work_off

ESCALATION_BATCH = 200
WARNING_HORIZON = timedelta(days=60)
"""How far before a deadline a warning in working hours may lie"""


class CareSlaStatus(models.Model):
    """Escalation: by levels before and after the deadline."""

    _inherit = "care.sla.status"

    escalate_at = fields.Datetime(readonly=True)
    alert_ids = fields.One2many("care.sla.alert", "status_id", "Escalations")

    _escalate_idx = models.Index(
        "(escalate_at) WHERE escalate_at IS NOT NULL AND over IS NOT TRUE"
    )

    def _next_levels(self, new=False):
        """{status: levels that have not been done yet}

        :param new: the clocks are new, so no level has run
        """
        policies = self.env["care.sla.policy"]._all()
        done = defaultdict(set)
        for alert in self.env["care.sla.alert"].search_fetch(
            [("status_id", "in", [] if new else self.ids)],
            ["status_id", "escalation_id"],
        ):
            done[alert.status_id].add(alert.escalation_id.id)
        return {
            status: [
                level
                for level in policies[status.policy_id.id].levels
                if level.id not in done[status]
            ]
            for status in self
        }

    @api.model
    def _escalate(self):
        """Do all levels that are due. Looks only at clocks that have one.

        :return: how many levels were done
        """
        self = self.sudo()  # noqa: PLW0642
        done = 0
        if not self.env["res.groups"]._has_care_feature("complaint"):
            return done
        while statuses := self._lock_due():
            done += statuses._escalate_batch()
        for user in self._waiting_for_digest():
            self._send_escalations(user)
        return done

    @api.model
    def _due_domain(self):
        return Domain("escalate_at", "<=", fields.Datetime.now()) & Domain(
            "over", "=", False
        )

    @api.model
    def _lock_due(self):
        """The next clocks with a level that is due and on which nobody else works."""
        self.flush_model()
        return self.search(
            self._due_domain(), order="escalate_at, id", limit=ESCALATION_BATCH
        ).try_lock_for_update(allow_referencing=True)

    def _escalate_batch(self):
        now = fields.Datetime.now()
        working = self._working_times_around(now, before=WARNING_HORIZON)
        levels = self._next_levels()
        Level, due = self.env["care.sla.escalation"], []
        for status in self:
            clock = working[status._working_key()]
            times = {
                level: level.instant(status.deadline, clock) for level in levels[status]
            }
            due += [
                (status, Level.browse(level.id))
                for level, instant in times.items()
                if instant and instant <= now
            ]
            status.escalate_at = min(
                (instant for instant in times.values() if instant and instant > now),
                default=None,
            )
        self._do_levels(due)
        self.flush_recordset()
        return len(due)

    def _do_levels(self, due):
        """Reassign, then notify with an activity. When several levels are due at once,
        each user is notified once; mails wait for the summary at the end of the job."""
        kind = self.env.ref(
            "customer_care.mail_activity_type_sla", raise_if_not_found=False
        ) or self.env.ref("mail.mail_activity_data_warning")
        model = self.env["ir.model"]._get("care.complaint")
        activities, alerts = {}, []
        self._reassign(due)
        for status, level in due:
            complaint = status.complaint_id
            user = status._whom_to_tell(level)
            alerts.append(
                {
                    "status_id": status.id,
                    "escalation_id": level.id,
                    "user_id": user.id,
                    "mail_pending": True,
                }
            )
            words = status._care_in_language_of(user)._escalation_words()
            activities[complaint, user, words] = {
                "activity_type_id": kind.id,
                "res_model_id": model.id,
                "res_id": complaint.id,
                "user_id": user.id,
                "summary": words,
                "date_deadline": fields.Date.context_today(self),
            }
        self.env["care.sla.alert"].create(alerts)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            list(activities.values())
        )

    def _reassign(self, due):
        """Many at once; of several levels of a complaint the last one counts."""
        users = {
            status.complaint_id: level.user_id
            for status, level in due
            if level.action == "reassign" and level.user_id.active
        }
        complaints = self.complaint_id.filtered(users.get)
        for user, given in complaints.grouped(users.get).items():
            given.with_context(mail_auto_subscribe_no_notify=True).user_id = user

    def _whom_to_tell(self, level):
        """User to notify; if archived, the team manager, else the handler"""
        complaint = self.complaint_id
        wanted = {
            "handler": complaint.user_id,
            "manager": complaint.team_id.manager_id,
            "user": level.user_id,
            "reassign": level.user_id,
        }[level.action]
        people = (wanted, complaint.team_id.manager_id, complaint.user_id)
        return (
            next((user for user in people if user.active), None)
            or complaint.company_id._care_manager()
            or self.env.ref("base.user_admin")
        )

    def _escalation_words(self):
        target = dict(self._fields["target"]._description_selection(self.env))
        if self.deadline <= fields.Datetime.now():
            return self.env._("%s is late", target[self.target])
        return self.env._("%s is due soon", target[self.target])

    @api.model
    @single
    def _cron_escalate(self):
        """Escalate in batches, with a commit after each, then send the summaries."""
        if not self.env["res.groups"]._has_care_feature("complaint"):
            return
        Status, Cron = self.sudo(), self.env["ir.cron"]
        domain = self._due_domain()
        Cron._commit_progress(remaining=Status.search_count(domain) + 1)
        if not work_off(
            Status,
            domain,
            lambda statuses: statuses._escalate_batch(),
            ESCALATION_BATCH,
            "escalate_at, id",
        ):
            return
        for user in Status._waiting_for_digest():
            attempt(user, Status._send_escalations)
            if not Cron._commit_progress(remaining=1):
                return
        Cron._commit_progress(remaining=0)

    # ------------------------------------------------------------
    # Digest
    # ------------------------------------------------------------

    @api.model
    def _waiting_for_digest(self):
        """Users who have not been told of everything by mail yet"""
        rows = self.env["care.sla.alert"]._read_group(
            [("mail_pending", "=", True), ("user_id", "!=", False)], ["user_id"]
        )
        return self.env["res.users"].union(*(user for (user,) in rows))

    @api.model
    def _send_escalations(self, user):
        """One message with all that the user has not been told, the latest first. A
        kill leaves the marks, so that the next pass tells."""
        alerts = (
            self.env["care.sla.alert"]
            .search([("mail_pending", "=", True), ("user_id", "=", user.id)])
            .try_lock_for_update(allow_referencing=True)
            ._care_in_language_of(user)
        )
        running = alerts.status_id.filtered(lambda status: not status.over)
        words = defaultdict(list)
        for status in running.sorted("deadline"):
            words[status.complaint_id].append(status._escalation_words())
        if complaints := alerts.status_id.complaint_id.browse(
            complaint.id for complaint in words
        ):
            user._care_send_digest(
                alerts.env._("Escalated complaints: %s", len(complaints)),
                complaints,
                {
                    complaint: f"{complaint.display_name}: {', '.join(said)}"
                    for complaint, said in words.items()
                },
                "customer_care.complaint_escalated_action",
            )
        alerts.mail_pending = False
