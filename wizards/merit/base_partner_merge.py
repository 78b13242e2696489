from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _fold_care_target(self, kept, doubles):
        self.env["care.merit.entry"]._take_back_merged(doubles)
        return super()._fold_care_target(kept, doubles)
