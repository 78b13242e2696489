from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..core.order_amount import sql_order_rate
from .customer_sales import days_in_utc, sql_sales


class CareTierReview(models.Model):
    """Facts that a review reads of all customers, each with one statement."""

    _inherit = "care.tier.review"

    def _window_utc(self):
        """Start and end (exclusive) of the window as naive UTC, from days in the
        company's time zone."""
        return days_in_utc(self.company_id, self.date_from, self.date_to)

    def _check_rates(self):
        """:raise UserError: an order of the window has a currency without a rate and
        would count 1:1"""
        if self.source != "sale":
            return
        start, end = self._window_utc()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT currency.name, COUNT(*), MIN(o.name)
                  FROM sale_order o
                  JOIN res_currency currency ON currency.id = o.currency_id
                   AND currency.id <> %(currency)s
                 WHERE o.company_id = %(company)s
                   AND o.state = 'sale'
                   AND o.date_order >= %(start)s AND o.date_order < %(end)s
                   AND %(rate)s IS NULL
              GROUP BY currency.name
              ORDER BY currency.name
                """,
                company=self.company_id.id,
                start=start,
                end=end,
                currency=self.company_id.currency_id.id,
                rate=sql_order_rate(self.company_id),
            )
        )
        if rows:
            names = ", ".join(
                self.env._(
                    "%(currency)s (%(count)s orders, such as %(order)s)",
                    currency=currency,
                    count=count,
                    order=order,
                )
                for currency, count, order in rows
            )
            raise UserError(
                self.env._(
                    "There is no exchange rate for %s. Enter a rate valid on the "
                    "day of the orders under Invoicing ▸ Configuration ▸ "
                    "Currencies, then compute again.",
                    names,
                )
            )

    def _sql_amounts(self):
        """Sums of the window in company currency as (partner_id, amount)."""
        return sql_sales(self.company_id, self.source, self.date_from, self.date_to)

    def _sql_customers(self):
        """Ids of customers that have a tier or a lock, or ever had a confirmed order or
        a posted invoice. Only partners without a tier are looked up in the documents,
        by index: reading the documents of all years takes longer than all the rest."""
        return SQL(
            """
            SELECT partner_id FROM care_partner_tier
             WHERE company_id = %(company)s
               AND (tier_id IS NOT NULL OR locked_until >= %(date)s)
             UNION
            SELECT p.commercial_partner_id
              FROM res_partner p
         LEFT JOIN care_partner_tier known
                ON known.partner_id = p.commercial_partner_id
               AND known.company_id = %(company)s
               AND known.tier_id IS NOT NULL
        CROSS JOIN LATERAL (
                    (SELECT 1 FROM sale_order o
                      WHERE o.partner_id = p.id AND o.company_id = %(company)s
                        AND o.state = 'sale'
                      LIMIT 1)
                    UNION ALL
                    (SELECT 1 FROM account_move m
                      WHERE m.partner_id = p.id AND m.company_id = %(company)s
                        AND m.state = 'posted'
                        AND m.move_type IN ('out_invoice', 'out_refund')
                      LIMIT 1)
                   ) AS document
             WHERE known.id IS NULL
            """,
            company=self.company_id.id,
            date=self.date,
        )

    def _sql_overdue(self):
        """Age in days of the oldest receivable that is still open, by customer."""
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id,
                   %(date)s - MIN(aml.date_maturity) AS days
              FROM account_move_line aml
              JOIN account_account account ON account.id = aml.account_id
              JOIN res_partner p ON p.id = aml.partner_id
             WHERE aml.company_id = %(company)s
               AND aml.parent_state = 'posted'
               AND aml.reconciled IS NOT TRUE
               AND aml.amount_residual > 0
               AND account.account_type = 'asset_receivable'
               AND aml.date_maturity < %(date)s
          GROUP BY p.commercial_partner_id
            """,
            company=self.company_id.id,
            date=SQL("%s::date", self.date),
        )

    def _previous_reviews(self):
        """The applied reviews directly before this one that count for a downgrade,
        latest first; of several in one month the last one counts."""
        needed = self.company_id.care_downgrade_after - 1
        if not needed:
            return self.browse()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (date_trunc('month', date)) id
                  FROM care_tier_review
                 WHERE company_id = %s AND state = 'applied' AND date < %s
              ORDER BY date_trunc('month', date) DESC, date DESC, id DESC
                 LIMIT %s
                """,
                self.company_id.id,
                self.date.replace(day=1),
                needed,
            )
        )
        return self.browse(id_ for (id_,) in rows)

    def _fetch_customers(self):
        """Facts about each customer, one row each: (partner id, amount of the window
        in smallest currency units, factor, tier id, locked until, lock reason, days
        overdue, tiers computed by the previous reviews, latest first, null where the
        customer did not have its present tier yet).

        Rows are joined here and not in SQL: right after a mass insert PostgreSQL still
        estimates one or two rows and would join 100,000 with 100,000 by a nested loop.
        """
        amounts = self._fetch_amounts()
        overdue = dict(self.env.execute_query(self._sql_overdue()))
        earlier = self._fetch_earlier()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer.partner_id, segment.threshold_factor,
                       status.tier_id, status.locked_until, status.lock_reason
                  FROM (%(customers)s) AS customer
                  JOIN res_partner partner ON partner.id = customer.partner_id
                   AND partner.commercial_partner_id = partner.id
             LEFT JOIN care_segment segment
                    ON segment.id = partner.care_segment_id
                   AND (segment.company_id IS NULL
                        OR segment.company_id = %(company)s)
             LEFT JOIN care_partner_tier status
                    ON status.partner_id = customer.partner_id
                   AND status.company_id = %(company)s
              ORDER BY customer.partner_id
                """,
                customers=self._sql_customers(),
                company=self.company_id.id,
            )
        )
        return [
            (
                partner,
                amounts.get(partner, 0),
                factor,
                tier,
                locked_until,
                lock_reason,
                overdue.get(partner, 0),
                [
                    computed if tier in (current, proposed) else None
                    for computed, current, proposed in earlier.get(partner, ())
                ],
            )
            for partner, factor, tier, locked_until, lock_reason in rows
        ]

    def _fetch_amounts(self):
        """{partner id: amount of the window in smallest currency units}"""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT partner_id,
                           (round(COALESCE(amount, 0), %(digits)s)
                            * 10 ^ %(digits)s)::bigint
                      FROM (%(amounts)s) AS bought
                    """,
                    amounts=self._sql_amounts(),
                    digits=self.currency_id.decimal_places,
                )
            )
        )

    def _fetch_earlier(self):
        """{partner id: (computed, present, proposed tier id) of each of the previous
        reviews, latest first}"""
        earlier = defaultdict(list)
        for review in self._previous_reviews():
            for partner, *tiers in self.env.execute_query(
                SQL(
                    """
                    SELECT partner_id, computed_tier_id, current_tier_id,
                           proposed_tier_id
                      FROM care_tier_review_line WHERE review_id = %s
                    """,
                    review.id,
                )
            ):
                earlier[partner].append(tiers)
        return earlier
