from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class CareAnswerAside(models.TransientModel):
    """Ask why an answer shall not count."""

    _name = "care.answer.aside"
    _description = "Set Answers Aside"

    answer_ids = fields.Many2many(
        "care.answer",
        string="Answers",
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """:raise AccessError: not an administrator of the app
        :raise UserError: no reason"""
        self.ensure_one()
        if not self.env.user.has_group("customer_care.group_manager"):
            raise AccessError(
                self.env._(
                    "Only administrators of Customer Care can set answers aside."
                )
            )
        if not self.reason.strip():
            raise UserError(self.env._("Enter a reason: it is kept with the answer."))
        self.answer_ids.check_access("read")
        self.answer_ids._inputs()._care_set_aside(self.reason)
        return {"type": "ir.actions.act_window_close"}
