from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


class AtOnceCase(TransactionCase):
    """Against connections of their own, as two workers have them."""

    def setUp(self):
        super().setUp()
        self.made = []
        self.addCleanup(self.clean)
        with self.registry.cursor() as cr:
            self.make(api.Environment(cr, SUPERUSER_ID, {"no_reset_password": True}))
        self.first = self.connect("base.user_admin")
        self.second = self.connect("base.user_admin")

    def connect(self, user):
        uid = user if isinstance(user, int) else self.env.ref(user).id
        cr = self.enterContext(self.registry.cursor())
        self.addCleanup(cr.rollback)
        return api.Environment(cr, uid, {})(su=True)

    def clean(self):
        with self.registry.cursor() as cr:
            for table, column, ids in reversed(self.made):
                cr.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [ids])  # pylint: disable=sql-injection

    def keep(self, records):
        self.made.append((records._table, "id", records.ids))
        return records

    def again(self, env):
        env.cr.rollback()
        env.invalidate_all()


@tagged("post_install", "-at_install")
class TestFundAtOnce(AtOnceCase):
    def make(self, env):
        company = env.ref("base.main_company")
        admin = env.ref("base.user_admin")
        user = env["res.users"].create(
            {"name": "At once", "login": "care_at_once", "company_id": company.id}
        )
        self.made.append(("res_partner", "id", user.partner_id.ids))
        self.keep(user)
        self.user_id = user.id
        team = self.keep(
            env["crm.team"].create(
                {"name": "At once", "user_id": user.id, "company_id": company.id}
            )
        )
        team.flush_recordset()
        self.made.append(("mail_alias", "id", team.alias_id.ids))
        self.made[-1], self.made[-2] = self.made[-2], self.made[-1]
        env.cr.execute(
            "INSERT INTO crm_team_member (crm_team_id, user_id, active)"
            " VALUES (%s, %s, TRUE)",
            [team.id, admin.id],
        )
        env.invalidate_all()
        self.made.append(("crm_team_member", "crm_team_id", team.ids))
        fund = self.keep(env["care.fund"]._of(company, team))
        moves = env["care.fund.move"].create(
            [
                {"fund_id": fund.id, "kind": "entry", "amount": 100, "state": "booked"},
                {"fund_id": fund.id, "name": "Dinner", "amount": 60},
                {"fund_id": fund.id, "name": "Outing", "amount": 60},
            ]
        )
        self.keep(moves)
        self.made.append(("care_fund_vote", "move_id", moves.ids))
        self.move_ids = moves[1:].ids

    def move(self, env, number=0):
        return env["care.fund.move"].browse(self.move_ids[number])

    def test_two_voters(self):
        """Each sees no vote; the second is tried again by Odoo, and decides."""
        other = self.connect(self.user_id)
        self.assertFalse(self.move(self.first).vote_count)
        self.assertFalse(self.move(other).vote_count)
        self.move(self.first).action_agree()
        self.first.cr.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            self.move(other).action_agree()
        self.again(other)
        self.move(other).action_agree()
        self.assertEqual(self.move(other).state, "agreed")
        self.assertEqual(self.move(other).vote_count, 2)
        other.cr.commit()

    def test_the_same_vote_twice(self):
        self.assertFalse(self.move(self.second).vote_count)
        self.move(self.first).action_agree()
        self.first.cr.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            self.move(self.second).action_agree()
        self.again(self.second)
        with self.assertRaisesRegex(UserError, "voted for Dinner already"):
            self.move(self.second).action_agree()
        self.assertEqual(self.move(self.second).vote_count, 1)

    def test_money_is_not_promised_twice(self):
        """Two spendings are agreed at once; the fund has the money for one."""
        other = self.connect(self.user_id)
        for number in (0, 1):
            self.move(self.first, number).action_agree()
        self.first.cr.commit()
        self.again(self.second)
        late = self.connect(self.user_id)
        for env, number in ((other, 0), (late, 1)):
            self.assertEqual(self.move(env, number).fund_id.available, 100)
        self.move(other).action_agree()
        other.cr.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            self.move(late, 1).action_agree()
        self.again(late)
        with self.assertRaisesRegex(UserError, "available"):
            self.move(late, 1).action_agree()
        self.again(late)
        self.assertEqual(self.move(late, 1).state, "proposed")
        self.assertEqual(self.move(late).state, "agreed")


@tagged("post_install", "-at_install")
class TestProposeAtOnce(AtOnceCase):
    MONTH = "2001-02-01"

    def setUp(self):
        super().setUp()
        self.enterContext(
            patch.object(
                type(self.env["res.groups"]),
                "_has_care_feature",
                lambda _self, name: name in ("merit", "visit"),
            )
        )

    def make(self, env):
        company = env.ref("base.main_company")
        role = env["care.role"].search([("kind", "=", "salesperson")], limit=1)
        plan = self.keep(env["care.plan"].create({"name": "At once"}))
        rule = self.keep(
            env["care.plan.rule"].create(
                {"plan_id": plan.id, "role_id": role.id, "channel": "visit"}
            )
        )
        target = self.keep(
            env["care.plan.target"].create(
                {
                    "partner_id": company.partner_id.id,
                    "rule_id": rule.id,
                    "role_id": role.id,
                    "user_id": env.ref("base.user_admin").id,
                    "company_id": company.id,
                    "channel": "visit",
                    "date_start": "2001-02-01",
                    "date_end": "2001-02-20",
                    "goal": 1,
                    "state": "missed",
                }
            )
        )
        self.target_id = target.id
        self.keep(
            env["care.merit.rule"].create(
                [
                    {
                        "cause": cause,
                        "account": "person",
                        "amount": 7,
                        "company_id": company.id,
                        "date_from": "2001-02-01",
                        "date_to": "2001-02-28",
                    }
                    for cause in ("visit_missed", "manager_visit_missed")
                ]
            )
        )
        self.made.append(("care_merit_entry", "res_id", target.ids))

    def count(self, env):
        return env["care.merit.entry"].search_count(
            [("res_model", "=", "care.plan.target"), ("res_id", "=", self.target_id)]
        )

    def test_the_second_waits_for_nothing(self):
        self.assertEqual(self.first["care.merit.entry"]._propose(self.MONTH), 1)
        self.assertEqual(self.second["care.merit.entry"]._propose(self.MONTH), 0)
        self.first.cr.commit()
        self.again(self.second)
        self.assertEqual(self.second["care.merit.entry"]._propose(self.MONTH), 0)
        self.assertEqual(self.count(self.second), 1)

    def test_a_job_that_began_before_the_other_ended(self):
        """It does not see the entries of the other, and adds none all the same."""
        self.assertEqual(self.count(self.second), 0)
        self.assertEqual(self.first["care.merit.entry"]._propose(self.MONTH), 1)
        self.first.cr.commit()
        with mute_logger("odoo.sql_db"):
            self.assertEqual(self.second["care.merit.entry"]._propose(self.MONTH), 0)
        self.again(self.second)
        self.assertEqual(self.count(self.second), 1)
