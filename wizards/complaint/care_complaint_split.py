from odoo import fields, models


class CareComplaintSplit(models.TransientModel):
    """Split a part off a complaint, to be handled separately."""

    _name = "care.complaint.split"
    _inherit = ["care.reference.mixin"]
    _description = "Split a Complaint"

    complaint_id = fields.Many2one("care.complaint", required=True, ondelete="cascade")
    subject = fields.Char("Subject of the Part", required=True)
    category_id = fields.Many2one("care.complaint.category")
    description = fields.Html()
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Attachments to Copy",
        domain="[('res_model', '=', 'care.complaint'), ('res_id', '=', complaint_id)]",
    )

    def action_split(self):
        self.ensure_one()
        complaint = self.complaint_id
        attachments = self.attachment_ids.filtered(
            lambda a: a.res_model == complaint._name and a.res_id == complaint.id
        )
        return complaint._split(
            self.subject, self.description, self.category_id, attachments
        )._form_action()
