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
    note = fields.Char(compute="_compute_note")

    @api.depends("target_ids")
    @api.depends_context("lang")
    def _compute_note(self):
        """Who decides, before the excuse is sent"""
        for excuse in self:
            targets = excuse.target_ids._origin
            asked = targets - targets._decidable()
            asked -= asked._self_excusable()
            excuse.note = asked and self.env._(
                "Excused at once: %(alone)s. Needs approval by %(supervisor)s: "
                "%(asked)s.",
                alone=len(targets - asked),
                asked=len(asked),
                supervisor=asked._excuse_supervisor_names(),
            )

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
        excused = self.target_ids.action_excuse(self.kind, self.reason)
        close = {"type": "ir.actions.act_window_close"}
        asked = self.target_ids - excused
        if not asked:
            return close
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "Excused: %(alone)s. Sent to %(supervisor)s for approval: "
                    "%(asked)s.",
                    alone=len(excused),
                    asked=len(asked),
                    supervisor=asked._excuse_supervisor_names(),
                ),
                "next": close,
            },
        }
