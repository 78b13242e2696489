from odoo import fields, models
from odoo.exceptions import UserError

from ...models.outlook.care_loyalty import ATTITUDES, LOYALTY_KINDS


class CareLoyaltyChoice(models.TransientModel):
    _name = "care.loyalty.choice"
    _description = "Kind of Loyalty"

    loyalty_id = fields.Many2one("care.loyalty", required=True, ondelete="cascade")
    kind = fields.Selection(LOYALTY_KINDS, required=True)
    attitude = fields.Selection(
        ATTITUDES,
        "Attitude to Competitors",
        help="What the customer answered when asked.",
    )
    reason = fields.Char(help="Needed where the kind is not the one proposed.")

    def action_apply(self):
        self.ensure_one()
        row = self.loyalty_id
        row._check_may_confirm()
        reason = (self.reason or "").strip()
        if self.kind != row.proposed_kind and not reason:
            raise UserError(
                self.env._("Give a reason why it is another kind than proposed.")
            )
        row._confirm(self.kind, reason or False, self.attitude)
