from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Answers follow to the survivor, as do invitations that were sent. Of those of
        one campaign that are still to be sent only one stays."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM care_invitation WHERE id IN (
                    SELECT id FROM (
                        SELECT id, state,
                               ROW_NUMBER() OVER (
                                   PARTITION BY campaign_id
                                   ORDER BY state = 'pending', state = 'to_call',
                                            partner_id = %s DESC, id) AS place
                          FROM care_invitation
                         WHERE campaign_id IS NOT NULL AND partner_id = ANY(%s)
                    ) AS ranked
                     WHERE place > 1 AND state IN ('pending', 'to_call'))
                """,
                dst_partner.id,
                (src_partners | dst_partner).ids,
            )
        )
        self.env["care.invitation"].invalidate_model(flush=False)
        return super()._update_foreign_keys(src_partners, dst_partner)
