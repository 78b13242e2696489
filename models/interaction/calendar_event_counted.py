from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, api, fields, models

from ..core.res_groups import VISIT
from .contact_reason import ContactReasonWords, partner_of

HORIZON = relativedelta(months=3)
"""How far ahead the meetings of a series become planned contacts; Odoo creates up to
720 of them at once."""
PAST = timedelta(days=31)
"""Meetings longer ago, such as those of an imported calendar, are not to report."""
ALL_DAY = time(8), time(18)
"""Odoo's hours of an all-day meeting, in no time zone"""


class CalendarEvent(models.Model):
    """Which meetings count as contacts: whose, with whom, and why not."""

    _inherit = "calendar.event"

    care_interaction_ids = fields.One2many(
        "care.interaction",
        "calendar_event_id",
        "Customer Contacts",
        copy=False,
        groups=VISIT,
    )
    care_note = fields.Text(
        "Customer Care",
        compute="_compute_care_note",
        groups=VISIT,
        help="Whether the meeting counts as a contact with a customer, or why not.",
    )

    @api.depends(
        "active",
        "start",
        "privacy",
        "partner_ids",
        "attendee_ids.state",
        "user_id",
        "care_interaction_ids.state",
    )
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_care_note(self):
        words = ContactReasonWords(self.env)
        shown = self._origin.filtered(
            lambda event: event.active and not event._check_private_event_conditions()
        )
        plans = shown.sudo()._care_plans()
        contacts = self.env["care.interaction"].search(
            [("calendar_event_id", "in", shown.ids)], order="id"
        )
        by_event = contacts.grouped("calendar_event_id")
        for event in self:
            origin = event._origin
            event.care_note = origin in plans and words.text(
                _note_data(by_event.get(origin, ()), plans[origin][1])
            )

    # ------------------------------------------------------------
    # Who and when
    # ------------------------------------------------------------

    def _care_documents(self):
        """{event: (opportunity, partner of its document)}, without a query for each"""
        ids = defaultdict(set)
        for event in self:
            if event.res_id and event.res_model in self.env:
                ids[event.res_model].add(event.res_id)
        there = {
            (model, document.id): document
            for model, found in ids.items()
            for document in self.env[model].sudo().browse(found).exists()
        }
        documents = {}
        for event in self:
            document = there.get((event.res_model, event.res_id))
            lead = event.opportunity_id
            if not lead and event.res_model == "crm.lead":
                lead = document or lead
            partner = lead.partner_id or (document and partner_of(document))
            documents[event] = lead, partner or lead.partner_id
        return documents

    def _care_users(self):
        """Users of the app who attend; else the organizer, who may plan for himself
        without being in the list"""
        going = self.attendee_ids.filtered(
            lambda attendee: attendee.state != "declined"
        ).partner_id
        everybody = self.attendee_ids.partner_id | self.partner_ids
        going |= self.partner_ids - self.attendee_ids.partner_id
        users = going.user_ids.filtered(_is_app_user).sorted("id")
        if not users and self.user_id.partner_id not in everybody:
            users = self.user_id.filtered(lambda user: user.active).filtered(
                _is_app_user
            )
        return users

    def _care_guests(self, partner):
        """Partners who are not colleagues, the document's first"""
        partners = partner | self.attendee_ids.partner_id | self.partner_ids
        return partners.with_context(active_test=False).filtered(
            lambda partner: partner.active
            and all(user.share for user in partner.user_ids)
        )

    def _care_presence(self):
        """{id of an event: (ids of users who attend, ids of customers)}"""
        events = self.sudo()
        documents = events._care_documents()
        return {
            event.id: (
                set(event._care_users().ids),
                set(event._care_guests(documents[event][1]).commercial_partner_id.ids),
            )
            for event in events
        }

    def _care_is_private(self):
        return self.effective_privacy == "private"

    def _care_times(self, user):
        """(start, end) in UTC. An all-day meeting takes place on that day wherever its
        attendee is."""
        if not self.allday:
            return self.start, max(self.start, self.stop)
        tz = pytz.timezone(user.tz) if user.tz else user.company_id._care_tz()
        first = self.start_date or self.start.date()
        last = max(first, self.stop_date or self.stop.date())
        return tuple(
            tz.localize(datetime.combine(day, hour))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day, hour in zip((first, last), ALL_DAY, strict=True)
        )

    # ------------------------------------------------------------
    # Contacts to plan
    # ------------------------------------------------------------

    def _care_plans(self):
        """Called as superuser.

        :return: {event: ({(id of a customer, of a user): values of their contact},
            why others are not planned, as in ``care.reason.mixin``)}
        """
        everybody = self.attendee_ids.partner_id | self.partner_ids
        everybody.with_context(active_test=False).mapped("user_ids.share")
        documents = self._care_documents()
        plans = {event: ({}, []) for event in self}
        candidates, companies = defaultdict(list), defaultdict(set)
        for event in self.filtered("active"):
            lead, partner = documents[event]
            guests = event._care_guests(partner)
            users = event._care_users()
            if guests and not users:
                plans[event][1].append({"code": "nobody"})
            for customer in guests.commercial_partner_id:
                for user in users:
                    company = event._care_company(customer, user, lead)
                    companies[company].add(customer.id)
                    candidates[event].append((customer, user, company))
        tiered = {
            (company, customer)
            for company, ids in companies.items()
            for customer in everybody.with_company(company)
            .browse(ids)
            .filtered("care_tier_id")
        }
        for event, rows in candidates.items():
            lead, partner = documents[event]
            wanted, reasons = plans[event]
            for customer, user, company in rows:
                has_tier = (company, customer) in tiered
                if reason := event._care_obstacle(customer, company, has_tier):
                    if reason not in reasons:
                        reasons.append(reason)
                else:
                    wanted[customer.id, user.id] = event._care_contact_values(
                        customer, user, company, lead, event._care_guests(partner)
                    )
        return plans

    def _care_obstacle(self, customer, company, has_tier):
        """The reason why no contact with the customer is planned, or None"""
        now = fields.Datetime.now()
        if not has_tier:
            return {"code": "no_tier", "customer": customer.name or ""}
        if not company.care_log_activities:
            return {"code": "off"}
        if self._care_is_private():
            return {"code": "private"}
        if self.recurrence_id and self.start > now + HORIZON:
            day = (self.start - HORIZON).date()
            return {"code": "later", "date": fields.Date.to_string(day)}
        if (self.stop if self.recurrence_id else self.stop + PAST) <= now:
            return {"code": "over"}
        return None

    def _care_company(self, customer, user, lead):
        for company in (
            lead.company_id,
            customer.company_id,
            self.user_id.company_id,
        ):
            if company and company in user.company_ids:
                return company
        return user.company_id

    def _care_contact_values(self, customer, user, company, lead, guests):
        start, end = self._care_times(user)
        return {
            "partner_id": customer.id,
            "contact_id": guests.filtered(
                lambda person: person != customer
                and person.commercial_partner_id == customer
            )[:1].id,
            "user_id": user.id,
            "company_id": company.id,
            "channel": "online" if self.videocall_location else "visit",
            "date_start": start,
            "date_end": end,
            "topic": self.name,
            "lead_id": lead.id
            if lead.partner_id.commercial_partner_id == customer
            else False,
            "calendar_event_id": self.id,
            "from_meeting": True,
        }


def _is_app_user(user):
    return user.id != SUPERUSER_ID and not user.share and user.has_group(VISIT)


def _note_data(contacts, reasons):
    """Reasons to show: first the contacts, which the reader may see"""
    counted, cancelled = defaultdict(list), []
    for contact in contacts:
        customer, person = contact.partner_id.name, contact.user_id.sudo().name or ""
        if contact.state == "cancelled":
            cancelled.append(
                {"code": "cancelled", "customer": customer, "person": person}
            )
        else:
            counted[customer].append(person)
    known = [
        {"code": "counted", "customer": customer, "people": ", ".join(people)}
        for customer, people in counted.items()
    ] + cancelled
    return known + [
        reason
        for reason in reasons
        if (reason["customer"] not in counted if "customer" in reason else not known)
    ]
