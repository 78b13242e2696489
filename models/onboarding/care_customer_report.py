from odoo import models

from .care_setup_help import CareSetupHelp


class CareCustomerReport(models.Model):
    _name = "care.customer.report"
    _inherit = ["care.customer.report", CareSetupHelp._name]
