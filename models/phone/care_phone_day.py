from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import hmac

from ..contact_plan.care_plan_rule import CHANNELS

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
        return {
            "user": self.env.uid,
            "served": _milliseconds(fields.Datetime.now()),
            "today": fields.Date.to_string(fields.Date.context_today(self)),
            "seal": hmac(self.env(su=True), "care-phone-seal", self.env.uid),
            "map": self.env.company.care_map_app,
            "stops": self._stops(customers, targets, planned),
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
        labels = dict(CHANNELS)
        by_customer = targets.grouped("partner_id")
        plans = planned.grouped("partner_id")
        stops = []
        for customer in customers:
            due = by_customer.get(customer, targets.browse())
            contact = plans.get(customer, planned.browse())[:1]
            now = due.filtered(lambda row: row.make_good or row.date_aim <= today)
            first = (now or due)[:1]
            stops.append(
                {
                    "customer": customer.id,
                    "company": (contact or first).company_id.id,
                    "today": bool(contact or now),
                    "start": bool(contact) and _milliseconds(contact.date_start),
                    "planned": contact.id,
                    "topic": contact.topic or "",
                    "contact": contact.contact_id.id,
                    "channel": contact.channel or first.channel,
                    "due": [
                        {
                            "id": row.id,
                            "channel": row.channel,
                            "aim": fields.Date.to_string(row.date_aim),
                            "late": row.make_good or row.date_aim < today,
                            "duty": row.duty,
                        }
                        for row in due
                        if row.channel in labels
                    ],
                }
            )
        return stops


def _milliseconds(when):
    return int(when.replace(tzinfo=UTC).timestamp() * 1000)
