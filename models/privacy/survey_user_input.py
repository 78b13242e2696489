from odoo import fields, models


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    care_anonymized_at = fields.Datetime(
        "Anonymized on",
        readonly=True,
        copy=False,
        help="When person and words were removed; the values are kept.",
    )

    _care_anonymize_idx = models.Index(
        "(care_company_id, (COALESCE(end_datetime, create_date)))"
        " WHERE care_company_id IS NOT NULL AND care_anonymized_at IS NULL"
    )
