from odoo import models

from .care_setup_help import CareSetupHelp


class CareTierReport(models.Model):
    _name = "care.tier.report"
    _inherit = ["care.tier.report", CareSetupHelp._name]
