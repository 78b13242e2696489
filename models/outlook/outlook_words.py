from odoo.tools import format_amount, format_date


class OutlookWords:
    """Words what is expected of customers in the language of an environment. Reasons
    are data as in ``tools/outlook.py``."""

    def __init__(self, env):
        self.env = env

    def reorder(self, row):
        return self.env._(
            "Reorder due on %(date)s: %(category)s",
            date=format_date(self.env, row.due_date),
            category=row.category_id.name,
        )

    def band(self, row):
        labels = dict(row._fields["risk_band"]._description_selection(self.env))
        return labels.get(row.risk_band, "")

    def next_order(self, row):
        """When the next order is expected, with the band; False if it is too early"""
        if not row.next_order_date:
            return False
        return self.env._(
            "Next order about %(date)s (%(start)s to %(end)s), %(amount)s",
            date=format_date(self.env, row.next_order_date),
            start=format_date(self.env, row.next_order_from),
            end=format_date(self.env, row.next_order_to),
            amount=format_amount(self.env, row.next_amount, row.currency_id),
        )
