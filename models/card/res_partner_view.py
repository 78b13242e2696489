from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tier.care_reason import TierReasonWords
from .res_partner import USER
from .res_partner_card_history import CARD_TREND_MONTHS
from .res_partner_card_parts import CARD_PART_LIMITS


class ResPartner(models.Model):
    """The whole card for the Care tab, read in one statement.

    The form of a customer is opened hundreds of times a day, so its parts are no fields
    of their own, each with its queries for rows, names and access: they are subqueries
    that the ORM makes, with the reader's own rules, put into one.
    """

    _inherit = "res.partner"

    care_card = fields.Json(
        "Card", compute="_compute_care_card", groups=USER, exportable=False
    )

    @api.depends("care_completeness", "care_verified_date", "care_tier_id")
    @api.depends_context("uid", "lang", "company", "allowed_company_ids")
    def _compute_care_card(self):
        for partner in self:
            customer = partner.commercial_partner_id._origin
            partner.care_card = customer._care_card_values() if customer.id else False

    def _care_card_values(self):
        """{part of the card: plain values}"""
        self.ensure_one()
        parts = self._care_card_parts()
        [row] = self.env.execute_query(SQL("SELECT %s", SQL(", ").join(parts.values())))
        card = dict(zip(parts, row, strict=True))
        names = card.pop("names")
        selections = self._care_selections()
        score, missing = card.pop("rating") or (0, [])
        items = self.env["care.card.item"]._names()
        return card | {
            "features": self._care_features(),
            "tier_reason": TierReasonWords(self.env).text(card["tier_reason"]),
            "complaints": self._care_open_complaints(CARD_PART_LIMITS["complaints"]),
            "id": self.id,
            "score": score,
            "missing": [items.get(item, "") for item in missing],
            "number": self.care_card_number,
            "made": _day(self.care_card_date),
            "verified": _day(self.care_verified_date),
            "stale": self.care_card_stale,
            "company": self.is_company,
            "introduce": self.care_introduction_due,
            "tier": self.care_tier_id.display_name or False,
            "tier_color": self.care_tier_color,
            "locked_until": _day(self.care_tier_locked_until),
            "lock_reason": self.care_tier_lock_reason,
            "monthly": self.care_monthly_amount,
            "share": self.care_revenue_share,
            "currency": self.env.company.currency_id.id,
            "last_order": _day(self.care_last_order_date),
            "preferences": self.care_preferences,
            "external": self.care_external_relations,
            "trend": self._care_months(card["trend"]),
            "facts": [
                {"name": name, "label": label, "value": value, "state": state}
                for name, label, value, state in self._care_facts(names, selections)
                if value
            ],
            "names": names,
            "purchase_state": self.care_purchase_state or "none",
            "credit_state": self.care_credit_state or "none",
            "labels": {
                name: selections[f"care_{name}"]
                for name in ("decision_role", "relationship_level")
            }
            | {
                name: dict(
                    self.env["care.interaction"]
                    ._fields[name]
                    ._description_selection(self.env)
                )
                for name in ("channel", "satisfaction")
            },
        }

    @api.model
    def _care_features(self):
        """{feature that the card shows: on?}"""
        has = self.env["res.groups"]._has_care_feature
        return {name: has(name) for name in ("visit", "complaint", "satisfaction")}

    def _care_selections(self):
        """{field: {key: label in the reader's language}}"""
        return {
            name: dict(field._description_selection(self.env))
            for name, field in self._fields.items()
            if name.startswith("care_") and field.type == "selection"
        }

    def _care_facts(self, names, selections):
        """(field, label, words, key of a selection) in the order they are read"""
        labels = {
            name: self._fields[name]._description_string(self.env)
            for name in (
                "care_purchase_state",
                "care_credit_state",
                "care_operating_state",
                "care_financial_state",
                "care_region_id",
                "care_need_ids",
                "care_segment_id",
                "care_potential",
                "care_kind",
                "care_ownership",
                "care_asset_scale",
                "care_source_partner_id",
            )
        }
        for name, label in labels.items():
            if name in names:
                yield name, label, names[name], False
            else:
                key = self[name]
                yield name, label, selections[name].get(key), key

    def _care_months(self, sums):
        """Amounts of the last twelve months, the present one last"""
        first = self.env.company._care_today().replace(day=1)
        sums = sums or {}
        months = [
            first - relativedelta(months=back)
            for back in reversed(range(CARD_TREND_MONTHS))
        ]
        return [
            {"month": _day(month), "amount": float(sums.get(_day(month), 0))}
            for month in months
        ]

    def _care_essentials(self):
        """What an opportunity or a complaint shows of its customer's card."""
        if not self.id:
            return False
        self.ensure_one()
        selections = self._care_selections()
        names = {
            "care_region_id": self.care_region_id.complete_name,
            "care_need_ids": ", ".join(self.care_need_ids.mapped("name")),
            "care_segment_id": self.care_segment_id.name,
            "care_source_partner_id": self.care_source_partner_id.display_name,
        }
        return {
            "id": self.id,
            "number": self.care_card_number,
            "score": self.care_completeness,
            "stale": self.care_card_stale,
            "manager": self.care_manager_id.sudo().name,
            "features": self._care_features(),
            "complaints": self._care_open_complaints(CARD_PART_LIMITS["complaints"]),
            "facts": [
                {"name": name, "label": label, "value": value, "state": state}
                for name, label, value, state in self._care_facts(names, selections)
                if value
            ],
            "contacts": [
                {
                    "id": contact.id,
                    "name": contact.name,
                    "role": selections["care_decision_role"].get(
                        contact.care_decision_role
                    ),
                }
                for contact in self.child_ids.filtered("care_decision_role")
            ],
        }


def _day(value):
    return fields.Date.to_string(value) or False
