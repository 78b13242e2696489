from odoo import api, fields, models
from odoo.exceptions import UserError


class CareTierChange(models.TransientModel):
    """Set the tier of customers by hand, with a reason, and lock it against reviews."""

    _name = "care.tier.change"
    _description = "Change Tier"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    tier_id = fields.Many2one(
        "care.tier",
        domain="[('company_id', 'in', (False, allowed_company_ids[0]))]",
    )
    reason = fields.Char(required=True)
    lock = fields.Boolean(
        "Lock the Tier", help="Reviews keep a locked tier until the day you choose."
    )
    locked_until = fields.Date()

    @api.model
    def default_get(self, field_names):
        values = super().default_get(field_names)
        partners = self.env["res.partner"].browse(
            self.env.context.get("active_ids", ())
            if self.env.context.get("active_model") == "res.partner"
            else ()
        )
        customers = partners.commercial_partner_id
        if "partner_ids" in field_names and customers:
            values["partner_ids"] = [fields.Command.set(customers.ids)]
        if len(customers) == 1:
            values["tier_id"] = customers.care_tier_id.id
        return values

    def action_confirm(self):
        self.ensure_one()
        customers = self.partner_ids.commercial_partner_id
        if not customers:
            raise UserError(self.env._("Choose at least one customer."))
        if self.lock and not self.locked_until:
            raise UserError(self.env._("Enter the day up to which the tier is locked."))
        Partner = self.env["res.partner"]
        Partner._set_care_tier(dict.fromkeys(customers, self.tier_id), self.reason)
        lock = (self.locked_until, self.reason) if self.lock else (False, False)
        Partner._set_care_lock(dict.fromkeys(customers, lock))
        return {"type": "ir.actions.act_window_close"}
