from odoo import fields, models

from .care_complaint_stage import CLOSED_PHASES


class CareComplaint(models.Model):
    """Spam: closed by one click, counted nowhere, and undone by another."""

    _inherit = "care.complaint"

    spam = fields.Boolean(readonly=True, copy=False)
    spam_stage_id = fields.Many2one(
        "care.complaint.stage",
        readonly=True,
        copy=False,
        groups="base.group_system",
        ondelete="set null",
        help="Stage before the complaint was marked as spam.",
    )

    def action_spam(self):
        """Cancel without a reason; the complaint leaves the reports."""
        self.check_access("write")
        self._check_not_merged()
        stage = self.env["care.complaint.stage"]._first("cancelled")
        for complaint in self.sudo().filtered(lambda complaint: not complaint.spam):
            complaint.write(
                {
                    "spam": True,
                    "spam_stage_id": complaint.stage_id.id,
                    "stage_id": stage.id,
                }
            )

    def action_not_spam(self):
        """Go on where it stood."""
        self.check_access("write")
        first = self.env["care.complaint.stage"]._first("record", "investigate")
        for complaint in self.sudo().filtered("spam"):
            complaint.write(
                {
                    "spam": False,
                    "spam_stage_id": False,
                    "stage_id": (complaint.spam_stage_id or first).id,
                }
            )

    def _on_stage_change(self, old):
        """What is reopened by any other way is no spam either."""
        result = super()._on_stage_change(old)
        reopened = self.sudo().filtered(
            lambda complaint: complaint.spam and complaint.phase not in CLOSED_PHASES
        )
        if reopened:
            reopened.write({"spam": False, "spam_stage_id": False})
        return result
