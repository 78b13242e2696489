from odoo import api, fields, models

from ...tools.case_steps import missing


class CareComplaintSkip(models.TransientModel):
    """A manager moves a complaint on before its file is complete."""

    _name = "care.complaint.skip"
    _inherit = ["care.reference.mixin"]
    _description = "Skip Steps"

    complaint_id = fields.Many2one("care.complaint", required=True, ondelete="cascade")
    stage_id = fields.Many2one("care.complaint.stage", "Move to", required=True)
    left_out = fields.Text(compute="_compute_left_out")
    reason = fields.Char(required=True)

    @api.depends("complaint_id", "stage_id")
    def _compute_left_out(self):
        words = self.env["care.complaint"]._step_words()
        for wizard in self:
            names = []
            if wizard.complaint_id and wizard.stage_id:
                names = missing(wizard.complaint_id._file(), wizard.stage_id.phase)
            wizard.left_out = "\n".join(words[name] for name in names)

    def action_confirm(self):
        self.ensure_one()
        self.complaint_id._skip_steps(self.stage_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
