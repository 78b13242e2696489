from odoo import fields, models

GROUP = "customer_care.group_care_outlook"


class CrmLeadLost(models.TransientModel):
    """Losing a lead, say what was wanted and from when to ask again."""

    _inherit = "crm.lead.lost"

    care_wanted_product_ids = fields.Many2many(
        "product.product",
        "care_lead_lost_product_rel",
        string="Products Wanted",
        groups=GROUP,
    )
    care_wanted_category_ids = fields.Many2many(
        "product.category",
        "care_lead_lost_category_rel",
        string="Categories Wanted",
        groups=GROUP,
    )
    care_wanted = fields.Char("Wanted", groups=GROUP)
    care_again_from = fields.Date("Again from", groups=GROUP)

    def action_lost_reason_apply(self):
        if self.env.user.has_group(GROUP):
            values = {}
            if self.care_wanted_product_ids:
                values["care_wanted_product_ids"] = [
                    (4, product.id) for product in self.care_wanted_product_ids
                ]
            if self.care_wanted_category_ids:
                values["care_wanted_category_ids"] = [
                    (4, category.id) for category in self.care_wanted_category_ids
                ]
            for name in ("care_wanted", "care_again_from"):
                if self[name]:
                    values[name] = self[name]
            if values:
                self.lead_ids.write(values)
        return super().action_lost_reason_apply()
