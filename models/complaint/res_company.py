from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..sla.care_sla_policy import PRIORITIES


class ResCompany(models.Model):
    """Steps and compensation of complaints."""

    _inherit = "res.company"

    care_steps_required = fields.Boolean(
        "Require Complete Steps",
        default=True,
        help="A complaint moves to the next stage only when the current step is "
        "complete. Managers can skip steps with a reason. If this is off, "
        "missing information is only shown.",
        prefetch="care",
    )
    care_short_priority = fields.Selection(
        PRIORITIES[:2],
        "Short File up to Priority",
        help="Complaints up to this priority need only an answer and a solution, and "
        "one person may close them. Leave empty to decide by category only.",
        prefetch="care",
    )
    care_compensation_own = fields.Monetary(
        "Compensation Limit: Own Customers",
        default=100,
        help="Compensation up to this amount requires no approval.",
        prefetch="care",
    )
    care_compensation_all = fields.Monetary(
        "Compensation Limit: All Customers",
        default=500,
        prefetch="care",
    )
    care_compensation_manager = fields.Monetary(
        "Compensation Limit: Administrators",
        default=5000,
        help="Team managers can approve up to this amount; higher amounts require "
        "another administrator.",
        prefetch="care",
    )

    @api.constrains(
        "care_compensation_own", "care_compensation_all", "care_compensation_manager"
    )
    def _check_care_compensation(self):
        for company in self:
            limits = [
                0,
                company.care_compensation_own,
                company.care_compensation_all,
                company.care_compensation_manager,
            ]
            if limits != sorted(limits):
                raise ValidationError(
                    self.env._(
                        "Compensation limits cannot be negative and cannot decrease "
                        "from users to administrators."
                    )
                )
