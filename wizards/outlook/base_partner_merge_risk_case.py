from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _fold_care(self, src_partners, dst_partner):
        """Of the open cases of merged customers one stays open in each company: the
        gravest one."""
        self.env.flush_all()
        Case = self.env["care.risk.case"].sudo()
        ranked = self.env.execute_query(
            SQL(
                """
                SELECT id, kept FROM (
                    SELECT id, FIRST_VALUE(id) OVER (
                            PARTITION BY company_id
                            ORDER BY %(rank)s DESC, partner_id = %(dst)s DESC, id
                           ) AS kept
                      FROM care_risk_case
                     WHERE closed_at IS NULL AND partner_id = ANY(%(all)s)
                ) AS ranked WHERE id != kept
                """,
                rank=Case._care_rank(Case._fields["state"], SQL("state")),
                dst=dst_partner.id,
                all=(src_partners | dst_partner).ids,
            )
        )
        for double, kept in ranked:
            Case.browse(double)._merge_into(Case.browse(kept))
        self.env.flush_all()
        return super()._fold_care(src_partners, dst_partner)
