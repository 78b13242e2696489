from odoo import fields, models


class CareCompensationRefuse(models.TransientModel):
    """Ask for the reason to refuse a compensation."""

    _name = "care.compensation.refuse"
    _inherit = ["care.reference.mixin"]
    _description = "Refuse a Compensation"

    complaint_id = fields.Many2one("care.complaint", required=True, ondelete="cascade")
    reason = fields.Char(required=True)

    def action_refuse(self):
        self.ensure_one()
        self.complaint_id._decide_compensation("refused", self.reason)
        return {"type": "ir.actions.act_window_close"}
