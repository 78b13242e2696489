from odoo import api, fields, models


class CareComplaintTakeOver(models.TransientModel):
    """Confirm that a complaint is taken over from a colleague."""

    _name = "care.complaint.take.over"
    _inherit = ["care.reference.mixin"]
    _description = "Take Over a Complaint"

    complaint_id = fields.Many2one("care.complaint", required=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", "Handler", required=True, readonly=True, ondelete="cascade"
    )
    notice = fields.Char(compute="_compute_notice")

    @api.depends("user_id", "complaint_id")
    @api.depends_context("lang")
    def _compute_notice(self):
        for wizard in self:
            wizard.notice = self.env._(
                "%(user)s has taken complaint %(complaint)s.",
                user=wizard.user_id.name or "",
                complaint=wizard.complaint_id.name or "",
            )

    def action_confirm(self):
        self.ensure_one()
        return self.complaint_id._take_over(self.user_id)
