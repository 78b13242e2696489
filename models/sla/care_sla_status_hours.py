from odoo import api, models
from odoo.fields import Domain


class CareSlaStatus(models.Model):
    """Running clocks whose hours have changed. Nothing is recomputed by itself: a
    person decides on the policy or on the working hours."""

    _inherit = "care.sla.status"

    @api.model
    def _mark_changed(self, domain):
        """Call it when teams or companies got other working hours: running clocks stay
        with theirs until a person decides."""
        clocks = self.search(
            domain
            & Domain("over", "=", False)
            & Domain("around_the_clock", "=", False)
            & Domain("policy_id.calendar_id", "=", False)
        )
        for (policy, complaint), rows in clocks.grouped(
            lambda clock: (clock.policy_id, clock.complaint_id)
        ).items():
            rows.hours_changed = rows.calendar_id != policy._calendar_for(
                complaint
            ) or bool(rows.hours_before_id)

    def _follow_current_hours(self):
        """Forget former hours; :meth:`_replay` then computes with the current ones."""
        snapshots = self.hours_before_id
        self.write({"hours_before_id": False, "hours_changed": False})
        self.flush_recordset()
        used = self.search([("hours_before_id", "in", snapshots.ids)]).hours_before_id
        (snapshots - used).unlink()

    def _recompute_hours(self):
        """Follow the current hours, even if the old deadline has passed."""
        if not self:
            return
        for (policy, complaint), rows in self.grouped(
            lambda clock: (clock.policy_id, clock.complaint_id)
        ).items():
            if not policy.calendar_id:
                rows.calendar_id = policy._calendar_for(complaint)
        self._follow_current_hours()
        self._replay(anew=True)
        self.complaint_id._sum_up_sla()
