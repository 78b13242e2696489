from odoo import api, fields, models

TIME_FIELDS = {"start", "stop", "start_date", "stop_date", "allday"}
PEOPLE_FIELDS = {
    "partner_ids",
    "attendee_ids",
    "user_id",
    "opportunity_id",
    "res_id",
    "res_model_id",
}
SYNC_FIELDS = TIME_FIELDS | PEOPLE_FIELDS | {"active", "privacy"}
"""Changing one of these can plan, move or cancel contacts."""
SERIES_UPDATES = ("future_events", "all_events")


class CalendarEvent(models.Model):
    """Meetings with customers become planned contacts, so that users need not enter
    them twice."""

    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        if not self.env.context.get("care_no_interaction"):
            events.filtered("active")._sync_care_interactions()
        return events

    def write(self, vals):
        context = self.env.context
        if context.get("care_no_interaction") or context.get("is_calendar_event_new"):
            return super().write(vals)
        if (
            vals.get("recurrence_update") in SERIES_UPDATES
            and len(self) == 1
            and self.recurrence_id
        ):
            return self._write_care_series(vals)
        if not SYNC_FIELDS & vals.keys():
            return super().write(vals)
        chosen = any(vals.get(name) for name in PEOPLE_FIELDS)
        before = self._care_presence() if chosen else {}
        starts = {event.id: event.start for event in self.sudo()}
        result = super().write(vals)
        moved = self.sudo().filtered(lambda event: event.start != starts[event.id])
        self._sync_care_interactions(before, moved)
        return result

    def unlink(self):
        planned = self._planned_care_interactions()
        result = super().unlink()
        planned._cancel_with_meeting()
        return result

    def _planned_care_interactions(self):
        return (
            self.env["care.interaction"]
            .sudo()
            .search([("calendar_event_id", "in", self.ids), ("state", "=", "planned")])
        )

    def _care_change_organizer(self, user):
        """Change the organizer of the meetings without sending mail to the
        attendees."""
        for event in self:
            old = event.user_id.partner_id
            event.write(
                {
                    "user_id": user.id,
                    "partner_ids": [
                        fields.Command.unlink(old.id),
                        fields.Command.link(user.partner_id.id),
                    ],
                }
            )

    def _care_replace_attendee(self, old, new):
        """Let one user attend in the place of another, without sending mail. A handover
        moves the organizer itself."""
        self.ensure_one()
        event = self.sudo().with_context(
            care_no_interaction=True, skip_attendee_notification=True
        )
        commands = [fields.Command.link(new.partner_id.id)]
        if not self._planned_care_interactions().filtered(
            lambda contact: contact.user_id == old
        ):
            commands.append(fields.Command.unlink(old.partner_id.id))
        values = {"partner_ids": commands}
        if event.user_id == old and not self.env.context.get("care_no_interaction"):
            values["user_id"] = new.id
        event.write(values)
