from odoo import api, fields, models

DUTY = (
    "duty",
    "care.month.duty",
    """
    SELECT o.id, o.user_id, NULL::int AS supervisor_id, o.department_id,
           NULL::int AS partner_id, o.company_id, o.date_due
      FROM care_month_duty o
     WHERE o.state = 'open'
    """,
    "merit",
)


class CareOverdue(models.Model):
    """Duties of a month that were not handed in"""

    _inherit = "care.overdue"
    _depends = {
        "care.month.duty": [
            "state",
            "user_id",
            "department_id",
            "company_id",
            "date_due",
        ],
    }

    kind = fields.Selection(selection_add=[("duty", "Monthly Duty")])

    @api.model
    def _owed(self):
        return [*super()._owed(), DUTY]
