from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ...models.complaint.care_complaint import CLOCK_SUMMARY_FIELDS
from ..common_complaint import ComplaintCase

MONDAY = "2026-11-09 00:00:00"
"""8 o'clock in Shanghai"""


@tagged("post_install", "-at_install")
class TestComplaintSla(ComplaintCase):
    """The rules of the clock on real calendars (design, core 3)."""

    def deadline(self, received, hours, zone=None, **values):
        if zone:
            self.team.calendar_id = self.make_calendar(zone)
        policy = self.policy(hours=hours, **values)
        with freeze_time(received):
            complaint = self.complain(received_at=received)
        policy.active = False
        return complaint.sla_ids.filtered(lambda s: s.policy_id == policy).deadline

    def move(self, complaint, stage, when):
        with freeze_time(when):
            complaint.stage_id = self.stages.get(stage, stage)
            complaint.flush_recordset()

    # Working time ---------------------------------------------------

    def test_lunch_night_and_weekend(self):
        for received, hours, expected in (
            ("2026-11-09 00:00:00", 4, "2026-11-09 04:00:00"),
            ("2026-11-09 03:30:00", 1, "2026-11-09 05:30:00"),
            ("2026-11-09 08:00:00", 1, "2026-11-09 09:00:00"),
            ("2026-11-09 08:00:00", 2, "2026-11-10 01:00:00"),
            ("2026-11-13 08:00:00", 2, "2026-11-16 01:00:00"),
            ("2026-11-14 08:00:00", 1, "2026-11-16 01:00:00"),
        ):
            self.assertEqual(
                self.deadline(received, hours), self.at(expected), (received, hours)
            )

    def test_summer_time(self):
        """Berlin 25 October 2026 (+2 to +1), New York 1 November (-4 to -5): the same
        hour of the day there, another one in UTC."""
        for zone, received, expected in (
            ("Europe/Berlin", "2026-10-23 14:00:00", "2026-10-26 08:00:00"),
            ("America/New_York", "2026-10-30 20:00:00", "2026-11-02 14:00:00"),
            ("Asia/Shanghai", "2026-10-23 08:00:00", "2026-10-26 01:00:00"),
        ):
            self.assertEqual(self.deadline(received, 2, zone), self.at(expected), zone)

    def test_around_the_clock_through_summer_time(self):
        self.assertEqual(
            self.deadline("2026-10-24 22:00:00", 24, around_the_clock=True),
            self.at("2026-10-25 22:00:00"),
        )

    def test_holidays_of_the_company_alone(self):
        Leave = self.env["resource.calendar.leaves"]
        Leave.create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": "2026-11-09 16:00:00",
                "date_to": "2026-11-10 15:59:59",
            }
        )
        others = Leave.create(
            {
                "name": "Of others",
                "date_from": "2026-11-10 16:00:00",
                "date_to": "2026-11-11 15:59:59",
            }
        )
        others.company_id = self.other_company
        self.assertEqual(
            self.deadline("2026-11-09 08:00:00", 2), self.at("2026-11-11 01:00:00")
        )

    def test_changed_working_time_counts_for_what_comes(self):
        """Months of work are remembered, but not longer than they are true."""
        self.policy(hours=2)

        @freeze_time("2026-11-10 00:00:00")
        def due():
            return self.complain().sla_deadline

        self.assertEqual(due(), self.at("2026-11-10 02:00:00"))
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": "2026-11-09 16:00:00",
                "date_to": "2026-11-10 15:59:59",
            }
        )
        self.assertEqual(due(), self.at("2026-11-11 02:00:00"), "a new holiday")
        leave.date_to = "2026-11-10 01:00:00"
        self.assertEqual(due(), self.at("2026-11-10 03:00:00"), "a shorter one")
        leave.resource_id = self.env["resource.resource"].create({"name": "Anybody"})
        self.assertEqual(due(), self.at("2026-11-10 02:00:00"), "somebody's own leave")
        leave.write({"resource_id": False, "calendar_id": self.calendar.id})
        self.assertEqual(due(), self.at("2026-11-10 03:00:00"), "everybody's again")
        leave.unlink()
        self.assertEqual(due(), self.at("2026-11-10 02:00:00"), "no holiday")
        morning = self.calendar.attendance_ids.filtered(
            lambda part: part.dayofweek == "1" and part.hour_from == 8
        )
        morning.hour_from = 9
        self.assertEqual(due(), self.at("2026-11-10 03:00:00"), "later in the morning")
        morning.unlink()
        self.assertEqual(due(), self.at("2026-11-10 07:00:00"), "not in the morning")
        self.calendar.tz = "UTC"
        self.assertEqual(due(), self.at("2026-11-10 15:00:00"), "somewhere else")

    def test_years_ahead(self):
        deadline = self.deadline(MONDAY, 4000)
        self.assertEqual(deadline, self.at("2028-10-06 09:00:00"))

    def test_calendar_without_hours(self):
        empty = self.make_calendar("UTC", days=())
        policy = self.policy(calendar_id=empty.id)
        self.assertIn("contains no hours", policy.problem)
        complaint = self.complain()
        self.assertFalse(complaint.sla_deadline)
        self.assertEqual(complaint.sla_state, "none")
        self.assertEqual(complaint.sla_ids.state, "ongoing")

    # Clock ----------------------------------------------------------

    def test_met_exactly_on_the_deadline(self):
        self.policy()
        with freeze_time(MONDAY):
            one, two = self.complain(), self.complain()
        self.move(one, "verify", "2026-11-09 04:00:00")
        self.move(two, "verify", "2026-11-09 04:00:01")
        self.assertEqual((one.sla_ids.state, two.sla_ids.state), ("met", "missed"))
        self.assertEqual((one.sla_state, two.sla_state), ("met", "missed"))
        self.assertEqual(two.sla_ids.missed_at, self.at("2026-11-09 04:00:00"))

    def test_right_at_the_moment_of_reading(self):
        """No job has run; lists, filters and groups agree with the record."""
        self.policy(warn_before=1)
        with freeze_time(MONDAY):
            complaint = self.complain()
        Complaint, Status = self.env["care.complaint"], self.env["care.sla.status"]
        for now, expected, status in (
            ("2026-11-09 02:59:59", "on_track", "ongoing"),
            ("2026-11-09 03:00:00", "at_risk", "ongoing"),
            ("2026-11-09 04:00:00", "at_risk", "ongoing"),
            ("2026-11-09 04:00:01", "missed", "missed"),
            ("2026-11-11 00:00:00", "missed", "missed"),
        ):
            with freeze_time(now):
                self.env.invalidate_all()
                mine = [("id", "=", complaint.id)]
                self.assertEqual(complaint.sla_state, expected, now)
                self.assertEqual(complaint.sla_ids.state, status, now)
                found = Complaint.search([*mine, ("sla_state", "=", expected)])
                self.assertEqual(found, complaint, now)
                [(state, count)] = Complaint._read_group(
                    mine, ["sla_state"], ["__count"]
                )
                self.assertEqual((state, count), (expected, 1), now)
                clocks = [("complaint_id", "=", complaint.id)]
                self.assertTrue(Status.search([*clocks, ("state", "=", status)]))
                [(state,)] = Status._read_group(clocks, ["state"])
                self.assertEqual(state, status)

    def test_pause(self):
        self.policy()
        with freeze_time(MONDAY):
            complaint = self.complain()
        self.move(complaint, self.waiting, "2026-11-09 01:00:00")
        self.assertFalse(complaint.sla_deadline)
        self.assertEqual(complaint.sla_state, "paused")
        self.assertEqual(complaint.sla_ids.state, "paused")
        self.move(complaint, "solve", "2026-11-10 01:00:00")
        self.assertEqual(complaint.sla_deadline, self.at("2026-11-10 04:00:00"))

    def test_policy_that_does_not_pause(self):
        self.policy(pausable=False)
        with freeze_time(MONDAY):
            complaint = self.complain()
        self.move(complaint, self.waiting, "2026-11-09 01:00:00")
        self.assertEqual(complaint.sla_deadline, self.at("2026-11-09 04:00:00"))

    def test_reopened_goes_on_where_it_stood(self):
        self.policy()
        with freeze_time(MONDAY):
            complaint = self.complain()
        self.move(complaint, "verify", "2026-11-09 01:00:00")
        self.assertEqual(complaint.sla_state, "met")
        self.move(complaint, "closed", "2026-11-09 02:00:00")
        self.assertTrue(complaint.closed_at)
        with freeze_time("2026-11-10 00:00:00"):
            complaint.action_reopen()
        self.assertEqual(complaint.sla_deadline, self.at("2026-11-10 03:00:00"))
        self.assertEqual(complaint.reopen_count, 1)
        self.assertFalse(complaint.closed_at or complaint.resolved_at)

    def test_cancelled_and_missed(self):
        self.policy()
        with freeze_time(MONDAY):
            early, late = self.complain(), self.complain()
        self.move(early, "cancelled", "2026-11-09 01:00:00")
        self.move(late, "cancelled", "2026-11-09 05:30:00")
        self.assertEqual(
            (early.sla_ids.state, late.sla_ids.state), ("cancelled", "missed")
        )
        self.assertEqual((early.sla_state, late.sla_state), ("none", "missed"))
        self.assertFalse(late.sla_deadline, "nothing is owed any more")

    def test_the_same_stage_three_times(self):
        self.policy()
        complaint = self.complain()
        for _time in range(3):
            complaint.stage_id = self.stages["verify"]
        self.assertEqual(complaint.event_ids.mapped("kind"), ["received", "resolved"])

    # Reply ----------------------------------------------------------

    def test_a_message_to_the_customer_is_a_reply(self):
        policy = self.policy("reply", 1)
        with freeze_time(MONDAY):
            complaint = self.complain()
        own = complaint.with_user(self.all)
        with freeze_time("2026-11-09 00:30:00"):
            own.message_post(body="Let us see", subtype_xmlid="mail.mt_note")
            self.assertFalse(complaint.replied_at, "a note is no reply")
            own.message_post(
                body="To a colleague",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.rep.partner_id.ids,
            )
            self.assertFalse(complaint.replied_at, "the customer did not get it")
            own.message_post(
                body="We send another one",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.salon.ids,
            )
        self.assertEqual(complaint.replied_at, self.at("2026-11-09 00:30:00"))
        status = complaint.sla_ids.filtered(lambda s: s.policy_id == policy)
        self.assertEqual(status.state, "met")

    def test_an_automatic_message_is_no_reply(self):
        complaint = self.complain()
        complaint.with_user(self.env.ref("base.user_root")).message_post(
            body="We have it",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.salon.ids,
        )
        self.assertFalse(complaint.replied_at)

    def test_resolving_replies(self):
        self.policy("reply", 1)
        with freeze_time(MONDAY):
            complaint = self.complain()
        self.move(complaint, "closed", "2026-11-09 00:10:00")
        self.assertEqual(complaint.sla_ids.state, "met")

    # By hand --------------------------------------------------------

    def test_back_dated_reply_makes_good(self):
        self.policy("reply", 1)
        with freeze_time(MONDAY):
            complaint = self.complain()
        with freeze_time("2026-11-09 02:00:00"):
            self.assertEqual(complaint.sla_ids.state, "missed")
            complaint.with_user(self.rep).action_reply_given()
            self.assertEqual(complaint.sla_ids.state, "missed", "later is later")
            complaint.with_user(self.manager)._add_event_by_hand(
                "replied", self.at("2026-11-09 00:30:00"), "I called them"
            )
        self.assertEqual(complaint.sla_ids.state, "met")
        self.assertEqual(complaint.replied_at, self.at("2026-11-09 00:30:00"))
        event = complaint.event_ids.filtered("by_hand")
        self.assertEqual((event.reason, event.user_id), ("I called them", self.manager))

    def test_who_may_and_what_makes_sense(self):
        complaint = self.complain()
        now = complaint.received_at
        add = complaint.with_user(self.manager)._add_event_by_hand
        with self.assertRaises(AccessError):
            complaint.with_user(self.rep)._add_event_by_hand("replied", now, "x")
        for kind, when, reason in (
            ("replied", now, "  "),
            ("replied", now + timedelta(hours=1), "future"),
            ("replied", now - timedelta(hours=1), "before the reception"),
            ("cancelled", now, "not by hand"),
        ):
            with self.assertRaises(UserError, msg=reason):
                add(kind, when, reason)

    def test_ledger_is_nobodys_to_change(self):
        complaint = self.complain()
        event = complaint.event_ids
        for call in (
            lambda: event.write({"at": "2020-01-01"}),
            event.unlink,
            complaint.sla_ids.unlink if complaint.sla_ids else event.unlink,
        ):
            with self.assertRaises(UserError):
                call()
        with self.assertRaises(AccessError):
            event.with_user(self.manager).copy({"kind": "replied"})
        own = complaint.with_user(self.rep)
        for name, value in (
            ("sla_deadline", "2030-01-01"),
            ("replied_at", "2020-01-01"),
            ("tier_id", self.A.id),
            ("closed_at", "2020-01-01"),
            ("name", "C0"),
        ):
            with self.assertRaises(AccessError, msg=name):
                own.write({name: value})
        with self.assertRaises(UserError):
            own.received_at = "2020-01-01"

    def test_context_sets_no_clock(self):
        complaint = (
            self.env["care.complaint"]
            .with_user(self.rep)
            .with_context(default_sla_deadline="2030-01-01", default_replied_at=MONDAY)
            .create(
                {
                    "subject": "x",
                    "partner_id": self.salon.id,
                    "team_id": self.team.id,
                    "sla_deadline": "2030-01-01",
                }
            )
        )
        self.assertFalse(complaint.sla_deadline or complaint.replied_at)

    def test_unlinked_with_its_complaint(self):
        self.policy()
        complaint = self.complain()
        event, status = complaint.event_ids, complaint.sla_ids
        complaint.unlink()
        self.assertFalse(event.exists() or status.exists())

    # Policies -------------------------------------------------------

    def test_all_policies_that_match(self):
        category = self.env["care.complaint.category"].create({"name": "Jars"})
        part = self.env["care.complaint.category"].create(
            {"name": "Lids", "parent_id": category.id}
        )
        everybody = self.policy("reply", 4)
        best = self.policy("reply", 1, tier_ids=[Command.set(self.A.ids)])
        jars = self.policy(hours=8, category_ids=[Command.set(category.ids)])
        urgent = self.policy(hours=2, min_priority="3")
        self.policy(hours=3, kinds=self.kinds("internal", "suggestion"))
        others = self.policy(hours=5, company_id=self.other_company.id)
        self.salon.care_tier_id = self.A
        complaint = self.complain(category_id=part.id)
        self.assertEqual(complaint.tier_id, self.A)
        self.assertEqual(complaint.sla_ids.policy_id, everybody | best | jars)
        self.assertNotIn(others, complaint.sla_ids.policy_id)
        complaint.write({"priority": "3", "category_id": False})
        states = {status.policy_id: status.state for status in complaint.sla_ids}
        self.assertEqual(states[jars], "cancelled")
        self.assertEqual(states[urgent], "ongoing")
        complaint.category_id = category
        self.env.invalidate_all()
        states = {status.policy_id: status.state for status in complaint.sla_ids}
        self.assertEqual(states[jars], "ongoing", "it matches again")

    def test_a_new_policy_starts_at_the_reception(self):
        urgent = self.policy(hours=2, min_priority="3")
        with freeze_time(MONDAY):
            complaint = self.complain()
        with freeze_time("2026-11-09 01:00:00"):
            complaint.priority = "3"
        self.assertEqual(complaint.sla_ids.policy_id, urgent)
        self.assertEqual(complaint.sla_deadline, self.at("2026-11-09 02:00:00"))

    def test_editing_a_policy_asks(self):
        policy = self.policy(hours=4)
        with freeze_time(MONDAY):
            running, done = self.complain(), self.complain()
            done.stage_id = self.stages["verify"]
            policy.hours = 2
            self.assertEqual(running.sla_deadline, self.at("2026-11-09 04:00:00"))
            self.assertEqual(policy.outdated_count, 1)
            policy.action_recompute()
        self.assertEqual(running.sla_deadline, self.at("2026-11-09 02:00:00"))
        self.assertEqual(policy.outdated_count, 0)
        self.assertEqual(done.sla_ids.allowed_hours, 4, "what is over stays")
        policy.hours = 3
        policy.action_keep()
        self.assertEqual(policy.outdated_count, 0)
        self.assertEqual(running.sla_ids.allowed_hours, 2)

    def test_changed_hours_leave_results_alone(self):
        self.policy("reply", 1)
        with freeze_time(MONDAY):
            complaint = self.complain()
        with freeze_time("2026-11-09 02:00:00"):
            complaint.action_reply_given()
        self.assertEqual(complaint.sla_ids.state, "missed")
        self.calendar.attendance_ids.filtered(
            lambda part: part.dayofweek == "0"
        ).unlink()
        self.move(complaint, "verify", "2026-11-09 03:00:00")
        self.assertEqual(complaint.sla_ids.state, "missed")

    def test_wrong_policies(self):
        for values in ({"hours": 0}, {"hours": -1}, {"warn_before": -1}):
            with (
                self.assertRaises(Exception, msg=values) as caught,
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.policy(**values)
            self.assertIn("check constraint", str(caught.exception))
        used = self.policy()
        self.complain()
        with self.assertRaises(ValidationError):
            used.unlink()

    def test_archived_policy_goes_on_for_running_ones(self):
        policy = self.policy()
        with freeze_time(MONDAY):
            old = self.complain()
            policy.active = False
            new = self.complain()
        self.assertFalse(new.sla_ids)
        self.move(old, "verify", "2026-11-09 01:00:00")
        self.assertEqual(old.sla_ids.state, "met")

    # Recording ------------------------------------------------------

    def test_received_in_the_future(self):
        with self.assertRaises(ValidationError):
            self.complain(received_at="2036-01-01 00:00:00")

    def test_written_down_later(self):
        self.policy()
        with freeze_time("2026-11-09 02:00:00"):
            complaint = self.complain(received_at=MONDAY)
        self.assertEqual(complaint.sla_deadline, self.at("2026-11-09 04:00:00"))

    def past(self, *events, **values):
        """Written down on Wednesday at noon with what happened since Monday"""
        values.setdefault("received_at", MONDAY)
        ledger = [Command.create({"kind": kind, "at": at}) for kind, at in events]
        with freeze_time("2026-11-11 04:00:00"):
            return self.complain(event_ids=ledger, **values)

    def test_created_with_its_past(self):
        self.policy()
        self.policy("reply", 1)
        complaint = self.past(
            ("resolved", "2026-11-09 04:00:00"),
            ("replied", "2026-11-09 00:30:00"),
            stage_id=self.stages["closed"].id,
        )
        self.assertEqual(
            complaint.event_ids.sorted().mapped("kind"),
            ["received", "replied", "resolved"],
        )
        self.assertEqual(
            (complaint.replied_at, complaint.resolved_at, complaint.closed_at),
            tuple(
                self.at(f"2026-11-09 {time}")
                for time in ("00:30:00", "04:00:00", "04:00:00")
            ),
        )
        states = {status.target: status.state for status in complaint.sla_ids}
        self.assertEqual(states, {"reply": "met", "resolve": "met"})
        late = self.past(
            ("resolved", "2026-11-09 04:00:01"), stage_id=self.stages["settle"].id
        )
        self.assertEqual(late.sla_state, "missed")
        self.assertFalse(late.closed_at)

    def test_past_and_what_the_stage_means(self):
        """The stage adds what the ledger does not know, as having happened now."""
        self.policy(hours=24)
        now = self.at("2026-11-11 04:00:00")
        for stage, events, added in (
            ("closed", ["replied"], ["resolved"]),
            ("cancelled", ["replied"], ["cancelled"]),
            ("cancelled", ["cancelled"], []),
            (self.waiting, ["replied"], ["paused"]),
            (self.waiting, ["paused", "resumed", "paused"], []),
            ("investigate", ["resolved", "reopened"], []),
        ):
            first = self.at("2026-11-09 02:00:00")
            complaint = self.past(
                *((kind, first + timedelta(hours=n)) for n, kind in enumerate(events)),
                stage_id=self.stages.get(stage, stage).id,
            )
            self.assertEqual(
                complaint.event_ids.sorted().mapped("kind"),
                ["received", *events, *added],
            )
            last = now if added else first + timedelta(hours=len(events) - 1)
            closed = stage in ("closed", "cancelled")
            self.assertEqual(complaint.closed_at, last if closed else False)
            self.assertEqual(complaint.reopen_count, events.count("reopened"))
            self.assertEqual(
                complaint.sla_state == "paused", stage == self.waiting, events
            )

    def test_event_of_another_module(self):
        """It moves the clocks as an event entered by hand does."""
        self.policy("reply", 1)
        self.policy("resolve", 8)
        with freeze_time("2026-11-09 08:00:00"):
            complaint = self.complain(received_at=MONDAY)
            self.assertEqual(complaint.sla_reply_result, "ongoing")
            Event = self.env["care.complaint.event"]
            Event.create(
                [
                    {"complaint_id": complaint.id, "kind": "replied", "at": at}
                    for at in ("2026-11-09 00:30:00", "2026-11-09 03:00:00")
                ]
            )
            self.assertEqual(complaint.replied_at, self.at("2026-11-09 00:30:00"))
            self.assertEqual(complaint.sla_reply_result, "met")
            deadline = complaint.sla_deadline
            Event.create(
                {
                    "complaint_id": complaint.id,
                    "kind": "received",
                    "at": "2026-11-08 23:00:00",
                }
            )
            self.assertEqual(complaint.received_at, self.at("2026-11-08 23:00:00"))
            self.assertEqual(complaint.sla_deadline, deadline, "nobody worked yet")
            for at in ("2026-11-08 22:00:00", "2026-11-09 08:00:01"):
                with self.assertRaises(UserError):
                    Event.create(
                        {"complaint_id": complaint.id, "kind": "resolved", "at": at}
                    )
            self.assertFalse(complaint.resolved_at)

    def test_past_makes_sense(self):
        for kind, at in (
            ("replied", "2026-11-08 23:59:59"),
            ("received", "2026-11-08 23:59:59"),
            ("replied", "2026-11-11 04:00:01"),
        ):
            with self.assertRaises(UserError, msg=at):
                self.past((kind, at))
        twice = self.past(("received", "2026-11-09 01:00:00"))
        self.assertEqual(len(twice.event_ids), 2)
        once = self.past(("received", MONDAY))
        self.assertEqual(once.event_ids.at, self.at(MONDAY))

    def test_past_is_nobodys_to_invent(self):
        """Not a salesperson's, not an administrator's, not through the context"""
        ledger = [Command.create({"kind": "replied", "at": MONDAY})]
        system = self.make_user(
            "system", "base.group_system,sales_team.group_sale_manager"
        )
        for user in (self.rep, self.manager, system):
            Complaint = self.env["care.complaint"].with_user(user)
            vals = {"subject": "x", "partner_id": self.salon.id, "team_id": False}
            with self.assertRaisesRegex(AccessError, "care.complaint.event"):
                Complaint.create({**vals, "event_ids": ledger})
            with self.assertRaisesRegex(AccessError, "care.complaint.event"):
                Complaint.create(vals).write({"event_ids": ledger})
            complaint = Complaint.with_context(default_event_ids=ledger).create(vals)
            self.assertEqual(complaint.event_ids.mapped("kind"), ["received"])

    def test_without_team_and_calendar(self):
        self.policy()
        self.company.resource_calendar_id = False
        complaint = self.complain(team_id=False)
        self.assertTrue(complaint.exists())
        self.assertEqual(complaint.company_id, self.company)

    def test_priority_from_the_tier(self):
        priorities = {}
        for tier in (self.A, self.B, self.C):
            self.salon.care_tier_id = tier
            priorities[tier] = self.complain().priority
        self.assertEqual(list(priorities.values()), ["2", "1", "0"])
        self.assertEqual(self.complain(priority="3").priority, "3")

    def test_tier_of_today(self):
        """Shown, searched, sorted and grouped by, in the company one is in"""
        self.salon.care_tier_id = self.B
        first = self.complain()
        second = self.complain(partner_id=self.customer("Best").id)
        second.partner_id.care_tier_id = self.A
        both = first | second
        self.salon.care_tier_id = self.C
        self.assertEqual(first.tier_id, self.B, "as it was")
        self.assertEqual(first.care_tier_id, self.C)
        self.assertEqual(first.care_tier_color, self.C.color)
        domain = [("id", "in", both.ids)]
        Complaint = self.env["care.complaint"]
        self.assertEqual(
            Complaint.search([*domain, ("care_tier_id", "=", self.C.id)]), first
        )
        self.assertEqual(Complaint.search(domain, order="care_tier_id"), second | first)
        self.assertEqual(
            Complaint._read_group(domain, ["care_tier_id"], ["__count"]),
            [(self.A, 1), (self.C, 1)],
        )
        elsewhere = both.with_company(self.other_company)
        self.assertFalse(elsewhere.care_tier_id)
        self.salon.sudo().company_id = self.other_company
        hidden = first.with_user(self.all)
        hidden.invalidate_recordset()
        with self.assertRaises(AccessError):
            hidden.partner_id.read(["name"])
        self.assertEqual(hidden.care_tier_id, self.C, "of a customer not to be read")

    def test_assignment(self):
        second = self.make_user("second", "sales_team.group_sale_salesman")
        third = self.make_user("third", "sales_team.group_sale_salesman")
        members = second | third
        self.team.write(
            {"member_ids": [Command.set(members.ids)], "assignment": "round_robin"}
        )
        users = [self.complain().user_id for _time in range(4)]
        self.assertEqual(users, [second, third, second, third])
        self.team.assignment = "least_loaded"
        self.env["care.complaint"].search([("user_id", "=", third.id)]).action_close()
        self.assertEqual(self.complain().user_id, third)

    def test_queue_order(self):
        self.policy(hours=8)
        self.policy(hours=2, min_priority="3")
        with freeze_time(MONDAY):
            later = self.complain()
            first = self.complain(priority="3")
            self.salon.care_tier_id = self.A
            best = self.complain(priority="0")
        mine = later | first | best
        found = self.env["care.complaint"].search([("id", "in", mine.ids)])
        self.assertEqual(found.ids, (first | best | later).ids)

    # Escalation -----------------------------------------------------

    def escalation_policy(self, levels):
        return self.policy(
            escalation_ids=[
                Command.create({"hours": hours, "action": action, **values})
                for hours, action, values in levels
            ]
        )

    def escalate(self, when):
        with freeze_time(when):
            return self.env["care.sla.status"]._escalate()

    def test_each_level_once(self):
        self.escalation_policy(
            [
                (-1, "handler", {}),
                (0, "manager", {}),
                (1, "reassign", {"user_id": self.manager.id}),
            ]
        )
        with freeze_time(MONDAY):
            complaint = self.complain(user_id=self.rep.id)
        self.assertEqual(self.escalate("2026-11-09 02:59:59"), 0)
        self.assertEqual(self.escalate("2026-11-09 03:00:00"), 1)
        self.assertEqual(complaint.activity_ids.user_id, self.rep)
        self.assertEqual(self.escalate("2026-11-09 03:30:00"), 0, "once")
        self.assertEqual(self.escalate("2026-11-09 06:00:00"), 2, "both at once")
        self.assertEqual(complaint.user_id, self.manager)
        self.assertEqual(len(complaint.sla_ids.alert_ids), 3)
        self.assertEqual(
            complaint.activity_ids.mapped("user_id"),
            self.rep | self.manager,
        )
        self.assertEqual(len(complaint.activity_ids), 2, "told once of two levels")
        self.assertEqual(self.escalate("2026-11-10 06:00:00"), 0)

    def test_a_level_that_is_added_is_offered_to_running_clocks(self):
        policy = self.escalation_policy([(0, "manager", {})])
        with freeze_time(MONDAY):
            self.complain(user_id=self.rep.id)
            self.assertFalse(policy.outdated_count)
            policy.escalation_ids.write({"action": "handler", "hours": 0})
            self.assertFalse(policy.outdated_count, "who is told is read when it runs")
            policy.escalation_ids = [Command.create({"hours": -2})]
            self.assertEqual(policy.outdated_count, 1)
            policy.action_recompute()
            self.assertFalse(policy.outdated_count)
        self.assertEqual(self.escalate("2026-11-09 02:00:00"), 1)
        level = policy.escalation_ids.filtered(lambda level: not level.hours)
        level.hours = -1
        self.assertEqual(policy.outdated_count, 1)
        with freeze_time("2026-11-09 02:00:00"):
            policy.action_recompute()
        self.assertEqual(self.escalate("2026-11-09 03:00:00"), 1)

    def test_what_is_over_or_paused_escalates_nothing(self):
        self.escalation_policy([(0, "manager", {})])
        with freeze_time(MONDAY):
            done, paused = self.complain(), self.complain()
        self.move(done, "verify", "2026-11-09 01:00:00")
        self.move(paused, self.waiting, "2026-11-09 01:00:00")
        self.assertEqual(self.escalate("2026-11-12 06:00:00"), 0)

    def test_nobody_to_tell(self):
        self.escalation_policy([(0, "handler", {})])
        with freeze_time(MONDAY):
            complaint = self.complain(user_id=self.rep.id)
        self.rep.active = False
        self.team.manager_id = False
        self.escalate("2026-11-09 06:00:00")
        self.assertTrue(complaint.activity_ids.user_id)

    # Access ---------------------------------------------------------

    @users("care_rep")
    def test_members_see_their_team(self):
        stranger = self.env["res.partner"].sudo().create({"name": "Stranger"})
        complaint = self.complain(partner_id=stranger.id, user_id=self.all.id)
        mine = self.env["care.complaint"].search([("id", "=", complaint.id)])
        self.assertFalse(mine)
        self.assertFalse(
            self.env["care.sla.status"].search([("complaint_id", "=", complaint.id)])
        )
        self.team.sudo().member_ids += self.env.user
        self.assertEqual(
            self.env["care.complaint"].search([("id", "=", complaint.id)]), complaint
        )
        self.assertTrue(
            self.env["care.complaint.event"].search(
                [("complaint_id", "=", complaint.id)]
            )
        )

    # Speed ----------------------------------------------------------

    def test_a_new_complaint_is_written_once(self):
        """It knows its clocks before it is inserted, those that are paused or have
        ended too; summing them up again changes nothing."""
        self.policy()
        self.policy("reply", 1, pausable=False)
        stages = [self.stages[phase] for phase in ("record", "verify", "closed")]
        for stage in (*stages, self.waiting):
            complaint = self.complain(stage_id=stage.id)
            self.assertEqual(len(complaint.sla_ids), 2, stage.name)
            known = [complaint[field] for field in CLOCK_SUMMARY_FIELDS]
            complaint._sum_up_sla()
            self.env.flush_all()
            complaint.invalidate_recordset()
            summed = [complaint[field] for field in CLOCK_SUMMARY_FIELDS]
            self.assertEqual(known, summed, stage.name)
            complaint.sla_ids._replay(anew=True)
            complaint._sum_up_sla()
            again = [complaint[field] for field in CLOCK_SUMMARY_FIELDS]
            self.assertEqual(known, again, stage.name)

    def test_creating_one_asks_little(self):
        self.policy()
        self.policy("reply", 1)
        self.complain()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(11):
            self.complain()
            self.env.flush_all()

    def test_moving_many_asks_little(self):
        self.policy()
        self.policy("reply", 1)
        many = self.env["care.complaint"].create(
            [
                {
                    "subject": f"Number {number}",
                    "partner_id": self.salon.id,
                    "team_id": self.team.id,
                }
                for number in range(50)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(75):
            many.stage_id = self.stages["verify"]
            self.env.flush_all()

    def test_a_move_tracks_what_else_changes(self):
        self.policy()
        complaint, other = self.complain(), self.complain()
        self.cr.flush()
        (complaint | other).write(
            {"stage_id": self.stages["verify"].id, "promise": "A new bottle"}
        )
        other.stage_id = self.stages["closed"]
        self.cr.flush()
        for record in (complaint, other):
            tracked = record.message_ids.tracking_value_ids
            self.assertEqual(tracked.field_id.name, "promise")
            self.assertEqual(tracked.new_value_text, "A new bottle")

    def test_timer(self):
        self.policy(warn_before=1)
        with freeze_time("2026-11-09 03:00:00"):
            complaint = self.complain()
            timer = complaint.sla_timer
        self.assertEqual(timer["deadline"], "2026-11-09 08:00:00")
        self.assertEqual(
            timer["parts"].split(",")[:2],
            [
                "2026-11-09 00:00:00/2026-11-09 04:00:00",
                "2026-11-09 05:00:00/2026-11-09 09:00:00",
            ],
        )
