from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

BRIEF_READ_WITHIN = timedelta(hours=24)
"""A brief that was opened longer ago was not read for this contact."""


class CareInteraction(models.Model):
    """Was the customer's brief opened before the contact? (domain, section 1)"""

    _inherit = "care.interaction"

    brief_opened = fields.Boolean(
        "Brief Read Before",
        compute="_compute_brief_opened",
        store=True,
        precompute=True,
        copy=False,
        help="The person opened the brief of the customer in the 24 hours before the "
        "contact.",
    )

    def _auto_init(self):
        """Contacts from before an upgrade stay empty: nobody knows."""
        self.env.cr.execute(
            """
            ALTER TABLE IF EXISTS care_interaction
            ADD COLUMN IF NOT EXISTS brief_opened boolean
            """
        )
        return super()._auto_init()

    @api.depends("state", "date_start", "checked_in_at", "partner_id", "user_id")
    def _compute_brief_opened(self):
        opened = self._places_with_brief_opened()
        for place, contact in enumerate(self):
            contact.brief_opened = place in opened

    def _places_with_brief_opened(self):
        """Places in ``self``: contacts that are being made have no id yet."""
        rows = [
            (place, row.partner_id._origin.id, row.user_id._origin.id, row._begun_at())
            for place, row in enumerate(self)
            if row.state == "done"
            and row.partner_id._origin
            and row.user_id._origin
            and row.date_start
        ]
        if not rows:
            return set()
        self.env["care.brief.view"].flush_model()
        places, partners, users, starts = map(list, zip(*rows, strict=True))
        found = self.env.execute_query(
            SQL(
                """
                SELECT contact.place
                  FROM unnest(%s::int[], %s::int[], %s::int[], %s::timestamp[])
                       AS contact(place, partner_id, user_id, start)
                 WHERE EXISTS (
                       SELECT FROM care_brief_view view
                        WHERE view.partner_id = contact.partner_id
                          AND view.user_id = contact.user_id
                          AND view.opened_at
                              BETWEEN contact.start - %s AND contact.start)
                """,
                places,
                partners,
                users,
                starts,
                BRIEF_READ_WITHIN,
            )
        )
        return {place for (place,) in found}

    def _begun_at(self):
        """When the contact began: one checks in at the door, after planning."""
        return max(self.date_start, self.checked_in_at or self.date_start)

    @api.model
    def _recompute_brief_opened(self, partner, user, since):
        """A brief that was opened without a network is told of afterwards."""
        contacts = self.sudo().search(
            [
                ("partner_id", "=", partner.id),
                ("user_id", "=", user.id),
                ("state", "=", "done"),
                ("date_start", ">=", since - BRIEF_READ_WITHIN),
            ]
        )
        self.env.add_to_compute(self._fields["brief_opened"], contacts)
