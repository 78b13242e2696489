from odoo import api, fields, models


class CarePromiseStep(models.TransientModel):
    """Asks what a step of a promise needs to know."""

    _name = "care.promise.step"
    _inherit = ["care.reference.mixin"]
    _description = "Step of a Promise"

    promise_id = fields.Many2one("care.promise", required=True, ondelete="cascade")
    step = fields.Selection(
        [
            ("keep", "Kept"),
            ("forgive", "Forgiven"),
            ("withdraw", "Withdraw"),
            ("confirm", "Confirm"),
            ("not_confirmable", "Set a Term"),
        ],
        required=True,
    )
    words = fields.Text()
    date_due = fields.Date("Until")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    cost = fields.Monetary(help="What keeping the promise costs the company.")

    @api.depends("promise_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.promise_id.currency_id

    @api.model
    def default_get(self, fields):
        """A confirmed promise begins with its own day and cost."""
        values = super().default_get(fields)
        promise = self.env["care.promise"].browse(values.get("promise_id"))
        if promise and values.get("step") == "confirm":
            today = promise.company_id._care_today()
            due = promise.date_due
            values["date_due"] = due if due and due >= today else False
            values["cost"] = promise.cost
        return values

    def action_apply(self):
        self.ensure_one()
        promise = self.promise_id
        steps = {
            "keep": lambda: promise.action_keep(self.words or ""),
            "forgive": lambda: promise.action_forgive(self.words or ""),
            "withdraw": lambda: promise.action_withdraw(self.words or ""),
            "confirm": lambda: promise.action_confirm(self.date_due, self.cost),
            "not_confirmable": lambda: promise.action_not_confirmable(self.date_due),
        }
        steps[self.step]()
        return {"type": "ir.actions.act_window_close"}
