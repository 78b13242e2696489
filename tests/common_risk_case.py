from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .common_complaint import ComplaintCase

REASONS = [{"code": "bad_faces", "count": 2}]


class RiskCase(ComplaintCase):
    """The company works Monday to Friday, 0–4 and 5–9 in UTC; it is Tuesday, 9:00.

    company
    ├── manager   administrator, care manager
    ├── lead      leader of the department, all customers
    ├── rep       of the department, own customers: Salon, tier A
    └── all       all customers, of no department
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.make_user("lead", "sales_team.group_sale_salesman_all_leads")
        cls.department = cls.env["crm.team"].create(
            {
                "name": "Field",
                "company_id": cls.company.id,
                "user_id": cls.lead.id,
                "member_ids": [Command.set((cls.rep | cls.lead).ids)],
            }
        )
        cls.company.care_review_user_id = cls.manager
        cls.company.resource_calendar_id = cls.calendar
        cls.Case = cls.env["care.risk.case"]
        cls.salon.care_tier_id = cls.A
        cls.A.risk_threshold = 60

    @classmethod
    def case(cls, user=None, **values):
        return cls.Case.with_user(user or cls.rep).create(
            {"partner_id": cls.salon.id, "company_id": cls.company.id, **values}
        )

    def open_for(self, *rows):
        """Customers without an order get one.

        :param rows: (customer, risk)
        """
        for customer, _risk in rows:
            if not self.env["sale.order"].search_count(
                [("partner_id", "=", customer.id)]
            ):
                self.ordered(30, customer)
        return self.Case._open_for_risk(
            [(customer.id, self.company.id, risk, REASONS) for customer, risk in rows]
        )

    @classmethod
    def ordered(cls, days_ago=0, partner=None, amount=100, **values):
        moment = fields.Datetime.now() - timedelta(days=days_ago)
        return cls.order(partner or cls.salon, amount, moment, **values)

    def run_cron(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"customer_care.{name}").method_direct_trigger()

    def kinds_of(self, case, user=None):
        """Names of the open activities of a case"""
        activities = case.sudo().activity_ids
        if user:
            activities = activities.filtered(lambda row: row.user_id == user)
        return activities.activity_type_id.mapped("name")
