from datetime import datetime

from odoo.fields import Command
from odoo.tests import tagged

from ..common_phone import NOW, PhoneCase, milliseconds


@tagged("post_install", "-at_install")
class TestPhoneDay(PhoneCase):
    def bundle(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        Day = self.env["care.phone.day"].with_user(user or self.rep)
        return Day.with_company(self.company)._bundle()

    def stop(self, partner, **values):
        [stop] = [
            row for row in self.bundle()["stops"] if row["customer"] == partner.id
        ]
        return stop

    def brief(self, partner):
        return self.bundle()["customers"][str(partner.id)]

    def all_due(self, day="2026-11-10"):
        self.Target._generate(NOW.date())
        targets = self.Target.search([("company_id", "=", self.company.id)])
        targets.sudo().date_aim = day

    def test_due_and_planned(self):
        self.all_due("2026-11-30")
        self.assertEqual(self.bundle()["stops"], [])
        visit = self.current(self.salon, self.visits)
        visit.sudo().date_aim = "2026-11-09"
        stop = self.stop(self.salon)
        self.assertEqual(
            (stop["today"], stop["channel"], stop["start"]), (True, "visit", False)
        )
        [due] = stop["due"]
        self.assertEqual((due["id"], due["late"]), (visit.id, True))
        visit.sudo().date_aim = "2026-11-13"
        self.assertFalse(self.stop(self.salon)["today"])
        planned = self.contact(
            self.shop, state="planned", date_start=datetime(2026, 11, 10, 14)
        )
        stop = self.stop(self.shop)
        self.assertEqual(
            (stop["today"], stop["planned"], stop["start"]),
            (True, planned.id, milliseconds(datetime(2026, 11, 10, 14))),
        )
        planned.date_start = datetime(2026, 11, 12, 14)
        self.assertNotIn(str(self.shop.id), self.bundle()["customers"])

    def test_brief(self):
        self.contact(
            self.salon,
            9,
            satisfaction="2",
            promise="Samples",
            promise_date="2026-11-12",
            next_topic="Winter",
        )
        self.env["care.complaint"].create(
            {"subject": "Leaks", "partner_id": self.salon.id, "user_id": self.rep.id}
        )
        self.all_due()
        brief = self.brief(self.salon)
        self.assertEqual((brief["name"], brief["tier"]), ("Velvet Salon", "A"))
        [person] = brief["persons"]
        self.assertEqual(
            (person["name"], person["role"]), ("Anna Keller", "Decision Maker")
        )
        [report] = brief["reports"]
        self.assertEqual((report["feeling"], report["text"]), ("2", "Sells well"))
        self.assertEqual(brief["promises"][0]["text"], "Samples")
        self.assertEqual(brief["promises"][0]["date"], "2026-11-12")
        self.assertIn("Samples", brief["reason"])
        self.assertEqual([row["text"] for row in brief["complaints"]], ["Leaks"])

    def test_free_time(self):
        self.all_due()
        stop = self.stop(self.salon)
        self.env["calendar.event"].create(
            {
                "name": "Team",
                "start": datetime(2026, 11, 11, 8),
                "stop": datetime(2026, 11, 11, 11),
                "partner_ids": [Command.set(self.rep.partner_id.ids)],
            }
        )
        free = self.bundle()["free"][str(stop["company"])]
        self.assertEqual(
            free["minutes"]["visit"], int(self.company.care_hours_visit * 60)
        )
        self.assertEqual(list(free["days"]), sorted(free["days"]))
        self.assertIn("2026-12-08", free["days"], "in four weeks")
        start, _end = free["days"]["2026-11-11"][0]
        self.assertEqual(start, milliseconds(datetime(2026, 11, 11, 11)))

    def test_next_day_due(self):
        self.all_due()
        calls = self.current(self.salon, self.calls)
        calls.sudo().date_aim = "2026-11-20"
        stop = self.stop(self.salon)
        self.assertEqual(stop["next_due"], "2026-11-20")
        sheet = self.env["care.interaction"].with_user(self.rep)
        values = sheet.with_company(self.company).sheet_values(
            self.salon.id, self.current(self.salon, self.visits).id
        )
        [due] = [chip for chip in values["chips"] if chip["key"] == "due"]
        self.assertEqual(due["start"][:10], "2026-11-20", "as the sheet says")

    def test_customers_of_others_are_not_on_the_phone(self):
        theirs = self.a_customer("Theirs", user=self.all)
        self.all_due()
        self.assertNotIn(str(theirs.id), self.bundle()["customers"])
        self.assertIn(str(theirs.id), self.bundle(self.all)["customers"])

    def test_each_user_has_a_seal(self):
        seal = self.bundle()["seal"]
        self.assertEqual(len(bytes.fromhex(seal)), 32)
        self.assertEqual(seal, self.bundle()["seal"])
        self.assertNotEqual(seal, self.bundle(self.all)["seal"])

    def test_queries_do_not_grow(self):
        def queries():
            self.bundle()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            Day = self.env["care.phone.day"].with_user(self.rep)
            Day.with_company(self.company)._bundle()
            return self.cr.sql_log_count - before

        def add(count):
            for number in range(count):
                partner = self.a_customer(f"Shop {number}")
                self.contact(partner, 2, next_topic="Winter", promise="Samples")
            self.all_due()

        add(3)
        few = queries()
        add(20)
        self.assertGreater(len(self.bundle()["stops"]), 20)
        self.assertLessEqual(queries(), few)
