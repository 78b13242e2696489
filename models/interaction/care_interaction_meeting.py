from datetime import timedelta

import pytz

from odoo import fields, models

from ...tools.matching import MEETING_CHANNELS


class CareInteraction(models.Model):
    """The meeting of a contact in Odoo's calendar. The contact refers to the meeting,
    not the other way round."""

    _inherit = "care.interaction"

    place = fields.Char(help="Where to meet, if not at the customer's address.")
    calendar_event_id = fields.Many2one(
        "calendar.event",
        "Meeting",
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    from_meeting = fields.Boolean(
        "Planned because of Its Meeting", readonly=True, copy=False
    )
    cancelled_with_meeting = fields.Boolean(
        readonly=True, copy=False, help="It is planned again if the meeting is."
    )

    def write(self, vals):
        if self.env.context.get("care_from_meeting"):
            return super().write(vals)
        if "state" in vals:
            vals = {**vals, "cancelled_with_meeting": False}
        given = (
            {
                row: row.user_id
                for row in self.sudo()
                if row.state == "planned" and row.calendar_event_id and row.user_id
            }
            if "user_id" in vals
            else {}
        )
        result = super().write(vals)
        for contact, person in given.items():
            if contact.user_id and contact.user_id != person:
                contact.calendar_event_id._care_replace_attendee(
                    person, contact.user_id
                )
        return result

    def action_schedule(self):
        """Close the dialog with a meeting in the calendar."""
        self._without_defaults()._make_meeting()
        return {"type": "ir.actions.act_window_close"}

    def action_open_meeting(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "calendar.event",
            "res_id": self.calendar_event_id.id,
            "view_mode": "form",
        }

    def _make_meeting(self):
        """Create a meeting for each planned contact and invite the contact person. The
        meeting refers to the opportunity or customer, so it remains when this app is
        uninstalled."""
        for interaction in self:
            if interaction.calendar_event_id or interaction.state != "planned":
                continue
            document = interaction.lead_id or interaction.partner_id
            people = interaction.user_id.partner_id | interaction.contact_id
            values = {
                "name": " · ".join(
                    filter(None, (interaction.partner_id.name, interaction.topic))
                ),
                "start": interaction.date_start,
                "stop": interaction.date_end or interaction.date_start,
                "user_id": interaction.user_id.id,
                "partner_ids": [fields.Command.set(people.ids)],
                "location": interaction.place
                or (
                    interaction.partner_id._care_address()
                    if interaction.channel in MEETING_CHANNELS
                    else False
                ),
                "res_model_id": self.env["ir.model"]._get_id(document._name),
                "res_id": document.id,
            }
            if document._name == "crm.lead":
                values["opportunity_id"] = document.id
            interaction.calendar_event_id = (
                self.env["calendar.event"]
                .with_context(care_no_interaction=True)
                .create(values)
            )

    def _sync_meeting(self, vals):
        """Move or cancel the meeting with its contact. A meeting that is somebody
        else's, or has other contacts, takes place without a cancelled one."""
        if self.env.context.get("care_from_meeting"):
            return
        for interaction in self:
            event = interaction.calendar_event_id.with_context(care_no_interaction=True)
            if not event:
                continue
            if vals.get("state") == "cancelled":
                if interaction._owns_meeting():
                    event.activity_ids.unlink()
                    event.active = False
            elif interaction.state == "planned" and (
                {"date_start", "date_end", "channel", "state"} & set(vals)
            ):
                event.write(
                    {
                        name: value
                        for name, value in interaction._meeting_times().items()
                        if event[name] != value
                    }
                )
                event._sync_care_interactions()

    def _owns_meeting(self):
        """Whether the meeting is the user's own and no other contact needs it"""
        event = self.calendar_event_id.sudo()
        return event.user_id in (self.user_id, event.user_id.browse()) and not (
            event.care_interaction_ids - self
        ).filtered(lambda other: other.state != "cancelled")

    def _meeting_times(self):
        """Values of the meeting for the times of the contact"""
        event = self.calendar_event_id
        if not event.allday:
            return {
                "active": True,
                "start": self.date_start,
                "stop": self.date_end or self.date_start,
            }
        tz = self._tz()
        start, stop = (
            pytz.utc.localize(when).astimezone(tz).date()
            for when in (self.date_start, self.date_end or self.date_start)
        )
        return {"active": True, "start_date": start, "stop_date": max(start, stop)}

    def _move_with_meeting(self, values=None):
        """Take over the times of the meeting, as superuser."""
        start, end = self.calendar_event_id._care_times(self.user_id)
        values = dict(values or {})
        if (self.date_start, self.date_end) != (start, end):
            values |= {"date_start": start, "date_end": end}
        if values:
            self.with_context(care_from_meeting=True).write(values)

    def _cancel_with_meeting(self):
        if self:
            self.with_context(care_from_meeting=True).write(
                {"state": "cancelled", "cancelled_with_meeting": True}
            )

    def _report_meetings(self, events, feedback):
        """Report the user's planned contacts of meetings that are marked done.

        :return: {(id of a meeting, of a customer)} that the user has reported
        """
        mine = self.search(
            [
                ("calendar_event_id", "in", events.ids),
                ("user_id", "=", self.env.uid),
                ("state", "in", ("planned", "done")),
            ]
        )
        now = fields.Datetime.now()
        for contact in mine.filtered(lambda row: row.state == "planned"):
            values = {"state": "done", "summary": contact.summary or feedback or False}
            if contact.date_start > now:
                length = timedelta(hours=contact.duration)
                values |= {"date_start": now, "date_end": now + length}
            contact.write(values)
        return {(row.calendar_event_id.id, row.partner_id.id) for row in mine}
