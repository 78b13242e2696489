from odoo import api, fields, models
from odoo.exceptions import ValidationError

REVIEW_SOURCES = [("sale", "Sales orders"), ("invoice", "Customer invoices")]
REVIEW_METHODS = [
    ("amount", "Monthly amount"),
    ("share", "Share of sales (Pareto)"),
    ("lower", "The lower of the two"),
    ("higher", "The higher of the two"),
]
MAX_REVIEW_MONTHS = 120


class ResCompany(models.Model):
    """Reviews of tiers."""

    _inherit = "res.company"

    care_review_months = fields.Integer(
        "Review Window (months)",
        default=3,
        prefetch="care",
    )
    care_review_source = fields.Selection(
        REVIEW_SOURCES,
        "Amount Source",
        default="sale",
        required=True,
        prefetch="care",
    )
    care_review_method = fields.Selection(
        REVIEW_METHODS,
        "Classify by",
        default="amount",
        required=True,
        prefetch="care",
    )
    care_downgrade_after = fields.Integer(
        "Downgrade after (reviews)",
        default=2,
        help="Number of consecutive reviews that must rate a customer below its "
        "tier before it is downgraded. 1: immediately.",
        prefetch="care",
    )
    care_review_auto_apply = fields.Boolean(
        "Apply Monthly Reviews Automatically",
        prefetch="care",
    )
    care_review_user_id = fields.Many2one(
        "res.users",
        "Send Review Summaries to",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        help="User who gets an activity with the summary of the monthly review.",
        prefetch="care",
    )

    @api.constrains("care_review_months", "care_downgrade_after")
    def _check_care_review(self):
        for company in self:
            if not 1 <= company.care_review_months <= MAX_REVIEW_MONTHS:
                raise ValidationError(
                    self.env._(
                        "The review window must be between 1 and %s months.",
                        MAX_REVIEW_MONTHS,
                    )
                )
            if company.care_downgrade_after < 1:
                raise ValidationError(
                    self.env._(
                        "The number of reviews before a downgrade must be 1 or more."
                    )
                )

    def _care_manager(self):
        """Manager to notify: the user in the settings, else the first administrator of
        the app who works in the company; may be empty."""
        self.ensure_one()
        user = self.sudo().care_review_user_id
        if (
            user.active
            and self in user.company_ids
            and user.has_group("customer_care.group_manager")
        ):
            return user
        managers = self.env.ref("customer_care.group_manager").sudo().all_user_ids
        return managers.filtered(
            lambda user: user.active and not user.share and self in user.company_ids
        ).sorted("id")[:1]
