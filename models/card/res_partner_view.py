from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.order_amount import sql_order_amount
from ..tier.care_reason import TierReasonWords
from .care_relationship_history import DECISION_ROLES
from .res_partner import USER

TREND_MONTHS = 12
CARD_PART_LIMITS = {
    "due": 6,
    "reports": 3,
    "promises": 5,
    "complaints": 5,
    "contacts": 12,
}
"""How many rows of each part fit on one screen; the rest is a click away."""
CARD_FACES_LIMIT = 5
VISIT_PARTS = ("due", "reports", "faces", "promises")
"""Parts of the card that the feature Visits & Calls shows"""


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
                "channel": dict(
                    self.env["care.interaction"]
                    ._fields["channel"]
                    ._description_selection(self.env)
                )
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
            first - relativedelta(months=back) for back in reversed(range(TREND_MONTHS))
        ]
        return [
            {"month": _day(month), "amount": float(sums.get(_day(month), 0))}
            for month in months
        ]

    # ------------------------------------------------------------
    # Subqueries
    # ------------------------------------------------------------

    def _care_card_parts(self):
        """{part: SQL that gives one value}"""
        of_customer = Domain("partner_id", "=", self.id)
        mine = of_customer & Domain("company_id", "in", self.env.companies.ids)
        today = fields.Date.context_today(self)
        felt = mine & Domain("state", "=", "done") & Domain("satisfaction", "!=", False)
        env = self.env
        Interaction, Target = env["care.interaction"], env["care.plan.target"]
        Member = env["care.account.member"]
        promised = mine & Domain("promise_state", "=", "open")
        visible = self._care_sql_visible(SQL("%s", self.id))
        parts = {
            "rating": SQL(
                "(SELECT json_build_array(score, missing) FROM (%s) AS rating)",
                env["care.card.item"]._sql_rating(self.ids),
            ),
            "names": self._care_sql_names(),
            "visible": visible,
            "trend": self._care_sql_trend(visible),
            "timeline": self._care_sql_timeline(),
            "tier_reason": self._care_sql_reason(SQL("%s", self.id)),
            "team": self._care_sql_rows(
                Member,
                Member._search(of_customer, order="role_id, id"),
                ["id", "user_id"],
                role=self._care_sql_translated(
                    "care.role", SQL("care_account_member.role_id")
                ),
                user=_user_name(SQL("care_account_member.user_id")),
                phone=SQL(
                    "(SELECT p.phone FROM res_users u JOIN res_partner p"
                    " ON p.id = u.partner_id"
                    " WHERE u.id = care_account_member.user_id)"
                ),
            ),
            "due": self._care_sql_rows(
                Target,
                Target._search(
                    mine
                    & Domain("state", "=", "open")
                    & Domain("date_start", "<=", today),
                    order="date_aim, id",
                    limit=CARD_PART_LIMITS["due"],
                ),
                ["id", "channel", "date_aim", "pace"],
                user=_user_name(SQL("care_plan_target.user_id")),
                role=self._care_sql_translated(
                    "care.role", SQL("care_plan_target.role_id")
                ),
            ),
            "reports": self._care_sql_rows(
                Interaction,
                Interaction._search(
                    mine & Domain("state", "=", "done"),
                    order="date DESC, id DESC",
                    limit=CARD_PART_LIMITS["reports"],
                ),
                [
                    "id",
                    "date",
                    "channel",
                    "satisfaction",
                    "summary",
                    "outcome",
                    "topic",
                ],
                user=_user_name(SQL("care_interaction.user_id")),
            ),
            "faces": self._care_sql_rows(
                Interaction,
                Interaction._search(
                    felt, order="date DESC, id DESC", limit=CARD_FACES_LIMIT
                ),
                ["satisfaction", "date"],
            ),
            "promises": self._care_sql_rows(
                Interaction,
                Interaction._search(
                    promised,
                    order="promise_date, id",
                    limit=CARD_PART_LIMITS["promises"],
                ),
                ["id", "promise", "promise_date"],
                user=_user_name(SQL("care_interaction.user_id")),
            ),
            "contacts": self._care_sql_contacts(),
        }
        if not self._care_features()["visit"]:
            parts |= dict.fromkeys(VISIT_PARTS, SQL("'[]'::json"))
        return parts

    @api.model
    def _care_sql_visible(self, customer):
        """May the reader see what ``customer`` buys and why it has its tier? As in the
        access rules: who sees all customers, and its account team."""
        if self.env.su or self.env.user.has_group("customer_care.group_user_all"):
            return SQL("TRUE")
        return SQL(
            "EXISTS (SELECT 1 FROM care_account_member"
            " WHERE partner_id = %s AND user_id = %s)",
            customer,
            self.env.uid,
        )

    @api.model
    def _care_sql_rows(self, model, query, columns, **more):
        """Rows of a query as JSON: columns of its model, and expressions."""
        table = query.table
        chosen = {name: model._field_to_sql(table, name, query) for name in columns}
        return SQL(
            "(SELECT COALESCE(json_agg(part), '[]') FROM (%s) AS part)",
            query.select(
                *(
                    SQL("%s AS %s", expression, SQL.identifier(name))
                    for name, expression in (chosen | more).items()
                )
            ),
        )

    @api.model
    def _care_sql_translated(self, model, column):
        """Translated name of the record that a column refers to"""
        Model = self.env[model].sudo()
        return SQL(
            "(SELECT %s FROM %s WHERE id = %s)",
            Model._field_to_sql(Model._table, "name"),
            SQL.identifier(Model._table),
            column,
        )

    def _care_sql_names(self):
        """Names of records that the card refers to"""
        own = {
            name: self[name].id or None
            for name in (
                "care_region_id",
                "care_segment_id",
                "care_source_partner_id",
                "care_manager_id",
                "care_card_user_id",
                "care_verified_user_id",
                "user_id",
            )
        }
        return SQL(
            """json_build_object(
                'care_region_id', (
                    SELECT array_to_string(%s, ' / ') FROM care_region WHERE id = %s),
                'care_segment_id', %s,
                'care_source_partner_id', (
                    SELECT complete_name FROM res_partner WHERE id = %s),
                'care_manager_id', %s,
                'care_card_user_id', %s,
                'care_verified_user_id', %s,
                'user_id', %s,
                'care_need_ids', (
                    SELECT string_agg(%s, ', ')
                      FROM care_need_res_partner_rel rel
                      JOIN care_need ON care_need.id = rel.care_need_id
                     WHERE rel.res_partner_id = %s),
                'referrals', (
                    SELECT COUNT(*) FROM res_partner
                     WHERE care_source_partner_id = %s AND active),
                'others', (
                    SELECT COUNT(*) FROM res_partner
                     WHERE parent_id = %s AND active AND type = 'contact'))""",
            self.env["care.region"]._care_sql_path("care_region"),
            own["care_region_id"],
            self._care_sql_translated(
                "care.segment", SQL("%s", own["care_segment_id"])
            ),
            own["care_source_partner_id"],
            _user_name(SQL("%s", own["care_manager_id"])),
            _user_name(SQL("%s", own["care_card_user_id"])),
            _user_name(SQL("%s", own["care_verified_user_id"])),
            _user_name(SQL("%s", own["user_id"])),
            self.env["care.need"]._field_to_sql("care_need", "name"),
            self.id,
            self.id,
            self.id,
        )

    def _care_sql_trend(self, visible):
        """{first of a month: confirmed orders, untaxed, in company currency}, for whom
        the history of the customer is visible; months in the company's time zone"""
        company = self.env.company
        first = company._care_today().replace(day=1) - relativedelta(
            months=TREND_MONTHS - 1
        )
        tz = company._care_tz().zone
        month = SQL(
            "date_trunc('month', o.date_order AT TIME ZONE 'UTC'"
            " AT TIME ZONE %s)::date",
            tz,
        )
        return SQL(
            """(
            SELECT json_object_agg(month, amount) FROM (
                SELECT %(month)s AS month,
                       SUM(%(amount)s) AS amount
                  FROM sale_order o
                 WHERE o.partner_id IN (
                        SELECT id FROM res_partner
                         WHERE commercial_partner_id = %(customer)s)
                   AND o.company_id = %(company)s
                   AND o.state = 'sale'
                   AND o.date_order >= %(start)s
                   AND %(visible)s
              GROUP BY 1) AS months)""",
            month=month,
            amount=sql_order_amount(company),
            customer=self.id,
            company=company.id,
            start=first - timedelta(days=1),
            visible=visible,
        )

    def _care_sql_timeline(self):
        History = self.env["care.tier.history"]
        query = History._search(
            Domain("partner_id", "=", self.id)
            & Domain("company_id", "=", self.env.company.id),
            order="date, id",
        )
        tier = "(SELECT %s FROM care_tier WHERE id = care_tier_history.new_tier_id)"
        return self._care_sql_rows(
            History,
            query,
            ["date"],
            code=SQL(tier, SQL("code")),
            sequence=SQL(tier, SQL("sequence")),
            color=SQL(tier, SQL("color")),
        )

    @api.model
    def _care_sql_reason(self, customer):
        """Why ``customer`` (SQL of its id) has its tier, as data: the last word of
        a person or of the latest applied review; null for whom its history is not
        visible."""
        return SQL(
            """(
            SELECT CASE WHEN line.id IS NULL OR change.review_id IS NULL
                             AND change.create_date >= line.computed_at
                        THEN change.reason_data ELSE line.reason_data END
              FROM (SELECT 1) AS one
         LEFT JOIN LATERAL (
                    SELECT * FROM care_tier_history
                     WHERE partner_id = %(customer)s AND company_id = %(company)s
                  ORDER BY id DESC LIMIT 1) AS change ON TRUE
         LEFT JOIN LATERAL (
                    SELECT line.id, line.reason_data, review.computed_at
                      FROM (SELECT id, computed_at FROM care_tier_review
                             WHERE company_id = %(company)s AND state = 'applied'
                          ORDER BY date DESC, id DESC LIMIT 1) AS review
                      JOIN care_tier_review_line line
                        ON line.review_id = review.id
                       AND line.partner_id = %(customer)s
                       AND line.excluded IS NOT TRUE) AS line ON TRUE
             WHERE %(visible)s)""",
            customer=customer,
            company=self.env.company.id,
            visible=self._care_sql_visible(customer),
        )

    def _care_sql_contacts(self):
        """Contact persons, those who decide first; of an individual nobody."""
        order = SQL(", ").join(
            SQL("(care_decision_role = %s) DESC NULLS LAST", role)
            for role, _label in DECISION_ROLES
        )
        query = self._search(
            Domain("parent_id", "=", self.id) & Domain("type", "=", "contact"),
            order="id",
            limit=CARD_PART_LIMITS["contacts"],
        )
        query.order = SQL("%s, res_partner.id", order)
        return self._care_sql_rows(
            self,
            query,
            [
                "id",
                "name",
                "function",
                "phone",
                "email",
                "care_decision_role",
                "care_relationship_level",
                "care_birthday",
            ],
        )

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


def _user_name(column):
    return SQL(
        "(SELECT person.name FROM res_users account"
        " JOIN res_partner person ON person.id = account.partner_id"
        " WHERE account.id = %s)",
        column,
    )


def _day(value):
    return fields.Date.to_string(value) or False
