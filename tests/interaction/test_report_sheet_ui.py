import io
from datetime import timedelta

from PIL import Image

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import TierCase


@tagged("post_install", "-at_install")
class TestReportSheetUi(HttpCase, TierCase):
    """Tours live in the real now, on a desktop and on a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep.group_ids += cls.env.ref("base.group_partner_manager")
        today = fields.Date.context_today(cls.env.user)
        role = cls.env["care.role"].search([("kind", "=", "salesperson")])
        cls.A.plan_id = cls.env["care.plan"].create(
            {
                "name": "Plan A",
                "company_id": cls.company.id,
                "anchor_date": today - timedelta(days=10),
                "rule_ids": [
                    Command.create(
                        {
                            "role_id": role.id,
                            "channel": "visit",
                            "times": 1,
                            "every": 20,
                            "unit": "day",
                            "date_from": "2024-01-01",
                        }
                    )
                ],
            }
        )
        cls.salon, cls.spa = (
            cls.customer(name, user_id=cls.rep.id, phone="+1 202 555 0100")
            for name in ("Tour Salon", "Tour Spa")
        )
        (cls.salon | cls.spa).care_tier_id = cls.A
        Target = cls.env["care.plan.target"]
        Target._generate(today - timedelta(days=5))
        cls.targets = Target.search(
            [
                ("partner_id", "in", (cls.salon | cls.spa).ids),
                ("date_start", "<=", today),
            ]
        )
        cls.targets.date_aim = today - timedelta(days=1)

    def run_in_contacts(self, tour):
        self.start_tour(
            "/odoo/action-customer_care.plan_target_action", tour, login="care_rep"
        )

    def test_report(self):
        self.run_in_contacts("customer_care_report_sheet")
        first, second = self.env["care.interaction"].search(
            [("user_id", "=", self.rep.id), ("state", "=", "done")], order="id"
        )
        self.assertRecordValues(
            first | second,
            [
                {
                    "partner_id": self.salon.id,
                    "satisfaction": "5",
                    "summary": "Serum sells well",
                    "promise": False,
                },
                {
                    "partner_id": self.spa.id,
                    "satisfaction": False,
                    "summary": "Opens a second shop",
                    "promise": "Price list",
                },
            ],
        )
        self.assertTrue(first.next_id.calendar_event_id)
        self.assertEqual(self.targets.mapped("done"), [1, 1])
        self.assertEqual(second.contact_id.name, "Mr. Card")
        shelf, card = (
            self.env["ir.attachment"].search(
                [("res_model", "=", record._name), ("res_id", "=", record.id)]
            )
            for record in (second, second.contact_id)
        )
        self.assertEqual((len(shelf), len(card)), (1, 1))
        self.assertEqual(Image.open(io.BytesIO(shelf.raw)).size, (1600, 1067))
        self.assertEqual(shelf.mimetype, "image/jpeg")
        views = self.env["care.brief.view"].search([("user_id", "=", self.rep.id)])
        self.assertEqual(views.partner_id, self.spa)

    def test_planner(self):
        self.run_in_contacts("customer_care_planner")
        planned = self.env["care.interaction"].search(
            [("partner_id", "=", self.spa.id), ("state", "=", "planned")]
        )
        self.assertEqual(len(planned), 1)
        self.assertTrue(planned.calendar_event_id)
        self.assertGreater(planned.date_start, fields.Datetime.now())


@tagged("post_install", "-at_install")
class TestReportSheetPhone(TestReportSheetUi):
    browser_size = "390x844"
    touch_enabled = True
