from odoo import fields, models

RETENTION_KINDS = [
    ("answers", "Satisfaction Answers"),
    ("complaints", "Closed Complaints"),
    ("photos", "Photos of Reports"),
    ("protection", "Protection Log"),
    ("calls", "Telephone Calls"),
    ("phone", "Uploads of Phones"),
    ("briefs", "Opened Briefs"),
]
"""What a company keeps for a number of months, in the order of the job. The number is
in ``care_keep_<kind>``; 0 keeps for ever."""


class ResCompany(models.Model):
    """Months are set under Data Retention only, which shows what they would remove."""

    _inherit = "res.company"

    care_keep_answers = fields.Integer(
        "Keep Answers (Months)", readonly=True, copy=False, prefetch="care"
    )
    care_keep_complaints = fields.Integer(
        "Keep Complaints (Months)", readonly=True, copy=False, prefetch="care"
    )
    care_keep_photos = fields.Integer(
        "Keep Photos (Months)", readonly=True, copy=False, prefetch="care"
    )
    care_keep_protection = fields.Integer(
        "Keep Protection Log (Months)", readonly=True, copy=False, prefetch="care"
    )
    care_keep_calls = fields.Integer(
        "Keep Calls (Months)", readonly=True, copy=False, prefetch="care"
    )
    care_keep_phone = fields.Integer(
        "Keep Uploads (Months)", readonly=True, copy=False, prefetch="care"
    )
    care_keep_briefs = fields.Integer(
        "Keep Opened Briefs (Months)", readonly=True, copy=False, prefetch="care"
    )

    _care_keep_positive = models.Constraint(
        "CHECK (LEAST(care_keep_answers, care_keep_complaints, care_keep_photos,"
        " care_keep_protection, care_keep_calls, care_keep_phone, care_keep_briefs)"
        " >= 0)",
        "The number of months cannot be negative.",
    )

    def _care_keep_months(self):
        """{kind: months} of this company, as superuser"""
        self.ensure_one()
        company = self.sudo()
        return {kind: company[f"care_keep_{kind}"] for kind, _name in RETENTION_KINDS}
