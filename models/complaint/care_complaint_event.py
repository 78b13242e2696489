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

    @api.model_create_multi
    def create(self, vals_list):
        """Only data files, migrations and other modules create events, as superuser.
        Those of a complaint whose ledger has begun move its clocks and dates, as events
        entered by hand do.

        :raise UserError: an event in the future, or before the reception
        """
        ids = {vals.get("complaint_id") for vals in vals_list} - {None, False}
        begun = self.search([("complaint_id", "in", list(ids))]).complaint_id
        events = super().create(vals_list)
        events.filtered(lambda event: event.complaint_id in begun)._follow()
        return events

    def _follow(self):
        """Bring the complaints in line with these new events."""
        for complaint, events in self.grouped("complaint_id").items():
            first = min(events.mapped("at"))
            if "received" in events.mapped("kind") and first < complaint.received_at:
                complaint.received_at = first
            for at in events.mapped("at"):
                complaint._check_past(at)
        complaints = self.complaint_id
        ledger = complaints._ledger()
        complaints._replay_sla(ledger, anew=True)
        complaints._set_moments(ledger)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "Events of a complaint cannot be changed. Enter a new one instead."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Events of a complaint cannot be deleted."))
