"""What is known about customers on the morning of a day: orders by day, product
categories, and signs of trouble. Nothing of that day or later is read, so that the
same statements tell what was known three months ago.
"""

from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from odoo.tools import SQL

from ...tools.outlook import OWN_INTERVALS, interval_summary
from ..core.order_amount import sql_order_amount
from ..tier.customer_sales import days_in_utc

SIGN_DAYS = 91
"""Missed contacts and bad faces of this many days count."""


class Goods(NamedTuple):
    """What a customer has bought of a product category."""

    first_day: date
    last_day: date
    quantities: list
    """Of the days with an order, oldest first"""
    intervals: list
    """Days between them"""
    usual: object
    """Summary of the intervals, None if they are too few"""


class OutlookFacts:
    """Reads the facts about commercial partners in one company, with a number of
    queries that does not depend on their number. The caller has flushed."""

    def __init__(self, env, company, today):
        self.env = env
        self.company = company
        self.today = today
        self.end = days_in_utc(company, today, today)[0]
        self.since = today - timedelta(days=SIGN_DAYS)
        self.is_past = today < company._care_today()

    def _sql_day(self):
        """Day of the order ``o`` in the time zone of the company"""
        return SQL(
            "(o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            self.company._care_tz().zone,
        )

    def _sql_orders(self, partners, columns):
        """FROM and WHERE of a person ``p`` of these customers and the orders of each,
        with some columns of it, as ``bought``. Looked up person by person: what the
        database believes about the size of the tables, which is nothing before they
        are analyzed, does not count."""
        return SQL(
            """
              FROM res_partner p
        CROSS JOIN LATERAL (
                    SELECT %(columns)s FROM sale_order o
                     WHERE o.partner_id = p.id AND o.company_id = %(company)s
                       AND o.state = 'sale' AND o.date_order < %(end)s
                    OFFSET 0
                   ) AS bought
             WHERE p.commercial_partner_id = ANY(%(partners)s::int[])
            """,
            columns=columns,
            company=self.company.id,
            end=self.end,
            partners=partners,
        )

    def sql_days(self, partners):
        """Rows (customer, days, amounts): what was bought and returned by day"""
        return SQL(
            """
            SELECT partner_id, array_agg(day), array_agg(amount)
              FROM (
                    SELECT p.commercial_partner_id AS partner_id, bought.day,
                           SUM(bought.amount)::float8 AS amount
                    %s
                  GROUP BY 1, 2
                  ORDER BY 1, 2
                   ) AS daily
          GROUP BY partner_id
            """,
            self._sql_orders(
                partners,
                SQL(
                    "%s AS day, %s AS amount",
                    self._sql_day(),
                    sql_order_amount(self.company),
                ),
            ),
        )

    def sql_categories(self, partners):
        """Rows (customer, category, first day, last day, days, quantities), in the
        products' own unit; returned quantities are no purchases. Days with an order are
        numbers, which are read faster than dates."""
        return SQL(
            """
            WITH bought AS MATERIALIZED (
                    SELECT p.commercial_partner_id AS partner_id, bought.id, bought.day
                    %(orders)s
            )
            SELECT partner_id, category_id, MIN(day), MAX(day),
                   array_agg(day - DATE '2000-01-01'), array_agg(quantity)
              FROM (
                    SELECT l.partner_id, template.categ_id AS category_id, l.day,
                           SUM(%(quantity)s)::float8 AS quantity
                      FROM (
                            SELECT bought.partner_id, bought.day, l.*
                              FROM bought
                        CROSS JOIN LATERAL (
                                    SELECT product_id, product_uom_id, product_uom_qty
                                      FROM sale_order_line
                                     WHERE order_id = bought.id
                                       AND display_type IS NULL
                                       AND product_uom_qty > 0
                                    OFFSET 0
                                   ) AS l
                            OFFSET 0
                           ) AS l
                      JOIN product_product product ON product.id = l.product_id
                      JOIN product_template template
                        ON template.id = product.product_tmpl_id
                 LEFT JOIN uom_uom line_uom ON line_uom.id = l.product_uom_id
                 LEFT JOIN uom_uom own_uom ON own_uom.id = template.uom_id
                     WHERE template.categ_id IS NOT NULL
                  GROUP BY 1, 2, 3
                  ORDER BY 1, 2, 3
                   ) AS daily
          GROUP BY partner_id, category_id
            """,
            orders=self._sql_orders(
                partners, SQL("o.id AS id, %s AS day", self._sql_day())
            ),
            quantity=sql_quantity(),
        )

    def days(self, partners):
        """{customer id: ([day], [amount])}"""
        rows = self.env.execute_query(self.sql_days(partners))
        return {partner: (days, amounts) for partner, days, amounts in rows}

    def categories(self, partners):
        """{customer id: {category id: Goods}}"""
        found = {}
        for partner, category, first, last, days, quantities in self.env.execute_query(
            self.sql_categories(partners)
        ):
            intervals = [after - before for before, after in pairwise(days)]
            usual = (
                interval_summary(intervals) if len(intervals) >= OWN_INTERVALS else None
            )
            goods = Goods(first, last, quantities, intervals, usual)
            found.setdefault(partner, {})[category] = goods
        return found

    def sample(self, size):
        """Ids of customers who ordered before the day, the same in each run"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer.id FROM res_partner customer
                 WHERE customer.commercial_partner_id = customer.id AND customer.active
                   AND EXISTS (
                        SELECT FROM res_partner p
                          JOIN sale_order o ON o.partner_id = p.id
                         WHERE p.commercial_partner_id = customer.id
                           AND o.company_id = %s AND o.state = 'sale'
                           AND o.date_order < %s)
              ORDER BY hashint4(customer.id), customer.id LIMIT %s
                """,
                self.company.id,
                self.end,
                size,
            )
        )
        return [customer for (customer,) in rows]

    def tiers(self, partners):
        """{customer id: id of the present tier}"""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT partner_id, tier_id FROM care_partner_tier
                     WHERE partner_id = ANY(%s::int[]) AND company_id = %s
                       AND tier_id IS NOT NULL
                    """,
                    partners,
                    self.company.id,
                )
            )
        )

    def signs(self, partners):
        """:return: what nobody has a sign of, {customer id: {sign: number}}"""
        has = self.env["res.groups"]._has_care_feature
        queries = {"overdue": self._sql_overdue, "decision_maker_gone": self._sql_gone}
        if has("visit"):
            queries["overdue_contacts"] = self._sql_missed
            queries["bad_faces"] = self._sql_faces
        if has("complaint"):
            queries["open_complaints"] = self._sql_complaints
        found = {}
        for sign, sql in queries.items():
            for partner, number in self.env.execute_query(sql(partners)):
                found.setdefault(partner, {})[sign] = number
        return dict.fromkeys(queries, 0), found

    def _sql_missed(self, partners):
        """Contacts agreed of which the window has passed in the last three months"""
        return SQL(
            """
            SELECT partner_id, COUNT(*) FROM care_plan_target
             WHERE partner_id = ANY(%s::int[]) AND company_id = %s
               AND state IN ('open', 'missed') AND date_end < %s AND date_end >= %s
          GROUP BY partner_id
            """,
            partners,
            self.company.id,
            self.today,
            self.since,
        )

    def _sql_faces(self, partners):
        return SQL(
            """
            SELECT partner_id, COUNT(*) FROM care_interaction
             WHERE partner_id = ANY(%s::int[]) AND company_id = %s
               AND state = 'done' AND satisfaction IN ('1', '2')
               AND date < %s AND date >= %s
          GROUP BY partner_id
            """,
            partners,
            self.company.id,
            self.today,
            self.since,
        )

    def _sql_complaints(self, partners):
        return SQL(
            """
            SELECT c.partner_id, COUNT(*) FROM care_complaint c
              JOIN care_complaint_stage stage ON stage.id = c.stage_id
             WHERE c.partner_id = ANY(%(partners)s::int[])
               AND c.company_id = %(company)s AND stage.phase <> 'cancelled'
               AND c.received_at < %(end)s
               AND (c.closed_at IS NULL OR c.closed_at >= %(end)s)
          GROUP BY c.partner_id
            """,
            partners=partners,
            company=self.company.id,
            end=self.end,
        )

    def _sql_overdue(self, partners):
        """Receivables that were due before the day, less what had been paid before it.
        Of a past day also what is paid by now is looked up."""
        open_now = SQL("line.reconciled IS NOT TRUE AND line.amount_residual > 0")
        if self.is_past:
            open_now = SQL(
                """(%s OR EXISTS (
                    SELECT FROM account_partial_reconcile later
                     WHERE later.debit_move_id = line.id AND later.max_date >= %s))""",
                open_now,
                self.today,
            )
        paid_later = SQL(
            """COALESCE((SELECT SUM(later.amount) FROM account_partial_reconcile later
                WHERE later.debit_move_id = line.id AND later.max_date >= %s), 0)""",
            self.today,
        )
        return SQL(
            """
            SELECT p.commercial_partner_id,
                   SUM(line.amount_residual + %(paid_later)s)::float8
              FROM res_partner p
              JOIN account_move_line line ON line.partner_id = p.id
              JOIN account_account account ON account.id = line.account_id
             WHERE p.commercial_partner_id = ANY(%(partners)s::int[])
               AND line.company_id = %(company)s AND line.parent_state = 'posted'
               AND line.date_maturity < %(today)s AND line.debit > 0
               AND account.account_type = 'asset_receivable' AND %(open_now)s
          GROUP BY p.commercial_partner_id
            """,
            partners=partners,
            company=self.company.id,
            today=self.today,
            open_now=open_now,
            paid_later=paid_later if self.is_past else SQL("0"),
        )

    def _sql_gone(self, partners):
        """The decision maker was archived before the day and nobody took the place."""
        return SQL(
            """
            SELECT p.commercial_partner_id, 1 FROM res_partner p
             WHERE p.commercial_partner_id = ANY(%s::int[])
               AND p.id <> p.commercial_partner_id
               AND p.care_decision_role = 'decision_maker'
          GROUP BY p.commercial_partner_id
            HAVING NOT bool_or(p.active) AND MAX(p.write_date) < %s
            """,
            partners,
            self.end,
        )

    def stock(self, partners):
        """{(customer id, category id): (day, quantity)} of the last count; one in a
        report counts when that is filed"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (c.partner_id, c.category_id)
                       c.partner_id, c.category_id, c.date, c.quantity::float8
                  FROM care_stock_count c
             LEFT JOIN care_interaction report ON report.id = c.interaction_id
                 WHERE c.partner_id = ANY(%s::int[]) AND c.company_id = %s
                   AND c.date < %s
                   AND (c.interaction_id IS NULL OR report.state = 'done')
              ORDER BY c.partner_id, c.category_id, c.date DESC, c.id DESC
                """,
                partners,
                self.company.id,
                self.today,
            )
        )
        return {tuple(key): (day, quantity) for *key, day, quantity in rows}


def sql_quantity():
    """Quantity of an order line ``l`` in the unit of its product"""
    return SQL(
        "l.product_uom_qty * COALESCE(line_uom.factor, 1)"
        " / COALESCE(NULLIF(own_uom.factor, 0), 1)"
    )


def sql_usual_goods(keys):
    """Rows (customer, company, category, product, quantity): the goods in at least half
    of the last five purchases of the category, in the usual quantity.

    :param keys: [(customer id, company id, category id)]
    """
    customers, companies, categories = (
        list(column) for column in zip(*keys, strict=True)
    )
    return SQL(
        """
        WITH wanted AS (
            SELECT * FROM unnest(%s::int[], %s::int[], %s::int[])
                       AS wanted(partner_id, company_id, category_id)
        ), bought AS (
            SELECT wanted.*, l.product_id, o.date_order::date AS day,
                   SUM(%s) AS quantity,
                   DENSE_RANK() OVER (
                       PARTITION BY wanted.partner_id, wanted.company_id,
                                    wanted.category_id
                       ORDER BY o.date_order::date DESC) AS place
              FROM wanted
              JOIN res_partner p ON p.commercial_partner_id = wanted.partner_id
              JOIN sale_order o
                ON o.partner_id = p.id AND o.company_id = wanted.company_id
               AND o.state = 'sale'
              JOIN sale_order_line l ON l.order_id = o.id
              JOIN product_product product
                ON product.id = l.product_id AND product.active
              JOIN product_template template
                ON template.id = product.product_tmpl_id
               AND template.categ_id = wanted.category_id AND template.sale_ok
         LEFT JOIN uom_uom line_uom ON line_uom.id = l.product_uom_id
         LEFT JOIN uom_uom own_uom ON own_uom.id = template.uom_id
             WHERE l.display_type IS NULL AND l.product_uom_qty > 0
          GROUP BY 1, 2, 3, 4, 5
        ), last AS (
            SELECT *, MAX(place) OVER (
                       PARTITION BY partner_id, company_id, category_id) AS places
              FROM bought WHERE place <= 5
        )
        SELECT partner_id, company_id, category_id, product_id,
               percentile_disc(0.5) WITHIN GROUP (ORDER BY quantity)::float8
          FROM last
      GROUP BY partner_id, company_id, category_id, product_id, places
        HAVING COUNT(*) * 2 >= places
      ORDER BY partner_id, company_id, category_id, COUNT(*) DESC, product_id
        """,
        customers,
        companies,
        categories,
        sql_quantity(),
    )
