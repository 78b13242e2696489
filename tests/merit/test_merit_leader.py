from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common_merit import MeritCase


@tagged("post_install", "-at_install")
class TestMeritLeader(MeritCase):
    """Leaders of departments set the rules for their own people."""

    def setUp(self):
        super().setUp()
        self.today = self.company._care_today()

    def set_rule(self, user=None, **values):
        values = {
            "cause": "visit_missed",
            "account": "both",
            "amount": 40,
            "department_id": self.north.id,
            "company_id": self.company.id,
            "date_from": self.today,
            **values,
        }
        return self.Rule.with_user(user or self.boss).create(values)

    def test_rule_of_the_own_department(self):
        rule = self.set_rule()
        day = self.today + timedelta(days=2)
        north = self.target(day=day, date_start=self.today)
        south = self.target(self.other, day=day, date_start=self.today)
        before = self.target(day=self.today - timedelta(days=1))
        self.propose(day)
        self.assertCountEqual(
            self.rows(north), [(self.rep, 40), (self.boss, 40)], "from today on"
        )
        self.assertEqual(self.rows(south), [(self.rival, 30)], "own people only")
        self.assertEqual(self.rows(before), [(self.boss, 30)], "judged by then")
        self.assertEqual(self.entries(north).rule_id, rule)

    def test_other_departments_and_the_company_are_closed(self):
        for values in (
            {"department_id": self.south.id},
            {"department_id": False},
            {"company_id": False},
            {"company_id": self.other_company.id, "department_id": False},
        ):
            with self.assertRaises(AccessError, msg=values):
                self.set_rule(**values)
        with self.assertRaises(AccessError):
            self.set_rule(user=self.rep)
        general = self.env.ref("customer_care.care_merit_rule_visit_missed")
        rule = self.set_rule()
        for user, record in (
            (self.boss, general),
            (self.rival, rule),
            (self.rep, rule),
        ):
            with self.assertRaises(AccessError):
                record.with_user(user).write({"amount": 90})
            with self.assertRaises(AccessError):
                record.with_user(user).unlink()
        with self.assertRaises(AccessError):
            rule.with_user(self.boss).department_id = self.south
        self.assertEqual(general.with_user(self.rep).amount, 30, "all read the rules")

    def test_never_to_the_own_relief(self):
        general = self.env.ref("customer_care.care_merit_rule_visit_missed")
        for values in (
            {"account": "person"},
            {"amount": 20},
            {"amount": 40, "amount_min": 1, "amount_max": 50},
            {"cause": "manager_visit_missed", "account": "person", "amount": 50},
        ):
            with self.assertRaises(AccessError, msg=values):
                self.set_rule(**values)
        general.factor_not_made_good = 3
        with self.assertError(AccessError, "less"):
            self.set_rule()
        rule = self.set_rule(factor_not_made_good=3)
        with self.assertError(AccessError, "less"):
            rule.with_user(self.boss).amount = 5
        self.assertEqual(rule.amount, 40)

    def test_within_the_range_of_the_company(self):
        with self.assertError(AccessError, "no more than 500"):
            self.set_rule(cause="complaint", amount=600)
        with self.assertError(AccessError, "no more than 500"):
            self.set_rule(cause="complaint", amount=100, amount_min=60, amount_max=900)
        self.set_rule(cause="complaint", amount=200)
        reward = {"cause": "survey", "kind": "reward", "account": "person"}
        with self.assertError(AccessError, "no more than"):
            self.set_rule(**reward, amount=5000)
        self.Rule.search([("cause", "=", "survey")]).active = False
        with self.assertError(AccessError, "rewards nothing"):
            self.set_rule(**reward, amount=50)

    def test_not_for_the_past(self):
        with self.assertError(UserError, "today or later"):
            self.set_rule(date_from=self.today - timedelta(days=1))
        with self.assertError(UserError, "today or later"):
            self.set_rule(date_from=False)
        rule = self.set_rule()
        rule.sudo().date_from = self.today - timedelta(days=9)
        mine = rule.with_user(self.boss)
        for values in ({"amount": 50}, {"active": False}, {"date_from": self.today}):
            with self.assertError(UserError, "today or later"):
                mine.write(values)
        with self.assertError(UserError, "today or later"):
            mine.unlink()
        with self.assertError(UserError, "not in the past"):
            mine.date_to = self.today - timedelta(days=1)
        mine.date_to = self.today
        self.assertEqual(rule.date_to, self.today)
        young = self.set_rule()
        young.with_user(self.boss).amount = 60
        young.with_user(self.boss).unlink()

    def test_form_and_new_version(self):
        form = Form(self.Rule.with_user(self.boss).with_company(self.company))
        self.assertEqual(form.department_id, self.north)
        self.assertEqual(form.date_from, self.today)
        general = self.env.ref("customer_care.care_merit_rule_visit_missed")
        rules = general.with_user(self.boss).with_company(self.company)
        new = self.Rule.browse(rules.action_new_version()["res_id"])
        self.assertEqual(
            (new.department_id, new.company_id, new.date_from, new.amount),
            (self.north, self.company, self.today, 30),
        )
        with self.assertRaises(AccessError):
            general.with_user(self.rep).with_company(self.company).action_new_version()

    def test_who_leads_nothing_has_no_buttons(self):
        def arch(user):
            return self.Rule.with_user(user).get_view(view_type="form")["arch"]

        self.assertIn("action_new_version", arch(self.boss))
        self.assertNotIn("action_new_version", arch(self.rep))
        self.assertIn('create="0"', arch(self.rep))
        self.assertNotIn('create="0"', arch(self.manager))
