from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged, users

from ..common_plan import TODAY, PlanCase


@tagged("post_install", "-at_install")
class TestExcuse(PlanCase):
    """Six customers of the rep, who is in the sales team of ``all``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales_team = cls.env["crm.team"].create(
            {
                "name": "Care Sales",
                "company_id": cls.company.id,
                "user_id": cls.all.id,
                "member_ids": [Command.set(cls.rep.ids)],
            }
        )
        cls.salons = [cls.a_customer(f"Salon {n}", cls.B) for n in range(6)]
        cls.Target._generate(TODAY)
        cls.mine = cls.Target.search(
            [
                ("partner_id", "in", [salon.id for salon in cls.salons]),
                ("date_start", "=", "2026-11-01"),
            ],
            order="id",
        )
        cls.later = cls.Target.search(
            [
                ("partner_id", "=", cls.salons[0].id),
                ("date_start", ">", TODAY),
            ],
            limit=1,
        )

    def activities(self, user):
        return self.env["mail.activity"].search(
            [
                ("user_id", "=", user.id),
                (
                    "activity_type_id",
                    "=",
                    self.env.ref("customer_care.mail_activity_type_excuse").id,
                ),
            ]
        )

    def ask(self, targets=None, user=None, reason="Closed for works"):
        targets = self.mine if targets is None else targets
        return targets.with_user(user or self.rep).action_excuse("closed", reason)

    def asked(self):
        return (self.mine | self.later).filtered(lambda t: t.excuse_state == "asked")

    def test_allowance(self):
        self.assertEqual(len(self.mine), 6)
        excused = self.ask()
        self.assertEqual(len(excused), 3, "the company's allowance")
        self.assertEqual(set(excused.mapped("state")), {"excused"})
        self.assertEqual(len(self.asked()), 3)
        self.assertEqual(set(self.asked().mapped("state")), {"open"})
        self.assertEqual(self.asked().excuse_asked_of_id, self.all)
        excused[0].with_user(self.rep).action_undo_excuse()
        self.assertEqual(len(self.ask(excused[0])), 1, "withdrawn, so one is left")

    def test_one_activity_a_day(self):
        self.company.care_excuse_allowance = 0
        self.ask(self.mine[:2])
        [activity] = self.activities(self.all)
        self.assertIn("2 contacts", activity.summary)
        self.ask(self.mine[2:])
        self.assertEqual(self.activities(self.all), activity)
        self.assertIn("6 contacts", activity.summary)
        self.assertIn("excuse_target_action", activity.note)
        self.assertFalse(self.activities(self.manager))

    def test_windows_that_need_approval_always(self):
        self.assertFalse(self.ask(self.later), "has not begun")
        self.company.care_excuse_days = 10
        self.assertFalse(self.ask(self.mine[0]), "ends in 20 days")
        self.company.care_excuse_days = 20
        self.assertTrue(self.ask(self.mine[1]))

    def test_approve(self):
        self.company.care_excuse_allowance = 0
        self.ask()
        self.mine.with_user(self.all).action_approve_excuse()
        self.assertRecordValues(
            self.mine[:1],
            [
                {
                    "state": "excused",
                    "excuse_state": "approved",
                    "excuse_kind": "closed",
                    "excuse_reason": "Closed for works",
                    "excused_by_id": self.all.id,
                    "excuse_asked_by_id": self.rep.id,
                    "excuse_decided_by_id": self.all.id,
                }
            ],
        )
        self.assertEqual(set(self.mine.mapped("state")), {"excused"})
        self.assertFalse(self.activities(self.all))
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.rep.partner_id.ids)], order="id desc", limit=1
        )
        self.assertIn("Excuses approved: 6", told.subject)
        with self.assertError(UserError, "No excuse is waiting"):
            self.mine.with_user(self.all).action_approve_excuse()

    def test_approved_ones_are_no_part_of_the_allowance(self):
        self.company.care_excuse_allowance = 0
        self.ask(self.mine[:3])
        self.asked().with_user(self.all).action_approve_excuse()
        self.company.care_excuse_allowance = 1
        self.assertEqual(len(self.ask(self.mine[3:])), 1)

    def test_refuse(self):
        self.company.care_excuse_allowance = 0
        self.ask(self.mine[:2])
        pair = self.mine[:2].with_user(self.all)
        with self.assertError(UserError, "why the excuse is refused"):
            pair.action_refuse_excuse(" ")
        self.env["care.excuse.refuse"].with_user(self.all).create(
            {"target_ids": [Command.set(pair.ids)], "answer": "It opens on Monday"}
        ).action_refuse()
        self.assertRecordValues(
            pair,
            [
                {
                    "state": "open",
                    "excuse_state": "refused",
                    "excuse_answer": "It opens on Monday",
                }
            ]
            * 2,
        )
        self.company.care_excuse_allowance = 3
        self.assertFalse(self.ask(self.mine[0]), "refused once, always by approval")
        self.assertEqual(self.mine[0].excuse_state, "asked")
        self.mine[0].with_user(self.rep).action_undo_excuse()
        self.assertEqual(self.mine[0].excuse_state, "refused", "not forgotten")
        self.assertEqual(self.mine[0].excuse_answer, "It opens on Monday")
        self.assertFalse(self.ask(self.mine[0]))
        self.mine[0].with_user(self.all).action_approve_excuse()
        self.assertEqual(self.mine[0].state, "excused")
        self.assertFalse(self.mine[0].excuse_answer)

    def test_who_decides(self):
        self.company.care_excuse_allowance = 0
        self.ask(self.mine[:2])
        other = self.make_user("other", "sales_team.group_sale_salesman_all_leads")
        for user in (self.rep, other):
            with self.assertError(AccessError, "You do not decide|not allowed"):
                self.mine[:1].with_user(user).action_approve_excuse()
            with self.assertError(AccessError, "You do not decide|not allowed"):
                self.mine[:1].with_user(user).action_refuse_excuse("No")
        self.assertFalse(self.mine[0].with_user(other).may_decide_excuse)
        self.assertTrue(self.mine[0].with_user(self.all).may_decide_excuse)
        self.mine[:1].with_user(self.all).action_approve_excuse()
        self.mine[1:2].with_user(self.manager).action_approve_excuse()
        self.assertEqual(set(self.mine[:2].mapped("state")), {"excused"})

    def test_leader_who_sees_own_customers_only(self):
        self.sales_team.user_id = self.make_user(
            "lead", "sales_team.group_sale_salesman"
        )
        self.company.care_excuse_allowance = 0
        self.ask(self.mine[:1])
        self.assertEqual(self.mine[0].excuse_asked_of_id, self.company._care_manager())

    def test_supervisor_excuses_at_once_but_not_themselves(self):
        self.assertEqual(len(self.ask(user=self.all)), 6, "their people")
        own = self.a_customer("Own", self.B, user=self.all)
        self.generate()
        self.company.care_excuse_allowance = 0
        target = self.current(own, self.b_visits)
        self.assertFalse(self.ask(target, user=self.all))
        self.assertEqual(target.excuse_asked_of_id, self.company._care_manager())
        with self.assertError(AccessError, "You do not decide"):
            target.with_user(self.all).action_approve_excuse()

    def test_administrator_whom_nobody_supervises(self):
        self.company.care_review_user_id = self.manager
        own = self.a_customer("Boss", self.B, user=self.manager)
        self.generate()
        self.company.care_excuse_allowance = 0
        target = self.current(own, self.b_visits)
        self.assertTrue(self.ask(target, user=self.manager))
        self.assertIn("Closed for works", target.message_ids[0].body)
        self.sales_team.member_ids |= self.manager
        target.with_user(self.manager).action_undo_excuse()
        self.assertFalse(self.ask(target, user=self.manager), "now somebody does")

    def test_missed_as_usual_and_the_notice_says_so(self):
        self.company.care_excuse_allowance = 0
        self.ask(self.mine[:1])
        self.generate(self.mine[0].date_end.replace(day=1, month=12))
        target = self.mine[0]
        self.assertEqual((target.state, target.excuse_state), ("missed", "asked"))
        self.assertIn("Excuse asked for: Closed for works", target._missed_words())
        self.assertNotIn("Excuse", self.mine[1]._missed_words())
        target.with_user(self.all).action_approve_excuse()
        self.assertEqual(target.state, "excused")

    def test_withdrawn(self):
        self.company.care_excuse_allowance = 0
        self.ask(self.mine[:1])
        self.mine[:1].with_user(self.rep).action_undo_excuse()
        self.assertFalse(self.mine[0].excuse_state)
        self.assertFalse(self.activities(self.all))

    @users("care_rep", "care_all", "care_manager")
    def test_nobody_writes_the_fields(self):
        target = self.mine[0].with_user(self.env.user)
        for name, value in (
            ("excuse_state", "approved"),
            ("state", "excused"),
            ("excused_by_id", self.env.uid),
            ("excused_on", "2020-01-01"),
        ):
            with self.assertRaises(AccessError):
                target.write({name: value})

    @users("care_rep")
    def test_dialog_of_all(self):
        excuse = (
            self.env["care.target.excuse"]
            .with_context(active_model="care.plan.target", active_ids=self.mine.ids)
            .create({"kind": "closed"})
        )
        self.assertIn(self.all.name, excuse.note)
        self.assertIn("3", excuse.note)
        result = excuse.action_confirm()
        self.assertIn(self.all.name, result["params"]["message"])
        self.assertEqual(len(self.asked()), 3)

    def test_bad_settings(self):
        for name in ("care_excuse_allowance", "care_excuse_days"):
            with self.assertError(ValidationError, "must not be negative"):
                self.company[name] = -1

    def test_bulk_takes_few_queries(self):
        self.ask(self.mine[:1])
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        self.ask(self.mine[1:2])
        one = self.env.cr.sql_log_count - start
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        self.ask(self.mine[2:])
        self.assertLess(self.env.cr.sql_log_count - start, one + 60)
