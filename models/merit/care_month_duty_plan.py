from odoo import api, fields, models


class CareMonthDutyPlan(models.Model):
    """What is handed in every month, by whom and by which working day."""

    _name = "care.month.duty.plan"
    _inherit = ["care.named"]
    _description = "Monthly Duty"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char("Duty", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("statistics", "Statistics of the Department"),
            ("care_manager", "Duty of the Care Manager"),
            ("general_manager", "Duty of the General Manager"),
        ],
        required=True,
        default="statistics",
        help="Statistics are handed in by each department with its figures of the "
        "month before.",
    )
    working_day = fields.Integer(
        required=True,
        default=3,
        aggregator=None,
        help="Working day of the month by which it is due. -1 is the last one.",
    )
    department_id = fields.Many2one(
        "crm.team",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Leave empty for every department.",
    )
    company_id = fields.Many2one("res.company", help="Leave empty for all companies.")

    _working_day_check = models.Constraint(
        "CHECK (working_day <> 0 AND working_day BETWEEN -23 AND 23)",
        "Enter a working day from 1 to 23, or from -1 to -23 to count from the end of "
        "the month.",
    )

    @api.model
    def _departments(self, company):
        """Sales teams of a company that have people"""
        teams = self.env["crm.team"].search(
            [("company_id", "in", (company.id, False))], order="id"
        )
        return teams.filtered(
            lambda team: any(
                user.active and company in user.company_ids
                for user in team.crm_team_member_ids.user_id | team.user_id
            )
        )

    def _places(self, company):
        """Departments that owe it; an empty one stands for the company."""
        self.ensure_one()
        if self.kind != "statistics":
            return [self.department_id]
        return list(self.department_id or self._departments(company))

    def _due_date(self, company, month):
        """Its working day, or the nearest that the month has"""
        self.ensure_one()
        days = company._care_working_days_of(month)
        place = self.working_day - 1 if self.working_day > 0 else self.working_day
        return days[max(min(place, len(days) - 1), -len(days))]
