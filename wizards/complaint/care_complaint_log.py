from odoo import fields, models


class CareComplaintLog(models.TransientModel):
    """Enter an event in the ledger, which may be back-dated."""

    _name = "care.complaint.log"
    _inherit = ["care.reference.mixin"]
    _description = "Enter an Event Manually"

    complaint_id = fields.Many2one("care.complaint", required=True, ondelete="cascade")
    kind = fields.Selection(
        [
            ("replied", "Customer received a reply"),
            ("paused", "Started waiting for the customer"),
            ("resumed", "Work resumed"),
            ("resolved", "Customer received the solution"),
            ("reopened", "Customer complained again"),
            ("received", "Complaint received earlier"),
        ],
        "Event",
        default="replied",
        required=True,
    )
    at = fields.Datetime("Date", required=True, default=fields.Datetime.now)
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.complaint_id._add_event_by_hand(self.kind, self.at, self.reason)
        return {"type": "ir.actions.act_window_close"}
