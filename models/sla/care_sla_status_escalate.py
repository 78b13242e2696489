from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models

EARLIER = timedelta(days=60)
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

        :param new: none of them has had one
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
        return done

    @api.model
    def _lock_due(self, limit=200):
        """The next clocks with a level that is due and on which nobody else works."""
        self.flush_model()
        return self.search(
            [("escalate_at", "<=", fields.Datetime.now()), ("over", "=", False)],
            order="escalate_at, id",
            limit=limit,
        ).try_lock_for_update(allow_referencing=True)

    def _escalate_batch(self):
        now = fields.Datetime.now()
        working = self._working_times_around(now, before=EARLIER)
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
        """Reassign, then tell: an activity, which Odoo also sends by mail. Who is told
        by several levels at once is told once."""
        kind = self.env.ref(
            "customer_care.mail_activity_type_sla", raise_if_not_found=False
        ) or self.env.ref("mail.mail_activity_data_warning")
        model = self.env["ir.model"]._get("care.complaint")
        activities, alerts = {}, []
        for status, level in due:
            complaint = status.complaint_id
            if level.action == "reassign" and level.user_id.active:
                complaint.user_id = level.user_id
            user = status._whom_to_tell(level)
            alerts.append(
                {
                    "status_id": status.id,
                    "escalation_id": level.id,
                    "user_id": user.id,
                }
            )
            words = status._escalation_words()
            activities[complaint, user, words] = {
                "activity_type_id": kind.id,
                "res_model_id": model.id,
                "res_id": complaint.id,
                "user_id": user.id,
                "summary": words,
                "date_deadline": fields.Date.context_today(self),
            }
        self.env["care.sla.alert"].create(alerts)
        self.env["mail.activity"].create(list(activities.values()))

    def _whom_to_tell(self, level):
        """Instead of who has left: the manager of the team, else the handler"""
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
    def _cron_escalate(self):
        """The job: a batch at a time, each kept when it is done."""
        Status, Cron = self.sudo(), self.env["ir.cron"]
        while statuses := Status._lock_due():
            done = statuses._escalate_batch()
            if not Cron._commit_progress(done, remaining=1):
                return
        Cron._commit_progress(remaining=0)
