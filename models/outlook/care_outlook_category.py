from odoo import fields, models

INTERVAL_SOURCES = [
    ("own", "Own Orders"),
    ("segment", "Similar Customers"),
    ("stock", "Counted Stock"),
]


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
    date = fields.Date(
        "As of", required=True, readonly=True, help="Orders before this day count."
    )
    order_count = fields.Integer("Orders", readonly=True)
    interval_median = fields.Float(
        "Usual Interval (Days)", readonly=True, digits=(16, 1), aggregator="avg"
    )
    interval_source = fields.Selection(INTERVAL_SOURCES, "Interval from", readonly=True)
    last_order_date = fields.Date("Last Order", readonly=True)
    due_date = fields.Date("Due on", readonly=True)
    due_until = fields.Date(
        readonly=True,
        help="Later it is no longer a reorder: the customer has stopped buying it.",
    )
    quantity = fields.Float("Usual Quantity", readonly=True, digits=(16, 2))
    stock_date = fields.Date("Stock Counted on", readonly=True)
    ordered_on = fields.Date(readonly=True)
    order_id = fields.Many2one(
        "sale.order",
        "Quotation",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )

    _partner_category_uniq = models.UniqueIndex("(partner_id, category_id, company_id)")
    _due_idx = models.Index(
        "(company_id, tier_sequence, due_date) WHERE ordered_on IS NULL"
    )
