from odoo import api, fields, models

from ...models.contact_plan.care_plan_target import EXCUSES


class CareTargetExcuse(models.TransientModel):
    """Ask for the reason when excusing targets."""

    _name = "care.target.excuse"
    _inherit = ["care.reference.mixin"]
    _description = "Excuse Contacts"

    target_ids = fields.Many2many("care.plan.target", string="Contacts", required=True)
    kind = fields.Selection(EXCUSES, "Reason", default="closed", required=True)
    reason = fields.Char("Explanation")

    @api.model
    def default_get(self, field_names):
        values = super().default_get(field_names)
        if (
            "target_ids" in field_names
            and self.env.context.get("active_model") == "care.plan.target"
        ):
            ids = self.env.context.get("active_ids", ())
            values["target_ids"] = [fields.Command.set(ids)]
        return values

    def action_confirm(self):
        self.ensure_one()
        self.target_ids.action_excuse(self.kind, self.reason)
        return {"type": "ir.actions.act_window_close"}
