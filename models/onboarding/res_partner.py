from odoo import models

from .care_setup_help import CareSetupHelp


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", CareSetupHelp._name]

    def _shows_setup_help(self):
        """In the lists of this app only"""
        return self.env.context.get("care_help") and super()._shows_setup_help()
