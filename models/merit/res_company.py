from datetime import timedelta

from odoo import fields, models

from .care_merit_entry import UNITS


class ResCompany(models.Model):
    """How a company counts rewards and penalties."""

    _inherit = "res.company"

    care_merit_unit = fields.Selection(
        UNITS,
        "Count in",
        default="money",
        required=True,
        help="Points where money off wages is not allowed: the amounts of the rules "
        "are taken as points.",
        prefetch="care",
    )
    care_merit_hear_days = fields.Integer(
        "Days to Object",
        default=5,
        help="How many days a person has to object to an entry, after being told.",
        prefetch="care",
    )
    care_merit_start = fields.Date(
        "Start of Rewards and Penalties",
        help="Nothing is proposed for what happened before this day.",
        prefetch="care",
    )
    care_praise_score = fields.Float(
        "Praise from Score",
        default=90.0,
        digits=(5, 1),
        help="Answers of customers with this score, from 0 to 100, or a higher one "
        "earn a reward.",
        prefetch="care",
    )
    care_praise_answers = fields.Integer(
        "Answers for the Department",
        default=1,
        help="How many answers of a month the mean of a department needs at least.",
        prefetch="care",
    )
    care_praise_months = fields.Integer(
        "Months without a Miss",
        default=3,
        help="Whoever made all contacts of so many months in a row earns a reward. "
        "0: never.",
        prefetch="care",
    )

    care_general_manager_id = fields.Many2one(
        "res.users",
        "General Manager",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        help="Inspects files and records each month. Leave empty for the care manager.",
        prefetch="care",
    )

    _care_merit_positive = models.Constraint(
        "CHECK (care_merit_hear_days >= 0 AND care_praise_months >= 0)",
        "Days to object and months without a miss cannot be negative.",
    )

    def _care_working_days_of(self, month):
        """Working days of a month, Monday to Friday where the company has no working
        hours"""
        self.ensure_one()
        last = fields.Date.end_of(month, "month")
        calendar = self.sudo().resource_calendar_id
        working = calendar and sorted(calendar._care_working_days(self, month, last))
        every = (month + timedelta(days=place) for place in range(last.day))
        return working or [day for day in every if day.weekday() < 5]
