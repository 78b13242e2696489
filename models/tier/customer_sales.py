"""What customers bought in a period: sums by commercial partner, from confirmed orders
or posted invoices, whichever the company counts. Tier reviews, the weights of
satisfaction by sales and sales at risk take it from here.
"""

from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from ..core.order_amount import sql_order_amount


def days_in_utc(company, first, last):
    """Start and end (exclusive) of days in the company's time zone, as naive UTC"""
    tz = company._care_tz()

    def midnight(day):
        local = tz.localize(datetime.combine(day, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    return midnight(first), midnight(last + timedelta(days=1))


def sql_sales(company, source, first, last, customers=None):
    """Rows (partner_id, amount): untaxed sales in company currency from day ``first``
    to day ``last``.

    :param source: ``sale`` (confirmed orders) or ``invoice`` (posted customer invoices
        minus credit notes)
    :param customers: ids of commercial partners; otherwise all
    """
    only = SQL()
    if customers is not None:
        only = SQL("AND p.commercial_partner_id = ANY(%s)", list(customers))
    if source == "sale":
        start, end = days_in_utc(company, first, last)
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id,
                   SUM(%(amount)s) AS amount
              FROM sale_order o
              JOIN res_partner p ON p.id = o.partner_id
             WHERE o.company_id = %(company)s AND o.state = 'sale'
               AND o.date_order >= %(start)s AND o.date_order < %(end)s %(only)s
          GROUP BY p.commercial_partner_id
            """,
            amount=sql_order_amount(company),
            company=company.id,
            start=start,
            end=end,
            only=only,
        )
    return SQL(
        """
        SELECT p.commercial_partner_id AS partner_id,
               SUM(m.amount_untaxed_signed) AS amount
          FROM account_move m
          JOIN res_partner p ON p.id = m.partner_id
         WHERE m.company_id = %(company)s AND m.state = 'posted'
           AND m.move_type IN ('out_invoice', 'out_refund')
           AND m.invoice_date >= %(first)s AND m.invoice_date <= %(last)s %(only)s
      GROUP BY p.commercial_partner_id
        """,
        company=company.id,
        first=first,
        last=last,
        only=only,
    )


def sql_year_sales(company, customers=None):
    """The same of the last 12 months up to today, from what the company counts"""
    today = company._care_today()
    first = today - relativedelta(years=1) + timedelta(days=1)
    return sql_sales(company, company.care_review_source, first, today, customers)
