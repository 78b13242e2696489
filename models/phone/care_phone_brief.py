from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

LAST_REPORTS = 3
MAX_ROWS = 5
"""Promises and complaints of one customer"""
MAX_PERSONS = 12


class ResPartner(models.Model):
    """Briefs of many customers at once, as plain values, for the phone."""

    _inherit = "res.partner"

    def _care_phone_briefs(self):
        """{id as text: what to know before a contact}, in the reader's language"""
        self.fetch(["name", "phone", "email", "street", "city", "zip"])
        reasons = self._care_reasons_to_call()
        parts = {
            "persons": self._care_phone_persons(),
            "reports": self._care_phone_reports(),
            "promises": self._care_phone_promises(),
            "complaints": self._care_phone_complaints(),
            "quotations": self._care_phone_quotations(),
        }
        return {
            str(partner.id): {
                **partner._care_phone_head(),
                "reason": reasons.get(partner, ""),
                **{name: rows.get(partner.id, []) for name, rows in parts.items()},
            }
            for partner in self
        }

    def _care_phone_head(self):
        return {
            "name": self.display_name,
            "phone": self.phone or "",
            "email": self.email or "",
            "address": self._care_address(),
            "latitude": self.partner_latitude or False,
            "longitude": self.partner_longitude or False,
            "tier": self.care_tier_id.code or "",
            "tier_name": self.care_tier_id.name or "",
            "color": self.care_tier_color,
            "monthly": self._care_phone_monthly(),
            "preferences": self.care_preferences or "",
        }

    def _care_phone_monthly(self):
        amount = self.care_monthly_amount
        return format_amount(self.env, amount, self.care_currency_id) if amount else ""

    def _care_phone_persons(self):
        roles, levels = (
            dict(self._fields[name]._description_selection(self.env))
            for name in ("care_decision_role", "care_relationship_level")
        )
        found = defaultdict(list)
        people = self.search(
            Domain("parent_id", "in", self.ids) & Domain("type", "=", "contact"),
            order="parent_id, id",
        )
        order = list(roles)
        for person in people.sorted(
            lambda row: order.index(row.care_decision_role)
            if row.care_decision_role
            else len(order)
        ):
            birthday = person.care_birthday
            found[person.parent_id.id].append(
                {
                    "id": person.id,
                    "name": person.name or "",
                    "function": person.function or "",
                    "phone": person.phone or "",
                    "email": person.email or "",
                    "role": roles.get(person.care_decision_role, ""),
                    "level": levels.get(person.care_relationship_level, ""),
                    "birthday": f"{birthday:%m-%d}" if birthday else "",
                }
            )
        return {parent: rows[:MAX_PERSONS] for parent, rows in found.items()}

    def _care_phone_reports(self):
        """The last reports of each customer that the user may read"""
        Interaction = self.env["care.interaction"]
        last = Interaction._search(
            [("state", "in", ("done", "not_met"))],
            order="date desc, id desc",
            limit=LAST_REPORTS,
        )
        last.add_where(
            SQL("%s = customer.id", Interaction._field_to_sql(last.table, "partner_id"))
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT last.id FROM unnest(%s::int[]) AS customer(id),"
                " LATERAL (%s) AS last",
                self.ids,
                last.select(),
            )
        )
        found = defaultdict(list)
        for report in Interaction.browse(row for (row,) in rows):
            found[report.partner_id.id].append(
                {
                    "date": fields.Date.to_string(report.date),
                    "channel": report.channel,
                    "by": report.sudo().user_id.name or "",
                    "met": report.state == "done",
                    "feeling": report.satisfaction or "",
                    "text": "\n".join(
                        filter(None, (report.topic, report.summary, report.outcome))
                    )[:600],
                    "next": report.next_topic or "",
                }
            )
        return found

    def _care_phone_promises(self):
        found = defaultdict(list)
        for report in self.env["care.interaction"].search(
            [("partner_id", "in", self.ids), ("promise_state", "=", "open")],
            order="promise_date, id",
        ):
            found[report.partner_id.id].append(
                {
                    "text": report.promise or "",
                    "date": fields.Date.to_string(report.promise_date) or "",
                    "by": report.sudo().user_id.name or "",
                }
            )
        return {customer: rows[:MAX_ROWS] for customer, rows in found.items()}

    def _care_phone_complaints(self):
        found = defaultdict(list)
        if not self.env["res.groups"]._has_care_feature("complaint"):
            return found
        for complaint in self.env["care.complaint"].search_fetch(
            [("partner_id", "in", self.ids), ("closed_at", "=", False)],
            ["partner_id", "subject", "received_at"],
            order="received_at, id",
        ):
            day = fields.Datetime.context_timestamp(self, complaint.received_at).date()
            found[complaint.partner_id.id].append(
                {"text": complaint.subject, "date": fields.Date.to_string(day)}
            )
        return {customer: rows[:MAX_ROWS] for customer, rows in found.items()}

    def _care_phone_quotations(self):
        """Open quotations, for users who may read orders"""
        found = defaultdict(list)
        Order = self.env["sale.order"]
        if not Order.has_access("read"):
            return found
        for order in Order.search_fetch(
            [
                ("partner_id.commercial_partner_id", "in", self.ids),
                ("state", "in", ("draft", "sent")),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["name", "partner_id", "amount_total", "currency_id", "date_order"],
            order="date_order desc, id desc",
        ):
            day = fields.Datetime.context_timestamp(self, order.date_order).date()
            found[order.partner_id.commercial_partner_id.id].append(
                {
                    "text": order.name,
                    "amount": format_amount(
                        self.env, order.amount_total, order.currency_id
                    ),
                    "date": fields.Date.to_string(day),
                }
            )
        return {customer: rows[:MAX_ROWS] for customer, rows in found.items()}
