from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["care.partner.merged"].sudo().create(
            [
                {"old_id": source.id, "partner_id": dst_partner.id}
                for source in src_partners
            ]
        )
        return result
