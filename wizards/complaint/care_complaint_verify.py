from odoo import api, fields, models


class CareComplaintVerify(models.TransientModel):
    """Record the answer of a customer asked by another user than the handler."""

    _name = "care.complaint.verify"
    _inherit = ["care.reference.mixin"]
    _description = "Customer Asked"

    complaint_id = fields.Many2one("care.complaint", required=True, ondelete="cascade")
    solution = fields.Text(related="complaint_id.solution", related_sudo=False)
    asked_by_survey = fields.Boolean(compute="_compute_asked_by_survey")
    outcome = fields.Selection(
        lambda self: self.env["care.complaint"]._outcomes(),
        "The Customer Is",
        required=True,
    )
    comment = fields.Text("In the Customer's Words")

    @api.depends("complaint_id")
    def _compute_asked_by_survey(self):
        for wizard in self:
            wizard.asked_by_survey = wizard.complaint_id._is_asked_otherwise()

    def action_confirm(self):
        self.ensure_one()
        self.complaint_id._verify_by_hand(self.outcome, self.comment)
        return {"type": "ir.actions.act_window_close"}
