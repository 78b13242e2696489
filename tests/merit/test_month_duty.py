from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_merit import MeritCase


@tagged("post_install", "-at_install")
class TestMonthDuty(MeritCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Duty = cls.env["care.month.duty"]
        cls.chief = cls.make_user("chief", "sales_team.group_sale_manager")
        cls.company.care_general_manager_id = cls.chief

    def planned(self, month="2026-11-01", company=None):
        month = date.fromisoformat(month)
        return self.Duty._generate(company or self.company, month)

    def of(self, duties, name, department=None):
        plan = self.env.ref(f"customer_care.care_month_duty_plan_{name}")
        return duties.filtered(
            lambda duty: (
                duty.plan_id == plan
                and (not department or duty.department_id == department)
            )
        )

    def test_the_month_is_planned_once(self):
        duties = self.planned()
        north = self.of(duties, "statistics", self.north)
        self.assertEqual(len(north), 1)
        self.assertEqual(north.user_id, self.boss)
        self.assertEqual(north.date_due, date(2026, 11, 4), "third working day")
        self.assertEqual(north.activity_ids.user_id, self.boss)
        self.assertEqual(north.activity_ids.date_deadline, north.date_due)
        self.assertEqual(self.of(duties, "care_manager").user_id, self.manager)
        self.assertEqual(self.of(duties, "general_manager").user_id, self.chief)
        report = self.of(duties, "report")
        self.assertEqual(report.date_due, date(2026, 11, 30))
        self.assertFalse(self.planned(), "a second run adds nothing")
        self.assertTrue(self.planned("2026-12-01"))

    def test_a_department_that_comes_later(self):
        self.planned()
        east = self.env["crm.team"].create(
            {
                "name": "East",
                "company_id": self.company.id,
                "user_id": self.all.id,
                "member_ids": [Command.set(self.all.ids)],
            }
        )
        empty = self.env["crm.team"].create(
            {"name": "Empty", "company_id": self.company.id}
        )
        added = self.planned()
        self.assertEqual(added.department_id, east)
        self.assertFalse(added.filtered(lambda duty: duty.department_id == empty))

    def test_the_nightly_job(self):
        self.env["res.groups"]._switch_care_features(merit=False)
        self.Duty._cron_generate()
        domain = [("company_id", "=", self.company.id)]
        self.assertFalse(self.Duty.search(domain))
        self.env["res.groups"]._switch_care_features(merit=True)
        with freeze_time("2026-11-10 04:00:00"):
            self.Duty._cron_generate()
            found = self.Duty.search(domain)
            self.Duty._cron_generate()
        self.assertEqual(self.Duty.search(domain), found)
        self.assertEqual(set(found.mapped("month")), {date(2026, 11, 1)})
        self.assertTrue(self.Duty.search([("company_id", "=", self.other_company.id)]))

    def test_statistics_are_frozen(self):
        for state in ("met", "met", "missed"):
            self.target(state=state)
        self.target(day="2026-09-30")
        north = self.of(self.planned(), "statistics", self.north)
        live = north.with_user(self.boss)
        self.assertIn("Contacts carried out: 2", live.figures_text)
        live.note = "A hard month"
        live.action_confirm()
        self.assertEqual((north.state, north.confirmed_by_id), ("done", self.boss))
        self.assertTrue(north.confirmed_at)
        self.assertEqual((north.figures["met"], north.figures["missed"]), (2, 1))
        self.assertFalse(north.activity_ids)
        self.target(state="met")
        self.env.invalidate_all()
        self.assertIn("Contacts carried out: 2", live.figures_text)
        with self.assertError(UserError, "handed in already"):
            live.action_confirm()
        with self.assertError(UserError, "handed in already"):
            live.note = "Better"

    def test_late(self):
        duties = self.planned()
        north = self.of(duties, "statistics", self.north)
        domain = [("id", "in", duties.ids), ("is_late", "=", True)]
        with freeze_time("2026-11-04 04:00:00"):
            self.assertFalse(north.is_late)
            self.assertFalse(self.Duty.search(domain))
        north.invalidate_recordset()
        with freeze_time("2026-11-05 04:00:00"):
            self.assertTrue(north.is_late)
            self.assertIn(north, self.Duty.search(domain))
            self.assertNotIn(
                north,
                self.Duty.search([("id", "in", duties.ids), ("is_late", "=", False)]),
            )

    def test_late_duties_are_overdue_in_the_company(self):
        def overdue(user):
            self.env.flush_all()
            self.env.invalidate_all()
            return (
                self.env["care.overdue"]
                .with_user(user)
                .with_context(allowed_company_ids=self.company.ids)
                .search([("kind", "=", "duty")])
            )

        day = self.company._care_today()
        duties = self.env["care.month.duty"]._generate(self.company, day.replace(day=1))
        mine = duties.filtered(lambda duty: duty.department_id == self.north)[:1]
        self.env.cr.execute(
            "UPDATE care_month_duty SET date_due = %s WHERE id = ANY(%s)",
            [day, duties.ids],
        )
        self.assertFalse(overdue(self.manager), "due today is not late")
        self.env.cr.execute(
            "UPDATE care_month_duty SET date_due = date_due - 3 WHERE id = %s",
            [mine.id],
        )
        [row] = overdue(self.manager)
        self.assertEqual((row.res_id, row.days), (mine.id, 3))
        self.assertEqual(row.user_id, self.boss)
        self.assertEqual(row.department_id, self.north)
        self.assertEqual(row.name, mine.display_name)
        self.assertEqual(overdue(self.boss).res_id, mine.id)
        self.assertFalse(overdue(self.rep))
        mine.with_user(self.boss).action_confirm()
        self.assertFalse(overdue(self.manager))
        self.env["res.groups"]._switch_care_features(merit=False)
        self.assertFalse(overdue(self.manager))

    def test_who_reads_and_confirms(self):
        duties = self.planned()
        north = self.of(duties, "statistics", self.north)
        south = self.of(duties, "statistics", self.south)
        domain = [("id", "in", duties.ids)]
        self.assertEqual(self.Duty.with_user(self.rep).search(domain), north)
        self.assertEqual(self.Duty.with_user(self.boss).search(domain), north)
        self.assertEqual(self.Duty.with_user(self.manager).search(domain), duties)
        with self.assertError(AccessError, "is responsible for"):
            north.with_user(self.rep).action_confirm()
        with self.assertError(AccessError, "is responsible for"):
            north.with_user(self.rep).note = "Mine"
        with self.assertRaises(AccessError):
            south.with_user(self.boss).action_confirm()
        for values in (
            {"state": "done"},
            {"figures": {"met": 9}},
            {"confirmed_by_id": self.boss.id},
            {"date_due": "2030-01-01"},
            {"user_id": self.rep.id},
        ):
            for user in (self.boss, self.manager):
                with self.assertRaises(AccessError):
                    north.with_user(user).write(values)
        with self.assertRaises(AccessError):
            north.with_user(self.manager).unlink()
        north.with_user(self.manager).action_confirm()
        self.assertEqual(north.confirmed_by_id, self.manager)
        other = self.Duty.with_user(self.manager).search(
            [("company_id", "=", self.other_company.id)]
        )
        self.assertFalse(other)

    def test_working_days(self):
        Plan = self.env["care.month.duty.plan"]
        plan = Plan.new({"working_day": 1})
        first = date(2026, 11, 1)
        for place, day in ((1, 2), (5, 6), (6, 9), (-1, 30), (23, 30), (-23, 2)):
            plan.working_day = place
            self.assertEqual(
                plan._due_date(self.company, first), date(2026, 11, day), place
            )
        for place in (0, 24, -24):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                Plan.create({"name": "x", "working_day": place})
                self.env.flush_all()
