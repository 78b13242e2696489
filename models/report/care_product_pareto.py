from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...tools.pareto import count_for_share, running_shares
from ..core.order_amount import sql_order_line_amount

PRODUCT_BAR_LIMIT = 40
"""Products with a bar of their own; the others share the last one."""
PARETO_PERCENT = 80
"""Percent of sales that few products are expected to make"""


class CareProductPareto(models.AbstractModel):
    """Which few products make most of the sales."""

    _name = "care.product.pareto"
    _description = "Pareto of Products"

    @api.model
    @api.readonly
    def get_pareto(self):
        """Products sold in the last 12 months, best first, as bars with the running
        share of sales. It counts the order lines that the user may read: of the
        current company, confirmed, untaxed, in the company's currency.

        :return: dict of ``bars``, ``marks``, ``total``, ``currency_id`` and the days
            ``date_from`` and ``date_to``
        """
        if not self.env.user.has_group("customer_care.group_user"):
            raise AccessError(
                self.env._("Only users of Customer Care may see what sells best.")
            )
        company = self.env.company
        today = company._care_today()
        start = today - relativedelta(years=1) + relativedelta(days=1)
        rows = self._amounts(company, start, today)
        shares = running_shares(amount for _product, amount in rows)
        return {
            "bars": self._bars(rows, shares),
            "marks": self._marks(shares),
            "total": len(rows),
            "currency_id": company.currency_id.id,
            "date_from": fields.Date.to_string(start),
            "date_to": fields.Date.to_string(today),
        }

    @api.model
    def _amounts(self, company, start, end):
        """[(product id, amount)], largest first, of the days from ``start`` to ``end``
        in the company's time zone"""
        Line = self.env["sale.order.line"]
        Line.browse().check_access("read")
        first, after = self.env["care.indicator"]._instants(company, start, end)
        Line.flush_model()
        self.env["sale.order"].flush_model()
        lines = Line._search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "sale"),
                ("display_type", "=", False),
                ("is_downpayment", "=", False),
                ("order_id.date_order", ">=", first),
                ("order_id.date_order", "<", after),
            ]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.product_id, SUM(%(amount)s) AS amount
                  FROM sale_order_line l
                  JOIN sale_order o ON o.id = l.order_id
                 WHERE l.id IN %(lines)s AND l.product_id IS NOT NULL
              GROUP BY l.product_id
              ORDER BY amount DESC, l.product_id
                """,
                amount=sql_order_line_amount(company),
                lines=lines.subselect(),
            )
        )
        return [(product, float(amount or 0)) for product, amount in rows]

    @api.model
    def _marks(self, shares):
        """After how many products ``PARETO_PERCENT`` of the sales are reached"""
        if not shares or not shares[-1]:
            return []
        count = count_for_share(shares, PARETO_PERCENT)
        return [
            {"label": False, "color": 0, "count": count, "share": shares[count - 1]}
        ]

    @api.model
    def _bars(self, rows, shares):
        own = rows[:PRODUCT_BAR_LIMIT]
        # A colleague's product of another company has sold to the user's customer.
        products = self.env["product.product"].sudo().browse(row[0] for row in own)
        bars = [
            {
                "first": place,
                "last": place,
                "label": product.display_name,
                "res_id": product.id,
                "amount": amount,
                "share": share,
            }
            for place, (product, (_id, amount), share) in enumerate(
                zip(products, own, shares[:PRODUCT_BAR_LIMIT], strict=True), 1
            )
        ]
        if others := rows[PRODUCT_BAR_LIMIT:]:
            bars.append(
                {
                    "first": PRODUCT_BAR_LIMIT + 1,
                    "last": len(rows),
                    "label": self.env._("%s other products", len(others)),
                    "res_id": False,
                    "amount": sum(amount for _product, amount in others),
                    "share": shares[-1],
                }
            )
        return bars
