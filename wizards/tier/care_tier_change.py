from odoo import api, fields, models
from odoo.exceptions import UserError


class CareTierChange(models.TransientModel):
    """Set the tier of customers by hand, with a reason, and lock it against reviews."""

    _name = "care.tier.change"
    _description = "Change Tier"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    available_tier_ids = fields.Many2many(
        "care.tier", compute="_compute_available_tier_ids"
    )
    action = fields.Selection(
        [
            ("set", "Set a tier"),
            ("keep", "Keep the tier"),
            ("remove", "Remove the tier"),
        ],
        default="set",
        required=True,
    )
    tier_id = fields.Many2one("care.tier", domain="[('id', 'in', available_tier_ids)]")
    reason = fields.Char(required=True)
    lock = fields.Selection(
        [
            ("keep", "Leave unchanged"),
            ("lock", "Lock the tier"),
            ("unlock", "Unlock the tier"),
        ],
        default="keep",
        required=True,
        help="Reviews do not change a locked tier up to and including the day you "
        "choose.",
    )
    locked_until = fields.Date()

    @api.depends_context("company")
    def _compute_available_tier_ids(self):
        self.available_tier_ids = self.env["care.tier"]._for_company(self.env.company)

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
        if self.action == "set" and not self.tier_id:
            raise UserError(self.env._("Choose a tier."))
        if self.lock == "lock" and not self.locked_until:
            raise UserError(
                self.env._("Enter the last day on which the tier is locked.")
            )
        Partner = self.env["res.partner"]
        if self.action != "keep":
            tier = self.tier_id if self.action == "set" else self.tier_id.browse()
            reason = {"code": "text", "text": self.reason}
            Partner._set_care_tier(dict.fromkeys(customers, tier), reason)
        if self.lock != "keep":
            lock = (self.lock == "lock" and self.locked_until, self.reason)
            Partner._set_care_lock(dict.fromkeys(customers, lock))
        return {"type": "ir.actions.act_window_close"}
