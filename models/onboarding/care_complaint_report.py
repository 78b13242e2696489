from odoo import models

from .care_setup_help import CareSetupHelp


class CareComplaintReport(models.Model):
    _name = "care.complaint.report"
    _inherit = ["care.complaint.report", CareSetupHelp._name]
