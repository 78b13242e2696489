from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ..core.order_amount import sql_order_amount

YEAR = relativedelta(years=1)
QUARTER = relativedelta(months=3)
CUSTOMER_OF_ORDER = """
    LEFT JOIN res_partner buyer ON buyer.id = o.partner_id
    LEFT JOIN res_partner customer ON customer.id = buyer.commercial_partner_id
    LEFT JOIN res_users manager ON manager.id = customer.care_manager_id
    LEFT JOIN res_users rep ON rep.id = customer.user_id
"""
"""Joins from an order to the people of its customer; PostgreSQL drops those that nobody
asks for"""


class CareIndicator(models.AbstractModel):
    """What customers bought in a period, before it and in the year up to its end."""

    _inherit = "care.indicator"

    @api.model
    def _purchases(self, company, start, end, department=None):
        """Sales of the period and the monthly mean of the three months before it in
        company currency, customers that bought in the year up to its end, and those of
        them that came back: with orders on more than one day."""
        return self._purchases_of(company, [(start, end)], department)[0]

    @api.model
    def _purchases_of(self, company, periods, department=None):
        """The same of several periods, from one pass over the orders of the year.

        :return: a dict for each period
        """
        self.env["sale.order"].flush_model()
        self.env["res.partner"].flush_model()
        spans = [self._spans(company, start, end) for start, end in periods]
        [row] = self.env.execute_query(
            SQL(
                "SELECT * FROM (%s) AS sales, (%s) AS buyers",
                self._sql_sales(company, spans, department),
                self._sql_buyers(company, spans, department),
            )
        )
        count = len(spans)
        columns = [row[place : place + count] for place in range(0, 4 * count, count)]
        return [
            {
                "sales": float(sales or 0),
                "before": float(before or 0) / 3,
                "buyers": buyers,
                "returned": returned,
            }
            for sales, before, buyers, returned in zip(*columns, strict=True)
        ]

    @api.model
    def _spans(self, company, start, end):
        """UTC intervals of a period, of the three months before it, and of the year up
        to its end"""
        since, until = self._instants(company, start, end)
        quarter, _until = self._instants(company, start - QUARTER, start)
        year, _until = self._instants(company, end - YEAR, end)
        return {
            "period": (since, until),
            "before": (quarter, since),
            "year": (min(year, quarter), until),
        }

    @api.model
    def _sql_sales(self, company, spans, department):
        """Totals of each period, then of each three months before"""
        wanted = [span["period"] for span in spans] + [span["before"] for span in spans]
        return SQL(
            """
            SELECT %(totals)s
              FROM (SELECT o.date_order, %(amount)s AS amount
                      FROM sale_order o %(customers)s
                     WHERE %(confirmed)s AND %(scope)s) AS orders
            """,
            totals=SQL(", ").join(
                SQL("SUM(amount) FILTER (WHERE %s)", self._sql_within(interval, wanted))
                for interval in wanted
            ),
            amount=sql_order_amount(company),
            customers=SQL(CUSTOMER_OF_ORDER),
            confirmed=self._sql_confirmed(company, wanted),
            scope=self._sql_scope(department),
        )

    @api.model
    def _sql_buyers(self, company, spans, department):
        """Customers of each year, then those with orders on more than one day. Group by
        partner before the join, which would take longer with every order."""
        years = [span["year"] for span in spans]
        names = [
            (SQL.identifier(f"first_{place}"), SQL.identifier(f"last_{place}"))
            for place in range(len(years))
        ]
        return SQL(
            """
            SELECT %(counts)s
              FROM (SELECT %(outer)s
                      FROM (SELECT o.partner_id, %(inner)s FROM sale_order o
                             WHERE %(confirmed)s GROUP BY o.partner_id) AS o
                           %(customers)s
                     WHERE %(scope)s
                  GROUP BY buyer.commercial_partner_id) AS customers
            """,
            counts=self._sql_counts(company, names),
            outer=SQL(", ").join(
                SQL("MIN(%(f)s) AS %(f)s, MAX(%(l)s) AS %(l)s", f=first, l=last)
                for first, last in names
            ),
            inner=SQL(", ").join(
                SQL(
                    "MIN(date_order) FILTER (WHERE %(within)s) AS %(first)s,"
                    " MAX(date_order) FILTER (WHERE %(within)s) AS %(last)s",
                    within=self._sql_within(year, among=years),
                    first=first,
                    last=last,
                )
                for (first, last), year in zip(names, years, strict=True)
            ),
            confirmed=self._sql_confirmed(company, years),
            customers=SQL(CUSTOMER_OF_ORDER),
            scope=self._sql_scope(department),
        )

    @api.model
    def _sql_counts(self, company, names):
        """:param names: columns of the first and the last order of each year"""

        def day(instant):
            return SQL(
                "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
                instant,
                company._care_tz().zone,
            )

        def came_back(first, last):
            """No day is longer than 25 hours, so few days have to be looked up."""
            return SQL(
                "%(first)s < %(last)s AND (%(first)s + interval '25 hours' < %(last)s"
                " OR %(first_day)s < %(last_day)s)",
                first=first,
                last=last,
                first_day=day(first),
                last_day=day(last),
            )

        return SQL(", ").join(
            [
                *(SQL("COUNT(%s)", last) for _first, last in names),
                *(
                    SQL("COUNT(*) FILTER (WHERE %s)", came_back(first, last))
                    for first, last in names
                ),
            ]
        )

    @api.model
    def _sql_within(self, interval, among=()):
        """:param among: intervals; what lies outside of them was left out before"""
        since, until = interval
        conditions = []
        if not among or since > min(start for start, _end in among):
            conditions.append(SQL("date_order >= %s", since))
        if not among or until < max(end for _start, end in among):
            conditions.append(SQL("date_order < %s", until))
        return SQL(" AND ").join(conditions) or SQL("TRUE")

    @api.model
    def _sql_confirmed(self, company, intervals):
        """Condition on confirmed orders from the first of the intervals to the last"""
        return SQL(
            "o.state = 'sale' AND o.company_id = %s AND %s",
            company.id,
            self._sql_within(
                (
                    min(since for since, _until in intervals),
                    max(until for _since, until in intervals),
                )
            ),
        )

    @api.model
    def _sql_scope(self, department):
        """Condition on the customer's account manager, else its salesperson"""
        if department:
            return SQL(
                "COALESCE(manager.sale_team_id, rep.sale_team_id) = %s", department.id
            )
        return SQL("TRUE")
