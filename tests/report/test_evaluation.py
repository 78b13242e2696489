from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged, users

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
        self.assertEqual(person.reply_count, 2)

    def test_each_figure_states_its_period_and_n(self):
        self.contacts()
        self.answered("2026-10-30 04:00:00", user_id=self.rep.id, kind="suggestion")
        person = self.person(self.rep)
        self.assertEqual(person.period, "08/01/2026 – 10/31/2026")
        self.assertIn(person.period, person.content)
        ended = self.targets().filtered(
            lambda row: row.user_id == self.rep and row.date_end <= date(2026, 10, 31)
        )
        owed = sum(ended.mapped("goal"))
        figures = person._figures()
        self.assertEqual(figures["earlier_period"], "05/01/2026 – 07/31/2026")
        own = {row["name"]: row["own"] for row in figures["rows"]}
        self.assertEqual(
            own["Contacts made"],
            (f"{100 * sum(ended.mapped('counted')) / owed:.1f} %", f"n = {owed}"),
        )
        self.assertEqual(own["Contacts missed"][1], f"n = {owed}")
        self.assertEqual(own["Solved in time"], ("–", "n = 0"))
        self.assertEqual(own["Stale cards"], ("100.0 %", "n = 2"))
        earlier = {row["name"]: row["earlier"] for row in figures["rows"]}
        self.assertEqual(earlier["Stale cards"], ("–", ""), "as of today only")

    def test_a_cancelled_clock_is_not_in_n(self):
        with freeze_time("2026-10-31 13:00:00"):
            complaint = self.answered("2026-10-31 12:00:00", user_id=self.rep.id)
            complaint.sudo().stage_id = self.stages["cancelled"]
        person = self.person(self.rep)
        self.assertEqual((person.complaint_count, person.reply_count), (3, 2))
        self.assertEqual(person.reply_success, 50)

    def test_salespeople_without_customers_as_account_manager(self):
        """A customer is looked after by all in its account team, and counts once for
        each, whatever their roles."""
        (self.best | self.second).care_manager_id = self.all
        rep, manager = self.person(self.rep), self.person(self.all)
        self.assertEqual((rep.customer_count, rep.stale_count), (2, 2))
        self.assertEqual((manager.customer_count, manager.stale_count), (3, 2))
        consultant = new_test_user(
            self.env, "care_beauty", "base.group_user", company_id=self.company.id
        )
        roles = (self.consultant, self.consultant.copy({"name": "Second Consultant"}))
        self.env["care.account.member"].create(
            [
                {
                    "partner_id": self.best.id,
                    "role_id": role.id,
                    "user_id": consultant.id,
                }
                for role in roles
            ]
        )
        self.env.invalidate_all()
        self.assertEqual(self.person(consultant).customer_count, 1)
        self.assertEqual(
            [(tier, count) for tier, count, *_rest in rep._tiers()], [(self.A, 2)]
        )
        self.assertNotIn("in no account team of a customer", rep.content)
        action = rep.action_open_customers()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.partner_id, self.best | self.second)
        [stale] = [
            row for row in rep._figures()["rows"] if row["name"] == "Stale cards"
        ]
        self.assertEqual(stale["own"], ("100.0 %", "n = 2"))
        with freeze_time("2026-10-20 04:00:00"):
            self.second.care_tier_id = self.B
        self.assertIn("0 moved up, 1 moved down", rep._figures()["moves"])

    def test_members_of_sales_teams_without_an_account_team(self):
        person = new_test_user(
            self.env, "care_new_rep", "base.group_user", company_id=self.company.id
        )
        Evaluation = self.env["care.evaluation"]
        self.assertFalse(Evaluation.search([("user_id", "=", person.id)]))
        self.north.member_ids |= person
        [row] = Evaluation.search([("user_id", "=", person.id)])
        self.assertEqual(row.department_id, self.north)
        self.assertFalse(row.customer_count or row.owed or row.reply_count)
        self.assertIn("in no account team of a customer", row.content)

    def test_compared_with_the_department_and_before(self):
        self.north.member_ids |= self.all
        self.answered("2026-07-05 00:00:00", 1, user_id=self.rep.id)
        figures = self.person(self.rep)._figures()
        [answered] = [
            row for row in figures["rows"] if row["name"] == "Answered in time"
        ]
        self.assertEqual(answered["own"], ("50.0 %", "n = 2"))
        self.assertEqual(answered["team"], ("33.3 %", "n = 3"))
        self.assertEqual(answered["earlier"], ("100.0 %", "n = 1"))

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
                "partner_id": self.env["res.partner"].create({"name": "No Tier"}).id,
                "role_id": self.consultant.id,
                "user_id": self.manager.id,
            }
        )
        content = self.person(self.manager).content
        self.assertIn("in no account team of a customer with a tier", content)

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
