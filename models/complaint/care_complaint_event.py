from odoo import api, fields, models
from odoo.exceptions import UserError

EVENT_KINDS = [
    ("received", "Received"),
    ("paused", "Paused"),
    ("resumed", "Resumed"),
    ("replied", "Reply Given"),
    ("resolved", "Resolved"),
    ("reopened", "Reopened"),
    ("cancelled", "Cancelled"),
]


class CareComplaintEvent(models.Model):
    """Entry in the ledger of a complaint. Its clocks are computed by replaying these
    entries only, so entries are added and never changed."""

    _name = "care.complaint.event"
    _description = "Complaint Event"
    _order = "at, id"
    _rec_name = "kind"

    complaint_id = fields.Many2one(
        "care.complaint", required=True, ondelete="cascade", index=True, readonly=True
    )
    at = fields.Datetime("Date", required=True, readonly=True)
    kind = fields.Selection(EVENT_KINDS, "Event", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True)
    reason = fields.Char(readonly=True)
    by_hand = fields.Boolean(readonly=True)
    create_date = fields.Datetime("Recorded on", readonly=True)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "Events of a complaint cannot be changed. Enter a new one instead."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Events of a complaint cannot be deleted."))
