from odoo import api, fields, models
from odoo.exceptions import UserError


class CarePromiseDispute(models.TransientModel):
    """A customer says that somebody promised something: a colleague enters it in the
    customer's name."""

    _name = "care.promise.dispute"
    _inherit = ["care.reference.mixin"]
    _description = "Disputed Promise"

    partner_id = fields.Many2one("res.partner", "Customer", required=True)
    contact_id = fields.Many2one(
        "res.partner",
        "Contact Person",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    user_id = fields.Many2one(
        "res.users",
        "Said to Have Promised",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    name = fields.Text("What Was Promised", required=True)
    complaint_id = fields.Many2one("care.complaint", ondelete="cascade")
    dispute_due = fields.Date("Answer by", compute="_compute_dispute_due")

    @api.depends("company_id")
    def _compute_dispute_due(self):
        for wizard in self:
            company = wizard.company_id or self.env.company
            wizard.dispute_due = company._care_dispute_due()

    def action_enter(self):
        """Create the disputed promise and open it."""
        self.ensure_one()
        self.partner_id.check_access("read")
        person = self.user_id.sudo()
        if person.share or self.company_id not in person.company_ids:
            raise UserError(
                self.env._(
                    "%s has no access to this company. Choose another user.",
                    person.name,
                )
            )
        promise = (
            self.env["care.promise"]
            ._care_unlock()
            .create(
                {
                    "name": self.name,
                    "partner_id": self.partner_id.id,
                    "contact_id": self.contact_id.id,
                    "user_id": self.user_id.id,
                    "company_id": self.company_id.id,
                    "complaint_id": self.complaint_id.id,
                    "state": "disputed",
                }
            )
        )
        promise._begin_dispute()
        return {
            "type": "ir.actions.act_window",
            "res_model": "care.promise",
            "res_id": promise.id,
            "views": [(False, "form")],
        }
