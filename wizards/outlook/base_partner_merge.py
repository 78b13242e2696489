from odoo import api, models
from odoo.tools import SQL

KEYS = {
    "care.loyalty": "company_id",
    "care.outlook": "company_id",
    "care.outlook.category": "company_id, category_id",
}
"""Models whose rows are unique for a customer and these columns"""


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _fold_care(self, src_partners, dst_partner):
        """Keep one row of those that would clash, the survivor's first; the next night
        computes it anew from the orders of all."""
        self.env.flush_all()
        for model, key in KEYS.items():
            table = SQL.identifier(self.env[model]._table)
            self.env.cr.execute(
                SQL(
                    """
                    DELETE FROM %(table)s WHERE id IN (
                        SELECT id FROM (
                            SELECT id, ROW_NUMBER() OVER (
                                       PARTITION BY %(key)s
                                       ORDER BY partner_id = %(dst)s DESC, id) AS place
                              FROM %(table)s WHERE partner_id = ANY(%(all)s)
                        ) AS ranked WHERE place > 1)
                    """,
                    table=table,
                    key=SQL(key),
                    dst=dst_partner.id,
                    all=(src_partners | dst_partner).ids,
                )
            )
            self.env[model].invalidate_model(flush=False)
        return super()._fold_care(src_partners, dst_partner)

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["care.referral"].sudo().search(
            [("referrer_id", "=", dst_partner.id), ("referred_id", "=", dst_partner.id)]
        ).unlink()
        return result
