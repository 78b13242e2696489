from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..core.res_users import DIGEST_RECORDS


class CarePlanTarget(models.Model):
    """Telling supervisors of windows that passed without the contacts owed."""

    _inherit = "care.plan.target"

    @api.model
    def _notify_domain(self):
        return Domain("state", "=", "missed") & Domain("missed_notified", "=", False)

    @api.model
    def _notify_missed(self):
        """Tell supervisors of each window missed, once."""
        for supervisor, targets in self._missed_by_supervisor().items():
            self._tell_missed(supervisor, targets)

    @api.model
    def _missed_by_supervisor(self):
        """{supervisor, may be empty: targets of which nobody has been told yet}"""
        missed = self.sudo().search(self._notify_domain(), order="id")
        by_supervisor = defaultdict(self.sudo().browse)
        for targets in missed.grouped(lambda t: (t.company_id, t.user_id)).values():
            by_supervisor[targets[:1]._supervisor()] |= targets
        return by_supervisor

    @api.model
    def _tell_missed(self, supervisor, targets):
        """An activity for each, one message for all, the longest overdue first."""
        targets = targets.try_lock_for_update(allow_referencing=True)
        targets = targets.filtered_domain(self._notify_domain())
        targets.missed_notified = True
        if not supervisor or not targets:
            return
        targets = targets.sorted(lambda target: (target.date_end, target.id))
        targets = targets._care_in_language_of(supervisor)
        words = targets._schedule_missed(supervisor)
        supervisor._care_send_digest(
            targets.env._("Missed contacts: %s", len(targets)),
            targets,
            {
                target: f"{target.display_name}: {words[target]}"
                for target in targets[:DIGEST_RECORDS]
            },
            "customer_care.missed_target_action",
        )

    def _schedule_missed(self, supervisor):
        """:return: {target: what the activity says}"""
        kind = self.env.ref(
            "customer_care.mail_activity_type_missed", raise_if_not_found=False
        ) or self.env.ref("mail.mail_activity_data_warning")
        model_id = self.env["ir.model"]._get_id(self._name)
        words = {target: target._missed_words() for target in self}
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model_id,
                    "res_id": target.id,
                    "user_id": supervisor.id,
                    "summary": summary,
                    "date_deadline": fields.Date.context_today(self),
                    "automated": True,
                }
                for target, summary in words.items()
            ]
        )
        return words

    def _supervisor(self):
        """Who looks after the person responsible: the leader of the person's sales
        team, else the company's care manager."""
        self.ensure_one()
        leader = self.user_id.sale_team_id.user_id
        if (
            leader != self.user_id
            and leader.active
            and self.company_id in leader.company_ids
        ):
            return leader
        return self.company_id._care_manager()
