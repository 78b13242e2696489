from datetime import timedelta

from odoo.fields import Command

from .common import TierCase


class OutlookCase(TierCase):
    """Customers with orders at regular intervals.

    Mine   of the rep: serum every 20 days, silent for 18
    Theirs of another: serum every 30 days, silent for 100
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._care_today()
        cls.Outlook = cls.env["care.outlook"]
        cls.Reorder = cls.env["care.outlook.category"]
        cls.serum, cls.mask = cls.env["product.category"].create(
            [{"name": "Serum"}, {"name": "Mask"}]
        )
        cls.product.categ_id = cls.serum
        cls.mask_product = cls.goods("Sheet Mask", cls.mask)
        cls.mine = cls.customer("Mine", user_id=cls.rep.id)
        cls.theirs = cls.customer("Theirs", user_id=cls.all.id)
        cls.orders(cls.mine, range(18, 159, 20))
        cls.orders(cls.theirs, range(100, 300, 30))

    @classmethod
    def goods(cls, name, category):
        return cls.env["product.product"].create(
            {
                "name": name,
                "categ_id": category.id,
                "type": "service",
                "list_price": 1,
                "taxes_id": False,
            }
        )

    @classmethod
    def orders(cls, partner, days, amount=100, quantity=1, product=None, **values):
        """Confirmed orders so many days ago"""
        product = product or cls.product
        return cls.env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "date_order": f"{cls.today - timedelta(days=day)} 12:00:00",
                    "state": "sale",
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": quantity,
                                "price_unit": amount / quantity,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
                for day in days
            ]
        )

    @classmethod
    def refresh(cls, today=None):
        cls.Outlook._refresh(today, companies=cls.company)

    def row(self, partner, company=None):
        return self.Outlook.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or self.company).id),
            ]
        )

    def reorder(self, partner, category=None):
        return self.Reorder.search(
            [
                ("partner_id", "=", partner.id),
                ("category_id", "=", (category or self.serum).id),
            ]
        )
