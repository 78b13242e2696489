from odoo import api, fields, models


class CalendarEvent(models.Model):
    """Meetings with customers become planned contacts, so that users need not enter
    them twice."""

    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        if not self.env.context.get("care_no_interaction"):
            events._make_care_interactions()
        return events

    def write(self, vals):
        result = super().write(vals)
        if self.env.context.get("care_no_interaction"):
            return result
        if {"start", "stop", "start_date", "stop_date", "allday", "active"} & set(vals):
            for interaction in self._planned_care_interactions():
                event = interaction.calendar_event_id
                interaction.with_context(care_from_meeting=True).write(
                    {"date_start": event.start, "date_end": event.stop}
                    if event.active
                    else {"state": "cancelled"}
                )
        return result

    def unlink(self):
        planned = self._planned_care_interactions()
        result = super().unlink()
        planned.with_context(care_from_meeting=True).write({"state": "cancelled"})
        return result

    def _planned_care_interactions(self):
        return (
            self.env["care.interaction"]
            .sudo()
            .search([("calendar_event_id", "in", self.ids), ("state", "=", "planned")])
        )

    def _make_care_interactions(self):
        """Create a planned contact for each new meeting of a user of the app with a
        customer that has a tier. The customer is that of the meeting's document, else
        that of the attendees."""
        vals_list = []
        for event in self.sudo():
            organizer = event.user_id
            company = organizer.company_id
            if (
                event.recurrency
                or event.privacy == "private"
                or not company.care_log_activities
                or not organizer.has_group("customer_care.group_care_visit")
            ):
                continue
            lead = event.opportunity_id
            document = event.res_model in ("res.partner", "crm.lead") and self.env[
                event.res_model
            ].browse(event.res_id)
            if document and document._name == "crm.lead":
                lead = lead or document
            people = (
                lead.partner_id
                or (document if document and document._name == "res.partner" else None)
                or event.partner_ids - organizer.partner_id
            )
            customers = people.sudo().commercial_partner_id.with_company(company)
            customer = customers.filtered("care_tier_id")[:1]
            if not customer:
                continue
            contact = (event.partner_ids | people).filtered(
                lambda person, customer=customer: person != customer
                and person.sudo().commercial_partner_id == customer
            )
            vals_list.append(
                {
                    "partner_id": customer.id,
                    "contact_id": contact[:1].id,
                    "user_id": organizer.id,
                    "company_id": company.id,
                    "channel": "online" if event.videocall_location else "visit",
                    "date_start": event.start,
                    "date_end": event.stop,
                    "topic": event.name,
                    "lead_id": lead.id
                    if lead.partner_id.sudo().commercial_partner_id == customer
                    else False,
                    "calendar_event_id": event.id,
                }
            )
        self.env["care.interaction"].sudo().create(vals_list)

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
