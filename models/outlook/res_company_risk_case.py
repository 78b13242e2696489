from odoo import fields, models


class ResCompany(models.Model):
    """When cases of customers at risk are opened, and how long they run."""

    _inherit = "res.company"

    care_risk_threshold = fields.Float(
        "Cases of Customers without a Tier from (%)",
        default=75,
        digits=(16, 1),
        help="0: never. The tiers have thresholds of their own.",
        prefetch="care",
    )
    care_risk_cases_at_once = fields.Integer(
        "Open Cases of a User at Once",
        default=10,
        help="So many are opened for each user by the risk, of A customers first; the "
        "next ones follow when some are closed. 0: all.",
        prefetch="care",
    )
    care_risk_react_hours = fields.Float(
        "Supervisor Reacts within (hours)",
        default=4,
        help="Working hours of the company.",
        prefetch="care",
    )
    care_risk_result_days = fields.Integer(
        "Result after (days)",
        default=90,
        help="A case is won back if the customer has ordered by then, otherwise lost.",
        prefetch="care",
    )
    care_margin_percent = fields.Float(
        "Margin (%)",
        default=30,
        help="Share of sales that is margin, where orders do not tell.",
        prefetch="care",
    )

    _care_risk_case_positive = models.Constraint(
        "CHECK (care_risk_react_hours > 0 AND care_risk_result_days > 0"
        " AND care_risk_threshold BETWEEN 0 AND 100"
        " AND care_margin_percent BETWEEN 0 AND 100"
        " AND care_risk_cases_at_once >= 0)",
        "Hours and days must be positive, percentages between 0 and 100.",
    )
