from odoo import api, fields, models

FORM_RETENTION_DAYS = 30


class CareComplaintForm(models.Model):
    """Submitted complaint forms, one row per form token: submitting a form twice, or in
    parallel, leads to the same complaint."""

    _name = "care.complaint.form"
    _description = "Complaint Form Sent"
    _inherit = ["care.claim.mixin"]
    _log_access = False

    complaint_id = fields.Many2one(
        "care.complaint", ondelete="cascade", index="btree_not_null"
    )

    @api.autovacuum
    def _gc_forms(self):
        self._forget(FORM_RETENTION_DAYS)
