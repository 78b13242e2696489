from odoo import models

from .care_setup_help import CareSetupHelp


class CareContactReport(models.Model):
    _name = "care.contact.report"
    _inherit = ["care.contact.report", CareSetupHelp._name]
