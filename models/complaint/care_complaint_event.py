from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("received", "Received"),
    ("paused", "Paused"),
    ("resumed", "Resumed"),
    ("replied", "Reply Given"),
    ("resolved", "Resolved"),
    ("reopened", "Reopened"),
    ("cancelled", "Cancelled"),
]


class CareComplaintEvent(models.Model):
    """The ledger of a complaint. Its clocks are a replay of these rows and of nothing
    else, so rows are added and never changed."""

    _name = "care.complaint.event"
    _description = "Event of a Complaint"
    _order = "at, id"
    _rec_name = "kind"

    complaint_id = fields.Many2one(
        "care.complaint", required=True, ondelete="cascade", index=True, readonly=True
    )
    at = fields.Datetime("When", required=True, readonly=True)
    kind = fields.Selection(KINDS, "What", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True)
    reason = fields.Char(readonly=True)
    by_hand = fields.Boolean(readonly=True)
    create_date = fields.Datetime("Written down", readonly=True)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("The ledger of a complaint is only added to, never changed.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("The ledger of a complaint goes only with the complaint.")
        )
