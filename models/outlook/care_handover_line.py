from odoo import api, models


class CareHandoverLine(models.Model):
    _inherit = "care.handover.line"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "care.risk.case": self.env._("Cases of customers at risk")
        }
