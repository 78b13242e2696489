from odoo import fields, models


class CareNoticeStep(models.TransientModel):
    """Asks for the words that a step of a notice needs."""

    _name = "care.notice.step"
    _inherit = ["care.reference.mixin"]
    _description = "Step of a Notice"

    notice_id = fields.Many2one(
        "care.notice", "Written Notice", required=True, ondelete="cascade"
    )
    step = fields.Selection(
        [("refuse", "Refuse"), ("done", "Made Good"), ("cancel", "Cancel")],
        required=True,
    )
    words = fields.Text()

    def action_apply(self):
        self.ensure_one()
        notice = self.notice_id
        steps = {
            "refuse": notice.action_refuse,
            "done": notice.action_done,
            "cancel": notice.action_cancel,
        }
        steps[self.step](self.words or "")
        return {"type": "ir.actions.act_window_close"}
