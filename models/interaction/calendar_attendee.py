from odoo import models


class CalendarAttendee(models.Model):
    """Who declines a meeting need not report it."""

    _inherit = "calendar.attendee"

    def write(self, vals):
        if "state" not in vals or self.env.context.get("care_no_interaction"):
            return super().write(vals)
        changed = self.filtered(
            lambda attendee: "declined" in (attendee.state, vals["state"])
            and attendee.state != vals["state"]
        )
        events = changed.sudo().event_id
        before = events._care_presence()
        result = super().write(vals)
        if events:
            events._sync_care_interactions(before)
        return result
