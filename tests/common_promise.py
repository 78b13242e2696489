from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .common_complaint import ComplaintCase


class PromiseCase(ComplaintCase):
    """Promises are followed up.

    company
    ├── manager   administrator, care manager
    ├── lead      leader of the department, all customers
    ├── rep       of the department, own customers
    └── all       all customers, of no department
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.groups"]._switch_care_features(promise=True)
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
        cls.Promise = cls.env["care.promise"]
        cls.Notice = cls.env["care.notice"]

    @classmethod
    def promise(cls, days=2, user=None, **values):
        """A promise that is due in so many days"""
        return cls.Promise.with_user(user or cls.rep).create(
            {
                "name": "Price list",
                "partner_id": cls.salon.id,
                "date_due": cls.day(days),
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def day(cls, days=0):
        return fields.Date.today() + timedelta(days=days)

    def night(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_promises").method_direct_trigger()

    def pass_days(self, days):
        """Move what is due into the past, as if days had passed."""
        self.env.flush_all()
        for table, names in (
            ("care_promise", ("date_due", "dispute_due", "order_due", "late_told_on")),
            ("care_notice", ("date_due", "escalated_on")),
        ):
            for name in names:
                self.env.cr.execute(f"UPDATE {table} SET {name} = {name} - {int(days)}")  # pylint: disable=sql-injection
        self.env.invalidate_all()
