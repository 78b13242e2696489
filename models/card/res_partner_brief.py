from urllib.parse import quote

from odoo import api, fields, models
from odoo.tools import SQL

from .care_relationship_history import DECISION_ROLES
from .res_partner import PREFETCH, USER

TREND_MONTHS = 3
"""The last whole months are compared with as many before."""


class ResPartner(models.Model):
    """Persons, preferences and purchases in the brief: whom to ask for at the door,
    and what to know of them."""

    _inherit = "res.partner"

    care_wechat = fields.Char("WeChat ID", copy=False, groups=USER, prefetch=PREFETCH)

    def _care_persons(self):
        """Those who decide first"""
        persons = super()._care_persons()
        order = [role for role, _label in DECISION_ROLES]
        labels = self.fields_get(["care_decision_role", "care_relationship_level"])
        role_words, level_words = (
            dict(labels[name]["selection"])
            for name in ("care_decision_role", "care_relationship_level")
        )
        people = self.browse([row["id"] for row in persons]).grouped("id")
        today = fields.Date.context_today(self)
        birthdays = {contact.id: day for contact, day in self._care_birthdays(today)}
        for row in persons:
            person = people[row["id"]].with_context(bin_size=True)
            role = person.care_decision_role
            words = {
                "rank": order.index(role) if role else len(order),
                "decides": role == "decision_maker",
                "function": row["role"],
                "role": role_words.get(role) or row["role"],
                "level": person.care_relationship_level or False,
                "closeness": level_words.get(person.care_relationship_level, ""),
                "birthday": birthdays.get(person.id, False),
                "image": bool(person.image_128),
                "links": person._care_links(),
            }
            row.update(words)
        return sorted(persons, key=lambda row: (row.pop("rank"), row["id"]))

    @api.model
    def _care_decision_roles(self):
        return self.fields_get(["care_decision_role"])["care_decision_role"][
            "selection"
        ]

    def _care_links(self):
        links = super()._care_links()
        if self.care_wechat:
            links.append(
                {
                    "kind": "wechat",
                    "label": self.env._("WeChat"),
                    "text": self.care_wechat,
                    "url": f"weixin://dl/chat?{quote(self.care_wechat)}",
                    "icon": "fa-weixin",
                }
            )
        return links

    def _care_brief_values(self):
        values = super()._care_brief_values()
        return values | {"purchases": self._care_purchases()}

    def _care_purchases(self):
        """Months with their amounts, and the change in percent; empty for those who may
        not see what the customer buys"""
        visible = self._care_sql_visible(SQL("%s", self.id))
        [[sums, may_see]] = self.env.execute_query(
            SQL("SELECT %s, %s", self._care_sql_trend(visible), visible)
        )
        if not may_see:
            return {}
        months = self._care_months(sums)
        amounts = [month["amount"] for month in months]
        top = max(amounts, default=0)
        if top <= 0:
            return {}
        before, last = (
            sum(amounts[-1 - TREND_MONTHS * n : -1 - TREND_MONTHS * (n - 1)])
            for n in (2, 1)
        )
        return {
            "bars": [round(100 * max(amount, 0) / top) for amount in amounts],
            "year": sum(amounts),
            "change": round(100 * (last - before) / before) if before > 0 else None,
        }
