from datetime import timedelta
from statistics import median

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ...tools.outlook import OWN_INTERVALS
from .outlook_rows import delete_other_rows, write_rows

MIN_SIMILAR = 3
"""Customers with an interval of their own from which that of others is taken"""
GIVEN_UP = 3
"""After so many usual intervals without an order a category is no longer bought."""
FAR = 3650
"""Days ahead beyond which nothing is foretold"""
KEY = ("partner_id", "category_id")
BOUGHT = {
    "partner_id": "int",
    "category_id": "int",
    "order_count": "int",
    "last_order_date": "date",
    "quantity": "float8",
    "interval_min": "int",
}
EXPECTED = BOUGHT | {
    "interval_median": "float8",
    "interval_source": "text",
    "due_date": "date",
    "due_until": "date",
    "stock_date": "date",
}


class CareOutlookCategory(models.Model):
    """What the nightly job writes."""

    _inherit = "care.outlook.category"

    @api.model
    def _write_batch(self, company, facts, customers, categories, place, last):
        """Rows of a batch of customers. Those without intervals of their own get that
        of similar customers after the last batch, see ``_take_similar``.

        :param categories: as from :meth:`OutlookFacts.categories`
        """
        stock = facts.stock(customers)
        own, others = [], []
        for customer, bought in categories.items():
            for category, goods in bought.items():
                row = [
                    customer,
                    category,
                    len(goods.quantities),
                    goods.last_day,
                    median(goods.quantities[-8:]),
                    min(goods.intervals, default=None),
                ]
                if expected := expect(goods, stock.get((customer, category))):
                    own.append(row + expected)
                else:
                    others.append(row)
        write_rows(self, company, EXPECTED, KEY, own)
        write_rows(self, company, BOUGHT, KEY, others)
        delete_other_rows(
            self, company, KEY, [row[:2] for row in own + others], place, last
        )

    @api.model
    def _take_similar(self, company):
        """Give rows of fewer than three intervals the median interval of customers of
        the same tier and segment, else of all customers, who buy the category."""
        self.env.cr.execute(
            SQL(
                """
                WITH own AS (
                    SELECT r.category_id, r.tier_id, p.care_segment_id AS segment_id,
                           percentile_cont(0.5) WITHIN GROUP (
                               ORDER BY r.interval_median) AS days,
                           GROUPING(r.tier_id) AS of_all
                      FROM care_outlook_category r
                      JOIN res_partner p ON p.id = r.partner_id
                     WHERE r.company_id = %(company)s AND r.interval_source = 'own'
                       AND r.order_count > %(intervals)s
                  GROUP BY GROUPING SETS (
                           (r.category_id, r.tier_id, p.care_segment_id),
                           (r.category_id))
                    HAVING COUNT(*) >= %(similar)s
                ), few AS (
                    SELECT r.id, r.interval_min, COALESCE(near.days, far.days) AS days
                      FROM care_outlook_category r
                      JOIN res_partner p ON p.id = r.partner_id
                 LEFT JOIN own near
                        ON near.of_all = 0 AND near.category_id = r.category_id
                       AND near.tier_id IS NOT DISTINCT FROM r.tier_id
                       AND near.segment_id IS NOT DISTINCT FROM p.care_segment_id
                 LEFT JOIN own far
                        ON far.of_all = 1 AND far.category_id = r.category_id
                     WHERE r.company_id = %(company)s
                       AND r.order_count <= %(intervals)s
                       AND (r.interval_source IS DISTINCT FROM 'stock'
                            OR r.stock_date < r.last_order_date)
                ), new AS (
                    SELECT id,
                           CASE WHEN interval_min > days THEN interval_min
                                ELSE days END AS days,
                           CASE WHEN interval_min > days THEN 'own'
                                WHEN days IS NOT NULL THEN 'segment' END AS source
                      FROM few
                )
                UPDATE care_outlook_category r
                   SET interval_median = new.days, interval_source = new.source,
                       due_date = r.last_order_date + round(new.days)::int,
                       due_until = r.last_order_date
                                   + %(given_up)s * round(new.days)::int,
                       stock_date = NULL
                  FROM new
                 WHERE r.id = new.id
                   AND (r.interval_median, r.interval_source, r.due_date)
                       IS DISTINCT FROM
                       (new.days, new.source,
                        r.last_order_date + round(new.days)::int)
                """,
                company=company.id,
                similar=MIN_SIMILAR,
                intervals=OWN_INTERVALS,
                given_up=GIVEN_UP,
            )
        )

    @api.model
    def _note_due(self, company, month):
        """Note once for each customer and category that it is due in a month: when it
        is ordered, the row moves on to the next time."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_outlook_category
                   SET noted_due_date = due_date, noted_order_date = last_order_date
                 WHERE company_id = %(company)s
                   AND due_date >= %(month)s AND due_date < %(next_month)s
                   AND (noted_due_date IS NULL OR noted_due_date < %(month)s)
                """,
                company=company.id,
                month=month,
                next_month=month + relativedelta(months=1),
            )
        )

    @api.model
    def _forget_ordered(self, company, today):
        """Orders before the day are in the rows by now; quotations that were confirmed
        or cancelled are no longer open."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_outlook_category SET ordered_on = NULL
                 WHERE company_id = %s AND ordered_on < %s
                """,
                company.id,
                today,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE care_outlook_category r SET order_id = NULL
                  FROM sale_order o
                 WHERE r.company_id = %s AND o.id = r.order_id
                   AND o.state NOT IN ('draft', 'sent')
                """,
                company.id,
            )
        )


def expect(goods, count=None):
    """When a customer is expected to order a category again.

    :param goods: Goods
    :param count: (day, quantity) of the stock counted last
    :return: values of the columns that ``EXPECTED`` has beyond ``BOUGHT``, None if too
        little is known
    """
    last, earlier = goods.last_day, sum(goods.quantities[:-1])
    usual = goods.usual and goods.usual.median
    if count and count[0] >= last and goods.intervals and earlier > 0:
        counted, stock = count
        daily = earlier / (last - goods.first_day).days
        due = counted + timedelta(days=min(int(stock / daily), FAR))
        usual = usual or sum(goods.intervals) / len(goods.intervals)
        until = due + timedelta(days=round(usual) * (GIVEN_UP - 1))
        return [usual, "stock", due, until, counted]
    if not usual:
        return None
    due, until = (
        last + timedelta(days=min(round(usual * times), FAR)) for times in (1, GIVEN_UP)
    )
    return [usual, "own", due, until, None]


def dropped(categories, last_day):
    """Ids of categories that a customer no longer buys, while it bought others.

    :param categories: {category id: Goods}
    :param last_day: of the customer's last order
    """
    return tuple(
        sorted(
            category
            for category, goods in categories.items()
            if (usual := goods.usual)
            and (last_day - goods.last_day).days
            > max(2 * usual.high, 1.5 * usual.longest)
        )
    )
