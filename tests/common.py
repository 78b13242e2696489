from contextlib import contextmanager
from datetime import datetime

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

from ..models.core.res_groups import FEATURES

TIERS = (
    # code, from monthly amount, up to share, overdue admitted
    ("A", 10_000, 70, 30),
    ("B", 3_000, 90, 60),
    ("C", 1_000, 99, 0),
    ("D", 0, 100, 0),
)


class TierCase(TransactionCase):
    """A company of its own, so that tests do not depend on what the database holds. All
    features are on.

    Care Test Ltd (own tiers A-D, currency of the main company)
    ├── rep       salesman            own customers
    ├── all       all documents       all customers
    ├── manager   sales manager       administrator
    └── employee  internal user       nothing
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                mail_create_nolog=True,
                mail_notrack=False,
                no_reset_password=True,
                tracking_disable=False,
            )
        )
        # Promises change who is reminded; their own tests switch them on.
        cls.env["res.groups"]._switch_care_features(
            **dict.fromkeys(FEATURES, True) | {"promise": False}
        )
        cls.company = cls.env["res.company"].create({"name": "Care Test Ltd"})
        cls.other_company = cls.env["res.company"].create({"name": "Other Test Ltd"})
        cls.env.user.company_ids |= cls.company | cls.other_company
        cls.env.user.company_id = cls.company
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )
        cls.tiers = cls.make_tiers(cls.company)
        cls.A, cls.B, cls.C, cls.D = cls.tiers
        cls.product = cls.env["product.product"].create(
            {"name": "Serum", "type": "service", "list_price": 1, "taxes_id": False}
        )
        cls.rep = cls.make_user("rep", "sales_team.group_sale_salesman")
        cls.all = cls.make_user("all", "sales_team.group_sale_salesman_all_leads")
        cls.manager = cls.make_user("manager", "sales_team.group_sale_manager")
        cls.employee = cls.make_user("employee", "base.group_user")

    @classmethod
    def make_user(cls, login, groups, **values):
        return new_test_user(
            cls.env,
            f"care_{login}",
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **values,
        )

    @classmethod
    def make_tiers(cls, company):
        return cls.env["care.tier"].create(
            [
                {
                    "code": code,
                    "name": f"Tier {code}",
                    "sequence": sequence,
                    "company_id": company.id,
                    "min_monthly_amount": amount,
                    "max_cumulative_share": share,
                    "max_overdue_days": overdue,
                    "is_key_account": code == "A",
                }
                for sequence, (code, amount, share, overdue) in enumerate(TIERS)
            ]
        )

    @classmethod
    def customer(cls, name="Salon", **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    @classmethod
    def order(cls, partner, amount, date="2026-09-10", state="sale", **values):
        """A sales order of ``amount``, untaxed, in one line."""
        if isinstance(date, str):
            date = datetime.fromisoformat(date)
        return cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "date_order": date,
                "state": state,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def review(cls, date="2026-11-05", compute=True, **values):
        """A review whose window is August to October 2026, unless told otherwise."""
        review = cls.env["care.tier.review"].create(
            {
                "date": date,
                "months": 3,
                "source": "sale",
                "method": "amount",
                "company_id": cls.company.id,
                **values,
            }
        )
        if compute:
            review.action_compute()
        return review

    def line(self, review, partner):
        return review.line_ids.filtered(lambda line: line.partner_id == partner)

    @contextmanager
    def assertError(self, exception, message):
        """Like assertRaisesRegex, but rolls back what the failed call changed."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertRegex(str(caught.exception), message)

    def assertTiers(self, review, expected):
        """:param expected: {customer: code of the proposed tier}"""
        self.assertEqual(
            {line.partner_id: line.proposed_tier_id.code for line in review.line_ids},
            expected,
        )
