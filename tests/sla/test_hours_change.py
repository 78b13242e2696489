from datetime import date, datetime, timedelta

import pytz
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from ..common_complaint import ComplaintCase

MONDAY = "2026-11-09 00:00:00"
"""8 o'clock in Shanghai"""
TUESDAY = ("2026-11-09 16:00:00", "2026-11-10 15:59:59")
SATURDAY = "2026-11-14"


class HoursCase(ComplaintCase):
    def holiday(self, first=TUESDAY[0], last=TUESDAY[1], **values):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": first,
                "date_to": last,
                **values,
            }
        )

    def day(self, date=SATURDAY, like="1", **values):
        return self.env["care.working.day"].create(
            {
                "calendar_id": self.calendar.id,
                "date": date,
                "like_weekday": like,
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestWorkingDay(HoursCase):
    def due(self, received, hours):
        policy = self.policy(hours=hours)
        with freeze_time(received):
            complaint = self.complain()
        policy.active = False
        return str(complaint.sla_deadline)

    def working(self, first, last):
        days = self.calendar._care_working_days(
            self.company, date.fromisoformat(first), date.fromisoformat(last)
        )
        return {
            str(day): sum((end - start).total_seconds() for start, end in parts) / 3600
            for day, parts in days.items()
        }

    def test_make_up_saturday(self):
        """Clock, due dates and capacity agree."""
        self.assertEqual(self.due("2026-11-13 08:00:00", 2), "2026-11-16 01:00:00")
        day = self.day()
        self.assertEqual(self.due("2026-11-13 08:00:00", 2), "2026-11-14 01:00:00")
        self.assertEqual(self.working("2026-11-14", "2026-11-16")[SATURDAY], 8)
        self.company.resource_calendar_id = self.calendar
        days = self.rep._care_working_days(
            self.company, date(2026, 11, 13), date(2026, 11, 15)
        )
        self.assertEqual(days[False], [date(2026, 11, 13), date(2026, 11, 14)])
        tz = pytz.timezone(self.ZONE)
        week = [tz.localize(datetime(2026, 11, day)) for day in (9, 16)]
        self.assertEqual(self.calendar._care_work_hours(self.company, *week), 48)
        day.write({"like_weekday": False, "hour_from": 9.5, "hour_to": 12})
        self.assertEqual(self.working(SATURDAY, SATURDAY), {SATURDAY: 2.5})
        self.assertEqual(self.due("2026-11-13 08:00:00", 2), "2026-11-14 02:30:00")
        day.unlink()
        self.assertEqual(self.working(SATURDAY, SATURDAY), {})

    def test_capacity_counts_it(self):
        self.company.resource_calendar_id = self.calendar
        self.rep.resource_ids.calendar_id = self.calendar
        capacity = self.env["care.capacity"].with_company(self.company).create({})
        with freeze_time("2026-11-08 00:00:00"):
            week = capacity._weeks()[1:2]
            before = capacity._working_hours(self.rep, week)
            self.day()
            after = capacity._working_hours(self.rep, week)
        self.assertEqual([*before.values(), *after.values()], [40, 48])

    def test_replaces_the_hours_of_the_week(self):
        self.day("2026-11-11", like=False, hour_from=8, hour_to=10)
        self.assertEqual(self.working("2026-11-11", "2026-11-11"), {"2026-11-11": 2})

    def test_wins_over_a_holiday_that_spans_it(self):
        self.holiday("2026-11-12 16:00:00", "2026-11-15 15:59:59")
        self.day()
        self.assertEqual(self.working("2026-11-12", "2026-11-16")[SATURDAY], 8)
        self.holiday("2026-11-14 05:00:00", "2026-11-14 07:00:00")
        self.assertEqual(
            self.working("2026-11-12", "2026-11-16"),
            {"2026-11-12": 8, SATURDAY: 6, "2026-11-16": 8},
        )

    def test_at_the_turn_of_a_month_and_beyond_utc(self):
        """1 November in Shanghai begins on 31 October in UTC."""
        self.day("2026-11-01", like=False, hour_from=0, hour_to=24)
        self.assertEqual(self.working("2026-10-31", "2026-11-01"), {"2026-11-01": 24})

    def test_day_of_24_hours_to_the_second(self):
        self.calendar.attendance_ids.unlink()
        self.calendar.attendance_ids = [
            Command.create(
                {"name": "x", "dayofweek": str(day), "hour_from": 0, "hour_to": 24}
            )
            for day in range(7)
        ]
        self.assertEqual(self.due("2026-11-08 00:00:01", 500), "2026-11-28 20:00:01")
        self.holiday()
        self.assertEqual(self.due("2026-11-08 00:00:01", 500), "2026-11-29 20:00:01")

    def test_two_weeks(self):
        self.calendar.switch_calendar_type()
        even = self.calendar.attendance_ids.filtered(
            lambda part: part.dayofweek == "1" and part.week_type == "0"
        )
        even.filtered(lambda part: part.day_period == "afternoon").unlink()
        self.day("2026-11-14")
        self.day("2026-11-21")
        hours = self.working("2026-11-14", "2026-11-21")
        self.assertEqual(sorted((hours[SATURDAY], hours["2026-11-21"])), [4, 8])

    def test_bad_input(self):
        self.day()
        for values in (
            {},
            {"calendar_id": False},
            {"date": False},
            {"date": "2026-11-15", "like": False},
            {"date": "2026-11-15", "like": False, "hour_from": 9, "hour_to": 9},
            {"date": "2026-11-15", "like": False, "hour_from": 9, "hour_to": 25},
        ):
            with (
                self.assertRaises(IntegrityError, msg=values),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.day(**values)
        with self.assertRaisesRegex(ValidationError, "no hours on Sunday"):
            self.day("2026-11-15", like="6")

    def test_rights(self):
        day = self.day()
        self.assertEqual(day.with_user(self.rep).display_name, day.display_name)
        with self.assertRaises(AccessError):
            day.with_user(self.rep).unlink()
        self.calendar.company_id = self.other_company
        self.env.flush_all()
        self.assertFalse(
            self.env["care.working.day"]
            .with_user(self.manager)
            .with_context(allowed_company_ids=self.company.ids)
            .search([("id", "=", day.id)])
        )

    def test_days_of_next_year_are_missing(self):
        self.day("2026-02-14")
        self.holiday("2026-02-16 16:00:00", "2026-02-17 15:59:59")
        calendar = self.calendar.with_user(self.manager)
        Day = self.env["care.working.day"].with_company(self.company)

        def notice(today):
            with freeze_time(today):
                calendar.invalidate_recordset()
                opened = Day.with_user(self.manager).action_open()
                told = opened.get("params", {}).get("message", "")
                self.assertEqual(bool(told), bool(calendar.care_days_notice))
                return calendar.care_days_notice

        self.assertFalse(notice("2026-10-31"))
        self.assertEqual(
            notice("2026-11-01"),
            "The special working days of 2027 are missing. "
            "The public holidays of 2027 are missing.",
        )
        self.day("2027-02-13")
        self.assertEqual(
            notice("2026-11-01"), "The public holidays of 2027 are missing."
        )
        with freeze_time("2026-11-01"):
            opened = Day.with_user(self.rep).action_open()
        self.assertEqual(opened["res_model"], "care.working.day")

    def test_holiday_that_covers_a_year(self):
        self.holiday("2026-11-09 16:00:00", "2027-11-09 15:59:59")
        with freeze_time(MONDAY):
            notice = self.calendar.with_user(self.manager).care_days_notice
        self.assertIn("“Holiday” lasts 365 days", notice)
        self.assertEqual(self.due("2026-11-09 08:00:00", 2), "2027-11-10 01:00:00")
        with self.assertRaises(ValidationError):
            self.holiday("2026-11-10 00:00:00", "2026-11-09 00:00:00")


@tagged("post_install", "-at_install")
class TestHoursChange(HoursCase):
    """Running clocks follow changed hours when a person says so, not before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.running = cls.policy(hours=10)
        cls.startClassPatcher(freeze_time(MONDAY))
        cls.complaint = cls.complain()
        cls.clock = cls.complaint.sla_ids
        cls.old, cls.new = cls.at("2026-11-10 02:00:00"), cls.at("2026-11-11 02:00:00")

    def deadline(self):
        self.env.invalidate_all()
        self.assertEqual(self.clock.deadline, self.complaint.sla_deadline)
        return self.complaint.sla_deadline

    def counts(self):
        self.env.invalidate_all()
        return (
            self.calendar.with_user(self.manager).care_outdated_count,
            self.running.with_user(self.manager).hours_outdated_count,
        )

    def test_holiday(self):
        self.assertEqual((self.counts(), self.deadline()), ((0, 0), self.old))
        self.holiday()
        self.assertEqual((self.counts(), self.deadline()), ((1, 1), self.old))
        self.calendar.with_user(self.manager).action_care_recompute()
        self.assertEqual((self.counts(), self.deadline()), ((0, 0), self.new))
        self.assertFalse(self.env["care.hours.snapshot"].search([]))

    def test_kept_through_a_pause(self):
        """No event moves the deadline to hours that nobody has accepted."""
        self.holiday()
        self.running.with_user(self.manager).action_keep_hours()
        self.assertEqual((self.counts(), self.deadline()), ((0, 0), self.old))
        with freeze_time("2026-11-09 01:00:00"):
            self.complaint.stage_id = self.waiting
            self.complaint.flush_recordset()
            self.assertFalse(self.deadline())
        with freeze_time("2026-11-09 02:00:00"):
            self.complaint.stage_id = self.stages["solve"]
            self.complaint.flush_recordset()
        self.assertEqual(self.deadline(), self.at("2026-11-10 03:00:00"))
        self.assertEqual(
            self.complaint.sla_timer["parts"].split(",")[2][:19],
            "2026-11-10 00:00:00",
            "timer too",
        )

    def test_recompute_after_the_old_deadline(self):
        self.holiday()
        with freeze_time("2026-11-10 06:00:00"):
            self.env.invalidate_all()
            self.assertEqual(self.clock.state, "missed")
            self.running.with_user(self.manager).action_recompute_hours()
            self.assertEqual(self.deadline(), self.new)
            self.assertEqual(self.clock.state, "ongoing")
            self.assertEqual(self.complaint.sla_state, "on_track")

    def test_changed_policy_after_the_old_deadline(self):
        with freeze_time("2026-11-10 06:00:00"):
            self.running.hours = 16
            self.running.action_recompute()
            self.assertEqual(self.deadline(), self.at("2026-11-10 09:00:00"))
            self.assertEqual(self.clock.state, "ongoing")

    def test_what_changes_hours(self):
        monday = self.calendar.attendance_ids.filtered(
            lambda part: part.dayofweek == "0" and part.hour_from == 13
        )
        expected = {
            "attendance": "2026-11-10 03:00:00",
            "zone": "2026-11-10 10:00:00",
            "day": "2026-11-10 08:00:00",
            "team": "2026-11-11 01:00:00",
        }
        other = self.make_calendar(self.ZONE, days=(0, 2, 4))
        other.attendance_ids.filtered(lambda part: part.hour_from == 13).hour_to = 18
        for name, change, count in (
            ("attendance", lambda: monday.write({"hour_to": 16}), (1, 1)),
            ("zone", lambda: self.calendar.write({"tz": "UTC"}), (1, 1)),
            (
                "day",
                lambda: self.day("2026-11-09", like=False, hour_from=8, hour_to=11),
                (1, 1),
            ),
            ("team", lambda: self.team.write({"calendar_id": other.id}), (1, 1)),
        ):
            with self.subTest(change=name), self.cr.savepoint() as savepoint:
                change()
                self.assertEqual((self.counts(), self.deadline()), (count, self.old))
                self.running.with_user(self.manager).action_recompute_hours()
                self.assertEqual(self.counts(), (0, 0))
                self.assertEqual(self.deadline(), self.at(expected[name]))
                savepoint.rollback()
                self.env.invalidate_all()
                self.env.registry.clear_cache()

    def test_calendar_of_the_company(self):
        self.team.calendar_id = False
        self.company.resource_calendar_id = self.calendar
        self.assertEqual(self.counts(), (0, 0))
        alone = self.complain(team_id=False).sla_ids
        self.company.resource_calendar_id = self.make_calendar("UTC")
        self.assertEqual((self.counts(), self.deadline()), ((2, 2), self.old))
        self.assertTrue(alone.hours_changed)
        self.calendar.with_user(self.manager).action_care_recompute()
        self.assertEqual(self.deadline(), self.at("2026-11-10 10:00:00"))

    def test_what_changes_nothing(self):
        """Holidays elsewhere, at another time, of one person, or on a free day"""
        self.holiday("2026-11-13 16:00:00", "2026-11-15 15:59:59")
        self.holiday("2026-12-24 16:00:00", "2026-12-25 15:59:59")
        self.holiday(resource_id=self.env["resource.resource"].create({"name": "x"}).id)
        self.holiday(calendar_id=self.make_calendar("UTC").id)
        self.calendar.name = "Other name"
        self.assertEqual(self.counts(), (0, 0))
        holiday = self.holiday()
        self.assertEqual(self.counts(), (1, 1))
        holiday.unlink()
        self.assertEqual(self.counts(), (0, 0), "a mistake taken back")
        self.assertEqual(self.deadline(), self.old)

    def test_finished_clocks_are_not_asked_about(self):
        self.complaint.stage_id = self.stages["closed"]
        self.complaint.flush_recordset()
        self.holiday()
        self.assertEqual(self.counts(), (0, 0))

    def test_holiday_of_all_calendars(self):
        leave = self.env["resource.calendar.leaves"].with_company(self.company)
        leave = leave.create(
            {"name": "All", "date_from": TUESDAY[0], "date_to": TUESDAY[1]}
        )
        leave.calendar_id = False
        self.assertEqual(self.counts(), (1, 1))
        self.running.action_recompute_hours()
        self.assertEqual(self.deadline(), self.new)

    def test_who_decides(self):
        self.holiday()
        for user in (self.rep, self.all):
            for call in (
                self.calendar.with_user(user).action_care_recompute,
                self.calendar.with_user(user).action_care_keep,
                self.running.with_user(user).action_recompute_hours,
                self.running.with_user(user).action_keep_hours,
            ):
                with self.assertRaises(AccessError):
                    call()
        self.assertEqual((self.counts(), self.deadline()), ((1, 1), self.old))

    def test_calendar_with_running_clocks_is_not_deleted(self):
        self.team.calendar_id = self.make_calendar("UTC")
        with self.assertRaisesRegex(UserError, "Archive"):
            self.calendar.unlink()
        self.complaint.stage_id = self.stages["closed"]
        self.complaint.flush_recordset()
        self.calendar.unlink()
        self.assertFalse(self.calendar.exists())

    def test_flexible_hours_are_refused(self):
        flexible = self.make_calendar("UTC")
        flexible.schedule_type = "flexible"
        with self.assertRaisesRegex(ValidationError, "flexible hours"):
            self.team.calendar_id = flexible
        with self.assertRaisesRegex(ValidationError, "flexible hours"):
            self.policy(calendar_id=flexible.id)
        self.calendar.schedule_type = "flexible"
        self.assertIn("flexible hours", self.policy(team_ids=self.team.ids).problem)
        self.assertTrue(self.team.calendar_flexible)
        self.assertEqual(self.deadline(), self.old)
        late = self.complain()
        self.assertFalse(any(late.sla_ids.mapped("deadline")))
        self.assertEqual(late.sla_state, "none")

    def test_years_of_pause(self):
        """Former hours last a year; then the current ones are all there is."""
        self.holiday()
        self.complaint.stage_id = self.waiting
        self.complaint.flush_recordset()
        with freeze_time(self.at(MONDAY) + timedelta(days=700)):
            self.complaint.stage_id = self.stages["solve"]
            self.complaint.flush_recordset()
            self.assertGreater(self.deadline(), self.at("2028-10-09 00:00:00"))

    def test_form(self):
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        admin.group_ids += self.env.ref("customer_care.group_manager")
        with (
            Form(self.calendar.with_user(admin)) as form,
            form.care_working_day_ids.new() as line,
        ):
            line.date = SATURDAY
            line.like_weekday = "1"
        self.assertEqual(self.calendar.care_working_day_ids.like_weekday, "1")


@tagged("post_install", "-at_install")
class TestHoursUi(HttpCase, HoursCase):
    def test_holiday_while_clocks_run(self):
        """A holiday of today and tomorrow comes in; the person recomputes on the
        policy, then enters a special day on the calendar and recomputes there."""
        policy = self.policy(hours=400, name="Tour policy")
        complaint = self.complain()
        before = complaint.sla_deadline
        now = complaint.received_at.replace(hour=0, minute=0, second=0)
        self.holiday(now - timedelta(days=1), now + timedelta(days=6))
        admin = self.env.ref("base.user_admin")
        admin.write(
            {
                "company_ids": [Command.link(self.company.id)],
                "company_id": self.company.id,
                "group_ids": [
                    Command.link(self.env.ref("customer_care.group_manager").id)
                ],
            }
        )
        self.start_tour(
            f"/odoo/action-customer_care.sla_policy_action/{policy.id}",
            "customer_care_hours_policy",
            login="admin",
        )
        self.env.invalidate_all()
        after = complaint.sla_deadline
        self.assertGreater(after, before)
        self.day(
            now.date() + timedelta(days=10),
            like=False,
            hour_from=0,
            hour_to=24,
        )
        self.start_tour(
            f"/odoo/action-resource.action_resource_calendar_form/{self.calendar.id}",
            "customer_care_hours_calendar",
            login="admin",
        )
        self.env.invalidate_all()
        self.assertLess(complaint.sla_deadline, after)
        self.assertEqual(len(self.calendar.care_working_day_ids), 2)
