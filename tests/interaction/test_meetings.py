import doctest
from datetime import date, datetime, timedelta
from unittest import TestCase

from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ...tools import meetings
from .. import common_properties  # noqa: F401  loads the profile of hypothesis
from ..common_plan import PlanCase

WEEKLY = {
    "recurrency": True,
    "rrule_type": "weekly",
    "rrule_type_ui": "weekly",
    "interval": 1,
    "end_type": "count",
    "count": 5,
    "event_tz": "UTC",
    "thu": True,
}
"""Five Thursdays: 12, 19 and 26 November, 3 and 10 December 2026"""


class TestPairing(TestCase):
    days = st.dictionaries(
        st.integers(0, 20),
        st.integers(0, 40).map(lambda n: date(2026, 11, 1) + timedelta(n)),
        max_size=8,
    )

    def test_examples(self):
        results = doctest.testmod(meetings)
        self.assertTrue(results.attempted)
        self.assertFalse(results.failed)

    @given(days, days)
    def test_each_once_and_none_too_many(self, former, current):
        pairs = meetings.pair_by_time(former, current)
        self.assertLessEqual(pairs.keys(), former.keys())
        self.assertLessEqual(set(pairs.values()), current.keys())
        self.assertEqual(len(set(pairs.values())), len(pairs))
        self.assertEqual(len(pairs), min(len(former), len(current)))

    @given(days, days)
    def test_what_has_not_moved_stays(self, former, current):
        pairs = meetings.pair_by_time(former, current)
        stay = {
            former[old] for old, new in pairs.items() if former[old] == current[new]
        }
        self.assertEqual(stay, set(former.values()) & set(current.values()))


class MeetingCase(PlanCase):
    """The rep looks after Salon and Shop; Mate, a second user, is the consultant of
    Salon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = cls.rep.tz = "UTC"
        cls.mate = cls.make_user("mate", "sales_team.group_sale_salesman", tz="UTC")
        cls.salon = cls.a_customer()
        cls.shop = cls.a_customer("Shop", tier=cls.B)
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.salon.id, "email": "b@example.com"}
        )
        cls.env["care.account.member"].create(
            {
                "partner_id": cls.salon.id,
                "role_id": cls.consultant.id,
                "user_id": cls.mate.id,
            }
        )
        cls.Contact = cls.env["care.interaction"]

    def meet(self, *partners, user=None, alone=False, **values):
        user = user or self.rep
        people = self.env["res.partner"].union(*partners)
        if not alone:
            people |= user.partner_id
        return (
            self.env["calendar.event"]
            .with_user(user)
            .create(
                {
                    "name": "Prices",
                    "start": "2026-11-12 10:00:00",
                    "stop": "2026-11-12 11:00:00",
                    "partner_ids": [Command.set(people.ids)],
                    **values,
                }
            )
        )

    def series(self, *partners, **values):
        return self.meet(*(partners or (self.salon,)), **{**WEEKLY, **values})

    def contacts(self, partner=None, user=None, state=None):
        domain = [("company_id", "=", self.company.id)]
        for name, value in (
            ("partner_id", partner and partner.id),
            ("user_id", user and user.id),
            ("state", state),
        ):
            if value:
                domain.append((name, "=", value))
        return self.Contact.search(domain, order="date_start, id")

    def days(self, state="planned", **values):
        return [
            row.date_start.strftime("%m-%d %H")
            for row in self.contacts(state=state, **values)
        ]

    def assertFollows(self):
        """Each planned contact is at the time of a live meeting of its own."""
        planned = self.contacts(state="planned")
        self.assertEqual(len(planned.calendar_event_id), len(planned))
        for row in planned:
            event = row.calendar_event_id
            self.assertTrue(event.active)
            self.assertEqual((row.date_start, row.date_end), (event.start, event.stop))


@tagged("post_install", "-at_install")
class TestMeetings(MeetingCase):
    def test_who_attends_but_did_not_organize(self):
        event = self.meet(
            self.salon, self.rep.partner_id, self.mate.partner_id, user=self.employee
        )
        self.assertRecordValues(
            self.contacts().sorted(lambda row: row.user_id.id),
            [
                {
                    "user_id": user.id,
                    "role_id": role.id,
                    "partner_id": self.salon.id,
                    "state": "planned",
                    "calendar_event_id": event.id,
                }
                for user, role in (
                    (self.rep, self.rep_role),
                    (self.mate, self.consultant),
                )
            ],
        )

    def test_two_attendees_report_each_for_their_role(self):
        self.generate()
        self.meet(self.salon, self.mate.partner_id)
        with freeze_time("2026-11-12 12:00:00"):
            for user in (self.rep, self.mate):
                contact = self.contacts(user=user).with_user(user)
                contact.summary = "Likes the serum"
                contact.action_done()
        self.assertEqual(len(self.contacts()), 2)
        self.assertEqual(self.current(self.salon, self.visits).done, 1)

    def test_several_customers(self):
        self.meet(self.buyer, self.shop)
        self.assertRecordValues(
            self.contacts().sorted("partner_id"),
            [
                {"partner_id": self.salon.id, "contact_id": self.buyer.id},
                {"partner_id": self.shop.id, "contact_id": False},
            ],
        )

    def test_document_and_attendees(self):
        """The customer of the order, and who comes besides"""
        order = self.order(self.salon, 100)
        self.meet(
            self.shop,
            res_model_id=self.env["ir.model"]._get_id("sale.order"),
            res_id=order.id,
        )
        self.assertEqual(self.contacts().partner_id, self.salon | self.shop)

    def test_attendees_come_and_go(self):
        event = self.meet(self.salon).with_user(self.rep)
        event.partner_ids = [
            Command.link(self.mate.partner_id.id),
            Command.link(self.shop.id),
        ]
        self.assertEqual(len(self.contacts(state="planned")), 4)
        event.partner_ids = [Command.unlink(self.mate.partner_id.id)]
        self.assertEqual(self.contacts(state="planned").user_id, self.rep)
        event.partner_ids = [Command.unlink(self.shop.id)]
        self.assertEqual(self.contacts(state="planned").partner_id, self.salon)
        event.partner_ids = [Command.link(self.shop.id)]
        self.assertEqual(
            self.contacts(state="planned").partner_id, self.salon | self.shop
        )
        self.assertEqual(len(self.contacts(user=self.rep)), 2, "the same again")

    def test_who_declines(self):
        event = self.meet(self.salon, self.mate.partner_id)
        attendee = event.attendee_ids.filtered(
            lambda row: row.partner_id == self.mate.partner_id
        ).with_user(self.mate)
        attendee.do_decline()
        self.assertEqual(self.contacts(state="planned").user_id, self.rep)
        attendee.do_accept()
        self.assertEqual(self.contacts(state="planned").user_id, self.rep | self.mate)
        self.assertEqual(len(self.contacts()), 2)

    def test_one_cancels(self):
        event = self.meet(self.salon, self.mate.partner_id)
        self.contacts(user=self.mate).with_user(self.mate).action_cancel()
        self.assertTrue(event.active)
        event.with_user(self.rep).write(
            {"start": "2026-11-13 10:00:00", "stop": "2026-11-13 11:00:00"}
        )
        self.assertEqual(self.contacts(user=self.mate).state, "cancelled")
        self.assertEqual(self.days(user=self.rep), ["11-13 10"])
        self.contacts(user=self.rep).with_user(self.rep).action_cancel()
        self.assertFalse(event.active)
        self.contacts(user=self.rep).with_user(self.rep).action_plan_again()
        self.assertTrue(event.active)
        self.assertEqual(self.contacts(user=self.mate).state, "cancelled")

    def test_moved_by_one_for_all(self):
        event = self.meet(self.salon, self.shop)
        self.contacts(partner=self.shop).with_user(
            self.rep
        ).date_start = "2026-11-17 08:00:00"
        self.assertEqual(event.start, datetime(2026, 11, 17, 8))
        self.assertEqual(self.days(), ["11-17 08", "11-17 08"])

    def test_archived_and_back(self):
        event = self.meet(self.salon)
        event.active = False
        self.assertEqual(self.contacts().state, "cancelled")
        event.active = True
        self.assertEqual(self.contacts().state, "planned")

    def test_given_to_a_colleague(self):
        event = self.meet(self.salon)
        self.contacts().with_user(self.rep).user_id = self.mate
        event.write({"start": "2026-11-13 10:00:00", "stop": "2026-11-13 11:00:00"})
        self.assertRecordValues(
            self.contacts(),
            [{"user_id": self.mate.id, "date_start": datetime(2026, 11, 13, 10)}],
        )
        self.assertEqual(event.partner_ids, self.salon | self.mate.partner_id)
        self.assertEqual(event.user_id, self.mate)

    def test_planned_by_hand_follows_whatever_its_meeting_is(self):
        """Without tier, private: planned contacts are cancelled with their meeting
        only"""
        plain = self.customer("Plain", user_id=self.rep.id)
        contact = self.Contact.with_user(self.rep).create(
            {"partner_id": plain.id, "date_start": "2026-11-12 10:00:00"}
        )
        contact._make_meeting()
        event = contact.calendar_event_id
        event.privacy = "private"
        event.write({"start": "2026-11-13 10:00:00", "stop": "2026-11-13 11:00:00"})
        self.assertEqual(contact.date_start, datetime(2026, 11, 13, 10))
        self.assertEqual(self.contacts(), contact)
        event.active = False
        self.assertEqual(contact.state, "cancelled")
        event.active = True
        self.assertEqual(contact.state, "planned")

    def test_reported_ones_stay(self):
        event = self.meet(self.salon)
        with freeze_time("2026-11-12 12:00:00"):
            self.contacts().with_user(self.rep).action_done()
            event.write({"start": "2026-11-12 09:00:00", "stop": "2026-11-12 10:00:00"})
            event.partner_ids = [Command.link(self.buyer.id)]
            self.assertEqual(self.days("done"), ["11-12 10"])
            self.assertFalse(self.contacts(state="planned"))
            event.write({"start": "2026-11-19 09:00:00", "stop": "2026-11-19 10:00:00"})
            self.assertEqual(self.days("done"), ["11-12 10"])
            self.assertEqual(self.days(), ["11-19 09"], "a new meeting")
            event.unlink()
        self.assertEqual(self.days("done"), ["11-12 10"])
        self.assertFalse(self.contacts(state="planned"))

    # Bad input -----------------------------------------------------------

    def test_private(self):
        event = self.meet(self.salon, privacy="private")
        self.assertFalse(self.contacts())
        self.assertIn("private", event.with_user(self.rep).care_note)
        event.privacy = "public"
        self.assertEqual(self.contacts().state, "planned")
        event.privacy = "private"
        self.assertEqual(self.contacts().state, "cancelled")

    def test_private_by_default(self):
        self.rep.with_user(self.rep).calendar_default_privacy = "private"
        event = self.meet(self.salon)
        self.assertFalse(self.contacts())
        self.assertFalse(event.with_user(self.mate).care_note, "tells nothing")

    def test_all_day_in_the_zone_of_each_attendee(self):
        self.rep.tz, self.mate.tz = "Pacific/Honolulu", "Asia/Shanghai"
        self.meet(
            self.salon,
            self.mate.partner_id,
            allday=True,
            start_date="2026-11-12",
            stop_date="2026-11-13",
            start="2026-11-12 08:00:00",
            stop="2026-11-13 18:00:00",
        )
        self.assertRecordValues(
            self.contacts().sorted(lambda row: row.user_id.id),
            [
                {
                    "date": date(2026, 11, 12),
                    "date_start": datetime(2026, 11, 12, start),
                    "date_end": datetime(2026, 11, day, end),
                }
                for start, day, end in ((18, 14, 4), (0, 13, 10))
            ],
        )
        contact = self.contacts(user=self.rep).with_user(self.rep)
        contact.date_start += timedelta(days=3)
        event = contact.calendar_event_id
        self.assertEqual(
            (event.start_date, event.stop_date),
            (date(2026, 11, 15), date(2026, 11, 16)),
        )
        self.assertEqual(
            self.contacts(user=self.mate).date_start, datetime(2026, 11, 15)
        )

    def test_day_in_the_zone_of_the_attendee(self):
        self.rep.tz, self.mate.tz = "America/Los_Angeles", "Asia/Shanghai"
        self.meet(
            self.salon,
            self.mate.partner_id,
            start="2026-11-12 20:00:00",
            stop="2026-11-12 21:00:00",
        )
        self.assertEqual(self.contacts(user=self.rep).date, date(2026, 11, 12))
        self.assertEqual(self.contacts(user=self.mate).date, date(2026, 11, 13))

    def test_without_attendees(self):
        self.meet(alone=True)
        self.assertFalse(self.contacts())
        self.meet(
            alone=True,
            res_model_id=self.env["ir.model"]._get_id("res.partner"),
            res_id=self.salon.id,
        )
        self.assertEqual(self.contacts().user_id, self.rep, "the organizer")

    def test_archived_attendee(self):
        event = self.meet(self.salon, self.mate.partner_id, user=self.employee)
        self.assertEqual(self.contacts().user_id, self.mate)
        self.mate.sudo().active = False
        event.write({"start": "2026-11-13 10:00:00", "stop": "2026-11-13 11:00:00"})
        self.assertEqual(self.days(), ["11-13 10"], "until it is handed over")
        other = self.meet(self.shop, self.mate.partner_id, user=self.employee)
        self.assertFalse(other.sudo().care_interaction_ids)
        self.assertNotIn("Care Mate", other.sudo().care_note)

    def test_document_is_gone(self):
        lead = self.env["crm.lead"].create(
            {"name": "Gone", "partner_id": self.shop.id, "user_id": self.rep.id}
        )
        event = self.meet(
            self.salon,
            res_model_id=self.env["ir.model"]._get_id("crm.lead"),
            res_id=lead.id,
        )
        self.assertEqual(self.contacts().partner_id, self.salon | self.shop)
        lead.unlink()
        event.write({"start": "2026-11-13 10:00:00", "stop": "2026-11-13 11:00:00"})
        self.assertEqual(self.days(), ["11-13 10", "11-13 10"])

    def test_feature_off(self):
        self.env["res.groups"]._switch_care_features(visit=False)
        self.series()
        self.assertFalse(self.contacts())
        self.env["calendar.event"]._cron_plan_care_meetings()
        self.assertFalse(self.contacts())

    def test_logging_off(self):
        self.company.care_log_activities = False
        event = self.meet(self.salon)
        self.assertFalse(self.contacts())
        self.assertIn("switched off", event.with_user(self.rep).care_note)

    def test_long_past(self):
        """A calendar that is imported"""
        old = self.meet(
            self.salon, start="2026-09-10 10:00:00", stop="2026-09-10 11:00:00"
        )
        self.assertFalse(self.contacts())
        self.assertIn("is over", old.with_user(self.rep).care_note)
        self.meet(self.salon, start="2026-11-06 10:00:00", stop="2026-11-06 11:00:00")
        self.assertTrue(self.contacts().to_report)

    def test_portal_user(self):
        portal = new_test_user(
            self.env, "care_guest", groups="base.group_portal", email="g@example.com"
        )
        portal.partner_id.parent_id = self.salon
        event = self.meet(portal.partner_id)
        self.assertRecordValues(
            self.contacts(),
            [{"user_id": self.rep.id, "contact_id": portal.partner_id.id}],
        )
        guest = event.with_user(portal)
        self.assertTrue(guest.name)
        for name in ("care_note", "care_interaction_ids"):
            with self.assertRaises(AccessError):
                guest.read([name])
        with self.assertRaises(AccessError):
            guest.write({"active": False})
        self.assertEqual(self.contacts().state, "planned")

    # Why not -----------------------------------------------------------

    def test_note(self):
        plain = self.customer("Plain")
        event = self.meet(self.salon, plain, self.mate.partner_id)
        self.assertEqual(
            event.with_user(self.rep).care_note.splitlines(),
            [
                f"Counts as a contact with Salon: {self.rep.name}, {self.mate.name}",
                "Not counted as a contact: Plain has no tier",
            ],
        )
        self.assertFalse(self.meet().with_user(self.rep).care_note, "internal")
        other = self.meet(self.salon, user=self.employee)
        self.assertIn("no user of Visits", other.with_user(self.rep).care_note)

    def test_note_in_the_language_of_its_reader(self):
        """Dates too; the words wait for their translation"""
        self.env["res.lang"]._activate_lang("de_DE")
        event = self.series(count=40).recurrence_id.calendar_event_ids.sorted("start")
        note = event[-1].with_user(self.rep)
        self.assertIn("05/12/2027", note.care_note)
        self.assertIn("12.05.2027", note.with_context(lang="de_DE").care_note)

    def test_nobody_is_told_of_each(self):
        before = self.env["mail.message"].search_count(
            [("model", "=", "care.interaction")]
        )
        self.series(self.salon, self.mate.partner_id)
        rows = self.contacts()
        self.assertEqual(len(rows), 10)
        self.assertEqual(
            self.env["mail.message"].search_count([("model", "=", "care.interaction")]),
            before,
        )
        for row in rows:
            self.assertEqual(row.message_partner_ids, row.user_id.partner_id)


@tagged("post_install", "-at_install")
class TestSeries(MeetingCase):
    def test_each_occurrence(self):
        self.series()
        self.assertEqual(
            self.days(), ["11-12 10", "11-19 10", "11-26 10", "12-03 10", "12-10 10"]
        )
        self.assertFollows()

    def test_a_sane_horizon(self):
        event = self.series(count=40)
        last = self.contacts()[-1]
        self.assertEqual(last.date_start, datetime(2027, 2, 4, 10))
        later = event.recurrence_id.calendar_event_ids.sorted("start")[-1]
        self.assertIn("three months ahead", later.with_user(self.rep).care_note)
        count = len(self.contacts())
        with freeze_time("2026-11-25 00:15:00"), self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_meeting").method_direct_trigger()
        self.assertEqual(len(self.contacts()), count + 2)
        self.assertEqual(self.contacts()[-1].date_start, datetime(2027, 2, 25 - 7, 10))
        self.assertFollows()

    def test_cancelled_ones_are_not_planned_again(self):
        self.series()
        self.contacts()[1].with_user(self.rep).action_cancel()
        with self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_meeting").method_direct_trigger()
        self.assertEqual(len(self.contacts(state="planned")), 4)

    def moved(self, mode, number=0, **values):
        event = self.env["calendar.event"].search(
            [("name", "=", "Prices")], order="start"
        )[number]
        event.with_user(self.rep).write({"recurrence_update": mode, **values})

    def test_one_is_moved(self):
        self.series()
        before = self.contacts()
        self.moved(
            "self_only", 1, start="2026-11-20 14:00:00", stop="2026-11-20 16:00:00"
        )
        self.assertEqual(
            self.days(), ["11-12 10", "11-20 14", "11-26 10", "12-03 10", "12-10 10"]
        )
        self.assertEqual(self.contacts(), before)
        self.assertFollows()

    def test_one_is_dragged(self):
        event = self.series()
        before = self.contacts()
        event.with_user(self.rep).write(
            {"start": "2026-11-13 08:00:00", "stop": "2026-11-13 09:00:00"}
        )
        self.assertEqual(self.days()[0], "11-13 08")
        self.assertEqual(self.contacts(), before)
        self.assertFollows()

    def test_all_are_moved(self):
        self.series()
        before = self.contacts()
        before[2].topic = "Contract"
        for number, day in ((0, 13), (2, 28)):
            self.moved(
                "all_events",
                number,
                start=f"2026-11-{day} 14:00:00",
                stop=f"2026-11-{day} 16:00:00",
            )
            self.assertEqual(self.contacts(), before, "the same contacts")
            self.assertEqual(set(before.mapped("state")), {"planned"})
            self.assertFollows()
        self.assertEqual(
            self.days(), ["11-14 14", "11-21 14", "11-28 14", "12-05 14", "12-12 14"]
        )
        self.assertEqual(before[2].topic, "Contract")
        self.assertEqual(before[2].date_start, datetime(2026, 11, 28, 14))

    def test_following_ones_are_moved(self):
        self.series()
        before = self.contacts()
        self.moved(
            "future_events", 2, start="2026-11-27 14:00:00", stop="2026-11-27 15:00:00"
        )
        self.assertEqual(
            self.days(), ["11-12 10", "11-19 10", "11-27 14", "12-04 14", "12-11 14"]
        )
        self.assertEqual(self.contacts(), before)
        self.assertFollows()

    def test_following_from_the_first(self):
        self.series()
        before = self.contacts()
        self.moved(
            "future_events", 0, start="2026-11-13 10:00:00", stop="2026-11-13 11:00:00"
        )
        self.assertEqual(self.days()[0], "11-13 10")
        self.assertEqual(self.contacts(), before)
        self.assertFollows()

    def test_weekly_becomes_monthly(self):
        for mode in ("all_events", "future_events"):
            with self.subTest(mode=mode):
                self.contacts().sudo().unlink()
                self.env["calendar.event"].search([("name", "=", "Prices")]).unlink()
                self.series()
                before = self.contacts()
                self.moved(mode, rrule_type="monthly", month_by="date", day=12, count=3)
                self.assertEqual(self.days(), ["11-12 10", "12-12 10", "01-12 10"])
                self.assertLess(self.contacts(state="planned"), before)
                self.assertEqual(len(self.contacts(state="cancelled")), 2)
                self.assertFollows()

    def test_more_often(self):
        self.series()
        before = self.contacts()
        self.moved("all_events", count=7)
        self.assertEqual(len(self.days()), 7)
        self.assertLess(before, self.contacts(state="planned"))
        self.assertFollows()

    def test_reported_ones_never_change(self):
        self.series()
        first, second, *_rest = self.contacts()
        with freeze_time("2026-11-20 09:00:00"):
            first.with_user(self.rep).write({"state": "done", "summary": "Went well"})
            names = ["date_start", "date_end", "state", "summary", "user_id", "role_id"]
            kept = first.read(names)
            for mode, number, start in (
                ("all_events", 2, "2026-11-27 14:00:00"),
                ("future_events", 2, "2026-11-28 15:00:00"),
                ("all_events", 2, "2026-11-26 09:00:00"),
            ):
                stop = start.replace(":00:00", ":30:00")
                self.moved(mode, number, start=start, stop=stop)
                self.assertEqual(first.read(names), kept)
                self.assertEqual(self.contacts(state="done"), first)
                self.assertEqual(second.state, "planned", "still to report")
                self.assertEqual(len(self.contacts()), 5)
            event = second.calendar_event_id.with_user(self.rep)
            event.action_mass_deletion("future_events")
            event = self.contacts(state="planned")[0].calendar_event_id
            event.with_user(self.rep).action_mass_deletion("all_events")
            self.assertEqual(first.read(names), kept)
        self.assertEqual(self.contacts() - first, self.contacts(state="cancelled"))

    def test_the_past_is_not_planned_again(self):
        """Odoo creates past meetings anew when a series moves"""
        self.series(start="2026-10-15 10:00:00", stop="2026-10-15 11:00:00", count=6)
        self.assertEqual(self.days(), ["11-12 10", "11-19 10"])
        self.moved(
            "all_events", 5, start="2026-11-20 14:00:00", stop="2026-11-20 15:00:00"
        )
        self.assertEqual(self.days(), ["11-13 14", "11-20 14"])

    def test_reported_meeting_created_anew_is_not_reported_twice(self):
        partner = self.env["ir.model"]._get_id("res.partner")
        self.series(res_model_id=partner, res_id=self.salon.id)
        with freeze_time("2026-11-19 12:00:00"):
            self.contacts()[1].with_user(self.rep).action_done()
            self.moved(
                "all_events", 3, start="2026-12-03 10:15:00", stop="2026-12-03 11:00:00"
            )
            event = self.contacts(state="done").calendar_event_id
            self.assertTrue(event.active)
            self.assertTrue(event.activity_ids)
            event.activity_ids.with_user(self.rep).action_feedback("Again")
        self.assertEqual(len(self.contacts(state="done")), 1)

    def test_series_moved_after_its_first_report(self):
        self.series()
        with freeze_time("2026-11-12 12:00:00"):
            self.contacts()[0].with_user(self.rep).action_done()
            self.moved(
                "all_events", start="2026-11-19 10:00:00", stop="2026-11-19 11:00:00"
            )
        self.assertEqual(self.days("done"), ["11-12 10"])
        self.assertEqual(
            self.days(), ["11-19 10", "11-26 10", "12-03 10", "12-10 10", "12-17 10"]
        )
        self.assertFollows()

    def test_deleted(self):
        self.series()
        events = self.env["calendar.event"].search(
            [("name", "=", "Prices")], order="start"
        )
        events[4].with_user(self.rep).unlink()
        self.assertEqual(len(self.days()), 4)
        events[3].with_user(self.rep).action_mass_archive("self_only")
        self.assertEqual(len(self.days()), 3)
        events[2].with_user(self.rep).action_mass_deletion("future_events")
        self.assertEqual(self.days(), ["11-12 10", "11-19 10"])
        events[0].with_user(self.rep).action_mass_deletion("all_events")
        self.assertFalse(self.days())
        self.assertEqual(len(self.contacts(state="cancelled")), 5)

    def test_no_longer_a_series(self):
        for mode, left in (
            ("future_events", ["11-12 10", "11-19 10"]),
            ("all_events", ["11-19 10"]),
        ):
            with self.subTest(mode=mode):
                self.contacts().sudo().unlink()
                self.env["calendar.event"].search([("name", "=", "Prices")]).unlink()
                self.series()
                self.moved(mode, 1, recurrency=False)
                self.assertEqual(self.days(), left)
                self.assertFollows()

    def test_becomes_a_series(self):
        event = self.meet(self.salon)
        before = self.contacts()
        event.with_user(self.rep).write(dict(WEEKLY))
        self.assertEqual(len(self.days()), 5)
        self.assertEqual(self.contacts()[0], before)
        self.assertFollows()

    def test_attendee_joins_and_leaves_all(self):
        self.series()
        self.moved("all_events", partner_ids=[Command.link(self.mate.partner_id.id)])
        self.assertEqual(len(self.days(user=self.mate)), 5)
        self.moved("all_events", partner_ids=[Command.unlink(self.mate.partner_id.id)])
        self.assertFalse(self.days(user=self.mate))
        self.assertEqual(len(self.days(user=self.rep)), 5)

    def test_several_people_and_customers(self):
        self.series(self.salon, self.shop, self.mate.partner_id)
        before = self.contacts()
        self.assertEqual(len(before), 20)
        self.moved(
            "all_events", start="2026-11-13 14:00:00", stop="2026-11-13 15:00:00"
        )
        self.assertEqual(len(self.contacts(state="planned")), 20)
        self.assertEqual(self.contacts(), before)

    def test_no_query_per_meeting(self):
        """A series of 100 costs as many queries of ours as one of 10"""
        self.env["care.account.member"].create(
            {
                "partner_id": self.shop.id,
                "role_id": self.consultant.id,
                "user_id": self.rep.id,
            }
        )

        def queries(count, partner, quiet):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            Event = self.env["calendar.event"].with_user(self.rep)
            Event.with_context(care_no_interaction=quiet, dont_notify=True).create(
                {
                    "name": "Prices",
                    "start": "2026-11-12 10:00:00",
                    "stop": "2026-11-12 11:00:00",
                    "partner_ids": [Command.set((partner | self.rep.partner_id).ids)],
                    **WEEKLY,
                    "rrule_type": "daily",
                    "rrule_type_ui": "daily",
                    "count": count,
                }
            )
            self.env.flush_all()
            return self.cr.sql_log_count - before

        for partner in (self.salon, self.shop):
            queries(3, partner, True)
            queries(3, partner, False)
            few = queries(10, partner, False) - queries(10, partner, True)
            many = queries(100, partner, False) - queries(100, partner, True)
            self.assertLessEqual(many, few + 5, partner.name)
            self.assertLessEqual(many, 80, partner.name)
        self.assertEqual(
            len(self.contacts(self.salon)),
            3 + 10 + (date(2027, 2, 10) - date(2026, 11, 12)).days,
        )
