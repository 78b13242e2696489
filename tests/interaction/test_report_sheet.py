import base64
import io
from datetime import date, datetime

from PIL import Image

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged, users

from ..common_plan import PlanCase


def photo(kind="JPEG", color="red"):
    """A small picture, as the browser sends it"""
    raw = io.BytesIO()
    Image.new("RGB", (8, 8), color).save(raw, kind)
    return {"data": base64.b64encode(raw.getvalue()).decode(), "is_card": False}


class SheetCase(PlanCase):
    """Tuesday, 10 November 2026, 09:00; working hours 8 to 12 and 13 to 17, UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Eight to five",
                "company_id": cls.company.id,
                "tz": "UTC",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": f"{day} {start}",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": end,
                            "day_period": period,
                        }
                    )
                    for day in range(5)
                    for start, end, period in (
                        (8, 12, "morning"),
                        (13, 17, "afternoon"),
                    )
                ],
            }
        )
        cls.company.resource_calendar_id = cls.calendar
        cls.rep.tz = "UTC"
        cls.salon = cls.a_customer(phone="+1 202 555 0100", email="salon@example.com")
        cls.buyer = cls.env["res.partner"].create(
            {
                "name": "Ms. Buyer",
                "parent_id": cls.salon.id,
                "care_decision_role": "buyer",
            }
        )
        cls.other_rep = cls.make_user("other_rep", "sales_team.group_sale_salesman")
        cls.foreign = cls.a_customer("Foreign", user=cls.other_rep)
        cls.Target._generate(date(2026, 11, 10))
        cls.target = cls.Target.search(
            [
                ("partner_id", "=", cls.salon.id),
                ("rule_id", "=", cls.visits.id),
                ("date_start", "=", "2026-11-01"),
            ]
        )
        cls.Sheet = cls.env["care.interaction"].with_user(cls.rep)

    def values(self, **values):
        return {
            "key": "11111111-aaaa",
            "partner_id": self.salon.id,
            "target_id": self.target.id,
            "channel": "visit",
            "summary": "Serum sells well",
            **values,
        }

    def file(self, **values):
        answer = self.Sheet.report_from_phone(self.values(**values))
        return self.env["care.interaction"].browse(answer["id"])


@tagged("post_install", "-at_install")
class TestReportSheet(SheetCase):
    def test_file(self):
        answer = self.Sheet.report_from_phone(
            self.values(
                satisfaction="5",
                contact_id=self.buyer.id,
                promise="Price list",
                promise_date="2026-11-13",
                next_date="2026-11-17 08:00:00",
                next_topic="Second shelf",
            )
        )
        report = self.env["care.interaction"].browse(answer["id"])
        self.assertRecordValues(
            report,
            [
                {
                    "partner_id": self.salon.id,
                    "user_id": self.rep.id,
                    "role_id": self.rep_role.id,
                    "state": "done",
                    "satisfaction": "5",
                    "summary": "Serum sells well",
                    "contact_id": self.buyer.id,
                    "promise": "Price list",
                    "promise_date": date(2026, 11, 13),
                    "promise_state": "open",
                    "is_late": False,
                    "create_uid": self.rep.id,
                }
            ],
        )
        self.assertEqual((answer["new"], answer["uncounted"]), (True, False))
        self.assertEqual(self.target.done, 1)
        self.assertEqual(report.next_id.date_start, datetime(2026, 11, 17, 8))
        self.assertTrue(report.next_id.calendar_event_id)

    def test_ends_now(self):
        report = self.file()
        self.assertEqual(report.date_end, datetime(2026, 11, 10, 9))
        hours = self.company.care_hours_visit
        self.assertEqual(report.duration, hours, "it took as long as usual")
        self.assertEqual(report.date, date(2026, 11, 10))

    def test_not_before_today(self):
        self.rep.tz = "Asia/Shanghai"
        self.company.care_hours_visit = 20
        report = self.file()
        self.assertEqual(report.date_start, datetime(2026, 11, 9, 16))
        self.assertEqual(report.date, date(2026, 11, 10))

    def test_planned_contact_is_reported(self):
        planned = self.Sheet.create(
            {
                "partner_id": self.salon.id,
                "target_id": self.target.id,
                "date_start": "2026-11-10 08:15:00",
                "date_end": "2026-11-10 11:00:00",
            }
        )
        self.assertEqual(self.file(), planned)
        self.assertRecordValues(
            planned,
            [
                {
                    "state": "done",
                    "date_start": datetime(2026, 11, 10, 8, 15),
                    "date_end": datetime(2026, 11, 10, 9),
                }
            ],
        )
        with self.assertRaises(UserError):
            self.file(key="22222222-bbbb", interaction_id=planned.id)

    def test_form_ends_now_too(self):
        after = self.Sheet.create(
            {
                "partner_id": self.salon.id,
                "date_start": "2026-11-10 08:58:00",
                "summary": "Written after the visit",
            }
        )
        at = self.Sheet.create(
            {
                "partner_id": self.salon.id,
                "channel": "phone",
                "date_start": "2026-11-10 08:40:00",
                "date_end": "2026-11-10 09:40:00",
                "summary": "Began twenty minutes ago",
            }
        )
        (after | at).action_done()
        self.assertEqual(after.date_end, datetime(2026, 11, 10, 9))
        self.assertEqual(after.duration, self.company.care_hours_visit)
        self.assertEqual(at.date_start, datetime(2026, 11, 10, 8, 40))
        self.assertEqual(at.date_end, datetime(2026, 11, 10, 9))

    def test_without_a_target_the_role_is_ones_own(self):
        report = self.file(target_id=False)
        self.assertEqual(report.role_id, self.rep_role)
        self.assertEqual(self.target.done, 1)

    def test_checked_in(self):
        report = self.file(
            checked_in_at="2026-11-10 08:20:00", latitude=31.2, longitude=121.5
        )
        self.assertEqual(report.date_start, datetime(2026, 11, 10, 8, 20))
        self.assertEqual(report.date_end, datetime(2026, 11, 10, 9))
        self.assertAlmostEqual(report.latitude, 31.2)

    def test_a_check_in_of_the_day_before(self):
        """The report is written the next morning."""
        report = self.file(
            checked_in_at="2026-11-09 17:30:00", target_id=False, channel="visit"
        )
        self.assertEqual(report.date_start, datetime(2026, 11, 9, 17, 30))
        self.assertEqual(report.date_end.date(), date(2026, 11, 9))

    def test_a_check_in_of_another_day_is_left_out(self):
        leftover = {
            "checked_in_at": "2026-11-03 08:20:00",
            "latitude": 31.2,
            "longitude": 121.5,
        }
        report = self.file(**leftover)
        self.assertEqual(report.date_start.date(), date(2026, 11, 10))
        self.assertEqual(
            (report.checked_in_at, report.latitude, report.longitude), (False, 0, 0)
        )
        stay = self.file(
            key="22222222-bbbb", target_id=False, channel="onsite", **leftover
        )
        self.assertEqual(stay.date_start, datetime(2026, 11, 3, 8, 20))

    def test_nobody_there(self):
        planned = self.Sheet.create(
            {
                "partner_id": self.salon.id,
                "target_id": self.target.id,
                "date_start": "2026-11-10 11:00:00",
            }
        )
        report = self.file(state="not_met", summary="")
        self.assertEqual((report, report.state), (planned, "not_met"))
        self.assertFalse(self.target.done)
        self.assertTrue(self.target.tried)
        other = self.file(key="22222222-bbbb", target_id=False, state="not_met")
        self.assertEqual((other.state, other.role_id), ("not_met", self.rep_role))

    def test_filed_once(self):
        first = self.file(photos=[photo()])
        again = self.Sheet.report_from_phone(self.values(photos=[photo()]))
        self.assertEqual((again["id"], again["new"]), (first.id, False))
        self.assertEqual(self.target.done, 1)
        self.assertEqual(len(self.photos(first)), 1)
        self.assertNotEqual(self.file(key="22222222-bbbb"), first)
        others = self.env["care.interaction"].with_user(self.all)
        theirs = others.report_from_phone(self.values())
        self.assertTrue(theirs["new"], "a key is one's own")

    def test_a_deleted_report_is_not_filed_again(self):
        self.file().with_user(SUPERUSER_ID).unlink()
        again = self.Sheet.report_from_phone(self.values())
        self.assertEqual((again["id"], again["new"]), (False, False))
        self.assertFalse(self.target.done)

    def test_key_needed(self):
        for key in (None, "", "short", 12345678, "x" * 65):
            with self.assertRaises(UserError, msg=key):
                self.file(key=key)

    def test_bad_values(self):
        for values in (
            {"channel": "smoke"},
            {"satisfaction": "9"},
            {"next_date": "soon"},
            {"promise_date": "31/31/2026"},
            {"photos": [{"data": "no base64"}]},
            {"photos": [photo()] * 11},
            {"photos": [{"data": base64.b64encode(b"<svg/>").decode()}]},
        ):
            with self.assertRaises(UserError, msg=values):
                self.file(**values)
        with self.assertRaises(ValidationError):
            self.file(contact_id=self.foreign.id)
        self.assertFalse(self.target.interaction_ids)

    def test_others_customers_are_refused(self):
        for values in (
            {"partner_id": self.foreign.id, "target_id": False},
            {
                "target_id": self.targets(self.foreign)[0].id,
                "partner_id": self.foreign.id,
            },
        ):
            with self.assertRaises(AccessError, msg=values):
                self.file(**values)
        with self.assertRaises(AccessError):
            self.Sheet.sheet_values(self.foreign.id)
        everything = self.env["care.interaction"].with_user(self.all)
        self.assertTrue(everything.sheet_values(self.foreign.id))

    @users("care_employee")
    def test_employee_has_no_sheet(self):
        Interaction = self.env["care.interaction"]
        with self.assertRaises(AccessError):
            Interaction.sheet_values(self.salon.id)
        with self.assertRaises(AccessError):
            Interaction.report_from_phone(self.values(target_id=False))
        with self.assertRaises(AccessError):
            self.salon.with_user(self.env.user).care_brief_opened()

    # Photos and persons --------------------------------------------------------

    def photos(self, record):
        return self.env["ir.attachment"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )

    def test_photos_have_the_rights_of_the_report(self):
        report = self.file(photos=[photo(), photo("PNG")])
        photos = self.photos(report)
        self.assertEqual(set(photos.mapped("mimetype")), {"image/jpeg", "image/png"})
        self.assertTrue(photos.with_user(self.rep).mapped("raw"))
        for user in (self.other_rep, self.employee):
            with self.assertRaises(AccessError, msg=user.login):
                photos[0].with_user(user).read(["raw"])

    def test_new_person_with_card(self):
        self.rep.group_ids += self.env.ref("base.group_partner_manager")
        report = self.file(
            contact={
                "name": "Mr. New",
                "function": "Owner",
                "phone": "+1 202 555 0199",
                "decision_role": "decision_maker",
                "ref": "Not for the sheet",
            },
            photos=[photo(), photo(color="blue") | {"is_card": True}],
        )
        person = report.contact_id
        self.assertRecordValues(
            person,
            [
                {
                    "name": "Mr. New",
                    "parent_id": self.salon.id,
                    "function": "Owner",
                    "care_decision_role": "decision_maker",
                    "ref": False,
                }
            ],
        )
        self.assertEqual(self.photos(person).name, "Business card.jpg")
        self.assertEqual(len(self.photos(report)), 1)

    def test_new_person_with_own_rights(self):
        plain = self.make_user("plain", "customer_care.group_user")
        shop = self.a_customer("Shop", user=plain)
        Sheet = self.env["care.interaction"].with_user(plain)
        self.assertFalse(Sheet.sheet_values(shop.id)["may_add_person"])
        values = self.values(partner_id=shop.id, target_id=False)
        with self.assertRaises(AccessError):
            Sheet.report_from_phone(values | {"contact": {"name": "Mr. New"}})
        self.assertTrue(Sheet.report_from_phone(values)["new"])

    # What the sheet shows ------------------------------------------------------

    def test_persons_with_their_role(self):
        self.env["res.partner"].create(
            {
                "name": "Ms. Boss",
                "parent_id": self.salon.id,
                "care_decision_role": "decision_maker",
                "care_birthday": "1980-11-20",
                "care_relationship_level": "friend",
                "care_wechat": "boss_88",
            }
        )
        persons = self.Sheet.sheet_values(self.salon.id)["persons"]
        self.assertEqual(
            [(person["name"], person["role"]) for person in persons],
            [("Ms. Boss", "Decision Maker"), ("Ms. Buyer", "Buyer")],
        )
        self.assertEqual(persons[0]["closeness"], "Friend")
        self.assertEqual(persons[0]["birthday"], date(2026, 11, 20))
        self.assertEqual(persons[0]["links"][0]["text"], "boss_88")

    def test_links(self):
        links = {link["kind"]: link["url"] for link in self.salon._care_links()}
        self.assertEqual(
            links,
            {
                "call": "tel:+12025550100",
                "sms": "sms:+12025550100",
                "whatsapp": "https://wa.me/12025550100",
                "mail": "mailto:salon@example.com",
            },
        )
        self.salon.write({"phone": "ask the porter", "email": False})
        self.assertNotIn(
            "whatsapp", [link["kind"] for link in self.salon._care_links()]
        )
        self.assertFalse(self.buyer._care_links())

    def test_links_of_a_column_are_read_at_once(self):
        for name in ("One", "Two", "Three", "Four"):
            self.a_customer(name).care_wechat = f"wechat_{name}"
        self.generate()
        targets = self.env["care.plan.target"].with_user(self.rep).search([])
        self.assertGreater(len(targets.partner_id), 4)
        targets.mapped("contact_links")  # rules and rights are read
        self.env.invalidate_all()
        targets.partner_id.mapped("name")
        with self.assertQueryCount(3):
            links = targets.mapped("contact_links")
        self.assertIn("wechat_Four", str(links))

    def test_next_customer(self):
        self.assertFalse(self.Sheet.report_from_phone(self.values())["next"])
        spa = self.a_customer("Spa")
        self.generate()
        due = self.current(spa, self.visits)
        due.date_aim = "2026-11-09"
        answer = self.Sheet.report_from_phone(self.values())
        self.assertEqual(answer["next"]["target_id"], due.id)
        self.assertEqual(answer["next"]["name"], "Spa")

    # Free time -----------------------------------------------------------------

    def chips(self, **values):
        sheet = self.Sheet.sheet_values(self.salon.id, self.target.id, **values)
        return {chip["key"]: chip["start"] for chip in sheet["chips"]}

    def test_chips(self):
        self.company.care_hours_visit = 2
        chips = self.chips()
        self.assertEqual(chips["tomorrow"], "2026-11-11 08:00:00")
        self.assertEqual(chips["week"], "2026-11-17 08:00:00")
        self.assertEqual(chips["two_weeks"], "2026-11-24 08:00:00")
        self.assertEqual(chips["four_weeks"], "2026-12-08 08:00:00")
        self.assertIn("due", chips)
        self.calendar.write(
            {
                "leave_ids": [
                    Command.create(
                        {
                            "name": "Holiday",
                            "date_from": "2026-11-11 00:00:00",
                            "date_to": "2026-11-11 23:59:59",
                            "company_id": self.company.id,
                        }
                    )
                ]
            }
        )
        self.assertEqual(self.chips()["tomorrow"], "2026-11-12 08:00:00")

    def test_free_time(self):
        self.company.care_hours_visit = 2
        event = self.env["calendar.event"].create(
            {
                "name": "Team",
                "start": "2026-11-11 09:30:00",
                "stop": "2026-11-11 10:10:00",
                "user_id": self.all.id,
                "partner_ids": [Command.set(self.rep.partner_id.ids)],
            }
        )
        self.assertEqual(
            self.chips()["tomorrow"],
            "2026-11-11 13:00:00",
            "neither 90 nor 110 minutes are enough for a visit",
        )
        event.attendee_ids.state = "declined"
        self.assertEqual(self.chips()["tomorrow"], "2026-11-11 08:00:00")
        self.Sheet.create(
            {
                "partner_id": self.salon.id,
                "date_start": "2026-11-11 08:00:00",
                "date_end": "2026-11-11 09:05:00",
            }
        )
        self.assertEqual(self.chips()["tomorrow"], "2026-11-11 09:15:00")
        self.env["calendar.event"].create(
            {
                "name": "Fair",
                "allday": True,
                "start_date": "2026-11-11",
                "stop_date": "2026-11-12",
                "show_as": "busy",
                "user_id": self.rep.id,
                "partner_ids": [Command.set(self.rep.partner_id.ids)],
            }
        )
        self.assertEqual(self.chips()["tomorrow"], "2026-11-13 08:00:00")

    def test_absence_is_not_free(self):
        self.env["care.absence"].create(
            {
                "user_id": self.rep.id,
                "date_from": "2026-11-11",
                "date_to": "2026-11-13",
                "stand_in_id": self.all.id,
            }
        )
        self.assertEqual(self.chips()["tomorrow"], "2026-11-16 08:00:00")

    def test_planner(self):
        Target = self.Target.with_user(self.rep)
        before = Target.planner_values("2026-11-10", 7)
        self.assertEqual(len(before["days"]), 7)
        self.assertEqual(
            [(span["from"], span["to"]) for span in before["days"][0]["free"]],
            [("09:00", "12:00"), ("13:00", "17:00")],
            "what has passed is not free",
        )
        self.assertFalse(before["days"][4]["free"], "Saturday")
        self.assertIn(self.target.id, [row["id"] for row in before["due"]])
        self.assertNotIn("Foreign", [row["name"] for row in before["due"]])
        target = self.target.with_user(self.rep)
        planned = self.env["care.interaction"].browse(
            target.plan_contact("2026-11-11 10:00:00")
        )
        self.assertTrue(planned.calendar_event_id)
        self.assertEqual(planned.user_id, self.rep)
        after = Target.planner_values("2026-11-10", 7)["days"][1]
        self.assertEqual([row["id"] for row in after["planned"]], planned.ids)
        self.assertEqual(after["free"][0]["to"], "10:00")
        again = target.plan_contact("2026-11-12 08:00:00")
        self.assertEqual(again, planned.id, "planned again, it moves")
        self.assertEqual(planned.date_start, datetime(2026, 11, 12, 8))
        self.assertEqual(planned.calendar_event_id.start, datetime(2026, 11, 12, 8))

    def test_plan_only_ones_own_and_in_the_future(self):
        for start in ("2026-11-09 10:00:00", "soon", False):
            with self.assertRaises(UserError, msg=start):
                self.target.with_user(self.rep).plan_contact(start)
        foreign = self.targets(self.foreign)[0].with_user(self.rep)
        with self.assertRaises(AccessError):
            foreign.plan_contact("2026-11-11 10:00:00")
