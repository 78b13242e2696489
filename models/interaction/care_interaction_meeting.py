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
        """Move or cancel the meeting with its contact."""
        if self.env.context.get("care_from_meeting"):
            return
        for interaction in self:
            event = interaction.calendar_event_id.with_context(care_no_interaction=True)
            if not event:
                continue
            if vals.get("state") == "cancelled":
                event.activity_ids.unlink()
                event.active = False
            elif interaction.state == "planned" and (
                {"date_start", "date_end", "channel"} & set(vals)
            ):
                event.write(
                    {"start": interaction.date_start, "stop": interaction.date_end}
                )
