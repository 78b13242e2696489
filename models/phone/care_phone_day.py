from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import hmac

from ..contact_plan.care_plan_rule import CHANNELS
from ..interaction.care_interaction_sheet_values import CHIP_DAYS
from ..interaction.res_users_slots import SLOT_SEARCH

AHEAD_DAYS = 7
"""Contacts due in so many days are on the phone too, in case one passes by."""
UNREPORTED_DAYS = 14
MAX_CUSTOMERS = 150


class CarePhoneDay(models.AbstractModel):
    """What the page on the phone shows, read with the user's own rights in a constant
    number of queries."""

    _name = "care.phone.day"
    _description = "My Day on the Phone"

    @api.model
    def _bundle(self):
        """All that the page needs until it is online again. Times are milliseconds, as
        JavaScript counts them."""
        targets, planned = self._due_targets(), self._planned_contacts()
        customers = self._chosen(targets, planned)
        stops = self._stops(customers, targets, planned)
        return {
            "user": self.env.uid,
            "served": _milliseconds(fields.Datetime.now()),
            "today": fields.Date.to_string(fields.Date.context_today(self)),
            "seal": hmac(self.env(su=True), "care-phone-seal", self.env.uid),
            "map": self.env.company.care_map_app,
            "stops": stops,
            "free": self._free(stops),
            "customers": customers._care_phone_briefs(),
        }

    def _due_targets(self):
        """Contacts due up to a week from now, and missed ones to make good: those of My
        Contacts, the most urgent first"""
        today = fields.Date.context_today(self)
        due = Domain("state", "=", "open") & Domain("date_start", "<=", today)
        due &= Domain("date_aim", "<=", today + timedelta(days=AHEAD_DAYS))
        return (
            self.env["care.plan.target"]
            .with_context(care_mine=True)
            .search(
                Domain("is_mine", "=", True) & (due | Domain("make_good", "=", True)),
                order="date_aim, id",
                limit=4 * MAX_CUSTOMERS,
            )
        )

    def _planned_contacts(self):
        """The user's planned contacts of today, and those not reported yet"""
        tomorrow = self.env["care.plan.target"]._end_of_day()
        return self.env["care.interaction"].search(
            [
                ("user_id", "=", self.env.uid),
                ("state", "=", "planned"),
                ("date_start", "<", tomorrow),
                ("date_start", ">", tomorrow - timedelta(days=UNREPORTED_DAYS)),
            ],
            order="date_start, id",
            limit=MAX_CUSTOMERS,
        )

    def _chosen(self, targets, planned):
        customers = planned.sudo().partner_id | targets.sudo().partner_id
        return customers[:MAX_CUSTOMERS].sudo(False)._filtered_access("read")

    def _stops(self, customers, targets, planned):
        """One stop for each customer, with the next planned contact and what is due"""
        today = fields.Date.context_today(self)
        by_customer = targets.grouped("partner_id")
        plans = planned.grouped("partner_id")
        rows = []
        for customer in customers:
            due = by_customer.get(customer, targets.browse())
            now = due.filtered(lambda row: row.make_good or row.date_aim <= today)
            contact = plans.get(customer, planned.browse())[:1]
            rows.append((customer, contact, due, now))
        current = targets.browse().concat(*((now or due)[:1] for *_, due, now in rows))
        following = self.env["care.interaction"]._next_due_days(
            customers, current, today
        )
        return [
            {
                "customer": customer.id,
                "company": (contact or (now or due)[:1]).company_id.id,
                "today": bool(contact or now),
                "start": bool(contact) and _milliseconds(contact.date_start),
                "planned": contact.id,
                "topic": contact.topic or "",
                "contact": contact.contact_id.id,
                "channel": contact.channel or (now or due)[:1].channel,
                "due": self._due_rows(due, today),
                "next_due": fields.Date.to_string(following.get(customer)) or "",
            }
            for customer, contact, due, now in rows
        ]

    def _due_rows(self, due, today):
        labels = dict(CHANNELS)
        return [
            {
                "id": row.id,
                "channel": row.channel,
                "aim": fields.Date.to_string(row.date_aim),
                "late": row.make_good or row.date_aim < today,
                "duty": row.duty,
            }
            for row in due
            if row.channel in labels
        ]

    def _free(self, stops):
        """{company: its free time, and how long contacts usually take}, so that the
        phone finds the next free slot itself: reports that wait there take some."""
        today = fields.Date.context_today(self)
        days = [fields.Date.to_date(stop["next_due"]) for stop in stops]
        last = max(filter(None, days), default=today)
        last = max(last, today + timedelta(days=max(CHIP_DAYS.values()))) + SLOT_SEARCH
        ids = {stop["company"] for stop in stops}
        return {
            str(company.id): self._free_of(company, today, last)
            for company in self.env["res.company"].browse(ids)
        }

    def _free_of(self, company, first, last):
        free = self.env.user._care_free_time(company, first, last)
        length = self.env["care.interaction"]._slot_length
        return {
            "minutes": {
                channel: int(length(company, channel).total_seconds() // 60)
                for channel, _label in CHANNELS
            },
            "days": {
                fields.Date.to_string(day): [
                    [_milliseconds(span.start), _milliseconds(span.end)]
                    for span in spans
                ]
                for day, spans in free.items()
            },
        }


def _milliseconds(when):
    return int(when.replace(tzinfo=UTC).timestamp() * 1000)
