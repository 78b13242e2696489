from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from .test_reports import NOON, ReportCase


@tagged("post_install", "-at_install")
class TestEvaluation(ReportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(freeze_time(NOON))
        (cls.best | cls.second).care_manager_id = cls.rep
        cls.third.care_manager_id = cls.all
        cls.A.verify_days = 90
        cls.policy("reply", 4, around_the_clock=True)
        cls.answered("2026-10-05 00:00:00", 1, user_id=cls.rep.id)
        cls.answered("2026-10-06 00:00:00", 9, user_id=cls.rep.id)
        cls.answered("2026-11-01 04:00:00", 9, user_id=cls.rep.id)
        cls.answered("2026-10-07 00:00:00", 9, partner=cls.third, user_id=cls.all.id)

    def person(self, user):
        return self.env["care.evaluation"].browse(user.id)

    def contacts(self):
        self.generate(date(2026, 10, 2))
        self.contact(self.best, date(2026, 10, 5))
        self.generate(date(2026, 11, 10))

    def test_figures_are_those_of_the_records(self):
        self.contacts()
        person = self.person(self.rep)
        ended = self.targets().filtered(
            lambda row: row.user_id == self.rep and row.date_end <= date(2026, 10, 31)
        )
        self.assertEqual(person.customer_count, 2)
        self.assertEqual(person.stale_count, 2)
        self.assertEqual(person.owed, sum(ended.mapped("goal")))
        self.assertAlmostEqual(
            person.attainment,
            100 * sum(ended.mapped("counted")) / sum(ended.mapped("goal")),
            places=1,
        )
        self.assertEqual((person.complaint_count, person.reply_success), (2, 50))

    def test_compared_with_the_department_and_before(self):
        self.north.member_ids |= self.all
        self.answered("2026-07-05 00:00:00", 1, user_id=self.rep.id)
        figures = self.person(self.rep)._figures()
        [answered] = [
            row for row in figures["rows"] if row["name"] == "Answered in time"
        ]
        self.assertEqual(answered["own"], "50.0 %")
        self.assertEqual(answered["team"], "33.3 %")
        self.assertEqual(answered["earlier"], "100.0 %")

    @users("care_rep")
    def test_everybody_sees_their_own_page(self):
        self.contacts()
        Evaluation = self.env["care.evaluation"]
        self.assertEqual(Evaluation.search([]).user_id, self.rep)
        own = Evaluation.browse(self.rep.id)
        self.assertIn("Answered in time", own.content)
        with self.assertRaises(AccessError):
            Evaluation.browse(self.all.id).read(["attainment"])

    @users("care_manager")
    def test_a_manager_sees_all_and_asks_little(self):
        rows = self.env["care.evaluation"].search(
            [("user_id", "in", (self.rep | self.all).ids)]
        )
        self.assertEqual(rows.user_id, self.rep | self.all)
        names = ["customer_count", "attainment", "reply_success", "monthly_amount"]
        rows.read(names)
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            rows.read(names)

    def test_buttons_open_what_was_counted(self):
        self.contacts()
        person = self.person(self.rep)
        for name, counted in (
            ("customers", person.customer_count),
            ("complaints", person.complaint_count),
        ):
            action = getattr(person, f"action_open_{name}")()
            rows = self.env[action["res_model"]].search_count(action["domain"])
            self.assertEqual(rows, counted, name)
        action = person.action_open_contacts()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sum(rows.mapped("owed")), person.owed)

    def test_who_has_nothing_yet(self):
        self.env["care.account.member"].create(
            {
                "partner_id": self.best.id,
                "role_id": self.consultant.id,
                "user_id": self.manager.id,
            }
        )
        content = self.person(self.manager).content
        self.assertIn("This person is not the account manager of any customer", content)

    def test_trend_of_the_months(self):
        self.contacts()
        trend = self.env["care.indicator"]._trend(
            self.company, date(2026, 10, 31), user=self.rep
        )
        self.assertEqual([row["label"] for row in trend][-2:], ["Sep", "Oct"])
        self.assertEqual(trend[-1]["reply"], 50)
        self.assertAlmostEqual(
            trend[-1]["attainment"], self.person(self.rep).attainment, places=1
        )
        self.assertFalse(trend[0]["reply"])
