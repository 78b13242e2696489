"""The amount of an order in the currency of its company.

Everything that adds up orders takes it from here: the tier review, purchase states,
the customer card and the indicators show one number for one order.
"""

from odoo.tools import SQL


def sql_order_rate(company, alias="o"):
    """Rate of a row of ``sale_order``: its own. Odoo stores 1.0 in an order made before
    anybody had entered a rate; for such an order the rate of its day is looked up, and
    is null where there is still none."""
    order = SQL.identifier(alias)
    own = company.currency_id.id

    def rate_of(currency):
        return SQL(
            """(
                SELECT rate.rate FROM res_currency_rate rate
                 WHERE rate.currency_id = %(currency)s
                   AND (rate.company_id IS NULL OR rate.company_id = %(root)s)
                   AND rate.name <= %(order)s.date_order::date
              ORDER BY rate.company_id, rate.name DESC LIMIT 1
            )""",
            currency=currency,
            root=company.root_id.id,
            order=order,
        )

    return SQL(
        """CASE WHEN %(order)s.currency_rate <> 1 AND %(order)s.currency_rate > 0
                     OR COALESCE(%(order)s.currency_id, %(own)s) = %(own)s
                THEN COALESCE(NULLIF(%(order)s.currency_rate, 0), 1)
                ELSE %(order_rate)s / COALESCE(NULLIF(%(company_rate)s, 0), 1) END""",
        order=order,
        own=own,
        order_rate=rate_of(SQL("%s.currency_id", order)),
        company_rate=rate_of(SQL("%s", own)),
    )


def sql_order_amount(company, alias="o"):
    """Untaxed amount of a row of ``sale_order`` in the currency of ``company``. Without
    any rate, or with a rate of zero, the amount counts as it stands (a rate of 1), and
    so it does, without a division, where it is in that currency already."""
    return SQL(
        "CASE WHEN %(order)s.currency_rate = 1 AND %(order)s.currency_id = %(own)s"
        " THEN %(order)s.amount_untaxed"
        " ELSE %(order)s.amount_untaxed / COALESCE(NULLIF(%(rate)s, 0), 1) END",
        order=SQL.identifier(alias),
        own=company.currency_id.id,
        rate=sql_order_rate(company, alias),
    )


def sql_order_line_amount(company, alias="l", order="o"):
    """The same of a row of ``sale_order_line``: the lines of an order add up to its
    amount."""
    return SQL(
        "%s.price_subtotal / COALESCE(NULLIF(%s, 0), 1)",
        SQL.identifier(alias),
        sql_order_rate(company, order),
    )
