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
                WITH ranked AS (
                    SELECT id, state,
                           ROW_NUMBER() OVER kept AS place,
                           FIRST_VALUE(id) OVER kept AS kept_id,
                           SUM(calls) OVER (
                               PARTITION BY campaign_id, rated_team_id) AS calls
                      FROM care_invitation
                     WHERE campaign_id IS NOT NULL AND partner_id = ANY(%(all)s)
                    WINDOW kept AS (
                        PARTITION BY campaign_id, rated_team_id
                        ORDER BY state = 'pending', state = 'to_call',
                                 COALESCE(calls, 0) DESC, partner_id = %(dst)s DESC, id)
                ), double AS (
                    DELETE FROM care_invitation WHERE id IN (
                        SELECT id FROM ranked
                         WHERE place > 1 AND state IN ('pending', 'to_call'))
                 RETURNING id
                )
                UPDATE care_invitation kept SET calls = ranked.calls
                  FROM ranked JOIN double ON double.id = ranked.id
                 WHERE kept.id = ranked.kept_id
                """,
                dst=dst_partner.id,
                all=(src_partners | dst_partner).ids,
            )
        )
        self.env["care.invitation"].invalidate_model(flush=False)
        return super()._update_foreign_keys(src_partners, dst_partner)
