from odoo import api, models


class SaleOrder(models.Model):
    """What is ordered is no longer due."""

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._care_take_off_reorders()
        return orders

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        before = self.filtered(lambda order: order.state == "sale")
        result = super().write(vals)
        (self - before)._care_take_off_reorders()
        gone = before.filtered(lambda order: order.state != "sale")
        if gone and self.env["res.groups"]._has_care_feature("outlook"):
            self.env["care.outlook.category"]._mark_not_ordered(gone)
        return result

    def _care_take_off_reorders(self):
        ordered = self.filtered(lambda order: order.state == "sale")
        if ordered and self.env["res.groups"]._has_care_feature("outlook"):
            self.env["care.outlook.category"]._mark_ordered(ordered)
