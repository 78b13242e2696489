from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class CareSomethingNew(models.TransientModel):
    """A product, a category, a brand or a region opens: who asked for it before?"""

    _name = "care.something.new"
    _description = "Something New"

    product_ids = fields.Many2many("product.product", string="Products")
    category_ids = fields.Many2many("product.category", string="Categories")
    words = fields.Char("Brand or Words")
    region_id = fields.Many2one("care.region")
    lead_ids = fields.Many2many(
        "crm.lead",
        string="Lost Leads",
        compute="_compute_lead_ids",
        store=True,
        compute_sudo=False,
        readonly=False,
        context={"active_test": False},
    )

    @api.depends("product_ids", "category_ids", "words", "region_id")
    def _compute_lead_ids(self):
        for wizard in self:
            wizard.lead_ids = [Command.set(wizard._matches().ids)]

    def _matches(self):
        """Lost leads of the user that wanted any of this, in the region"""
        Lead = self.env["crm.lead"].with_context(active_test=False)
        wanted = []
        products = self.product_ids._origin
        categories = self.category_ids._origin
        if products:
            wanted.append(Domain("care_wanted_product_ids", "in", products.ids))
            wanted.append(
                Domain("care_wanted_category_ids", "parent_of", products.categ_id.ids)
            )
        if categories:
            wanted.append(
                Domain("care_wanted_category_ids", "child_of", categories.ids)
            )
            wanted.append(
                Domain("care_wanted_product_ids.categ_id", "child_of", categories.ids)
            )
        if self.words and self.words.strip():
            wanted.append(Domain("care_wanted", "ilike", self.words.strip()))
        region = self.region_id._origin
        if not wanted and not region:
            return Lead
        domain = Domain("active", "=", False) & Domain("won_status", "=", "lost")
        if wanted:
            domain &= Domain.OR(wanted)
        if region:
            domain &= Domain("care_region_id", "child_of", region.id) | Domain(
                "partner_id.care_region_id", "child_of", region.id
            )
        return Lead.search(domain)._care_usable_again()

    def action_make_leads(self):
        self.ensure_one()
        leads = self.lead_ids.with_context(active_test=False)
        new = leads._care_take_up(self._title())
        if not new:
            raise UserError(self.env._("No lost lead is left to take up again."))
        return new._care_show_new()

    def _title(self):
        names = [
            *self.product_ids.mapped("name"),
            *self.category_ids.mapped("name"),
            self.words,
            self.region_id.name,
        ]
        return ", ".join(filter(None, names))[:100]
