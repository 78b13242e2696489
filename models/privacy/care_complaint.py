from odoo import fields, models


class CareComplaint(models.Model):
    _inherit = "care.complaint"

    anonymized_at = fields.Datetime(
        "Anonymized on",
        readonly=True,
        copy=False,
        help="When texts, mails and files were removed.",
    )

    _anonymize_idx = models.Index(
        "(company_id, closed_at) WHERE closed_at IS NOT NULL"
        " AND (anonymized_at IS NULL OR anonymized_at < closed_at)"
    )
