from odoo import api, fields, models

from ...tools import distance
from ...tools.matching import MEETING_CHANNELS

FAR_AWAY = 1000
"""Meters from which a check-in is far away from the customer"""


class CareInteraction(models.Model):
    """How far from the customer was the check-in? Shown, never refused: the position
    of a customer may be wrong, and one may meet elsewhere."""

    _inherit = "care.interaction"

    check_in_distance = fields.Float(
        "Distance of Check-in (m)",
        compute="_compute_check_in_distance",
        store=True,
        precompute=True,
        digits=(16, 0),
        copy=False,
        aggregator="avg",
        help="Meters from the check-in to the customer or the contact person, "
        "whichever is nearer.",
    )
    has_distance = fields.Boolean(
        "Distance Known",
        compute="_compute_check_in_distance",
        store=True,
        precompute=True,
        copy=False,
    )
    is_far_away = fields.Boolean(
        "Checked in Far Away",
        compute="_compute_check_in_distance",
        store=True,
        precompute=True,
        copy=False,
        help="Checked in more than 1 km from the customer.",
    )
    check_in_note = fields.Char("Position", compute="_compute_check_in_note")

    def _auto_init(self):
        """Columns that exist are not computed: an upgrade would go through all contacts
        for the few with a position, which a migration computes."""
        self.env.cr.execute(
            """
            ALTER TABLE IF EXISTS care_interaction
            ADD COLUMN IF NOT EXISTS check_in_distance numeric,
            ADD COLUMN IF NOT EXISTS has_distance boolean,
            ADD COLUMN IF NOT EXISTS is_far_away boolean
            """
        )
        return super()._auto_init()

    @api.depends("latitude", "longitude", "partner_id", "contact_id")
    def _compute_check_in_distance(self):
        for contact in self:
            here = distance.Position(contact.latitude, contact.longitude)
            meters = distance.nearest(
                here,
                [
                    distance.Position(place.partner_latitude, place.partner_longitude)
                    for place in (contact.partner_id | contact.contact_id).sudo()
                ],
            )
            contact.has_distance = meters is not None
            contact.check_in_distance = meters or 0.0
            contact.is_far_away = meters is not None and meters > FAR_AWAY

    @api.depends("checked_in_at", "channel", "check_in_distance", "has_distance")
    @api.depends_context("lang")
    def _compute_check_in_note(self):
        for contact in self:
            contact.check_in_note = contact._check_in_words()

    def _check_in_words(self):
        if not self.checked_in_at or self.channel not in MEETING_CHANNELS:
            return False
        if not (self.latitude or self.longitude):
            return self.env._("Checked in without a position")
        if not self.has_distance:
            return self.env._("The position of the customer is not known")
        meters = self.check_in_distance
        if meters < FAR_AWAY:
            return self.env._("%s m from the customer", round(meters))
        return self.env._("%.1f km from the customer", meters / 1000)

    @api.model
    def _locate_check_ins(self, partners):
        """Compare check-ins with positions that have become known since."""
        contacts = self.sudo().search(
            [
                "|",
                ("partner_id", "in", partners.ids),
                ("contact_id", "in", partners.ids),
                ("checked_in_at", "!=", False),
                ("has_distance", "=", False),
            ]
        )
        for name in ("check_in_distance", "has_distance", "is_far_away"):
            self.env.add_to_compute(self._fields[name], contacts)
        contacts.invalidate_recordset(["check_in_note"], flush=False)
