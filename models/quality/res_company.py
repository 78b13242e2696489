from odoo import fields, models


class ResCompany(models.Model):
    """How a company inspects by checklist."""

    _inherit = "res.company"

    care_check_pass = fields.Float(
        "Right from Score",
        default=80.0,
        digits=(5, 1),
        help="Records with a lower score are wrong, as are those that fail a critical "
        "item.",
        prefetch="care",
    )
    care_check_second_share = fields.Float(
        "Inspected Twice (%)",
        default=20.0,
        digits=(5, 1),
        help="Share of the records with a checklist that a second inspector marks too, "
        "without seeing the first marks.",
        prefetch="care",
    )

    _care_check_shares = models.Constraint(
        "CHECK (care_check_pass BETWEEN 0 AND 100"
        " AND care_check_second_share BETWEEN 0 AND 100)",
        "Scores and shares are between 0 and 100.",
    )
