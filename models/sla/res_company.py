from odoo import models
from odoo.fields import Domain


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        if not self:
            return True
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            self.env["care.sla.status"].sudo()._mark_changed(
                Domain("company_id", "in", self.ids)
                & (
                    Domain("complaint_id.team_id", "=", False)
                    | Domain("complaint_id.team_id.calendar_id", "=", False)
                )
            )
        return result
