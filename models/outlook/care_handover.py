from odoo import models


class CareHandover(models.Model):
    """Open cases of customers at risk move to the successor."""

    _inherit = "care.handover"

    def _open_elsewhere(self, customers):
        cases = self._open("care.risk.case", customers)
        return [
            *super()._open_elsewhere(customers),
            (cases, lambda case: case.partner_id),
        ]

    def _models_with_activities(self):
        return (*super()._models_with_activities(), "care.risk.case")
