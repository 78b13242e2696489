from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import TierCase


@tagged("post_install", "-at_install")
class TestPlanUi(HttpCase, TierCase):
    """Tours live in the real now: windows are of days around it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env.user)
        role = cls.env["care.role"].search([("kind", "=", "salesperson")])
        cls.env.ref("customer_care.care_role_brand_manager").active = True
        cls.plan = cls.env["care.plan"].create(
            {
                "name": "Plan A",
                "company_id": cls.company.id,
                "anchor_date": cls.today - timedelta(days=10),
                "rule_ids": [
                    Command.create(
                        {
                            "role_id": role.id,
                            "channel": "visit",
                            "times": 2,
                            "every": 20,
                            "unit": "day",
                            "aim_every": 8,
                            "date_from": "2024-01-01",
                        }
                    )
                ],
            }
        )
        cls.rule = cls.plan.rule_ids
        cls.A.plan_id = cls.plan
        cls.salon = cls.customer("Tour Salon", user_id=cls.rep.id)
        cls.salon.care_tier_id = cls.A
        Target = cls.env["care.plan.target"]
        Target._generate(cls.today - timedelta(days=5))
        cls.target = Target.search(
            [("partner_id", "=", cls.salon.id), ("date_start", "<=", cls.today)]
        )
        cls.target.date_aim = cls.today - timedelta(days=1)
        cls.env["care.interaction"].create(
            {
                "partner_id": cls.salon.id,
                "user_id": cls.rep.id,
                "channel": "phone",
                "date_start": fields.Datetime.now() + relativedelta(days=-3),
                "state": "done",
                "summary": "Wants the price list",
            }
        )

    def test_rep(self):
        self.start_tour(
            "/odoo/action-customer_care.plan_target_action",
            "customer_care_rep_day",
            login="care_rep",
        )
        report = self.target.interaction_ids
        self.assertRecordValues(
            report,
            [
                {
                    "state": "done",
                    "channel": "visit",
                    "satisfaction": "5",
                    "summary": "Serum sells well",
                    "is_late": False,
                }
            ],
        )
        self.assertAlmostEqual(report.latitude, 31.2304, 3)
        self.assertTrue(report.purpose_ids)
        self.assertEqual(self.target.done, 1)
        self.assertEqual(report.next_id.topic, "Second shelf")
        self.assertTrue(report.next_id.calendar_event_id)

    def test_manager(self):
        self.rule.write({"times": 2, "every": 1, "unit": "month", "aim_every": 0})
        other = self.plan.copy({"name": "Plan B"})
        self.B.plan_id = other
        self.customer("Tour Shop", user_id=self.rep.id).care_tier_id = self.B
        self.env["care.plan.target"]._generate()
        self.start_tour(
            "/odoo/action-customer_care.plan_action",
            "customer_care_manager_plan",
            login="care_manager",
        )
        self.assertEqual(self.rule.times, 4)
        self.assertEqual(len(self.plan.rule_ids), 2)

    def test_lead(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Tour Deal",
                "type": "opportunity",
                "partner_id": self.salon.id,
                "user_id": self.rep.id,
                "company_id": self.company.id,
            }
        )
        self.start_tour(
            f"/odoo/crm.lead/{lead.id}", "customer_care_lead_contact", login="care_rep"
        )
        self.assertEqual(lead.care_interaction_ids.summary, "Asked for an offer")

    def test_excuse(self):
        self.start_tour(
            f"/odoo/care.plan.target/{self.target.id}",
            "customer_care_excuse",
            login="care_rep",
        )
        self.assertEqual(self.target.state, "excused")
        self.assertEqual(self.target.excused_by_id, self.rep)

    def test_excuse_approval(self):
        self.env["crm.team"].create(
            {
                "name": "Care Sales",
                "company_id": self.company.id,
                "user_id": self.all.id,
                "member_ids": [Command.set(self.rep.ids)],
            }
        )
        self.company.care_excuse_allowance = 0
        shop = self.customer("Tour Shop", user_id=self.rep.id)
        shop.care_tier_id = self.A
        Target = self.env["care.plan.target"]
        Target._generate(self.today - timedelta(days=5))
        refused = Target.search(
            [("partner_id", "=", shop.id), ("date_start", "<=", self.today)]
        )
        both = self.target | refused
        both.with_user(self.rep).action_excuse("closed", "Closed for works")
        self.start_tour(
            "/odoo/action-customer_care.excuse_target_action",
            "customer_care_excuse_approval",
            login="care_all",
        )
        self.assertEqual(self.target.state, "excused")
        self.assertEqual(self.target.excuse_decided_by_id, self.all)
        self.assertEqual(
            (refused.state, refused.excuse_state, refused.excuse_answer),
            ("open", "refused", "It opens on Monday"),
        )

    def test_stand_in(self):
        planned = self.env["care.interaction"].create(
            {
                "partner_id": self.salon.id,
                "user_id": self.all.id,
                "channel": "visit",
                "date_start": fields.Datetime.now() - timedelta(hours=2),
            }
        )
        self.start_tour(
            f"/odoo/care.interaction/{planned.id}",
            "customer_care_stand_in",
            login="care_all",
        )
        self.assertEqual(planned.stand_in_for_id, self.rep)
        self.assertEqual((planned.state, planned.target_id), ("done", self.target))
        self.assertEqual(self.target.done, 1)
