from datetime import timedelta

from odoo import fields

from .common import TierCase


class OutlookCase(TierCase):
    """Customers with orders at regular intervals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.Outlook = cls.env["care.outlook"]

    @classmethod
    def orders(cls, partner, days, amount=100, **values):
        """Confirmed orders so many days ago"""
        return cls.env["sale.order"].union(
            *(
                cls.order(
                    partner,
                    amount,
                    str(cls.today - timedelta(days=day)),
                    **values,
                )
                for day in days
            )
        )

    def row(self, partner, company=None):
        self.env.invalidate_all()
        return self.Outlook.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or self.company).id),
            ]
        )
