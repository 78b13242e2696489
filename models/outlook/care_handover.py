from odoo import models


class CareHandover(models.Model):
    """Open cases of customers at risk move to the successor."""

    _inherit = "care.handover"

    def _models_of_customers(self):
        return [*super()._models_of_customers(), "care.risk.case"]
