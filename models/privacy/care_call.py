from odoo import fields, models


class CareCall(models.Model):
    _inherit = "care.call"

    anonymized_at = fields.Datetime("Anonymized on", readonly=True, copy=False)

    _anonymize_idx = models.Index(
        "(company_id, create_date) WHERE anonymized_at IS NULL"
    )
