from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.purchases import TREND_DAYS, credit_state, purchase_state
from ..core.order_amount import sql_order_amount

PURCHASE_STATES = [
    ("none", "No purchases"),
    ("new", "New"),
    ("growing", "Growing"),
    ("steady", "Steady"),
    ("falling", "Falling"),
    ("dormant", "Dormant"),
    ("lost", "Lost"),
]
CREDIT_STATES = [
    ("none", "No invoices"),
    ("good", "Good"),
    ("slow", "Slow"),
    ("bad", "Bad"),
    ("limit", "Over the limit"),
]
POTENTIALS = [("high", "High"), ("medium", "Medium"), ("low", "Low")]


class CarePartnerTier(models.Model):
    """Tier of a customer in one company: the row from which the tier fields of
    ``res.partner`` are read, searched and grouped.

    A table instead of company-dependent fields, because those are one jsonb column
    whose index knows only "is set": see ``script/bench storage``.
    """

    _name = "care.partner.tier"
    _description = "Customer Tier by Company"
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
    purchase_state = fields.Selection(PURCHASE_STATES, readonly=True)
    credit_state = fields.Selection(CREDIT_STATES, readonly=True)
    last_order_date = fields.Date(readonly=True)

    _partner_company_uniq = models.UniqueIndex("(partner_id, company_id)")
    _tier_idx = models.Index("(tier_id, company_id) WHERE tier_id IS NOT NULL")

    @api.model
    def _get_or_create(self, partners, company):
        """Get the rows of commercial partners and create missing ones; safe when
        another transaction creates the same rows.

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

    # ------------------------------------------------------------
    # Purchases and payment
    # ------------------------------------------------------------

    @api.model
    def _refresh_states(self, partners):
        """Purchase and credit state in every company"""
        companies = self.env["res.company"].sudo()
        for company in companies.search(Domain.TRUE):
            self._refresh_purchases(partners, company)
            self._refresh_credit(partners, company)

    @api.model
    def _refresh_purchases(self, partners, company):
        """Recompute the purchase state of commercial partners, with two queries for any
        number of them. Days are those of the company's time zone."""
        today = company._care_today()
        recent = today - timedelta(days=TREND_DAYS)
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env["sale.order"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer.id, MIN(orders.day), MAX(orders.day),
                       COALESCE(SUM(orders.amount)
                                FILTER (WHERE orders.day > %(recent)s), 0),
                       COALESCE(SUM(orders.amount)
                                FILTER (WHERE orders.day > %(earlier)s
                                          AND orders.day <= %(recent)s), 0)
                  FROM unnest(%(partners)s::int[]) AS customer(id)
             LEFT JOIN LATERAL (
                        SELECT (o.date_order AT TIME ZONE 'UTC'
                                AT TIME ZONE %(tz)s)::date AS day,
                               %(amount)s AS amount
                          FROM res_partner p
                          JOIN sale_order o ON o.partner_id = p.id
                         WHERE p.commercial_partner_id = customer.id
                           AND o.company_id = %(company)s
                           AND o.state = 'sale'
                       ) AS orders ON TRUE
              GROUP BY customer.id
                """,
                amount=sql_order_amount(company),
                partners=partners.ids,
                company=company.id,
                recent=recent,
                earlier=recent - timedelta(days=TREND_DAYS),
                tz=company._care_tz().zone,
            )
        )
        self._write_states(
            company,
            {"purchase_state": "text", "last_order_date": "date"},
            [
                (
                    partner,
                    purchase_state(today, first, last, recent_sum, earlier_sum),
                    last,
                )
                for partner, first, last, recent_sum, earlier_sum in rows
            ],
        )

    @api.model
    def _refresh_credit(self, partners, company):
        """Recompute the credit state likewise, with one more query when the company
        uses credit limits."""
        today = company._care_today()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env["account.move.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer.id, COALESCE(bool_or(line.id IS NOT NULL), FALSE),
                       COALESCE(MAX(%(today)s::date - line.date_maturity)
                                FILTER (WHERE line.open), 0),
                       COALESCE(SUM(line.amount_residual)
                                FILTER (WHERE line.reconciled IS NOT TRUE), 0)
                  FROM unnest(%(partners)s::int[]) AS customer(id)
             LEFT JOIN LATERAL (
                        SELECT aml.*, aml.reconciled IS NOT TRUE
                               AND aml.amount_residual > 0
                               AND aml.date_maturity < %(today)s AS open
                          FROM res_partner p
                          JOIN account_move_line aml ON aml.partner_id = p.id
                          JOIN account_account account ON account.id = aml.account_id
                         WHERE p.commercial_partner_id = customer.id
                           AND aml.company_id = %(company)s
                           AND aml.parent_state = 'posted'
                           AND account.account_type = 'asset_receivable'
                       ) AS line ON TRUE
              GROUP BY customer.id
                """,
                partners=partners.ids,
                company=company.id,
                today=today,
            )
        )
        limits = {}
        if company.sudo().account_use_credit_limit:
            limits = {
                partner.id: partner.credit_limit
                for partner in partners.sudo().with_company(company)
                if partner.use_partner_credit_limit or partner.credit_limit
            }
        self._write_states(
            company,
            {"credit_state": "text"},
            [
                (
                    partner,
                    credit_state(
                        invoiced,
                        overdue,
                        0 < limits.get(partner, 0) < owed,
                    ),
                )
                for partner, invoiced, overdue, owed in rows
            ],
        )

    @api.model
    def _write_states(self, company, columns, rows):
        """Update the columns of the customers' rows that differ. No row is created for
        customers without orders, invoices and tier.

        :param columns: {name: PostgreSQL type}; the first one says "none" for nothing
        :param rows: [(id of the customer, value of each column)]
        """
        if not rows:
            return
        names = SQL(", ").join(map(SQL.identifier, columns))
        table = SQL.identifier(self._table)
        self.flush_model(list(columns))
        self.env.cr.execute(
            SQL(
                """
                WITH new AS (
                    SELECT * FROM unnest(%(arrays)s) AS new(partner_id, %(names)s)
                ), present AS (
                    UPDATE %(table)s status SET %(assignments)s FROM new
                     WHERE status.partner_id = new.partner_id
                       AND status.company_id = %(company)s
                       AND (%(old)s) IS DISTINCT FROM (%(values)s)
                )
                INSERT INTO %(table)s (partner_id, company_id, %(names)s)
                SELECT new.partner_id, %(company)s, %(values)s FROM new
                 WHERE %(first)s <> 'none' AND NOT EXISTS (
                        SELECT 1 FROM %(table)s status
                         WHERE status.partner_id = new.partner_id
                           AND status.company_id = %(company)s)
                ON CONFLICT (partner_id, company_id) DO NOTHING
                """,
                table=table,
                company=company.id,
                names=names,
                arrays=SQL(", ").join(
                    SQL("%s::%s[]", [row[place] for row in rows], SQL(kind))
                    for place, kind in enumerate(("int", *columns.values()))
                ),
                assignments=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("new", name))
                    for name in columns
                ),
                old=SQL(", ").join(SQL.identifier("status", name) for name in columns),
                values=SQL(", ").join(SQL.identifier("new", name) for name in columns),
                first=SQL.identifier("new", next(iter(columns))),
            )
        )
        self.invalidate_model(list(columns), flush=False)
        self.env["res.partner"].invalidate_model(
            [f"care_{name}" for name in columns], flush=False
        )
