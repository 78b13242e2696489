from odoo import fields, models


class ResCompany(models.Model):
    """Readers of month-end reports."""

    _inherit = "res.company"

    care_month_report_user_ids = fields.Many2many(
        "res.users",
        "care_month_report_reader_rel",
        "company_id",
        "user_id",
        "Month-End Report to",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        help="Users who receive the report of the whole company at the end of each "
        "month.",
    )
    care_month_report_departments = fields.Boolean(
        "Month-End Report to Departments",
        help="Each sales team leader receives the report of the team.",
        prefetch="care",
    )

    def _care_report_departments(self):
        """Sales teams that get a month-end report; an empty team stands for the whole
        company."""
        self.ensure_one()
        Team = self.env["crm.team"]
        if self.sudo().care_month_report_user_ids:
            yield Team
        if self.care_month_report_departments:
            yield from Team.search(
                [("company_id", "in", (self.id, False)), ("user_id", "!=", False)]
            )
