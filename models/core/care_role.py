from odoo import api, fields, models
from odoo.exceptions import UserError


class CareRole(models.Model):
    """Role of a person for a customer. Contact plans owe contacts by role."""

    _name = "care.role"
    _description = "Role in the Account Team"
    _inherit = ["care.named"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, aggregator=None)
    kind = fields.Selection(
        [
            ("salesperson", "Salesperson of the customer"),
            ("manager", "Account manager of the customer"),
        ],
        "Synchronized with",
        copy=False,
        help="The salesperson or account manager set on the customer has this role in"
        " its account team, and vice versa.",
    )

    allows_several = fields.Boolean(
        "Several People",
        help="Several people of a customer's account team can have this role. The "
        "first one is responsible for the contacts due; contacts of the others count "
        "as well.",
    )

    _several_kind = models.Constraint(
        "CHECK (kind IS NULL OR allows_several IS NOT TRUE)",
        "A customer has one salesperson and one account manager. Several people need a "
        "role that is not synchronized with the customer.",
    )
    _kind_uniq = models.UniqueIndex(
        "(kind) WHERE kind IS NOT NULL",
        "Another role is already linked to this field of the customer.",
    )

    def write(self, vals):
        if vals.get("active") is False:
            self._check_not_salesperson()
        if vals.get("allows_several") is False:
            self._check_not_shared()
        result = super().write(vals)
        if "active" in vals:
            self.env["care.plan.target"]._schedule_generation()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_not_salesperson()
        if self.env["care.account.member"].sudo().search_count(
            [("role_id", "in", self.ids)], limit=1
        ) or self.env["care.plan.rule"].sudo().with_context(
            active_test=False
        ).search_count([("role_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Account teams or contact plans use this role. "
                    "Archive it instead of deleting it."
                )
            )

    def _check_not_shared(self):
        shared = (
            self.env["care.account.member"]
            .sudo()
            .search([("role_id", "in", self.ids), ("is_additional", "=", True)])
        )
        if shared:
            raise UserError(
                self.env._(
                    "Several people have this role for %s customers. Remove all but "
                    "one of them first.",
                    len(shared.partner_id),
                )
            )

    def _check_not_salesperson(self):
        if any(role.kind == "salesperson" for role in self):
            raise UserError(
                self.env._(
                    "This role is synchronized with the customer's salesperson, and "
                    "access to the customer depends on it. Rename it, or choose "
                    "another role for the salesperson first."
                )
            )
