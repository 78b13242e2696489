from odoo import api, fields, models

RETENTION_DAYS = 400


class CarePhoneReport(models.Model):
    """Reports that phones have sent, one row per key made on the phone: sending one
    again, or from two devices at once, leads to the same contact."""

    _name = "care.phone.report"
    _description = "Report from a Phone"
    _inherit = ["care.claim.mixin"]
    _log_access = False

    interaction_id = fields.Many2one(
        "care.interaction", ondelete="set null", index="btree_not_null"
    )

    @api.autovacuum
    def _gc_reports(self):
        self._forget(RETENTION_DAYS)
