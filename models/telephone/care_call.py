from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

PICK_UP_SECONDS = 15
"""Calls are to be answered within so many seconds (domain, section 4)."""
SHOWN_SECONDS = 10
"""The caller's card is to be seen within so many seconds."""
SILENT_AFTER = timedelta(hours=6)
"""A call of which nothing is heard any more has ended."""


class CareCall(models.Model):
    """A telephone call, as the telephone system reports it."""

    _name = "care.call"
    _description = "Telephone Call"
    _order = "create_date DESC, id DESC"
    _rec_name = "number"

    system_id = fields.Many2one(
        "care.call.system",
        "Telephone System",
        required=True,
        readonly=True,
        ondelete="restrict",
        groups="customer_care.group_manager",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    reference = fields.Char(
        required=True, readonly=True, help="The telephone system's name of the call."
    )
    number = fields.Char(
        "Phone Number", readonly=True, help="Empty if the caller withholds it."
    )
    extension = fields.Char(readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Answered by",
        readonly=True,
        index="btree_not_null",
        help="User of the extension: of those at which it rang, the one that answered.",
    )
    rung_user_ids = fields.Many2many(
        "res.users",
        string="Rang at",
        readonly=True,
        help="Whose extensions it rang at.",
    )
    state = fields.Selection(
        [
            ("ringing", "Ringing"),
            ("answered", "Talking"),
            ("ended", "Ended"),
            ("missed", "Missed Call"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    ringing_at = fields.Datetime("Rang", readonly=True)
    answered_at = fields.Datetime("Picked Up", readonly=True)
    ended_at = fields.Datetime("Ended", readonly=True)
    shown_at = fields.Datetime(
        "Card Shown", readonly=True, help="When the hotline showed the caller."
    )
    pick_up_seconds = fields.Integer(
        "Pick-Up (s)",
        readonly=True,
        aggregator="avg",
        help="From ringing to answering.",
    )
    in_time = fields.Float(
        "Answered in Time",
        readonly=True,
        aggregator="avg",
        help="Share of calls answered within 15 seconds; a missed one is not.",
    )
    shown_seconds = fields.Integer(
        "Card Shown (s)",
        readonly=True,
        aggregator="avg",
        help="From ringing until the hotline showed the caller.",
    )
    talk_minutes = fields.Float(
        "Talk (min)",
        readonly=True,
        aggregator="avg",
        digits=(10, 1),
        help="From answering to hanging up.",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null"
    )
    complaint_id = fields.Many2one(
        "care.complaint", readonly=True, index="btree_not_null"
    )
    called_back_at = fields.Datetime("Called Back", readonly=True)
    called_back_id = fields.Many2one("res.users", "Called Back by", readonly=True)

    _reference_unique = models.UniqueIndex("(system_id, reference)")
    _missed_idx = models.Index(
        "(company_id) WHERE state = 'missed' AND called_back_at IS NULL"
    )

    @api.depends("number", "state")
    def _compute_display_name(self):
        for call in self:
            call.display_name = call.number or self.env._("Number withheld")

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_called_back(self):
        """Note that missed calls have been called back, by whoever may see them."""
        self._check_visible()
        self.sudo().filtered(
            lambda call: call.state == "missed" and not call.called_back_at
        ).write(
            {"called_back_at": fields.Datetime.now(), "called_back_id": self.env.uid}
        )

    def action_open_hotline(self):
        """The hotline with this caller."""
        self.ensure_one()
        self.check_access("read")
        if not self.number:
            raise UserError(
                self.env._("The caller has withheld the number. Search by name.")
            )
        return {
            "type": "ir.actions.client",
            "tag": "care_hotline",
            "params": {"number": self.number, "call_id": self.id},
        }

    def announce_shown(self):
        """The hotline shows the caller. Only the first time counts."""
        self.ensure_one()
        self._check_visible()
        call = self.sudo()
        if not call.shown_at:
            call.shown_at = fields.Datetime.now()
            if call.ringing_at:
                call.shown_seconds = seconds_between(call.ringing_at, call.shown_at)

    def _check_visible(self):
        """:raise AccessError: the user may not read the calls, or is a customer"""
        self.check_access("read")
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only internal users can see calls."))

    # ------------------------------------------------------------
    # Jobs
    # ------------------------------------------------------------

    @api.autovacuum
    def _end_silent_calls(self):
        """Calls whose end the telephone system has never reported."""
        before = fields.Datetime.now() - SILENT_AFTER
        silent = Domain("create_date", "<", before)
        self.search(silent & Domain("state", "=", "ringing")).write(
            {"state": "missed", "in_time": 0}
        )
        self.search(silent & Domain("state", "=", "answered")).state = "ended"


def seconds_between(start, end):
    return max(int((end - start).total_seconds()), 0)
