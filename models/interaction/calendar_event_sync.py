from odoo import fields, models


class CalendarEvent(models.Model):
    """Keeps the planned contacts of meetings as the meetings are. Reported contacts
    never change."""

    _inherit = "calendar.event"

    def _sync_care_interactions(self, before=None, moved=()):
        """Plan what is missing, move what is planned, cancel what does not take place.

        :param before: {id of an event: its ``_care_presence`` before the change}
        :param moved: events with a new start: one that was reported and is moved to the
            future is a new meeting
        """
        events = self.sudo()
        contacts = self.env["care.interaction"].sudo()
        by_event = contacts.search([("calendar_event_id", "in", events.ids)]).grouped(
            "calendar_event_id"
        )
        presence = events._care_presence()
        cancelled, missing = contacts, []
        now = fields.Datetime.now()
        for event, (wanted, _reasons) in events._care_plans().items():
            rows = by_event.get(event, contacts)
            cancelled |= event._care_follow(
                rows, presence[event.id], (before or {}).get(event.id)
            )
            anew = event in moved and event.start > now
            known = {
                (row.partner_id.id, row.user_id.id)
                for row in rows
                if not (anew and row.state == "done")
            }
            missing += [values for key, values in wanted.items() if key not in known]
        cancelled._cancel_with_meeting()
        self._make_care_interactions(missing)

    def _care_follow(self, contacts, present, before):
        """Move the contacts of a meeting with it; plan those again that were cancelled
        with it.

        :param present: :meth:`_care_presence` of the event
        :param before: the same before the change, None if nobody came or went
        :return: planned contacts that do not take place
        """
        users, customers = present
        old_users, old_customers = before or present
        private = self._care_is_private()
        gone = contacts.browse()
        for contact in contacts:
            user, customer = contact.user_id.id, contact.partner_id.id
            off = not self.active or (private and contact.from_meeting)
            if contact.state == "planned":
                if (
                    off
                    or user in old_users - users
                    or customer in old_customers - customers
                ):
                    gone += contact
                else:
                    contact._move_with_meeting()
            elif (
                contact.state == "cancelled"
                and contact.cancelled_with_meeting
                and not off
                and user in users
                and customer in customers
            ):
                contact._move_with_meeting(
                    {"state": "planned", "cancelled_with_meeting": False}
                )
        return gone

    def _make_care_interactions(self, vals_list):
        """Create planned contacts, followed by their users, without a query for each of
        a series and without telling each user of each."""
        if not vals_list:
            return
        Interaction = self.env["care.interaction"].sudo()
        key = "partner_id", "user_id", "channel"
        keys = {tuple(values[name] for name in key): values for values in vals_list}
        if len(keys) < len(vals_list):
            roles = {
                names: Interaction.new(values).role_id._origin.id
                for names, values in keys.items()
            }
            for values in vals_list:
                values["role_id"] = roles[tuple(values[name] for name in key)]
        contacts = Interaction.with_context(tracking_disable=True).create(vals_list)
        for user, rows in (
            contacts.with_context(tracking_disable=False).grouped("user_id").items()
        ):
            rows.message_subscribe(user.partner_id.ids)
