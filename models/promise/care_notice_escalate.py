from odoo import api, fields, models

from ...tools.promises import next_in_line
from ..core.care_job import attempt_each
from .care_notice import ESCALATION


class CareNotice(models.Model):
    """Orders whose term has passed go up the line."""

    _inherit = "care.notice"

    escalated_on = fields.Date(readonly=True, copy=False)
    escalated_to_id = fields.Many2one(
        "res.users", "Escalated to", readonly=True, copy=False, ondelete="set null"
    )

    @api.model
    def _escalate(self):
        """Overdue orders go up the line, a step each day. Commits."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            today = company._care_today()
            overdue = self.search(
                [
                    ("company_id", "=", company.id),
                    ("kind", "=", "order"),
                    ("state", "=", "open"),
                    ("date_due", "<", today),
                    "|",
                    ("escalated_on", "=", False),
                    ("escalated_on", "<", today),
                ],
                order="id",
            )
            if not attempt_each(
                overdue, lambda notice, day=today: notice._escalate_one(day)
            ):
                return

    def _escalate_one(self, today):
        """Tell the next one of the line; the last one stays told."""
        line, told = self._line(), self.escalated_to_id
        boss = line.browse(next_in_line(line.ids, told.id))
        self.sudo().escalated_on = today
        if not boss:
            return
        self.sudo().escalated_to_id = boss
        words = self.sudo()._care_in_language_of(boss)
        self.sudo().activity_schedule(
            ESCALATION,
            date_deadline=today,
            user_id=boss.id,
            summary=words.env._(
                "%(notice)s to %(person)s is overdue since %(day)s",
                notice=self.name,
                person=self.user_id.name,
                day=fields.Date.to_string(self.date_due),
            ),
        )

    def _line(self):
        """The supervisor of then, and who is above"""
        boss = self.supervisor_id.filtered("active")
        if not boss:
            return self.user_id._care_line(self.company_id)
        return (boss | boss._care_line(self.company_id)) - self.user_id
