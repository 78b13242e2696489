from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_time

from .res_users_slots import SLOT_STEP

PLANNED_DAYS = 31
PLANNED_CONTACTS = 200


class CarePlanTarget(models.Model):
    """Planning one's contacts: days with what is planned and the time that is free."""

    _inherit = "care.plan.target"

    def action_report_sheet(self):
        """Open the report sheet, which is made for a thumb."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "customer_care.report_sheet",
            "name": self.env._("Report"),
            "params": {"partner_id": self.partner_id.id, "target_id": self.id},
        }

    @api.model
    def _my_day(self):
        """Targets of My Contacts"""
        begun = Domain("state", "=", "open") & Domain("date_start", "<=", "today")
        return Domain("is_mine", "=", True) & (begun | Domain("make_good", "=", True))

    @api.model
    def _next_of_my_day(self, partner):
        """The target to go on with after this customer, due today or before"""
        return self.search(
            self._my_day()
            & Domain("partner_id", "!=", partner.id)
            & Domain("date_aim", "<=", fields.Date.context_today(self)),
            order="date_aim, tier_id, id",
            limit=1,
        )

    @api.model
    def planner_values(self, date_from, days=7):
        """The user's days: planned contacts and free time, and which contacts are due.

        :param date_from: first day, in the user's time zone
        """
        self.browse().check_access("read")
        first = fields.Date.to_date(date_from)
        days = max(1, min(int(days), PLANNED_DAYS))
        last = first + timedelta(days=days - 1)
        user, company = self.env.user, self.env.company
        now = fields.Datetime.now()
        free = user._care_free_time(company, first, last)
        planned = self._planned_by_day(first, last)
        due = self.search(self._my_day(), limit=PLANNED_CONTACTS)
        return {
            "days": [
                {
                    "date": fields.Date.to_string(day),
                    "name": format_date(self.env, day, date_format="EEE d MMM"),
                    "planned": planned.get(day, []),
                    "free": [
                        self._slot_values(max(slot.start, now), slot.end)
                        for slot in free.get(day, ())
                        if max(slot.start, now) + SLOT_STEP <= slot.end
                    ],
                }
                for day in (first + timedelta(days=n) for n in range(days))
            ],
            "due": due._planner_rows(),
        }

    def _planner_rows(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        return [
            {
                "id": target.id,
                "name": target.partner_id.display_name,
                "channel": labels[target.channel],
                "due": format_date(self.env, target.date_aim, date_format="d MMM"),
                "planned": target.next_planned
                and self.env["care.interaction"]._moment_in_words(target.next_planned),
                "minutes": target._usual_minutes(),
            }
            for target in self
        ]

    def _usual_minutes(self):
        if self.channel == "onsite":
            return 60
        return round(60 * (self.company_id[f"care_hours_{self.channel}"] or 1))

    def _planned_by_day(self, first, last):
        """{day: planned contacts of the user}"""
        Interaction = self.env["care.interaction"]
        rows = Interaction.search(
            Domain("user_id", "=", self.env.uid)
            & Domain("state", "=", "planned")
            & Domain("date", ">=", first)
            & Domain("date", "<=", last),
            order="date_start, id",
        )
        labels = dict(Interaction._fields["channel"]._description_selection(self.env))
        return {
            day: [
                self._slot_values(row.date_start, row.date_end or row.date_start)
                | {
                    "id": row.id,
                    "name": row.partner_id.display_name,
                    "channel": labels[row.channel],
                }
                for row in contacts
            ]
            for day, contacts in rows.grouped("date").items()
        }

    @api.model
    def _slot_values(self, start, end):
        def clock(moment):
            local = fields.Datetime.context_timestamp(self, moment)
            return format_time(self.env, local.time(), time_format="HH:mm")

        return {
            "start": fields.Datetime.to_string(start),
            "end": fields.Datetime.to_string(end),
            "from": clock(start),
            "to": clock(end),
        }

    def plan_contact(self, start):
        """Plan the contact of this target, or move the planned one, to a time in UTC.

        :return: id of the planned contact
        """
        self.ensure_one()
        self.check_access("read")
        try:
            start = fields.Datetime.to_datetime(start)
        except (TypeError, ValueError):
            start = None
        if not start or start < fields.Datetime.now() - timedelta(minutes=15):
            raise UserError(self.env._("Choose a time that has not passed."))
        if self.state not in ("open", "missed"):
            raise UserError(self.env._("This contact is settled already."))
        contact = self._planned_contact()
        if contact:
            contact.date_start = start
            return contact.id
        Interaction = self.env["care.interaction"]
        Interaction._check_may_report(self.partner_id)
        contact = Interaction.with_company(self.company_id).create(
            {
                "partner_id": self.partner_id.id,
                "role_id": self.role_id.id,
                "channel": self.channel,
                "target_id": self.id,
                "company_id": self.company_id.id,
                "date_start": start,
            }
        )
        contact._without_defaults()._make_meeting()
        return contact.id
