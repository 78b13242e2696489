from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Hours of contacts, and how early they fall due."""

    _inherit = "res.company"

    care_hours_visit = fields.Float(
        "Hours per Visit",
        default=2.0,
        help="Including travel and report. Used to compute capacity.",
        prefetch="care",
    )
    care_hours_phone = fields.Float(
        "Hours per Call",
        default=0.25,
        prefetch="care",
    )
    care_hours_online = fields.Float(
        "Hours per Message",
        default=0.25,
        prefetch="care",
    )

    care_due_margin = fields.Integer(
        "Due before the End (%)",
        default=20,
        help="Contacts fall due this share of their part of the window before its end, "
        "so that there is time left for what gets in the way.",
        prefetch="care",
    )

    _care_due_margin_range = models.Constraint(
        "CHECK (care_due_margin BETWEEN 0 AND 80)",
        "Enter a margin from 0 to 80 %.",
    )

    @api.constrains("care_hours_visit", "care_hours_phone", "care_hours_online")
    def _check_care_hours(self):
        for company in self:
            hours = (
                company.care_hours_visit,
                company.care_hours_phone,
                company.care_hours_online,
            )
            if any(not 0 < value <= 24 for value in hours):
                raise ValidationError(
                    self.env._(
                        "The hours per contact must be greater than 0 and at most 24."
                    )
                )
