from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from ..core.care_reference import CareReferenceMixin
from .outlook_facts import OutlookFacts

QUANTITY_LIMIT = 10_000_000
ABSURD_TIMES = 10
"""Nobody has left so many times what it has ever bought: the quantity is a typo."""
FOLLOWING = ("partner_id", "company_id", "user_id", "date")
"""Fields of a count in a report that are those of the report"""


class CareStockCount(models.Model):
    """How much of a product category a customer had left, counted at a visit. It tells
    better than past orders when the customer will need more."""

    _name = "care.stock.count"
    _description = "Counted Stock"
    _inherit = [CareReferenceMixin._name]
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
    interaction_id = fields.Many2one(
        "care.interaction",
        "Report",
        readonly=True,
        copy=False,
        ondelete="cascade",
        index="btree_not_null",
        help="The contact at which it was counted. Customer, day and person are those "
        "of the report, and it counts once the report is filed.",
    )

    _last_idx = models.Index("(partner_id, category_id, date DESC)")
    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0)", "The stock cannot be negative. Enter 0 or more."
    )
    _report_category_uniq = models.UniqueIndex(
        "(interaction_id, category_id) WHERE interaction_id IS NOT NULL",
        "A product category is counted once in a report. Correct the quantity there.",
    )

    def _check_quantity(self):
        """No constraint: those run as superuser and before the rules of the records,
        and this tells what the customer has bought.

        :raise ValidationError: nobody can have so much left
        """
        for company, counts in self.grouped("company_id").items():
            customers = counts.partner_id.ids
            self.env["sale.order"].flush_model()
            self.env["sale.order.line"].flush_model()
            facts = OutlookFacts(self.env, company, company._care_today())
            bought = facts.categories(customers)
            for count in counts:
                of_customer = bought.get(count.partner_id.id, {})
                goods = of_customer.get(count.category_id.id)
                count._check_absurd(sum(goods.quantities) if goods else 0)

    def _check_absurd(self, bought):
        """:param bought: quantity of the category that the customer has ever bought"""
        if not self.quantity < QUANTITY_LIMIT or (
            0 < ABSURD_TIMES * bought < self.quantity
        ):
            raise ValidationError(
                self.env._(
                    "%(quantity)s of %(category)s left cannot be right: %(customer)s "
                    "has bought %(bought)s in all. Correct the quantity.",
                    quantity=formatLang(self.env, self.quantity),
                    category=self.category_id.display_name,
                    customer=self.partner_id.display_name,
                    bought=formatLang(self.env, bought),
                )
            )

    @api.constrains("date")
    def _check_date(self):
        for count in self:
            today = max(
                count.company_id._care_today(), fields.Date.context_today(count)
            )
            if not count.interaction_id and count.date > today:
                raise ValidationError(
                    self.env._(
                        "Stock cannot be counted in the future. Correct the day."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A count at a contact person is one at the company. Who counted, where and in
        which report are not the caller's to say."""
        Partner = self.env["res.partner"]
        Report = self.env["care.interaction"]
        for vals in vals_list:
            if report := Report.browse(vals.get("interaction_id")):
                report.check_access("write")
                vals.update(report._stock_count_vals())
            elif partner := Partner.browse(vals.get("partner_id")):
                vals["partner_id"] = partner.commercial_partner_id.id
            if not self.env.su and not report:
                vals.update(
                    user_id=self.env.uid,
                    company_id=self.env.company.id,
                    interaction_id=False,
                )
        counts = super().create(vals_list)
        counts._check_quantity()
        return counts

    def write(self, vals):
        """What follows from the report, and who counted, is not written by hand."""
        if not self.env.su:
            fixed = {"user_id", "company_id", "interaction_id"}
            if self.interaction_id:
                fixed |= set(FOLLOWING)
            vals = {name: value for name, value in vals.items() if name not in fixed}
        if partner := self.env["res.partner"].browse(vals.get("partner_id")):
            vals["partner_id"] = partner.commercial_partner_id.id
        result = super().write(vals)
        if "partner_id" in vals:
            self.check_access("write")
        if {"quantity", "partner_id", "category_id"} & vals.keys():
            self._check_quantity()
        return result
