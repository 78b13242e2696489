from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .care_outlook import RISK_BANDS
from .outlook_words import OutlookWords

GROUP = "customer_care.group_care_outlook"
OUTLOOK_FIELDS = {
    "care_risk": "risk",
    "care_risk_band": "risk_band",
    "care_next_order_date": "next_order_date",
}
"""Fields read from care.outlook, with the reader's own rights"""
CARD_REORDERS = 5


def _searchable(name):
    return lambda self, operator, value: self._search_care_outlook(
        name, operator, value
    )


class ResPartner(models.Model):
    """Risk and expected orders of a customer in the current company. They have no
    column: see ``care.outlook``."""

    _inherit = "res.partner"

    care_risk = fields.Float(
        "Risk (%)",
        compute="_compute_care_outlook",
        search=_searchable("care_risk"),
        digits=(16, 1),
        aggregator="avg",
        groups=GROUP,
        help="Probability of no order in the next three months.",
    )
    care_risk_band = fields.Selection(
        RISK_BANDS,
        compute="_compute_care_outlook",
        search=_searchable("care_risk_band"),
        groups=GROUP,
    )
    care_next_order_date = fields.Date(
        "Next Order",
        compute="_compute_care_outlook",
        search=_searchable("care_next_order_date"),
        groups=GROUP,
        help="When the customer is expected to order again.",
    )
    care_outlook_reason = fields.Char(
        "Outlook", compute="_compute_care_outlook", groups=GROUP
    )
    care_at_risk = fields.Boolean(
        "At Risk of Leaving",
        compute="_compute_care_at_risk",
        search="_search_care_at_risk",
        groups=GROUP,
        help="The risk has reached the threshold of the tier, and the customer bought "
        "in the last 12 months.",
    )
    care_reorder_due = fields.Boolean(
        "Reorder Due",
        compute="_compute_care_reorder_due",
        search="_search_care_reorder_due",
        groups=GROUP,
        help="An order of a product category is expected this week.",
    )

    @api.depends_context("company", "uid", "lang")
    @api.depends("commercial_partner_id")
    def _compute_care_outlook(self):
        rows = self._care_outlook_rows()
        none = self.env["care.outlook"]
        for partner in self:
            row = rows.get(partner.commercial_partner_id._origin.id, none)
            for name, column in OUTLOOK_FIELDS.items():
                partner[name] = row[column]
            partner.care_outlook_reason = row.reason

    @api.depends_context("company", "uid")
    @api.depends("commercial_partner_id")
    def _compute_care_at_risk(self):
        rows = self._care_outlook_rows()
        none = self.env["care.outlook"]
        for partner in self:
            row = rows.get(partner.commercial_partner_id._origin.id, none)
            partner.care_at_risk = row.at_risk

    def _search_care_at_risk(self, operator, value):
        return self._search_care_rows(
            "care.outlook", Domain("at_risk", "=", True), operator, value
        )

    @api.depends_context("company", "uid", "tz")
    @api.depends("commercial_partner_id")
    def _compute_care_reorder_due(self):
        Reorder = self.env["care.outlook.category"]
        due = Reorder.search(
            self.commercial_partner_id._care_reorders()
            & Domain("company_id", "=", self.env.company.id)
        ).partner_id
        for partner in self:
            partner.care_reorder_due = partner.commercial_partner_id._origin in due

    def _search_care_reorder_due(self, operator, value):
        Reorder = self.env["care.outlook.category"]
        return self._search_care_rows(Reorder._name, Reorder._due(), operator, value)

    def _search_care_rows(self, model, domain, operator, value):
        """Customers with rows of a domain in the current company, those the user may
        see"""
        if operator != "in":
            return NotImplemented
        rows = self.env[model]
        query = rows._search(Domain("company_id", "=", self.env.company.id) & domain)
        customers = query.subselect(SQL.identifier(rows._table, "partner_id"))
        found = Domain("commercial_partner_id", "in", customers)
        return found if True in value else ~found

    def _care_outlook_rows(self):
        """{customer id: its row in the current company}, those the user may see"""
        return self._care_own_rows("care.outlook")

    def _care_own_rows(self, model):
        rows = self.env[model].search(
            Domain("partner_id", "in", self.commercial_partner_id.ids)
            & Domain("company_id", "=", self.env.company.id)
        )
        return {row.partner_id.id: row for row in rows}

    def _search_care_outlook(self, name, operator, value):
        """Customers without a row, or whose row the user may not see, count as
        empty."""
        field = self._fields[name]
        self._check_field_access(field, "read")
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                name, operator, value, model, alias, query
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        column = OUTLOOK_FIELDS.get(field_expr)
        if not column or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        row = self._care_join_own("care.outlook", OUTLOOK_FIELDS.values(), alias, query)
        return SQL.identifier(row, column)

    def _care_join_own(self, model, columns, alias, query):
        """Join the customers' rows of the current company, those the user may see.

        :return: alias of the rows
        """
        rows = self.env[model]
        visible = rows._search(Domain("company_id", "=", self.env.company.id))
        row = query.make_alias(alias, f"{rows._table}_own")
        query.add_join(
            "LEFT JOIN",
            row,
            SQL(
                "(%s)",
                visible.select(
                    *(
                        SQL.identifier(rows._table, name)
                        for name in ("partner_id", *columns)
                    )
                ),
            ),
            SQL(
                "%s = %s",
                SQL.identifier(row, "partner_id"),
                self._field_to_sql(alias, "commercial_partner_id", query),
            ),
        )
        return row

    def _care_reorders(self, today=None):
        """Domain of what these customers are expected to order this week"""
        return Domain("partner_id", "in", self.ids) & self.env[
            "care.outlook.category"
        ]._due(today)

    def _care_reasons_to_call(self):
        """A reorder that is due is a reason where nobody has promised anything."""
        reasons = super()._care_reasons_to_call()
        if not self.env["res.groups"]._has_care_feature("outlook"):
            return reasons
        words = OutlookWords(self.env)
        for row in self.env["care.outlook.category"].search(self._care_reorders()):
            reasons.setdefault(row.partner_id, words.reorder(row))
        return reasons

    def _care_brief_values(self):
        values = super()._care_brief_values()
        if self.env["res.groups"]._has_care_feature("outlook"):
            values["outlook"] = self._care_outlook_rows().get(
                self.id, self.env["care.outlook"]
            )
            values["reorders"] = self.env["care.outlook.category"].search(
                self._care_reorders(), limit=CARD_REORDERS
            )
        return values

    def _care_card_values(self):
        card = super()._care_card_values()
        if not card["features"]["outlook"]:
            return card
        return card | {"outlook": self._care_outlook_card()}

    def _care_outlook_card(self):
        """What the card says about the future, False if nothing is known"""
        row = self._care_outlook_rows().get(self.id)
        if not row:
            return False
        words = OutlookWords(self.env)
        reorders = self.env["care.outlook.category"].search(
            self._care_reorders(), limit=CARD_REORDERS
        )
        return {
            "id": row.id,
            "band": row.risk_band,
            "risk": words.band(row),
            "reason": row.reason,
            "next": words.next_order(row),
            "reorders": [
                {"id": reorder.id, "text": words.reorder(reorder)}
                for reorder in reorders
            ],
        }

    @api.model
    def _care_features(self):
        return super()._care_features() | {
            "outlook": self.env["res.groups"]._has_care_feature("outlook")
        }

    def action_open_care_outlook(self):
        """Open what the customer is expected to order."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.outlook_reorder_action"
        )
        return action | {
            "name": self.env._("Expected Orders"),
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {},
        }
