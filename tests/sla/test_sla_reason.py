from freezegun import freeze_time

from odoo.tests import tagged

from .test_hours_change import MONDAY, HoursCase


@tagged("post_install", "-at_install")
class TestSlaReason(HoursCase):
    """The Clocks tab tells why a deadline is what it is."""

    def drawn(self, complaint, tz="Asia/Shanghai", now="2026-11-09 02:00:00"):
        complaint.invalidate_recordset(["sla_timeline"])
        with freeze_time(now):
            timeline = complaint.with_context(tz=tz, lang="en_US").sla_timeline
        return timeline["clocks"][0]

    def told(self, *arguments, **options):
        return " ".join(self.drawn(*arguments, **options)["reasons"])

    def complain_at(self, moment=MONDAY, **values):
        with freeze_time(moment):
            return self.complain(**values)

    def test_from_reception_to_deadline(self):
        self.holiday(name="Foundation Day")
        self.day()
        self.policy(hours=36)
        complaint = self.complain_at()
        told = self.told(complaint)
        for words in (
            "Received 11/09/2026 (Mon) 08:00",
            "Allowed: 36 h of working time, by “" + self.calendar.name + "”: Mon–Fri",
            "Closed: Foundation Day (11/10/2026).",
            "Special working days: 11/14/2026.",
            f"Due {self.moment(complaint)}:",
        ):
            self.assertIn(words, told)
        self.assertNotIn("(Asia/Shanghai)", told)
        self.assertIn("(Asia/Shanghai)", self.told(complaint, tz="UTC"))
        self.assertIn(
            "Received 11/09/2026 (Mon) 12:00 AM", self.told(complaint, tz="UTC")
        )

    def moment(self, complaint):
        status = complaint.sla_ids.with_context(tz="Asia/Shanghai", lang="en_US")
        return status._moment(status.deadline)

    def test_closed_time_is_drawn_as_closed(self):
        self.holiday()
        self.policy(hours=12)
        complaint = self.complain_at()
        closed = self.drawn(complaint)["closed"]
        self.assertTrue(
            any(
                first <= "2026-11-09 16:00:00" and last >= "2026-11-10 15:59:59"
                for first, last in closed
            ),
            closed,
        )
        self.assertFalse(
            any(first < "2026-11-09 01:00:00" < last for first, last in closed)
        )

    def test_results(self):
        self.policy("reply", 1)
        complaint = self.complain_at()
        told = self.told(complaint, now="2026-11-09 00:20:00")
        self.assertIn("40 min left.", told)
        told = self.told(complaint, now="2026-11-09 01:30:00")
        self.assertIn("30 min late.", told)
        with freeze_time("2026-11-09 02:05:00"):
            complaint.action_reply_given()
        told = self.told(complaint, now="2026-11-12 02:05:00")
        self.assertIn("reached 11/09/2026 (Mon) 10:05 AM: 1 h 05 min late.", told)

    def test_pause(self):
        self.policy(hours=8)
        complaint = self.complain_at()
        with freeze_time("2026-11-09 01:00:00"):
            complaint.stage_id = self.waiting
        told = self.told(complaint)
        self.assertIn(
            "Paused: 11/09/2026 (Mon) 09:00 AM – 11/09/2026 (Mon) 10:00 AM.", told
        )
        self.assertIn("7 h left when it goes on.", told)

    def test_around_the_clock_and_without_hours(self):
        policy = self.policy(hours=4, around_the_clock=True)
        self.holiday(*("2026-11-08 00:00:00", "2026-11-20 00:00:00"))
        told = self.told(self.complain_at())
        self.assertIn("Allowed: 4 h, around the clock.", told)
        self.assertNotIn("Closed", told)
        policy.active = False
        self.policy(hours=4)
        self.calendar.attendance_ids.unlink()
        told = self.told(self.complain_at())
        self.assertIn("no hours at all", told)
        self.assertIn("There is not enough working time for a deadline.", told)

    def test_former_hours(self):
        self.policy(hours=12)
        complaint = self.complain_at()
        with freeze_time("2026-11-09 01:00:00"):
            self.holiday()
        self.assertIn("goes by the former ones", self.told(complaint))

    def test_many_holidays(self):
        self.policy(hours=100)
        complaint = self.complain_at()
        with freeze_time("2026-11-09 01:00:00"):
            for day in range(10, 18):
                self.holiday(f"2026-11-{day} 02:00:00", f"2026-11-{day} 03:00:00")
            self.calendar.action_care_recompute()
        self.assertIn("and 3 more.", self.told(complaint))
