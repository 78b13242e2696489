from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_phone import NOW, PhoneCase, milliseconds, photo


@tagged("post_install", "-at_install")
class TestPhoneReport(PhoneCase):
    def contacts(self, partner=None):
        return self.env["care.interaction"].search(
            [("partner_id", "=", (partner or self.salon).id)], order="id"
        )

    # ------------------------------------------------------------
    # Filing
    # ------------------------------------------------------------

    def test_a_full_report(self):
        self.env["res.groups"]._switch_care_features(promise=True)
        contact = self.filed(
            self.report(
                contact=self.anna.id,
                feeling="4",
                promise="Samples of the serum",
                promise_date="2026-11-17",
                next_at=milliseconds(datetime(2026, 11, 24, 10)),
                next_topic="Autumn order",
                checked_in=milliseconds(datetime(2026, 11, 10, 8, 20)),
                latitude=31.2,
                longitude=121.5,
                photos=[photo(), photo()],
            )
        )
        self.assertEqual(
            (contact.user_id, contact.contact_id, contact.state, contact.satisfaction),
            (self.rep, self.anna, "done", "4"),
        )
        self.assertEqual(
            (contact.date_start, contact.checked_in_at, contact.date_end),
            (
                datetime(2026, 11, 10, 8, 20),
                datetime(2026, 11, 10, 8, 20),
                datetime(2026, 11, 10, 8, 50),
            ),
        )
        self.assertAlmostEqual(contact.latitude, 31.2)
        promise = contact.promise_id
        self.assertEqual(
            (promise.name, promise.date_due, promise.user_id),
            ("Samples of the serum", date(2026, 11, 17), self.rep),
        )
        self.assertEqual(contact.next_id.date_start, datetime(2026, 11, 24, 10))
        self.assertTrue(contact.next_id.calendar_event_id)
        photos = self.env["ir.attachment"].search(
            [("res_model", "=", "care.interaction"), ("res_id", "=", contact.id)]
        )
        self.assertEqual(set(photos.mapped("mimetype")), {"image/jpeg"})
        self.assertEqual(len(photos), 2)
        self.assertEqual(self.current(self.salon, self.visits).done, 1)

    def test_the_brief_was_read_without_a_network(self):
        opened = milliseconds(datetime(2026, 11, 10, 7))
        checked_in = milliseconds(datetime(2026, 11, 10, 8, 20))
        report = self.report(opened=opened, checked_in=checked_in)
        contact = self.filed(report)
        self.assertTrue(contact.brief_opened)
        view = self.env["care.brief.view"].search([("user_id", "=", self.rep.id)])
        self.assertEqual(
            (view.partner_id, view.opened_at), (self.salon, datetime(2026, 11, 10, 7))
        )
        late = milliseconds(datetime(2026, 11, 10, 8, 45))
        contact = self.filed(
            self.report(partner=self.shop, opened=late, checked_in=checked_in)
        )
        self.assertFalse(contact.brief_opened, "it was read after the visit had begun")

    def test_the_same_report_twice_is_one_contact(self):
        report = self.report(photos=[photo()], promise="Samples")
        [first] = self.file(report)
        [second] = self.file(report)
        third, fourth = self.file(report, report)
        self.assertEqual(first, second)
        self.assertEqual((first, first), (third, fourth))
        self.assertEqual(len(self.contacts()), 1)
        self.assertEqual(
            self.env["ir.attachment"].search_count(
                [
                    ("res_model", "=", "care.interaction"),
                    ("res_id", "=", first["id"]),
                ]
            ),
            1,
        )

    def test_a_deleted_contact_does_not_come_back(self):
        report = self.report()
        self.filed(report).sudo().unlink()
        [result] = self.file(report)
        self.assertEqual((result["state"], result["id"]), ("filed", False))
        self.assertFalse(self.contacts())

    def test_keys_are_of_their_user(self):
        """Nobody learns from a key what somebody else has filed."""
        report = self.report()
        mine = self.filed(report)
        theirs = self.filed(report, user=self.all)
        self.assertNotEqual(mine, theirs)
        self.assertEqual((mine | theirs).user_id, self.rep | self.all)

    def test_the_planned_contact_is_reported(self):
        planned = self.contact(self.salon, state="planned", summary=False)
        contact = self.filed(self.report(planned=planned.id))
        self.assertEqual(contact, planned)
        self.assertEqual((contact.state, contact.summary), ("done", "Sells well"))
        self.assertEqual(contact.date_end, datetime(2026, 11, 10, 8, 50))

    def test_what_was_planned_for_the_target_is_reported(self):
        planned = self.contact(
            self.salon,
            state="planned",
            summary=False,
            date_start=datetime(2026, 11, 10, 12),
        )
        target = self.current(self.salon, self.visits)
        contact = self.filed(self.report(target=target.id))
        self.assertEqual(contact, planned)
        self.assertEqual(contact.date_end, datetime(2026, 11, 10, 8, 50))

    def test_nobody_met(self):
        contact = self.filed(self.report(state="not_met", summary=""))
        self.assertEqual(contact.state, "not_met")
        self.assertEqual(self.current(self.salon, self.visits).done, 0)

    def test_one_bad_report_does_not_spoil_the_others(self):
        results = self.file(
            self.report(summary="First"),
            self.report(feeling="9"),
            self.report(partner=self.shop, photos=["bm8gcGljdHVyZQ=="]),
            self.report(partner=self.shop, photos=["###"]),
            {"key": 7},
            "nonsense",
            self.report(partner=self.shop, summary="Last"),
        )
        self.assertEqual(
            [row["state"] for row in results],
            ["filed", *["refused"] * 5, "filed"],
        )
        self.assertEqual(self.contacts().mapped("summary"), ["First"])
        self.assertEqual(self.contacts(self.shop).mapped("summary"), ["Last"])

    @mute_logger("odoo.sql_db")
    def test_a_refused_report_can_be_sent_again(self):
        report = self.report(partner=self.shop)
        self.shop.active = False
        self.shop.active = True
        gone = self.customer("Gone")
        report["partner"] = gone.id
        gone.unlink()
        self.refused(report, "deleted")
        self.filed(report | {"partner": self.shop.id})

    # ------------------------------------------------------------
    # The clock
    # ------------------------------------------------------------

    def test_the_clock_is_a_day_fast(self):
        day = timedelta(days=1)
        report = self.report(
            at=milliseconds(NOW + day - timedelta(minutes=10)),
            checked_in=milliseconds(NOW + day - timedelta(minutes=40)),
            offset=-day.total_seconds() * 1000,
        )
        contact = self.filed(report, now=milliseconds(NOW + day))
        self.assertEqual(
            (contact.date, contact.date_start, contact.date_end),
            (
                date(2026, 11, 10),
                datetime(2026, 11, 10, 8, 20),
                datetime(2026, 11, 10, 8, 50),
            ),
        )

    def test_the_clock_is_set_right_in_between(self):
        day = timedelta(days=1)
        for skew in (day, -day):
            with self.subTest(skew=skew):
                contact = self.filed(
                    self.report(
                        at=milliseconds(NOW + skew - timedelta(minutes=10)),
                        offset=-skew.total_seconds() * 1000,
                    )
                )
                self.assertEqual(contact.date_end, datetime(2026, 11, 10, 8, 50))

    def test_waiting_for_the_network_is_not_late(self):
        report = self.report()
        with freeze_time(NOW + timedelta(days=2)):
            contact = self.filed(report, now=milliseconds(NOW + timedelta(days=2)))
        self.assertEqual(contact.reported_at, datetime(2026, 11, 10, 8, 50))
        self.assertEqual(contact.date, date(2026, 11, 10))
        self.assertFalse(contact.is_late)
        self.assertRegex(contact.message_ids[0].body, "sent when it was online")

    def test_a_report_of_last_week_is_late(self):
        with freeze_time(NOW + timedelta(days=6)):
            contact = self.filed(
                self.report(), now=milliseconds(NOW + timedelta(days=6))
            )
        self.assertEqual(contact.date, date(2026, 11, 10))
        self.assertTrue(contact.is_late)

    # ------------------------------------------------------------
    # What happens meanwhile
    # ------------------------------------------------------------

    def merge(self, source, survivor):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | survivor).ids, survivor, extra_checks=False)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_merged_twice(self):
        report = self.report(partner=self.shop, contact=self.anna.id)
        other = self.a_customer("Other")
        self.merge(self.shop, other)
        self.merge(other, self.salon)
        [result] = self.file(report)
        self.assertIn("Velvet Salon", result["note"])
        contact = self.contacts().browse(result["id"])
        self.assertEqual(
            (contact.partner_id, contact.contact_id), (self.salon, self.anna)
        )

    def test_archived(self):
        self.salon.sudo().write({"active": False})
        [result] = self.file(
            self.report(next_at=milliseconds(datetime(2026, 11, 24, 10)))
        )
        self.assertRegex(result["note"], "archived")
        self.assertRegex(result["note"], "next appointment")
        self.assertEqual(result["state"], "filed")
        self.assertEqual(len(self.contacts().filtered("summary")), 1)

    def test_handed_over(self):
        self.salon.user_id = self.all
        [result] = self.file(self.report())
        self.assertEqual(result["state"], "filed")
        self.assertIn(self.all.name, result["note"])
        contact = self.contacts()
        self.assertEqual(contact.user_id, self.rep)
        self.assertIn(self.all.name, contact.message_ids[0].body)

    def test_the_contact_person_has_left(self):
        self.anna.parent_id = self.shop
        [result] = self.file(self.report(contact=self.anna.id))
        self.assertRegex(result["note"], "no longer belongs")
        self.assertFalse(self.contacts().contact_id)

    def test_reported_at_the_desk_meanwhile(self):
        planned = self.contact(self.salon, state="planned", summary=False)
        planned.with_user(self.rep).action_done()
        report = self.report(planned=planned.id)
        result = self.refused(report, "reported already")
        self.assertEqual(result["code"], "reported")
        self.assertEqual(len(self.contacts()), 1)
        further = self.filed(report | {"again": True})
        self.assertEqual(self.contacts(), planned | further)

    def test_the_planned_contact_was_cancelled(self):
        planned = self.contact(self.salon, state="planned", summary=False)
        planned.action_cancel()
        [result] = self.file(self.report(planned=planned.id))
        self.assertRegex(result["note"], "cancelled")
        self.assertEqual(self.contacts().mapped("state"), ["cancelled", "done"])

    def test_older_pages_are_understood(self):
        """Without what later versions have added"""
        least = {
            "key": "key-of-an-old-page",
            "partner": self.salon.id,
            "at": milliseconds(NOW),
        }
        contact = self.filed(least, version=0)
        self.assertEqual((contact.channel, contact.state), ("visit", "done"))
        newer = self.report(mood="fine")
        self.filed(newer, version=99)

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def test_another_user_is_logged_in(self):
        with self.assertError(UserError, "Another user"):
            self.env["care.phone.report"].with_user(self.all)._file(
                {
                    "user": self.rep.id,
                    "now": milliseconds(NOW),
                    "reports": [self.report()],
                }
            )
        self.assertFalse(self.contacts())

    def test_nobody_reports_in_the_name_of_others(self):
        contact = self.filed(
            self.report(user_id=self.all.id, user=self.all.id, reported_at="2020-01-01")
        )
        self.assertEqual(contact.user_id, self.rep)
        self.assertEqual(contact.reported_at, datetime(2026, 11, 10, 8, 50))

    def test_a_customer_one_may_not_read(self):
        self.env["ir.rule"].create(
            {
                "name": "Hide the shop",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.shop.id})]",
                "groups": [Command.link(self.env.ref("base.group_user").id)],
            }
        )
        result = self.refused(self.report(partner=self.shop), "no access")
        self.assertNotIn("Birch", result["message"])
        self.assertFalse(self.contacts(self.shop))

    def test_planned_contacts_and_targets_of_others_are_left_alone(self):
        theirs = self.contact(self.salon, state="planned", user=self.all)
        contact = self.filed(self.report(planned=theirs.id))
        self.assertNotEqual(contact, theirs)
        self.assertEqual(theirs.state, "planned")
        foreign = self.current(self.shop, self.b_visits)
        contact = self.filed(self.report(target=foreign.id))
        self.assertEqual(contact.partner_id, self.salon)

    def test_a_company_of_others_is_not_taken(self):
        contact = self.filed(self.report(company=self.other_company.id))
        self.assertEqual(contact.company_id, self.company)

    def test_uploads_of_others_are_refused(self):
        for values in (
            {"reports": "x"},
            {"now": None},
            {"now": "x"},
            {"reports": [self.report()] * 51},
        ):
            with self.subTest(values=str(values)[:40]), self.assertRaises(UserError):
                self.file(**values)

    def test_keys_are_forgotten_after_a_year(self):
        self.filed(self.report())
        Report = self.env["care.phone.report"]
        Report._gc_reports()
        self.assertEqual(Report.search_count([]), 1)
        with freeze_time(NOW + timedelta(days=401)):
            Report._gc_reports()
        self.assertFalse(Report.search_count([]))
