from ast import literal_eval

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class CareCardItem(models.Model):
    """Item of a complete customer card; a card has it if the customer matches the
    condition. The score of a card is the weight of the items it has, in percent of the
    weight of all items asked of its tier, rounded half up."""

    _name = "care.card.item"
    _description = "Card Completeness Item"
    _inherit = ["care.named"]
    _order = "sequence, id"

    name = fields.Char(
        required=True, translate=True, help="Shown on cards that lack it, e.g. Phone."
    )
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(default=True)
    weight = fields.Integer(
        default=10,
        required=True,
        help="Weight of the item in the score.",
        aggregator=None,
    )
    tier_ids = fields.Many2many(
        "care.tier",
        string="Required for Tiers",
        help="Leave empty for all customers. An A card can require more than a D card.",
    )
    domain = fields.Char(
        "Condition",
        required=True,
        default="[]",
        help="Condition on the customer. Use “child_ids” for its contact persons.",
    )

    _weight_positive = models.Constraint(
        "CHECK (weight > 0)",
        "The weight must be at least 1. Archive items that are not required for any "
        "card.",
    )

    @api.constrains("domain")
    def _check_domain(self):
        """Run the condition with the user's own rights, so that it cannot search fields
        the user may not read. (Odoo runs constraints as superuser.)"""
        Partner = self.env["res.partner"].sudo(False)
        for item in self:
            try:
                domain = item._parse()
                Partner.search(Domain(domain), limit=1)
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "The condition of “%(name)s” is not valid: %(error)s. Set "
                        "it again with the editor.",
                        name=item.name,
                        error=error,
                    )
                ) from error
            if not domain:
                raise ValidationError(
                    self.env._(
                        "“%s” needs a condition; otherwise every card would fulfill "
                        "it.",
                        item.name,
                    )
                )

    def _parse(self):
        """Parse the condition as plain data, without evaluating it."""
        self.ensure_one()
        domain = literal_eval((self.domain or "[]").strip())
        if not isinstance(domain, list):
            raise ValueError(self.env._("not a list"))
        return domain

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        self._on_change()
        return items

    def write(self, vals):
        result = super().write(vals)
        if {"domain", "weight", "tier_ids", "active"} & set(vals):
            self._on_change()
        else:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self._on_change()
        return result

    @api.model
    def _on_change(self):
        self.env.registry.clear_cache()
        self.env["res.partner"]._schedule_care_refresh()

    @api.model
    @tools.ormcache()
    def _items(self):
        """(id, weight, domain, ids of tiers) of each item, in order"""
        return tuple(
            (item.id, item.weight, tuple(item._parse()), tuple(item.tier_ids.ids))
            for item in self.sudo().with_context(active_test=True).search([])
        )

    @api.model
    @tools.ormcache("self.env.lang")
    def _names(self):
        return {item.id: item.name for item in self.sudo().search([])}

    @api.model
    @tools.ormcache()
    def _watched(self):
        """Names of the fields that conditions mention, of customers or contacts."""
        names = {"parent_id", "active"}
        for _id, _weight, domain, _tiers in self._items():
            for condition in Domain(list(domain)).iter_conditions():
                names.update(condition.field_expr.split("."))
        return frozenset(names)

    @api.model
    def _rate(self, partners):
        """What the cards of commercial partners have, in one query.

        :return: {id of the partner: (score 0 to 100, [ids of missing items])}
        """
        if not partners.ids:
            return {}
        rows = self.env.execute_query(self._sql_rating(partners.ids))
        return {partner: (score, missing) for partner, score, missing in rows}

    @api.model
    def _sql_rating(self, ids):
        """SELECT of (id, score, array of missing items); a customer of which no item is
        asked scores 100."""
        self.env["care.partner.tier"].flush_model(["partner_id", "tier_id"])
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        wanted = Domain("id", "in", ids)
        values = [
            SQL(
                "(%s, %s, %s, customer.id IN %s)",
                item,
                weight,
                self._sql_asked(tiers),
                Partner._search(wanted & Domain(list(domain))).subselect(),
            )
            for item, weight, domain, tiers in self._items()
        ]
        return SQL(
            """
            SELECT customer.id,
                   COALESCE(ROUND(100.0 * SUM(item.weight)
                        FILTER (WHERE item.there) / SUM(item.weight)),
                        CASE WHEN COUNT(item.id) > 0 THEN 0 ELSE 100 END)::int
                   AS score,
                   COALESCE(ARRAY_AGG(item.id ORDER BY item.place)
                        FILTER (WHERE NOT item.there), '{}') AS missing
              FROM unnest(%s::int[]) AS customer(id)
         LEFT JOIN LATERAL (
                    SELECT ROW_NUMBER() OVER () AS place, all_items.*
                      FROM (VALUES %s) AS all_items(id, weight, asked, there)
                   ) AS item ON item.asked
          GROUP BY customer.id
            """,
            list(ids),
            SQL(", ").join(values or [SQL("(0, 1, FALSE, FALSE)")]),
        )

    @api.model
    def _sql_asked(self, tiers):
        """Condition: ``customer`` has one of these tiers in some company, so the item
        is asked of it."""
        if not tiers:
            return SQL("TRUE")
        return SQL(
            """EXISTS (
                SELECT 1 FROM care_partner_tier status
                 WHERE status.partner_id = customer.id AND status.tier_id IN %s)""",
            tiers,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last(self):
        if not self.search_count([("id", "not in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "At least one item is required; otherwise every card "
                    "would be complete."
                )
            )
