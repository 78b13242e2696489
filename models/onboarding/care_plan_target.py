from odoo import models

from .care_setup_help import CareSetupHelp


class CarePlanTarget(models.Model):
    _name = "care.plan.target"
    _inherit = ["care.plan.target", CareSetupHelp._name]
