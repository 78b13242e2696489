from odoo import api, fields, models


class CareExcuseRefuse(models.TransientModel):
    """Ask why excuses are refused."""

    _name = "care.excuse.refuse"
    _inherit = ["care.reference.mixin"]
    _description = "Refuse Excuses"

    target_ids = fields.Many2many("care.plan.target", string="Contacts", required=True)
    answer = fields.Char(required=True)

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

    def action_refuse(self):
        self.ensure_one()
        self.target_ids.action_refuse_excuse(self.answer)
        return {"type": "ir.actions.act_window_close"}
