from odoo import api, fields, models


class CarePartnerArchive(models.TransientModel):
    """Ask for the reason when archiving customers."""

    _name = "care.partner.archive"
    _description = "Archive Customers"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    reason_id = fields.Many2one("crm.lost.reason", required=True)
    note = fields.Char("Explanation")
    open_complaints = fields.Integer(compute="_compute_open_complaints")

    @api.depends("partner_ids")
    def _compute_open_complaints(self):
        for wizard in self:
            wizard.open_complaints = self.env["care.complaint"].search_count(
                [
                    ("partner_id", "in", wizard.partner_ids.ids),
                    ("closed_at", "=", False),
                ]
            )

    def action_confirm(self):
        self.ensure_one()
        self.partner_ids.filtered("active").write(
            {
                "active": False,
                "care_archive_reason_id": self.reason_id.id,
                "care_archive_note": self.note or self.reason_id.name,
            }
        )
        return {"type": "ir.actions.act_window_close"}
