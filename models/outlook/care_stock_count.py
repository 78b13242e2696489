from odoo import api, fields, models


class CareStockCount(models.Model):
    """How much of a product category a customer had left, counted at a visit. It tells
    better than past orders when the customer will need more."""

    _name = "care.stock.count"
    _description = "Counted Stock"
    _order = "date desc, id desc"
    _rec_name = "category_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade"
    )
    category_id = fields.Many2one(
        "product.category", required=True, ondelete="cascade", index=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    quantity = fields.Float(required=True, digits=(16, 2), aggregator=None)
    user_id = fields.Many2one(
        "res.users",
        "Counted by",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.company,
    )

    _last_idx = models.Index("(partner_id, category_id, date DESC)")
    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0)", "The stock cannot be negative. Enter 0 or more."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A count at a contact person is one at the company."""
        Partner = self.env["res.partner"]
        for vals in vals_list:
            if partner := Partner.browse(vals.get("partner_id")):
                vals["partner_id"] = partner.commercial_partner_id.id
        return super().create(vals_list)
