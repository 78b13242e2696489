from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_time

from ..contact_plan.care_plan_rule import CHANNELS

CHIP_DAYS = {"tomorrow": 1, "week": 7, "two_weeks": 14, "four_weeks": 28}


class CareInteraction(models.Model):
    """What the report sheet shows: persons, channels, the next appointment."""

    _inherit = "care.interaction"

    @api.model
    def sheet_values(self, partner_id, target_id=False, interaction_id=False):
        """Everything the report sheet of a customer needs, in one call."""
        partner = self.env["res.partner"].browse(partner_id).exists()
        self._check_may_report(partner)
        contact, target = self._contact_to_file(
            {"target_id": target_id, "interaction_id": interaction_id}
        )
        customer = partner.commercial_partner_id
        channel = contact.channel or target.channel or "visit"
        company = contact.company_id or target.company_id or self.env.company
        return {
            "partner_id": customer.id,
            "name": customer.display_name,
            "target_id": target.id,
            "interaction_id": contact.id,
            "channel": channel,
            "summary": contact.summary or "",
            "topic": contact.topic or "",
            "contact_id": contact.contact_id.id,
            "checked_in_at": fields.Datetime.to_string(contact.checked_in_at) or False,
            "channels": self.fields_get(["channel"])["channel"]["selection"],
            "faces": self.fields_get(["satisfaction"])["satisfaction"]["selection"],
            "persons": customer._care_persons(),
            "may_add_person": self.env["res.partner"].has_access("create"),
            "roles": self.env["res.partner"]._care_decision_roles(),
            "purposes": [
                {"id": purpose.id, "name": purpose.name}
                for purpose in self.env["care.interaction.purpose"].search([])
            ],
            "required": {
                name: self._sheet_required(company, name) for name, _label in CHANNELS
            },
            "links": customer._care_links(),
            "brief": customer.care_brief,
            "chips": self._next_chips(customer, channel, target, company),
        }

    def _sheet_required(self, company, channel):
        requirement, needs_purpose = company.sudo()._care_required_items(channel)
        return {"text": requirement or False, "purpose": needs_purpose}

    def _next_chips(self, customer, channel, target, company):
        """Days for the next appointment, each with the first slot that is free."""
        today = fields.Date.context_today(self)
        days = {name: today + timedelta(days=n) for name, n in CHIP_DAYS.items()}
        if due := self._next_due_days(customer, target, today).get(customer):
            days["due"] = due
        length = self._slot_length(company, channel)
        slots = self.env.user._care_next_slots(company, set(days.values()), length)
        words = {
            "tomorrow": self.env._("Tomorrow"),
            "week": self.env._("In 1 week"),
            "two_weeks": self.env._("In 2 weeks"),
            "four_weeks": self.env._("In 4 weeks"),
            "due": self.env._("When due"),
        }
        return [
            {
                "key": name,
                "label": words[name],
                "start": fields.Datetime.to_string(slots[day].start),
                "when": self._moment_in_words(slots[day].start),
            }
            for name, day in days.items()
            if day in slots
        ]

    def _moment_in_words(self, moment):
        local = fields.Datetime.context_timestamp(self, moment)
        day = format_date(self.env, local.date(), date_format="EEE d MMM")
        return f"{day} {format_time(self.env, local.time(), time_format='HH:mm')}"

    @api.model
    def _slot_length(self, company, channel):
        if channel == "onsite":
            return timedelta(hours=1)  # its first day has to be free at the start
        contact = self.new({"channel": channel, "company_id": company.id})
        return contact._usual_length()

    @api.model
    def _next_due_days(self, customers, targets, today):
        """:param targets: at most one of each customer, whose contact is being reported
        :return: {customer: day on which the user's next contact is due}, without
            customers that have none
        """
        following = self.env["care.plan.target"].search(
            Domain("partner_id", "in", customers.ids)
            & Domain("is_mine", "=", True)
            & Domain("state", "=", "open")
            & Domain("date_aim", ">", today)
            & Domain("id", "not in", targets.ids),
            order="date_aim, id",
        )
        days = {}
        for target in following:
            days.setdefault(target.partner_id, target.date_aim)
        for target in targets:
            left = target.goal - target.counted - 1
            if target.state == "open" and left > 0 and target.date_end > today:
                day = today + (target.date_end - today) / (left + 1)
                days[target.partner_id] = min(day, days.get(target.partner_id, day))
        return days
