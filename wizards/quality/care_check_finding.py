from odoo import api, fields, models

from ...models.quality.care_spot_check_follow import FOLLOW_UPS


class CareCheckFinding(models.TransientModel):
    """Ask what an inspection found, and what follows from it."""

    _name = "care.check.finding"
    _inherit = ["care.reference.mixin"]
    _description = "Finding of a Spot Check"

    line_id = fields.Many2one(
        "care.spot.check.line", "Record", required=True, ondelete="cascade"
    )
    remark = fields.Char("What Is Wrong")
    follow_up = fields.Selection(FOLLOW_UPS, help="Leave empty to do nothing more.")
    text = fields.Text("Note", help="What the supervisor or the person is told.")
    date_due = fields.Date("Until")
    can_order = fields.Boolean(compute="_compute_line")
    is_right = fields.Boolean(compute="_compute_line")

    @api.depends("line_id")
    def _compute_line(self):
        for finding in self:
            finding.can_order = finding.line_id._can_order()
            finding.is_right = finding.line_id.result == "right"

    def action_apply(self):
        self.ensure_one()
        line = self.line_id
        line.check_access("write")
        if not line.result:
            line.write({"result": "wrong", "remark": self.remark})
        elif line.result == "wrong" and self.remark not in (False, line.remark):
            line.remark = self.remark
        if self.follow_up:
            line._follow_up(self.follow_up, self.text, self.date_due)
        return {"type": "ir.actions.act_window_close"}
