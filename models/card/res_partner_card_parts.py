from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..interaction.care_interaction import REPORTED
from .care_relationship_history import DECISION_ROLES

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
    """Parts of the customer card as SQL subqueries, put into one query."""

    _inherit = "res.partner"

    def _care_card_parts(self):
        """{part: SQL that gives one value}"""
        visible = self._care_sql_visible(SQL("%s", self.id))
        visits = self._care_features()["visit"]
        return {
            "rating": SQL(
                "(SELECT json_build_array(score, missing) FROM (%s) AS rating)",
                self.env["care.card.item"]._sql_rating(self.ids),
            ),
            "names": self._care_sql_names(),
            "visible": visible,
            "trend": self._care_sql_trend(visible),
            "timeline": self._care_sql_timeline(),
            "tier_reason": self._care_sql_reason(SQL("%s", self.id)),
            "team": self._care_sql_team(),
            "contacts": self._care_sql_contacts(),
            **(
                self._care_visit_parts()
                if visits
                else dict.fromkeys(VISIT_PARTS, SQL("'[]'::json"))
            ),
        }

    def _care_visit_parts(self):
        """Contacts due, last reports, satisfaction of the moment, open promises"""
        Interaction = self.env["care.interaction"]
        mine = Domain("partner_id", "=", self.id) & Domain(
            "company_id", "in", self.env.companies.ids
        )
        done = mine & Domain("state", "=", "done")
        reported = mine & Domain("state", "in", REPORTED)
        felt = done & Domain("satisfaction", "!=", False)
        promised = mine & Domain("promise_state", "=", "open")
        user = sql_user_name(SQL("care_interaction.user_id"))

        def contacts(domain, order, limit, columns, **more):
            query = Interaction._search(domain, order=order, limit=limit)
            return self._care_sql_rows(Interaction, query, columns, **more)

        return {
            "due": self._care_sql_due(mine),
            "reports": contacts(
                reported,
                "date DESC, id DESC",
                CARD_PART_LIMITS["reports"],
                [
                    "id",
                    "date",
                    "channel",
                    "state",
                    "satisfaction",
                    "summary",
                    "outcome",
                    "topic",
                ],
                user=user,
            ),
            "faces": contacts(
                felt, "date DESC, id DESC", CARD_FACES_LIMIT, ["satisfaction", "date"]
            ),
            "promises": contacts(
                promised,
                "promise_date, id",
                CARD_PART_LIMITS["promises"],
                ["id", "promise", "promise_date"],
                user=user,
            ),
        }

    def _care_sql_due(self, mine):
        Target = self.env["care.plan.target"]
        begun = Domain("date_start", "<=", fields.Date.context_today(self))
        return self._care_sql_rows(
            Target,
            Target._search(
                mine & Domain("state", "=", "open") & begun,
                order="date_aim, id",
                limit=CARD_PART_LIMITS["due"],
            ),
            ["id", "channel", "date_aim", "pace"],
            user=sql_user_name(SQL("care_plan_target.user_id")),
            role=self._care_sql_translated(
                "care.role", SQL("care_plan_target.role_id")
            ),
        )

    def _care_sql_team(self):
        Member = self.env["care.account.member"]
        return self._care_sql_rows(
            Member,
            Member._search(Domain("partner_id", "=", self.id), order="role_id, id"),
            ["id", "user_id"],
            role=self._care_sql_translated(
                "care.role", SQL("care_account_member.role_id")
            ),
            user=sql_user_name(SQL("care_account_member.user_id")),
            phone=SQL(
                "(SELECT p.phone FROM res_users u JOIN res_partner p"
                " ON p.id = u.partner_id"
                " WHERE u.id = care_account_member.user_id)"
            ),
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

    @api.model
    def _care_sql_visible(self, customer):
        """May the reader see what ``customer`` buys and why it has its tier? As in the
        access rules: who sees all customers, its account team and their stand-ins."""
        if self.env.su or self.env.user.has_group("customer_care.group_user_all"):
            return SQL("TRUE")
        return SQL(
            "EXISTS (SELECT 1 FROM care_account_member"
            " WHERE partner_id = %s AND user_id = ANY(%s))",
            customer,
            list(self.env.user._care_acting_ids()),
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


def sql_user_name(column):
    return SQL(
        "(SELECT person.name FROM res_users account"
        " JOIN res_partner person ON person.id = account.partner_id"
        " WHERE account.id = %s)",
        column,
    )
