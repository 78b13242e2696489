from odoo import api, fields, models

ACTIONS = [
    ("object", "Object"),
    ("answer", "Answer"),
    ("waive", "Waive"),
    ("reverse", "Reverse"),
    ("adjust", "Other Amount"),
]


class CareMeritReason(models.TransientModel):
    """Ask for the words that go with a step on the way of entries."""

    _name = "care.merit.reason"
    _inherit = ["care.reference.mixin"]
    _description = "Reason for a Step of the Ledger"

    entry_ids = fields.Many2many("care.merit.entry", string="Entries", required=True)
    action = fields.Selection(ACTIONS, "Step", required=True)
    amount = fields.Float(digits=(16, 2))
    reason = fields.Text(required=True)
    objection = fields.Text(compute="_compute_objection")

    @api.model
    def default_get(self, field_names):
        values = super().default_get(field_names)
        if (
            "entry_ids" in field_names
            and self.env.context.get("active_model") == "care.merit.entry"
        ):
            ids = self.env.context.get("active_ids", ())
            values["entry_ids"] = [fields.Command.set(ids)]
        return values

    @api.depends("entry_ids", "action")
    def _compute_objection(self):
        for wizard in self:
            entries = wizard.entry_ids if wizard.action == "answer" else ()
            wizard.objection = "\n".join(
                entry.objection for entry in entries if entry.objection
            )

    def action_apply(self):
        """Each step checks who may take it."""
        self.ensure_one()
        if self.action == "object":
            self.entry_ids.action_object(self.reason)
        elif self.action == "answer":
            self.entry_ids.action_answer(self.reason)
        elif self.action == "waive":
            self.entry_ids.action_waive(self.reason)
        elif self.action == "reverse":
            self.entry_ids.action_reverse(self.reason)
        elif self.action == "adjust":
            self.entry_ids.action_adjust(self.amount, self.reason)
        return {"type": "ir.actions.act_window_close"}
