from odoo import api, fields, models
from odoo.fields import Command


class CareComplaintMerge(models.TransientModel):
    """Choose the complaints to merge."""

    _name = "care.complaint.merge"
    _inherit = ["care.reference.mixin"]
    _description = "Merge Complaints"

    complaint_ids = fields.Many2many(
        "care.complaint",
        string="Complaints",
        domain="[('partner_id', '=', partner_id), ('closed_at', '=', False)]",
    )
    partner_id = fields.Many2one("res.partner", compute="_compute_kept_id")
    kept_id = fields.Many2one(
        "care.complaint",
        "Merge into",
        compute="_compute_kept_id",
        help="The complaint received first, so that no clock restarts.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "care.complaint":
            chosen = self._proposed(self.env.context["active_ids"])
            values["complaint_ids"] = [Command.set(chosen.ids)]
        return values

    @api.model
    def _proposed(self, ids):
        """The selected complaints; for a single one also the customer's other ones"""
        Complaint = self.env["care.complaint"]
        chosen = Complaint.browse(ids).exists()
        if len(chosen) == 1:
            chosen |= Complaint.search(
                [
                    ("partner_id", "=", chosen.partner_id.id),
                    ("company_id", "=", chosen.company_id.id),
                    ("closed_at", "=", False),
                ]
            )
        return chosen

    @api.depends("complaint_ids")
    def _compute_kept_id(self):
        for wizard in self:
            kept = wizard.complaint_ids._origin._kept_when_merged()
            wizard.kept_id = kept
            wizard.partner_id = kept.partner_id

    def action_merge(self):
        self.ensure_one()
        return self.complaint_ids._merge()._form_action()
