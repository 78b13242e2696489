from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    care_propose_from = fields.Float(
        "Propose from (%)",
        default=80.0,
        digits=(5, 1),
        help="Category and team are proposed only if they are this probable.",
        prefetch="care",
    )
    care_propose_mail = fields.Boolean(
        "Use Proposals for Mails",
        help="Complaints by e-mail get the proposed category and team at once.",
        prefetch="care",
    )
    care_propose_hits = fields.Json(
        readonly=True,
        prefetch="care",
    )

    _care_propose_share = models.Constraint(
        "CHECK (care_propose_from BETWEEN 0 AND 100)",
        "A probability is between 0 and 100.",
    )
