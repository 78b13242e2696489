from odoo import api, fields, models
from odoo.tools import SQL


class CarePartnerTier(models.Model):
    """What one company thinks of one customer: the row behind the tier fields of
    ``res.partner``, which read, search and group through it.

    A table instead of company-dependent fields, because those are one jsonb column
    whose index knows only "is set": see ``script/bench storage``.
    """

    _name = "care.partner.tier"
    _description = "Tier of a Customer"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", required=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    tier_id = fields.Many2one("care.tier", ondelete="restrict", readonly=True)
    monthly_amount = fields.Monetary(readonly=True)
    revenue_share = fields.Float(readonly=True)
    locked_until = fields.Date(readonly=True)
    lock_reason = fields.Char(readonly=True)

    _partner_company_uniq = models.UniqueIndex("(partner_id, company_id)")
    _tier_idx = models.Index("(tier_id, company_id) WHERE tier_id IS NOT NULL")

    @api.model
    def _get_or_create(self, partners, company):
        """Rows of commercial partners, made where missing, also when another
        transaction makes the same ones.

        :return: {partner: row}
        """
        self.flush_model(["partner_id", "company_id"])
        self.env.execute_query(
            SQL(
                """
                INSERT INTO care_partner_tier (
                    partner_id, company_id,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT partner.id, %(company)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM unnest(%(partners)s::int[]) AS partner(id)
                ON CONFLICT (partner_id, company_id) DO NOTHING
                RETURNING id
                """,
                company=company.id,
                partners=partners.ids,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        rows = self.sudo().search(
            [("partner_id", "in", partners.ids), ("company_id", "=", company.id)]
        )
        return {row.partner_id: row for row in rows}
