import doctest

from freezegun import freeze_time
from psycopg2.errors import ForeignKeyViolation

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ...tools import sla_policy
from ..common_complaint import ComplaintCase

MONDAY = "2026-11-09 00:00:00"
"""8 o'clock in Shanghai"""


@tagged("post_install", "-at_install")
class TestComplaintView(ComplaintCase):
    """What is seen of complaints, on them and on their customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.best = cls.a_customer("Best")
        cls.plain = cls.a_customer("Plain", cls.B)

    def one(self, received=MONDAY, **values):
        with freeze_time(received):
            return self.complain(partner_id=self.best.id, **values)

    # Alarm ----------------------------------------------------------

    @freeze_time(MONDAY)
    def test_alarm_of_the_best(self):
        self.policy(hours=4)
        person = self.env["res.partner"].create(
            {"name": "Person", "parent_id": self.best.id}
        )
        customers = self.best | self.plain | person
        self.assertEqual(customers.mapped("care_alarm"), [False] * 3)
        complaint = self.one()
        self.complain(partner_id=self.plain.id)
        customers.invalidate_recordset()
        self.assertEqual(customers.mapped("care_alarm"), ["open", False, "open"])
        lead = self.env["crm.lead"].create({"name": "Deal", "partner_id": person.id})
        self.assertEqual(lead.care_alarm, "open")
        with freeze_time("2026-11-09 04:00:01"):
            customers.invalidate_recordset()
            self.assertEqual(customers.mapped("care_alarm"), ["late", False, "late"])
        complaint.stage_id = self.stages["closed"]
        customers.invalidate_recordset()
        self.assertEqual(customers.mapped("care_alarm"), [False] * 3)

    @freeze_time(MONDAY)
    def test_alarm_is_found(self):
        self.policy(hours=4)
        other = self.a_customer("Quiet")
        self.one()
        customers = self.best | self.plain | other

        def found(*condition):
            return customers.search([("id", "in", customers.ids), condition])

        self.assertEqual(found("care_alarm", "=", "open"), self.best)
        self.assertEqual(found("care_alarm", "!=", False), self.best)
        self.assertEqual(found("care_alarm", "=", False), self.plain | other)
        self.assertFalse(found("care_alarm", "=", "late"))
        with freeze_time("2026-11-10 00:00:00"):
            self.assertEqual(found("care_alarm", "in", ["late"]), self.best)
            self.assertFalse(found("care_alarm", "=", "open"))

    def test_alarm_of_another_company(self):
        self.one()
        team = self.env["care.complaint.team"].create(
            {"name": "Theirs", "company_id": self.other_company.id}
        )
        foreign = self.a_customer("Foreign")
        self.env["care.complaint"].create(
            {"subject": "Theirs", "partner_id": foreign.id, "team_id": team.id}
        )
        self.assertEqual((self.best | foreign).mapped("care_alarm"), ["open", False])

    @users("care_rep")
    def test_alarm_for_all_and_the_complaint_for_those_who_may(self):
        stranger = self.a_customer("Stranger", user=self.all)
        complaint = self.complain(partner_id=stranger.id, user_id=self.all.id)
        seen = stranger.with_user(self.rep)
        self.assertEqual(seen.care_alarm, "open")
        self.assertEqual(seen.care_complaint_count, 0)
        self.assertFalse(seen.care_complaint_state)
        self.assertFalse(seen._care_open_complaints(5))
        with self.assertRaises(AccessError):
            complaint.with_user(self.rep).read(["subject"])

    @users("care_employee")
    @mute_logger("odoo.addons.base.models.ir_model")
    def test_alarm_is_for_users_of_the_app(self):
        with self.assertRaises(AccessError):
            self.env["res.partner"].browse(self.best.id).read(["care_alarm"])

    # Customer and lead ------------------------------------------------

    def test_worst_clock_of_a_customer(self):
        self.policy(hours=4, warn_before=1)
        self.one("2026-11-09 03:30:00")
        self.one(subject="First")
        lead = self.env["crm.lead"].create({"name": "Deal", "partner_id": self.best.id})
        for moment, state in (
            ("2026-11-09 01:00:00", "on_track"),
            ("2026-11-09 03:00:00", "at_risk"),
            ("2026-11-09 05:00:00", "missed"),
        ):
            with freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(self.best.care_complaint_count, 2)
                self.assertEqual(self.best.care_complaint_state, state)
                self.assertEqual(lead.care_complaint_state, state)
                rows = self.best._care_open_complaints(5)
                self.assertEqual(rows[0]["subject"], "First")
                self.assertEqual(rows[0]["timer"]["state"], state)
                self.assertEqual(lead.care_card["complaints"], rows)

    @users("care_all")
    def test_marks_of_many_ask_little(self):
        self.policy(hours=4)
        many = self.env["res.partner"]
        for number in range(12):
            customer = self.a_customer(f"Salon {number}")
            self.complain(partner_id=customer.id)
            many |= customer
        partners = self.env["res.partner"].browse(many.ids)
        names = ["care_tier_id", "care_alarm", "care_complaint_count"]
        partners.read(names)
        self.env.invalidate_all()
        with self.assertQueryCount(9):
            partners.read(names)

    # Timeline ---------------------------------------------------------

    def test_timeline_tells_why_and_where_the_time_went(self):
        self.policy(
            hours=8,
            tier_ids=[Command.set(self.A.ids)],
            min_priority="1",
            kinds=self.kinds("customer"),
        )
        self.policy("reply", 1)
        complaint = self.one()
        for stage, moment in (
            (self.waiting, "2026-11-09 01:00:00"),
            (self.stages["solve"], "2026-11-09 03:00:00"),
            (self.stages["verify"], "2026-11-09 04:00:00"),
        ):
            with freeze_time(moment):
                complaint.stage_id = stage
        with freeze_time("2026-11-10 00:00:00"):
            reply, solution = complaint.sla_timeline["clocks"]
        self.assertEqual(reply["why"], "All complaints")
        self.assertEqual(
            solution["why"], "A · Tier A · Priority “Important” or higher · Customer"
        )
        self.assertEqual(solution["state"], "met")
        self.assertEqual(solution["elapsed"], 2 * 3600)
        self.assertEqual(
            solution["spans"],
            [
                ["2026-11-09 00:00:00", "2026-11-09 01:00:00", "running"],
                ["2026-11-09 01:00:00", "2026-11-09 03:00:00", "paused"],
                ["2026-11-09 03:00:00", "2026-11-09 04:00:00", "running"],
                ["2026-11-09 04:00:00", "2026-11-10 00:00:00", "over"],
            ],
        )
        kinds = [event["kind"] for event in complaint.sla_timeline["events"]]
        self.assertEqual(kinds, ["received", "paused", "resumed", "resolved"])

    @freeze_time(MONDAY)
    def test_timeline_of_a_policy_that_applies_no_more(self):
        self.policy(min_priority="2")
        complaint = self.one(priority="2")
        complaint.priority = "0"
        [clock] = complaint.sla_timeline["clocks"]
        self.assertTrue(clock["dropped"])
        self.assertEqual(clock["state"], "cancelled")

    def test_timeline_without_clocks(self):
        complaint = self.one()
        self.assertEqual(complaint.sla_timeline["clocks"], [])
        self.assertFalse(self.env["care.complaint"].new({}).sla_timeline["clocks"])

    def test_other_complaints_of_the_customer(self):
        first, second = self.one(), self.one()
        self.complain()
        self.assertEqual(first.other_ids, second)
        form = self.env["care.complaint"].new({"partner_id": self.best.id})
        self.assertEqual(form.other_ids._origin, second | first)

    # Policies in memory -------------------------------------------------

    def test_examples_of_the_documentation(self):
        self.assertEqual(doctest.testmod(sla_policy).failed, 0)

    def test_changes_of_policies_count_at_once(self):
        self.assertFalse(self.one().sla_ids)
        policy = self.policy(hours=2)
        self.assertEqual(self.one().sla_ids.allowed_hours, 2)
        policy.hours = 3
        self.assertEqual(self.one().sla_ids.allowed_hours, 3)
        policy.escalation_ids = [Command.create({"hours": 0, "action": "manager"})]
        complaint = self.one()
        self.assertEqual(complaint.sla_ids.escalate_at, complaint.sla_ids.deadline)
        policy.escalation_ids.hours = 1
        complaint = self.one()
        self.assertGreater(complaint.sla_ids.escalate_at, complaint.sla_ids.deadline)
        policy.escalation_ids.unlink()
        self.assertFalse(self.one().sla_ids.escalate_at)
        policy.active = False
        self.assertFalse(self.one().sla_ids)

    def test_a_team_in_a_policy_stays(self):
        """Without it the policy would measure the complaints of all."""
        team = self.env["care.complaint.team"].create({"name": "Night"})
        self.policy(team_ids=[Command.set(team.ids)])
        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation):
            team.unlink()

    def test_a_cold_creation_asks_little(self):
        self.policy()
        self.policy("reply", 1)
        Complaint = self.env["care.complaint"].with_user(self.all)
        values = {"subject": "Cold", "partner_id": self.best.id}
        Complaint.create([values])
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(26):
            Complaint.create([values])
            self.env.flush_all()
