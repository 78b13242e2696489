from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date, formatLang

from .outlook_facts import sql_usual_goods

INTERVAL_SOURCES = [
    ("own", "Own Orders"),
    ("segment", "Similar Customers"),
    ("stock", "Counted Stock"),
]
DUE_DAYS = 7
"""A reorder is due when it is expected within so many days."""


class CareOutlookCategory(models.Model):
    """When a customer is expected to order a product category again. Only the nightly
    job writes rows."""

    _name = "care.outlook.category"
    _description = "Reorder Due"
    _order = "tier_sequence, due_date, id"
    _rec_name = "category_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    category_id = fields.Many2one(
        "product.category", required=True, readonly=True, ondelete="cascade", index=True
    )
    tier_id = fields.Many2one("care.tier", readonly=True, ondelete="set null")
    tier_sequence = fields.Integer(readonly=True, aggregator=None)
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, ondelete="set null"
    )
    order_count = fields.Integer("Orders", readonly=True)
    interval_min = fields.Integer(
        "Shortest Interval (Days)", readonly=True, aggregator="min"
    )
    interval_median = fields.Float(
        "Usual Interval (Days)", readonly=True, digits=(16, 1), aggregator="avg"
    )
    interval_source = fields.Selection(INTERVAL_SOURCES, "Interval from", readonly=True)
    last_order_date = fields.Date("Last Order", readonly=True)
    due_date = fields.Date(
        "Expected on",
        readonly=True,
        help="Last order plus the usual interval, or when the counted stock is used "
        "up.",
    )
    due_until = fields.Date(
        "Reorder until",
        readonly=True,
        help="Later the customer has stopped buying the category: see Customers at "
        "Risk.",
    )
    quantity = fields.Float(
        "Usual Quantity", readonly=True, digits=(16, 2), aggregator=None
    )
    stock_date = fields.Date("Stock Counted on", readonly=True)
    ordered_on = fields.Date(readonly=True)
    noted_due_date = fields.Date("First Expected This Month", readonly=True)
    noted_order_date = fields.Date("Last Order before It", readonly=True)
    order_id = fields.Many2one(
        "sale.order",
        "Quotation",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    goods = fields.Char("Usual Goods", compute="_compute_goods")
    why = fields.Char(compute="_compute_why")
    phone = fields.Char(related="partner_id.phone", related_sudo=False)

    _partner_category_uniq = models.UniqueIndex("(partner_id, category_id, company_id)")
    _due_idx = models.Index(
        "(company_id, tier_sequence, due_date) WHERE ordered_on IS NULL"
    )

    @api.depends_context("lang")
    @api.depends("partner_id", "category_id", "company_id", "last_order_date")
    def _compute_goods(self):
        usual = self._usual_goods()
        for row in self:
            row.goods = ", ".join(
                f"{product.display_name} × "
                f"{formatLang(self.env, quantity, digits=int(quantity % 1 > 0) * 2)}"
                for product, quantity in usual[row]
            )

    @api.depends_context("lang")
    @api.depends("interval_source", "interval_median", "last_order_date", "stock_date")
    def _compute_why(self):
        templates = {
            "own": self.env._("Every %(days)s days, last on %(date)s"),
            "segment": self.env._(
                "Similar customers every %(days)s days, last on %(date)s"
            ),
            "stock": self.env._("Stock counted on %(stock)s"),
        }
        for row in self:
            template = templates.get(row.interval_source)
            row.why = template and template % {
                "days": round(row.interval_median),
                "date": format_date(self.env, row.last_order_date),
                "stock": format_date(self.env, row.stock_date),
            }

    @api.model
    def _due(self, today=None):
        """Domain of what is due this week and neither ordered nor given up"""
        today = today or fields.Date.context_today(self)
        return (
            Domain("ordered_on", "=", False)
            & Domain("due_date", "<=", today + timedelta(days=DUE_DAYS - 1))
            & Domain("due_until", ">=", today)
        )

    def _usual_goods(self):
        """{row: [(product, quantity)]}, with two queries for any number of rows"""
        keys = {
            row: (row.partner_id.id, row.company_id.id, row.category_id.id)
            for row in self
        }
        goods = defaultdict(list)
        if not keys:
            return goods
        self.env["sale.order.line"].flush_model()
        self.env["sale.order"].flush_model()
        self.env["product.template"].flush_model()
        Product = self.env["product.product"]
        found = self.env.execute_query(sql_usual_goods(list(keys.values())))
        products = Product.browse(product for *_key, product, _quantity in found)
        for *key, product, quantity in found:
            goods[tuple(key)].append(
                (Product.browse(product).with_prefetch(products.ids), quantity)
            )
        return {row: goods[key] for row, key in keys.items()}

    # ------------------------------------------------------------
    # Quotations
    # ------------------------------------------------------------

    def action_make_quotation(self):
        """Make a quotation with the usual goods and quantities for each customer, with
        the user's own rights, or open the one that was made before."""
        self.check_access("read")
        orders = self.order_id.filtered(lambda order: order.state in ("draft", "sent"))
        waiting = self.filtered(lambda row: row.order_id not in orders)
        for (partner, company), rows in waiting.grouped(
            lambda row: (row.partner_id, row.company_id)
        ).items():
            orders |= rows._make_quotation(partner, company)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale.action_quotations_with_onboarding"
        )
        if len(orders) == 1:
            return action | {
                "views": [(False, "form")],
                "res_id": orders.id,
                "context": {},
            }
        return action | {"domain": [("id", "in", orders.ids)], "context": {}}

    def _make_quotation(self, partner, company):
        goods = self._usual_goods()
        lines = [line for row in self for line in goods[row]]
        if not lines:
            raise UserError(
                self.env._(
                    "What %s usually buys is no longer sold. Create a quotation "
                    "manually.",
                    partner.display_name,
                )
            )
        order = (
            self.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_id": product.uom_id.id,
                                "product_uom_qty": quantity,
                            }
                        )
                        for product, quantity in lines
                    ],
                }
            )
        )
        self.sudo().order_id = order
        return order

    @api.model
    def _mark_ordered(self, orders):
        """Take off the list what has just been ordered."""
        self._rows_of(orders).filtered(lambda row: not row.ordered_on).write(
            {"ordered_on": fields.Date.context_today(self)}
        )

    @api.model
    def _mark_not_ordered(self, orders):
        """Put back on the list what was ordered by now cancelled orders."""
        self._rows_of(orders).filtered("ordered_on").write({"ordered_on": False})

    @api.model
    def _rows_of(self, orders):
        """Rows of the customers of these orders and of what they bought"""
        keys = {
            (order.partner_id.commercial_partner_id.id, order.company_id.id, category)
            for order in orders.sudo()
            for category in order.order_line.product_id.categ_id.ids
        }
        if not keys:
            return self.sudo().browse()
        partners, companies, categories = map(set, zip(*keys, strict=True))
        return (
            self.sudo()
            .search(
                Domain("partner_id", "in", partners)
                & Domain("company_id", "in", companies)
                & Domain("category_id", "in", categories)
            )
            .filtered(
                lambda row: (
                    (row.partner_id.id, row.company_id.id, row.category_id.id) in keys
                )
            )
        )
