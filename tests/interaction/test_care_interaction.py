from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import NotNullViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_plan import TODAY, PlanCase


@tagged("post_install", "-at_install")
class TestMatching(PlanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon = cls.a_customer()
        cls.Target._generate(TODAY)
        cls.visit, cls.call = (
            cls.Target.search(
                [
                    ("partner_id", "=", cls.salon.id),
                    ("rule_id", "=", rule.id),
                    ("date_start", "=", "2026-11-01"),
                ]
            )
            for rule in (cls.visits, cls.calls)
        )

    def done(self):
        return self.visit.done, self.call.done

    def test_count_and_next_aim(self):
        first = self.contact(self.salon, 3)
        self.assertEqual(self.done(), (1, 0))
        self.assertEqual(
            self.visit.date_aim,
            date(2026, 11, 18),
            "the second half, and the agreed 15 days after the first visit",
        )
        self.assertEqual(first.target_id, self.visit)
        soon = self.contact(self.salon, 9)
        self.assertEqual(self.done(), (1, 1), "too soon for a visit, served the call")
        self.assertEqual(soon.target_id, self.call)
        self.contact(self.salon, 10)
        self.assertEqual(self.visit.state, "met")

    def test_surplus_visit_serves_a_call_and_returns(self):
        self.visits.min_days = 1
        first = self.contact(self.salon, 3)
        self.contact(self.salon, 4)
        third = self.contact(self.salon, 5)
        self.assertEqual(self.done(), (2, 1))
        self.assertEqual(third.target_id, self.call)
        first.unlink()
        self.assertEqual(self.done(), (2, 0))
        self.assertEqual(third.target_id, self.visit)

    def test_higher_channels_only_where_allowed(self):
        self.visits.min_days = 1
        for day in (3, 4, 5):
            self.contact(self.salon, day)
        self.calls.accept_higher_channel = False
        self.assertEqual(self.done(), (3, 0))
        self.calls.accept_higher_channel = True
        self.assertEqual(self.done(), (2, 1))

    def test_cancelling_and_moving(self):
        shop = self.a_customer("Shop")
        self.generate()
        theirs = self.current(shop, self.visits)
        contact = self.contact(self.salon, 3)
        contact.action_cancel()
        self.assertEqual(self.done(), (0, 0))
        contact.write({"state": "done"})
        self.assertEqual(self.done(), (1, 0))
        contact.date_start = "2026-10-30 08:00:00"
        self.assertEqual(self.done(), (0, 0))
        contact.date_start = "2026-11-04 08:00:00"
        contact.partner_id = shop
        self.assertEqual((self.visit.done, theirs.done), (0, 1))
        contact.channel = "phone"
        self.assertEqual((theirs.done, self.current(shop, self.calls).done), (0, 1))
        contact.role_id = self.consultant
        self.assertEqual(self.current(shop, self.calls).done, 0)

    def test_planned_ones_do_not_count(self):
        contact = self.contact(self.salon, 3, state="planned")
        self.assertEqual(self.done(), (0, 0))
        contact.action_done()
        self.assertEqual(self.done(), (1, 0))

    def test_day_in_the_time_zone_of_the_person(self):
        self.rep.tz = "Asia/Shanghai"
        contact = self.contact(self.salon, 3, date_start="2026-10-31 17:00:00")
        self.assertEqual(contact.date, date(2026, 11, 1))
        self.assertEqual(self.done(), (1, 0))
        self.rep.tz = "UTC"
        self.assertEqual(contact.date, date(2026, 11, 1), "what was, was")

    def test_day_when_the_clock_changes(self):
        """New York left summer time on 1 November 2026 at 06:00 UTC"""
        self.rep.tz = "America/New_York"
        self.visits.min_days = 1
        for start, day in (
            ("2026-11-01 03:59:00", date(2026, 10, 31)),
            ("2026-11-01 04:00:00", date(2026, 11, 1)),
            ("2026-11-02 04:59:00", date(2026, 11, 1)),
            ("2026-11-02 05:00:00", date(2026, 11, 2)),
        ):
            contact = self.contact(self.salon, date_start=start)
            self.assertEqual(contact.date, day, start)
        self.assertEqual(self.visit.done + self.call.done, 3)

    def test_made_before_the_target(self):
        shop = self.a_customer("Shop")
        self.contact(shop, 3)
        self.generate()
        self.assertEqual(self.current(shop, self.visits).done, 1)

    def test_another_role_does_not_count(self):
        self.contact(self.salon, 3, user=self.all)
        self.assertEqual(self.done(), (0, 0))

    def test_role_of_who_has_several(self):
        """The rep is the consultant too: a stay is the consultant's"""
        self.env["care.account.member"].create(
            {
                "partner_id": self.salon.id,
                "role_id": self.consultant.id,
                "user_id": self.rep.id,
            }
        )
        self.assertEqual(self.contact(self.salon, 3, "onsite").role_id, self.consultant)
        self.assertEqual(self.contact(self.salon, 3, "phone").role_id, self.rep_role)

    def test_two_reports_of_two_people(self):
        """Each counts once; who reports second works on the row of the first"""
        self.contact(self.salon, 3)
        self.contact(self.salon, 10, user=self.all, stand_in_for_id=self.rep.id)
        self.assertEqual(self.done(), (2, 0))

    def test_order_of_reporting_does_not_matter(self):
        days = [("visit", 12), ("phone", 2), ("visit", 3), ("visit", 7), ("phone", 9)]
        with freeze_time("2026-11-30 09:00:00"):
            results = []
            for number, order in enumerate((days, days[::-1], sorted(days))):
                salon = self.a_customer(f"Order {number}")
                self.generate()
                for channel, day in order:
                    self.contact(salon, day, channel)
                results.append(
                    [
                        (target.rule_id, target.done, target.state)
                        for target in self.targets(salon)
                    ]
                )
            self.assertEqual(results[0], results[1])
            self.assertEqual(results[0], results[2])

    def test_pace_and_due(self):
        self.visit.date_aim = date(2026, 11, 12)
        for today, due, pace in (
            (2, "later", "on_pace"),
            (10, "week", "on_pace"),
            (12, "today", "on_pace"),
            (13, "overdue", "behind"),
        ):
            with freeze_time(f"2026-11-{today:02} 09:00:00"):
                self.visit.invalidate_recordset()
                self.assertEqual((self.visit.due, self.visit.pace), (due, pace))
                for name, value in (("due", due), ("pace", pace)):
                    self.assertIn(self.visit, self.Target.search([(name, "=", value)]))
                    self.assertNotIn(
                        self.visit, self.Target.search([(name, "!=", value)])
                    )
                    groups = self.Target.formatted_read_group(
                        [("id", "=", self.visit.id)], [name], ["__count"]
                    )
                    self.assertEqual(groups[0][name], value)
        self.contact(self.salon, 3)
        self.assertEqual(self.visit.pace, "ahead")

    def test_attainment_is_weighted(self):
        self.contact(self.salon, 3)
        for day in (4, 5, 6):
            self.contact(self.salon, day, "phone")
        [group] = self.Target.formatted_read_group(
            [("id", "in", (self.visit + self.call).ids)],
            [],
            ["attainment:avg", "counted:sum", "goal:sum"],
        )
        self.assertEqual(group["counted:sum"], 2)
        self.assertAlmostEqual(group["attainment:avg"], 200 / 3)

    def test_logging_takes_few_queries(self):
        self.env.invalidate_all()
        self.env["care.interaction"].with_user(self.rep).create(
            {"partner_id": self.salon.id, "channel": "visit", "state": "done"}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            self.env["care.interaction"].with_user(self.rep).create(
                {
                    "partner_id": self.salon.id,
                    "channel": "phone",
                    "state": "done",
                    "summary": "All well",
                }
            )
            self.env.flush_all()

    def test_my_contacts_takes_few_queries(self):
        spec = {
            name: {"fields": {"display_name": {}}} if many2one else {}
            for name, many2one in (
                ("partner_id", 1),
                ("tier_id", 1),
                ("channel", 0),
                ("duty", 0),
                ("date_aim", 0),
                ("pace", 0),
                ("last_contact_date", 0),
                ("last_contact_channel", 0),
                ("reason_to_call", 0),
                ("next_planned", 0),
                ("phone", 0),
                ("map_url", 0),
                ("activity_ids", 0),
            )
        }
        domain = [("user_id", "=", self.rep.id), ("state", "=", "open")]
        Target = self.Target.with_user(self.rep)

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            Target.web_search_read(domain, spec, limit=80)
            return self.cr.sql_log_count - before

        few = queries()
        for number in range(15):
            shop = self.a_customer(f"Shop {number}")
            self.contact(shop, 2, next_topic="Prices", promise="Price list")
        self.generate()
        self.assertLessEqual(queries(), few + 3, "no query per record")
        self.assertLessEqual(queries(), 30)


@tagged("post_install", "-at_install")
class TestInteraction(PlanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon = cls.a_customer(street="1 Main Street", city="Springfield")
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.salon.id, "email": "b@example.com"}
        )

    def test_bad_input(self):
        with self.assertError(ValidationError, "end before it starts"):
            self.contact(self.salon, 3, date_end="2026-11-02 08:00:00")
        with self.assertError(ValidationError, "future"):
            self.contact(self.salon, 20)
        with self.assertError(ValidationError, "location is not valid"):
            self.contact(self.salon, 3, latitude=120)
        stranger = self.customer("Stranger")
        with self.assertError(ValidationError, "does not belong"):
            self.contact(self.salon, 3, contact_id=stranger.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(NotNullViolation):
            self.env["care.interaction"].create({"channel": "visit"})

    def test_phone_clock_slightly_ahead(self):
        now = fields.Datetime.now()
        self.contact(self.salon, date_start=now + timedelta(minutes=2))

    def test_contact_person_given_as_customer(self):
        contact = self.contact(self.buyer, 3)
        self.assertEqual(
            (contact.partner_id, contact.contact_id), (self.salon, self.buyer)
        )

    def test_late_report(self):
        for hours, late in ((23, False), (25, True)):
            end = fields.Datetime.now() - timedelta(hours=hours)
            contact = self.contact(
                self.salon, date_start=end - timedelta(hours=1), date_end=end
            )
            self.assertEqual(contact.is_late, late)

    def test_chatter_gets_one_line(self):
        before = len(self.salon.message_ids)
        contact = self.contact(
            self.salon, 3, summary="Secret summary", contact_id=self.buyer.id
        )
        lines = self.salon.message_ids[: len(self.salon.message_ids) - before]
        self.assertEqual(len(lines), 1)
        for part in ("Visit", "11/03/2026", self.rep.name, str(contact.id)):
            self.assertIn(part, lines.body)
        self.assertNotIn("Secret", lines.body)
        contact.summary = "Another"
        self.assertEqual(len(self.salon.message_ids), before + 1)

    def test_next_appointment_becomes_a_meeting(self):
        contact = self.contact(
            self.salon,
            3,
            contact_id=self.buyer.id,
            next_date="2026-11-24 10:00:00",
            next_topic="Prices",
        )
        following = contact.next_id
        self.assertRecordValues(
            following,
            [
                {
                    "state": "planned",
                    "partner_id": self.salon.id,
                    "contact_id": self.buyer.id,
                    "date_start": datetime(2026, 11, 24, 10),
                    "channel": "visit",
                    "topic": "Prices",
                    "role_id": self.rep_role.id,
                }
            ],
        )
        event = following.calendar_event_id
        self.assertEqual(event.partner_ids, self.rep.partner_id | self.buyer)
        self.assertEqual(
            (event.res_model, event.res_id), ("res.partner", self.salon.id)
        )
        self.assertEqual(event.start, datetime(2026, 11, 24, 10))
        self.assertIn("1 Main Street", event.location)
        contact.write({"state": "cancelled"})
        contact.write({"state": "done"})
        self.assertEqual(contact.next_id, following, "once")
        self.assertEqual(
            self.env["care.interaction"].search_count(
                [("calendar_event_id", "=", event.id)]
            ),
            1,
        )

    def test_meeting_and_contact_move_together(self):
        contact = self.contact(self.salon, 3, state="planned")
        contact.date_start = "2026-11-20 08:00:00"
        contact.action_schedule()
        event = contact.calendar_event_id
        event.write({"start": "2026-11-21 09:00:00", "stop": "2026-11-21 11:00:00"})
        self.assertEqual(contact.date_start, datetime(2026, 11, 21, 9))
        self.assertEqual(contact.duration, 2)
        contact.date_start = "2026-11-22 09:00:00"
        self.assertEqual(event.start, datetime(2026, 11, 22, 9))
        self.assertEqual(event.stop, datetime(2026, 11, 22, 11))
        contact.action_cancel()
        self.assertFalse(event.active)
        again = self.contact(self.salon, 3, state="planned")
        again.date_start = "2026-11-20 08:00:00"
        again.action_schedule()
        again.calendar_event_id.unlink()
        self.assertEqual(again.state, "cancelled")

    def test_promise(self):
        contact = self.contact(
            self.salon, 3, promise="Price list", promise_date="2026-11-12"
        )
        self.assertEqual(contact.promise_state, "open")
        self.assertEqual(contact.activity_ids.user_id, self.rep)
        self.assertEqual(contact.activity_ids.date_deadline, date(2026, 11, 12))
        reasons = self.salon._care_reasons_to_call()
        self.assertEqual(reasons[self.salon], "Promised: Price list")
        contact.activity_ids.with_user(self.rep).action_done()
        self.assertEqual(contact.promise_state, "kept")
        other = self.contact(self.salon, 4, promise="Samples")
        other.with_user(self.rep).action_promise_kept()
        self.assertEqual(other.promise_state, "kept")
        self.assertFalse(other.activity_ids)

    def test_length_of_a_stay(self):
        """Five days the first time, three at an established store"""
        values = {
            "partner_id": self.salon.id,
            "role_id": self.consultant.id,
            "channel": "onsite",
            "date_start": "2026-11-16 08:00:00",
        }
        Interaction = self.env["care.interaction"]
        self.assertEqual(
            Interaction.create(values).date_end, datetime(2026, 11, 20, 16)
        )
        self.contact(self.salon, 3, "onsite", role_id=self.consultant.id)
        self.assertEqual(
            Interaction.create(values).date_end, datetime(2026, 11, 18, 16)
        )

    def test_customer_with_contacts_is_not_deleted(self):
        shop = self.customer("Shop")
        self.contact(shop, 3)
        self.rep.group_ids += self.env.ref("base.group_partner_manager")
        with self.assertError(UserError, "cannot be deleted"):
            shop.with_user(self.rep).unlink()

    def test_check_in_and_brief(self):
        self.salon.child_ids.care_birthday = "1980-11-20"
        self.contact(self.salon, 3, summary="Runs a spa", promise="Price list")
        self.order(self.salon, 500, state="draft")
        self.generate()
        brief = self.salon.with_user(self.rep).care_brief
        for part in (
            "Runs a spa",
            "Price list",
            "Buyer",
            "2 visits a month",
            "Springfield",
        ):
            self.assertIn(part, brief)

    def test_brief_keeps_the_readers_rights(self):
        self.contact(self.salon, 3, summary="Runs a spa")
        stranger = self.make_user("stranger", "sales_team.group_sale_salesman")
        self.assertNotIn("Runs a spa", self.salon.with_user(stranger).care_brief)

    def test_birthday_on_29_february(self):
        self.buyer.care_birthday = "1980-02-29"
        self.assertEqual(
            self.salon._care_birthdays(date(2027, 2, 1)),
            [(self.buyer, date(2027, 2, 28))],
        )
        self.assertEqual(
            self.salon._care_birthdays(date(2028, 2, 1)),
            [(self.buyer, date(2028, 2, 29))],
        )

    def test_opportunity(self):
        contact = self.contact(self.salon, 3, topic="Second store")
        action = contact.action_create_lead()
        lead = self.env["crm.lead"].browse(action["res_id"])
        self.assertEqual((lead.name, lead.partner_id), ("Second store", self.salon))
        self.assertEqual(lead.care_interaction_count, 1)
        contact.action_create_lead()
        self.assertEqual(contact.lead_id, lead, "once")
        self.generate()
        self.assertEqual(lead.care_next_target_id.partner_id, self.salon)
        fresh = self.env["care.interaction"].create({"lead_id": lead.id})
        self.assertEqual(fresh.partner_id, self.salon)
        with self.assertError(UserError, "customer of this opportunity"):
            self.env["crm.lead"].create({"name": "Plain"}).action_log_care_interaction()

    def test_report_from_a_target(self):
        self.generate()
        target = self.current(self.salon, self.visits).with_user(self.rep)
        action = target.action_report()
        contact = (
            self.env["care.interaction"]
            .with_user(self.rep)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual((contact.partner_id, contact.channel), (self.salon, "visit"))
        self.assertEqual(
            target.action_report()["res_id"], contact.id, "the planned one"
        )
        contact.summary = "Sells well"
        contact.action_done()
        self.assertEqual(target.done, 1)

    def test_report_takes_what_is_planned_for_the_target(self):
        self.generate()
        target = self.current(self.salon, self.visits).with_user(self.rep)
        planned = {
            "partner_id": self.salon.id,
            "channel": "visit",
            "role_id": target.role_id.id,
            "user_id": self.rep.id,
            "state": "planned",
        }
        Interaction = self.env["care.interaction"].with_user(self.rep)
        loose = Interaction.create(planned | {"date_start": "2026-11-01 09:00:00"})
        self.assertEqual(target.action_report()["res_id"], loose.id)
        later = Interaction.create(
            planned | {"date_start": "2026-12-01 09:00:00", "target_id": target.id}
        )
        self.assertEqual(
            target.action_report()["res_id"], later.id, "no second report of it"
        )

    def test_guarded_fields(self):
        contact = self.contact(self.salon, 3).with_user(self.rep)
        for name, value in (("reported_at", "2026-11-03"), ("promise_state", "kept")):
            with self.assertError(UserError, "buttons"):
                contact.write({name: value})
        forged = (
            self.env["care.interaction"]
            .with_user(self.rep)
            .with_context(default_promise_state="kept")
            .create({"partner_id": self.salon.id, "reported_at": "2020-01-01"})
        )
        self.assertFalse(forged.promise_state or forged.reported_at)

    def test_reported_again_after_a_mistake(self):
        contact = self.contact(self.salon, 3).with_user(self.rep)
        first = contact.reported_at
        contact.action_cancel()
        contact.action_plan_again()
        self.assertFalse(contact.reported_at)
        with freeze_time("2026-11-19 09:00:00"):
            contact.date_start = "2026-11-19 08:00:00"
            contact.action_done()
            self.assertEqual(contact.reported_at, fields.Datetime.now())
        self.assertGreater(contact.reported_at, first)

    def test_done_ones_are_the_administrators_to_delete(self):
        contact = self.contact(self.salon, 3)
        with self.assertError(UserError, "not allowed|cancelled"):
            contact.with_user(self.all).unlink()
        contact.with_user(self.manager).unlink()


@tagged("post_install", "-at_install")
class TestNobodyReportsTwice(PlanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon = cls.a_customer()
        cls.Target._generate(TODAY)
        cls.call = cls.Target.search(
            [
                ("partner_id", "=", cls.salon.id),
                ("rule_id", "=", cls.calls.id),
                ("date_start", "=", "2026-11-01"),
            ]
        )

    def interactions(self):
        return self.env["care.interaction"].search([("partner_id", "=", self.salon.id)])

    def do(self, record, kind="call", **values):
        activity = record.with_user(self.rep).activity_schedule(
            f"mail.mail_activity_data_{kind}", user_id=self.rep.id, **values
        )
        activity.action_feedback("Spoke about prices")

    def test_call_on_a_customer(self):
        self.do(self.salon)
        self.assertRecordValues(
            self.interactions(),
            [
                {
                    "state": "done",
                    "channel": "phone",
                    "user_id": self.rep.id,
                    "summary": "Spoke about prices",
                    "target_id": self.call.id,
                }
            ],
        )

    def test_call_on_an_opportunity(self):
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.salon.id, "user_id": self.rep.id}
        )
        self.do(lead)
        self.assertEqual(self.interactions().lead_id, lead)
        self.assertEqual(self.call.done, 1)

    def test_activity_on_a_target(self):
        self.do(self.call)
        self.assertEqual(self.call.state, "met")

    def test_not_for_others(self):
        self.do(self.salon, "todo")
        self.do(self.customer("No tier", user_id=self.rep.id))
        self.company.care_log_activities = False
        self.do(self.salon)
        self.assertFalse(self.interactions())
        self.company.care_log_activities = True
        activity = self.salon.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.employee.id
        )
        activity.with_user(self.employee).action_feedback("Not of the app")
        self.assertFalse(self.interactions())

    def test_meeting_in_the_calendar(self):
        event = (
            self.env["calendar.event"]
            .with_user(self.rep)
            .create(
                {
                    "name": "Prices",
                    "start": "2026-11-12 10:00:00",
                    "stop": "2026-11-12 11:00:00",
                    "partner_ids": [(6, 0, (self.salon | self.rep.partner_id).ids)],
                }
            )
        )
        self.assertRecordValues(
            self.interactions(),
            [
                {
                    "state": "planned",
                    "topic": "Prices",
                    "user_id": self.rep.id,
                    "calendar_event_id": event.id,
                }
            ],
        )
        with freeze_time("2026-11-12 12:00:00"):
            self.assertTrue(self.interactions().to_report)

    def test_meeting_activity_of_a_planned_contact(self):
        contact = self.contact(self.salon, 3, state="planned", summary=False)
        contact.date_start = "2026-11-12 10:00:00"
        contact.with_user(self.rep).action_schedule()
        event = contact.calendar_event_id
        self.assertTrue(event.activity_ids)
        with freeze_time("2026-11-12 12:00:00"):
            event.activity_ids.with_user(self.rep).action_feedback("Went well")
        self.assertEqual(self.interactions(), contact, "no second one")
        self.assertEqual((contact.state, contact.summary), ("done", "Went well"))

    def test_report_closes_the_meeting(self):
        contact = self.contact(self.salon, 3, state="planned")
        contact.action_schedule()
        activity = contact.calendar_event_id.activity_ids
        contact.action_done()
        self.assertFalse(activity.active)
        self.assertEqual(self.interactions(), contact)

    def test_private_meeting_stays_private(self):
        self.env["calendar.event"].with_user(self.rep).create(
            {
                "name": "Private",
                "start": "2026-11-12 10:00:00",
                "stop": "2026-11-12 11:00:00",
                "privacy": "private",
                "partner_ids": [(6, 0, self.salon.ids)],
            }
        )
        self.assertFalse(self.interactions())


@tagged("post_install", "-at_install")
class TestCapacity(PlanCase):
    def test_load(self):
        """10 customers, 2 visits of 2 h in November: on Tuesday the 10th the first is
        due by the 15th, six days of which five are in this week."""
        for number in range(10):
            self.a_customer(f"Salon {number}")
        self.rep.tz = "UTC"
        self.company.care_hours_visit = 2
        self.calls.mode = "as_needed"
        self.generate()
        matrix = self.env["care.capacity"].create({"weeks": 3}).matrix
        [row] = [row for row in matrix["rows"] if row["id"] == self.rep.id]
        self.assertEqual(matrix["weeks"], ["2026-11-09", "2026-11-16", "2026-11-23"])
        self.assertAlmostEqual(
            sum(cell["planned"] for cell in row["cells"]), 40 * 20 / 21, 0
        )
        self.assertTrue(all(cell["working"] for cell in row["cells"][1:]))
        cell = row["cells"][1]
        self.assertEqual(cell["load"], round(100 * cell["planned"] / cell["working"]))

    def test_calendar_without_hours(self):
        self.a_customer()
        self.generate()
        self.rep.resource_calendar_id = False
        self.company.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "Empty", "attendance_ids": [(5, 0, 0)]}
        )
        matrix = self.env["care.capacity"].create({"weeks": 2}).matrix
        self.assertTrue(
            all(c["load"] is None for r in matrix["rows"] for c in r["cells"])
        )

    def test_a_rep_sees_himself_only(self):
        self.a_customer()
        self.a_customer("Shop", user=self.all)
        self.generate()
        matrix = self.env["care.capacity"].with_user(self.rep).create({}).matrix
        self.assertEqual([row["id"] for row in matrix["rows"]], [self.rep.id])


@tagged("post_install", "-at_install")
class TestMerge(PlanCase):
    def merge(self, winner, loser, user):
        user.group_ids += self.env.ref("base.group_partner_manager")
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user)
        wizard.create({})._merge((winner | loser).ids, winner)

    def test_contacts_and_targets_follow(self):
        winner = self.a_customer("Winner")
        loser = self.a_customer("Loser", tier=self.B, user=self.all)
        for partner in (winner, loser):
            self.env["care.account.member"].create(
                {
                    "partner_id": partner.id,
                    "role_id": self.consultant.id,
                    "user_id": self.manager.id,
                }
            )
        self.env["care.plan.exception"].create(
            {"partner_id": loser.id, "channel": "phone", "reason": "No calls"}
        )
        self.generate()
        self.contact(winner, 3)
        seen = self.contact(loser, 10, user=self.all)
        complaint = self.env["care.complaint"].create(
            {"subject": "Broken", "partner_id": loser.id}
        )
        self.merge(winner, loser, self.all)
        self.assertFalse(loser.exists())
        self.assertEqual((seen.partner_id, complaint.partner_id), (winner, winner))
        self.assertEqual(self.current(winner, self.visits).done, 2)
        self.assertEqual(winner.care_member_ids.user_id, self.rep | self.manager)
        self.assertEqual(winner.care_exception_ids.reason, "No calls")
        self.generate()
        self.assertFalse(self.targets(winner, self.b_visits, "open"))

    def test_same_window_of_both(self):
        winner, loser = self.a_customer("Winner"), self.a_customer("Loser")
        self.generate()
        for partner, day in ((winner, 2), (loser, 9)):
            self.contact(partner, day)
            self.contact(partner, day + 1, "phone")
        self.merge(winner, loser, self.manager)
        self.assertEqual(self.current(winner, self.visits).state, "met")
        self.assertEqual(len(self.current(winner, self.visits)), 1)
        self.assertEqual(self.current(winner, self.calls).done, 2)
