from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..common_job import short_runs
from ..common_plan import TODAY, PlanCase

LOGGER = "odoo.addons.customer_care.models.core.care_job"


@tagged("post_install", "-at_install")
class TestGenerate(PlanCase):
    def windows(self, partner, rule):
        return [
            (str(target.date_start), str(target.date_end), target.state)
            for target in self.targets(partner, rule)
        ]

    def test_current_and_next_window(self):
        salon = self.a_customer()
        self.generate()
        self.assertEqual(
            self.windows(salon, self.visits),
            [
                ("2026-11-01", "2026-11-30", "open"),
                ("2026-12-01", "2026-12-31", "open"),
            ],
        )
        self.assertEqual(
            self.windows(salon, self.stays),
            [
                ("2026-11-01", "2026-12-31", "open"),
                ("2027-01-01", "2027-02-28", "open"),
            ],
        )
        target = self.current(salon, self.visits)
        self.assertRecordValues(
            target,
            [
                {
                    "goal": 2,
                    "done": 0,
                    "user_id": self.rep.id,
                    "role_id": self.rep_role.id,
                    "tier_id": self.A.id,
                    "channel": "visit",
                }
            ],
        )
        self.assertIn(
            target.date_aim,
            [date(2026, 11, day) for day in (10, 11, 12)],
            "working days of the first half, a margin of 3 days before its end",
        )
        stay = self.current(salon, self.stays)
        self.assertFalse(stay.user_id, "nobody has the role")
        self.assertTrue(
            TODAY <= stay.date_aim <= date(2026, 11, 24), "aim for every month"
        )

    def test_again_writes_nothing(self):
        self.a_customer()
        self.generate()
        before = self.targets().read()
        self.env.flush_all()
        with self.assertQueryCount(30):
            self.assertEqual(self.generate(), 0)
        self.env.invalidate_all()
        self.assertEqual(self.targets().read(), before)

    def test_any_order_of_days(self):
        salon = self.a_customer()
        days = [TODAY + timedelta(days=n) for n in (0, 30, 3, 45, 12, 20)]
        for day in days:
            self.generate(day)
        found = {(target.rule_id, target.date_start) for target in self.targets(salon)}
        other = self.a_customer("Other")
        for day in sorted(days):
            self.generate(day)
        self.assertEqual(
            found,
            {(target.rule_id, target.date_start) for target in self.targets(other)},
        )

    def test_first_window_only_if_more_than_half_remains(self):
        for today, first in ((15, "2026-11-01"), (16, "2026-12-01")):
            with self.subTest(today=today):
                salon = self.a_customer(f"Salon {today}")
                self.generate(date(2026, 11, today))
                self.assertEqual(self.windows(salon, self.visits)[0][0], first)

    def test_window_after_an_outage(self):
        """Who is in the plan owes each window, also if no cron ran in its first half"""
        salon = self.a_customer()
        self.generate()
        self.generate(date(2027, 2, 25))
        self.assertIn(
            ("2027-02-01", "2027-02-28", "open"), self.windows(salon, self.visits)
        )

    def test_tier_change_early(self):
        salon = self.a_customer()
        self.generate()
        self.contact(salon, 3)
        salon.care_tier_id = self.B
        self.generate()
        self.assertEqual(
            set(self.targets(salon, self.visits).mapped("state")), {"superseded"}
        )
        self.assertEqual(
            self.windows(salon, self.b_visits)[0],
            ("2026-11-01", "2026-11-30", "met"),
            "the visit counts for the new plan",
        )

    def test_tier_change_late(self):
        salon = self.a_customer()
        self.generate()
        with freeze_time("2026-11-20 09:00:00"):
            salon.care_tier_id = self.B
            self.generate(date(2026, 11, 20))
        self.assertEqual(
            self.windows(salon, self.b_visits), [("2026-12-01", "2026-12-31", "open")]
        )

    def test_tier_change_late_and_back(self):
        salon = self.a_customer()
        with freeze_time("2026-10-05 09:00:00"):
            self.generate(date(2026, 10, 5))
        self.generate()
        with freeze_time("2026-11-20 09:00:00"):
            salon.care_tier_id = self.B
            self.generate(date(2026, 11, 20))
            salon.care_tier_id = self.A
            self.generate(date(2026, 11, 20))
        self.assertEqual(
            self.windows(salon, self.visits)[1:],
            [
                ("2026-11-01", "2026-11-30", "superseded"),
                ("2026-12-01", "2026-12-31", "open"),
            ],
        )
        self.assertFalse(self.targets(salon, self.b_visits, "open"))

    def test_met_target_of_the_old_plan_stands(self):
        """Nothing is owed twice for the same day"""
        salon = self.a_customer()
        self.generate()
        self.contact(salon, 2)
        self.contact(salon, 9)
        salon.care_tier_id = self.B
        self.generate()
        self.assertEqual(self.current(salon, self.visits).state, "met")
        self.assertEqual(
            self.windows(salon, self.b_visits), [("2026-12-01", "2026-12-31", "open")]
        )

    def test_no_day_is_owed_twice(self):
        salon = self.a_customer()
        for day, tier in (
            (2, "A"),
            (5, "B"),
            (9, "A"),
            (12, "B"),
            (25, "A"),
            (28, "B"),
        ):
            with freeze_time(f"2026-11-{day:02} 09:00:00"):
                salon.care_tier_id = getattr(self, tier)
                self.generate(date(2026, 11, day))
        covered = [
            (target.role_id, target.channel, target.date_start + timedelta(days=n))
            for target in self.targets(salon)
            if target.state != "superseded"
            for n in range((target.date_end - target.date_start).days + 1)
        ]
        self.assertEqual(len(covered), len(set(covered)))

    def test_archived_customer(self):
        salon, shop = self.a_customer(), self.a_customer("Shop")
        self.generate()
        salon.active = False
        self.assertEqual(set(self.targets(salon).mapped("state")), {"superseded"})
        self.generate()
        self.assertFalse(self.targets(salon, state="open"))
        self.assertEqual(set(self.targets(shop).mapped("state")), {"open"})
        salon.active = True
        self.generate()
        self.assertTrue(self.targets(salon, state="open"), "taken up again")

    def test_taken_up_again_with_its_contacts(self):
        salon = self.a_customer()
        self.generate()
        self.contact(salon, 9)
        target = self.current(salon, self.visits)
        self.assertEqual((target.done, target.goal), (1, 2))
        salon.active = False
        self.generate()
        salon.active = True
        self.generate()
        self.env.invalidate_all()
        self.assertEqual((target.state, target.done), ("open", 1))
        self.assertEqual(self.generate(), 0)

    def test_the_reason_of_an_exception_withdraws_nothing(self):
        salon = self.a_customer()
        exception = self.env["care.plan.exception"].create(
            {
                "partner_id": salon.id,
                "company_id": self.company.id,
                "kind": "frequency",
                "role_id": self.rep_role.id,
                "channel": "visit",
                "times": 3,
                "reason": "Wants more",
            }
        )
        self.generate()
        target = self.current(salon, self.visits)
        self.assertEqual(target.goal, 3)
        exception.reason = "Wants more, until Christmas"
        self.assertEqual(target.state, "open")
        exception.times = 4
        self.assertEqual(target.state, "superseded")

    def test_a_frequency_of_its_own_where_the_plan_says_as_needed(self):
        rule = self.rule(self.plan_a, role=self.consultant, mode="as_needed")
        salon, other = self.a_customer(), self.a_customer("Other")
        exception = self.env["care.plan.exception"].create(
            {
                "partner_id": salon.id,
                "company_id": self.company.id,
                "kind": "frequency",
                "role_id": self.consultant.id,
                "channel": "visit",
                "times": 2,
                "reason": "Asked for it",
            }
        )
        self.generate()
        target = self.current(salon, rule)
        self.assertEqual((target.state, target.goal), ("open", 2))
        self.assertFalse(self.targets(other, rule))
        self.assertEqual(self.generate(), 0, "nothing is withdrawn and made again")
        self.assertEqual(target.state, "open")
        exception.unlink()
        self.generate()
        self.assertFalse(self.targets(salon, rule, state="open"))

    def test_customer_becomes_a_contact(self):
        salon, group = self.a_customer(), self.a_customer("Group")
        self.generate()
        salon.write({"parent_id": group.id, "is_company": False})
        self.generate()
        self.assertFalse(self.targets(salon, state="open"))

    def test_archived_role(self):
        salon = self.a_customer()
        self.generate()
        self.consultant.active = False
        self.generate()
        self.assertFalse(self.targets(salon, self.stays, "open"))
        self.assertTrue(self.targets(salon, self.visits, "open"))

    def test_leaver_hands_open_targets_over(self):
        salon = self.a_customer()
        self.generate()
        self.contact(salon, 2)
        self.contact(salon, 9)
        met = self.current(salon, self.visits)
        self.assertEqual(met.state, "met")
        salon.user_id = self.all
        self.assertEqual(met.user_id, self.rep, "what is done stays")
        self.assertEqual(self.targets(salon, self.calls).user_id, self.all)
        self.all.active = False
        self.assertFalse(self.targets(salon, self.calls).user_id, "nobody assigned")
        self.all.active = True
        self.generate()
        self.assertEqual(self.targets(salon, self.calls).user_id, self.all)

    def test_user_of_another_company_is_not_responsible(self):
        stranger = self.make_user("stranger", "sales_team.group_sale_salesman")
        stranger.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        salon = self.a_customer(user=stranger)
        self.generate()
        self.assertFalse(self.current(salon, self.visits).user_id)

    def test_customer_without_a_tier_and_tier_without_a_plan(self):
        plain, small = self.customer("Plain"), self.a_customer("Small", tier=self.D)
        self.generate()
        self.assertFalse(self.targets(plain) + self.targets(small))

    def test_plan_without_rules(self):
        self.plan_b.rule_ids.unlink()
        salon = self.a_customer(tier=self.B)
        self.generate()
        self.assertFalse(self.targets(salon))
        self.assertFalse(self.plan_b.what_if)

    def test_as_needed_owes_nothing(self):
        self.b_visits.mode = "as_needed"
        salon = self.a_customer(tier=self.B)
        self.generate()
        self.assertFalse(self.targets(salon))

    def test_sampling(self):
        self.calls.write({"mode": "sampling", "sample_percent": 25})
        salons = self.env["res.partner"].union(
            *(self.a_customer(f"Salon {n}") for n in range(10))
        )
        self.generate()
        drawn = self.targets(rule=self.calls)
        by_window = drawn.grouped("date_start")
        self.assertEqual([len(targets) for targets in by_window.values()], [3, 3])
        self.assertNotEqual(*(targets.partner_id for targets in by_window.values()))
        self.a_customer("Newcomer")
        self.generate()
        self.assertEqual(self.targets(rule=self.calls), drawn, "drawn once")
        self.assertLessEqual(drawn.partner_id, salons)

    def test_exclusion_and_other_frequency(self):
        salon, shop = self.a_customer(), self.a_customer("Shop")
        self.generate()
        Exception_ = self.env["care.plan.exception"]
        Exception_.create(
            [
                {
                    "partner_id": salon.id,
                    "kind": "exclude",
                    "channel": "phone",
                    "reason": "Wants no calls",
                },
                {
                    "partner_id": salon.id,
                    "kind": "frequency",
                    "role_id": self.rep_role.id,
                    "channel": "visit",
                    "times": 1,
                    "every": 2,
                    "unit": "week",
                    "reason": "New store",
                },
            ]
        )
        self.generate()
        self.assertFalse(self.targets(salon, self.calls, "open"))
        self.assertTrue(self.targets(shop, self.calls, "open"))
        self.assertEqual(
            self.windows(salon, self.visits),
            [
                ("2026-11-01", "2026-11-30", "superseded"),
                ("2026-11-16", "2026-11-29", "open"),
                ("2026-12-01", "2026-12-31", "superseded"),
            ],
        )
        own = self.targets(salon, self.visits, "open")
        self.assertEqual(own.duty, "0 of 1 · 1 visit every 2 weeks")
        self.assertIn("Wants no calls", salon.message_ids[1].body)
        salon.care_exception_ids.unlink()
        self.generate()
        self.assertTrue(self.targets(salon, self.calls, "open"))
        self.assertEqual(self.current(salon, self.visits).mapped("state"), ["open"])
        with self.assertError(ValidationError, "role and channel"):
            Exception_.create(
                {"partner_id": salon.id, "kind": "frequency", "reason": "No role"}
            )

    def test_change_of_a_rule(self):
        salon = self.a_customer()
        self.generate()
        self.visits.times = 3
        self.generate()
        self.assertEqual(
            self.targets(salon, self.visits).mapped("goal"),
            [2, 3],
            "a running window keeps what was owed when it began",
        )
        self.visits.write({"every": 45, "unit": "day"})
        self.generate()
        # the 24th window of 45 days from 2024-01-01 begins as November does
        self.assertEqual(
            self.windows(salon, self.visits),
            [
                ("2026-11-01", "2026-12-15", "open"),
                ("2026-12-01", "2026-12-31", "superseded"),
                ("2026-12-16", "2027-01-29", "open"),
            ],
        )

    def test_removed_rule_is_archived_with_its_history(self):
        salon = self.a_customer()
        self.generate()
        self.calls.unlink()
        self.assertFalse(self.calls.active)
        self.assertEqual(
            set(self.targets(salon, self.calls).mapped("state")), {"superseded"}
        )
        fresh = self.rule(self.plan_a, "online")
        fresh.unlink()
        self.assertFalse(fresh.exists())

    def test_missed_is_not_gone(self):
        """It stays with the rep until made good."""
        salon = self.a_customer()
        self.generate()
        self.contact(salon, 3)
        visits, calls = (
            self.current(salon, rule) for rule in (self.visits, self.calls)
        )
        with freeze_time("2026-12-02 09:00:00"):
            self.generate(date(2026, 12, 2))
            self.assertEqual((visits.state, calls.state), ("missed", "missed"))
            self.assertEqual((visits.due, calls.due), ("missed", "missed"))
            mine = safe_eval(
                self.env.ref("customer_care.plan_target_action").domain,
                {"uid": self.rep.id},
            )
            self.assertIn(visits, self.Target.with_user(self.rep).search(mine))
            late = self.contact(salon, 28)
            self.assertEqual(visits.state, "met", "also when logged late")
            self.assertFalse(visits.make_good)
            late.unlink()
            self.assertEqual((visits.state, visits.due), ("missed", "missed"))
            after = self.contact(salon, date(2026, 12, 1))
            self.assertFalse(visits.make_good, "made good")
            self.assertFalse(calls.make_good, "a visit counts as a call")
            self.assertEqual(visits.state, "missed", "all the same")
            after.state = "cancelled"
            self.assertTrue(visits.make_good)
            visits.action_excuse("closed")
            self.assertFalse(visits.make_good)
            visits.action_undo_excuse()
            self.assertEqual((visits.state, visits.make_good), ("missed", True))
            salon.active = False
            self.generate(date(2026, 12, 2))
            self.assertFalse(visits.make_good, "no customer any more")

    def test_only_the_last_miss_is_to_be_made_good(self):
        salon = self.a_customer()
        self.generate()
        november = self.current(salon, self.calls)
        self.generate(date(2026, 12, 5))
        self.assertTrue(november.make_good)
        december = self.targets(salon, self.calls)[1]
        self.generate(date(2027, 1, 5))
        self.assertEqual(december.state, "missed")
        self.assertEqual((november.make_good, december.make_good), (False, True))

    def test_the_next_contact_takes_the_place_of_the_missed_one(self):
        """Each customer stands in the list once."""
        salon = self.a_customer()
        self.generate()
        november, december = self.targets(salon, self.calls)
        december.date_aim = date(2026, 12, 4)
        self.generate(date(2026, 12, 3))
        self.assertTrue(november.make_good)
        self.generate(date(2026, 12, 4))
        self.assertFalse(november.make_good)
        self.assertEqual(december.state, "open")

    def a_team(self):
        team = self.env["crm.team"].create(
            {
                "name": "Team",
                "company_id": self.company.id,
                "user_id": self.manager.id,
                "member_ids": [Command.link(self.rep.id)],
            }
        )
        self.assertEqual(self.rep.sale_team_id, team)

    def missed(self, count, day=date(2026, 10, 31), user=None):
        """Targets of as many customers that nobody has been told of"""
        self.Target.search([("state", "=", "missed")]).missed_told_on = day
        self.env["care.plan.target"].flush_model()
        customers = [self.a_customer(f"Salon {n}", user=user) for n in range(count)]
        self.generate()
        targets = self.targets(rule=self.visits).filtered(
            lambda target: target.partner_id in customers
            and target.date_end == date(2026, 11, 30)
        )
        targets.write({"state": "missed", "date_end": day})
        return targets

    def digests(self, user):
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
                ("body", "like", "missed_target_action"),
            ]
        )

    def test_misses_of_a_person_are_told_in_one_message_a_week(self):
        self.a_team()
        first = self.missed(25)
        self.Target._notify_missed(TODAY)
        digest = self.digests(self.manager)
        self.assertEqual(digest.subject, f"{self.rep.name}: missed contacts: 25")
        self.assertEqual(digest.body.count("/mail/view?"), 20)
        self.Target._notify_missed(TODAY)
        self.assertEqual(self.digests(self.manager), digest, "once")
        more = self.missed(1)
        first.missed_told_on, more.missed_told_on = TODAY, False
        self.Target._notify_missed(TODAY)
        self.assertEqual(self.digests(self.manager), digest, "once a week")
        self.Target._notify_missed(date(2026, 11, 16))
        self.assertEqual(len(self.digests(self.manager)), 2)
        self.assertFalse(self.targets().activity_ids)

    def test_each_person_has_a_message(self):
        self.a_team()
        self.all.sale_team_id = self.rep.sale_team_id
        self.missed(2)
        self.missed(3, user=self.all)
        self.targets().filtered(lambda target: target.state == "missed").write(
            {"missed_told_on": False}
        )
        self.Target._notify_missed(TODAY)
        self.assertEqual(len(self.digests(self.manager)), 2)

    def test_this_week_is_told_next_week(self):
        self.a_team()
        self.missed(1, date(2026, 11, 9))
        self.Target._notify_missed(TODAY)
        self.assertFalse(self.digests(self.manager))
        self.Target._notify_missed(date(2026, 11, 15))
        self.assertFalse(self.digests(self.manager), "still the same week")
        self.Target._notify_missed(date(2026, 11, 16))
        self.assertTrue(self.digests(self.manager))

    def test_misses_take_few_queries(self):
        self.a_team()

        def queries(count):
            targets = self.missed(count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Target._notify_missed(TODAY)
            self.env.flush_all()
            self.assertTrue(all(targets.mapped("missed_told_on")))
            self.targets().missed_told_on = date(2026, 10, 1)
            return self.env.cr.sql_log_count - before

        queries(1)
        few, many = queries(5), queries(35)
        self.assertLessEqual(many - few, 5)

    def run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_plan_target").method_direct_trigger()
        self.env.invalidate_all()

    def test_generating_takes_all_the_time_of_a_run(self):
        """Supervisors are told all the same, and the job comes to its end."""
        targets = self.missed(2)
        with short_runs(self.env) as runs:
            runs.run(self.Target._cron_generate)
            runs.run(self.Target._cron_generate)
        self.assertTrue(all(targets.mapped("missed_told_on")))
        self.assertEqual(runs.remaining, 0)

    def test_one_supervisor_does_not_stop_the_job(self):
        """What fails is told in the next run: activities and message together."""
        targets = self.missed(2)
        Users = self.env.registry["res.users"]

        def fail(*_args):
            raise ValueError("broken")

        with (
            patch.object(Users, "_care_send_digest", fail),
            self.assertLogs(LOGGER, "WARNING") as log,
        ):
            self.run_job()
        self.assertIn(str(targets), log.output[0])
        self.assertFalse(any(targets.mapped("missed_told_on")))
        self.run_job()
        self.assertTrue(all(targets.mapped("missed_told_on")))

    def test_one_company_does_not_stop_the_others(self):
        salon = self.a_customer()
        self.env.flush_all()
        other = self.env["res.company"].browse(
            min(set(self.env["res.company"].search([]).ids) - {self.company.id})
        )
        Target = self.env.registry["care.plan.target"]
        work = Target._generate_company

        def fail(targets, company, *args):
            if company == other:
                raise ValueError("broken")
            return work(targets, company, *args)

        with (
            patch.object(Target, "_generate_company", fail),
            patch.object(
                Target,
                "_companies_with_tiers",
                lambda targets: (other | self.company).with_env(targets.env),
            ),
            self.assertLogs(LOGGER, "WARNING") as log,
        ):
            self.run_job()
        self.assertIn(str(other), log.output[0])
        self.assertTrue(self.targets(salon))

    def test_excuse(self):
        salon = self.a_customer()
        self.generate()
        target = self.current(salon, self.visits).with_user(self.rep)
        with self.assertError(UserError, "Enter the reason"):
            target.action_excuse("other", " ")
        with self.assertError(ValidationError, "Enter the reason"):
            target.sudo().state = "excused"
        target.action_excuse("holiday")
        self.assertRecordValues(
            target,
            [
                {
                    "state": "excused",
                    "excuse_kind": "holiday",
                    "excuse_reason": "Holiday",
                    "excused_by_id": self.rep.id,
                }
            ],
        )
        self.generate(date(2026, 12, 3))
        self.assertEqual(target.state, "excused")
        first, second = self.contact(salon, 2), self.contact(salon, 9)
        self.assertEqual(target.state, "met", "done is done")
        (first | second).state = "cancelled"
        self.assertEqual(target.state, "excused")
        target.action_undo_excuse()
        self.assertEqual(target.state, "open")
        with self.assertError(UserError, "only excuse your own"):
            self.current(salon, self.stays).with_user(self.rep).action_excuse("closed")

    def test_two_companies(self):
        plan = self.env["care.plan"].create({"name": "Shared"})
        rule = self.rule(plan)
        tiers = self.make_tiers(self.other_company)
        tiers[0].plan_id = plan
        self.C.plan_id = plan
        salon = self.a_customer(tier=self.C)
        salon.with_company(self.other_company).care_tier_id = tiers[0]
        self.generate()
        targets = self.Target.search([("rule_id", "=", rule.id)])
        self.assertEqual(len(targets), 4)
        self.assertEqual(targets.company_id, self.company | self.other_company)
        self.assertEqual(
            targets.filtered("user_id").company_id,
            self.company,
            "the rep does not work in the other company",
        )

    def test_today_of_each_company(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        salon = self.a_customer()
        with freeze_time("2026-11-30 18:00:00"):
            self.Target._generate()
        self.assertEqual(
            self.windows(salon, self.visits)[0][0],
            "2026-12-01",
            "it is December there",
        )

    def test_cron(self):
        salon = self.a_customer()
        with self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_plan_target").method_direct_trigger()
        self.assertTrue(self.targets(salon))

    def test_changes_wake_the_cron(self):
        cron = self.env.ref("customer_care.ir_cron_plan_target")
        Trigger = self.env["ir.cron.trigger"].sudo()
        salon = self.a_customer()
        member = salon.care_member_ids
        self.assertTrue(member)
        for change in (
            lambda: salon.write({"care_tier_id": self.B.id}),
            lambda: self.visits.write({"times": 4}),
            lambda: self.plan_a.write({"anchor_date": "2025-01-01"}),
            lambda: self.B.write({"plan_id": self.plan_a.id}),
            lambda: self.consultant.write({"active": False}),
        ):
            Trigger.search([("cron_id", "=", cron.id)]).unlink()
            change()
            self.assertTrue(Trigger.search([("cron_id", "=", cron.id)]))

    @mute_logger("odoo.sql_db")
    def test_unique(self):
        salon = self.a_customer()
        self.generate()
        target = self.current(salon, self.visits)
        with self.assertError(UniqueViolation, "window_uniq"):
            target.copy()


@tagged("post_install", "-at_install")
class TestRules(PlanCase):
    def test_bad_values(self):
        for values, message in (
            ({"times": 0}, "number of contacts agreed"),
            ({"every": 0}, "shorter than 1 unit"),
            ({"every": -3}, "shorter than 1 unit"),
            ({"every": 100_000}, "10 years"),
            ({"aim_every": 5, "every": 2}, "cannot exceed the window"),
            ({"aim_every": -1}, "cannot exceed the window"),
            ({"duration_days": -1}, "negative"),
            ({"mode": "sampling", "sample_percent": 0}, "sample"),
            ({"mode": "sampling", "sample_percent": 101}, "sample"),
        ):
            with (
                self.subTest(values=values),
                self.assertError(ValidationError, message),
            ):
                self.b_visits.write(values)
        with (
            mute_logger("odoo.sql_db"),
            self.assertError(UniqueViolation, "role_channel_uniq"),
        ):
            self.rule(self.plan_b)

    def test_words(self):
        for values, words in (
            ({"times": 2}, "2 visits a month"),
            (
                {"times": 1, "every": 2, "aim_every": 1},
                "1 visit every 2 months, aim: every month",
            ),
            ({"every": 45, "unit": "day", "aim_every": 0}, "1 visit every 45 days"),
            ({"every": 1, "unit": "year"}, "1 visit a year"),
            ({"mode": "as_needed"}, "as needed"),
        ):
            self.b_visits.write(values)
            self.assertEqual(self.b_visits.summary, words)
        self.assertEqual(
            self.stays.summary,
            "1 on-site stay every 2 months, aim: every month, 3 days each",
        )
        self.calls.write({"mode": "sampling", "sample_percent": 10})
        self.assertEqual(
            self.calls.summary, "1 call a month, a sample of 10 % of customers"
        )

    def test_default_plans_are_the_service_frequency_table(self):
        """Domain, section 3: (times, every, unit, aim) by role and channel"""
        month = "month"
        expected = {
            "a": {
                ("beauty_consultant", "onsite"): (1, 1, month, 0),
                ("beauty_consultant", "phone"): (2, 1, month, 0),
                ("sales_rep", "visit"): (2, 1, month, 0),
                ("sales_rep", "phone"): (1, 1, month, 0),
                ("brand_manager", "visit"): (1, 2, month, 1),
                ("brand_manager", "phone"): (2, 1, month, 0),
                ("sales_manager", "visit"): (1, 2, month, 1),
                ("sales_manager", "phone"): (2, 1, month, 0),
                ("logistics_manager", "phone"): (1, 1, month, 0),
                ("care_manager", "phone"): (1, 1, month, 0),
                ("general_manager", "visit"): (1, 1, "year", 0),
            },
            "b": {
                ("beauty_consultant", "onsite"): (1, 2, month, 1),
                ("beauty_consultant", "phone"): (2, 1, month, 0),
                ("sales_rep", "visit"): (1, 1, month, 0),
                ("brand_manager", "visit"): (1, 3, month, 2),
                ("brand_manager", "phone"): (1, 1, month, 0),
                ("sales_manager", "visit"): (1, 3, month, 2),
                ("sales_manager", "phone"): (1, 3, month, 2),
                ("logistics_manager", "phone"): (1, 2, month, 1),
                ("care_manager", "phone"): (1, 2, month, 0),
                ("general_manager", "visit"): "as_needed",
            },
            "c": {
                ("beauty_consultant", "onsite"): (1, 2, month, 0),
                ("beauty_consultant", "phone"): (2, 1, month, 0),
                ("sales_rep", "visit"): (1, 45, "day", 0),
                ("brand_manager", "visit"): (1, 3, month, 0),
                ("brand_manager", "phone"): (1, 1, month, 0),
                ("sales_manager", "visit"): "as_needed",
                ("logistics_manager", "phone"): (1, 3, month, 0),
                ("care_manager", "phone"): "sampling",
            },
            "d": {
                ("beauty_consultant", "onsite"): "as_needed",
                ("sales_rep", "visit"): (1, 2, month, 0),
                ("brand_manager", "visit"): "as_needed",
                ("sales_manager", "visit"): "as_needed",
            },
        }
        for code, rules in expected.items():
            plan = self.env.ref(f"customer_care.care_plan_{code}")
            self.assertEqual(
                self.env.ref(f"customer_care.care_tier_{code}").plan_id, plan
            )
            found = {
                (
                    rule.role_id.get_external_id()[rule.role_id.id].rpartition(
                        "care_role_"
                    )[2],
                    rule.channel,
                ): (rule.times, rule.every, rule.unit, rule.aim_every)
                if rule.mode == "fixed"
                else rule.mode
                for rule in plan.with_context(active_test=False).rule_ids
            }
            self.assertEqual(found, rules, code)
            for rule in plan.with_context(active_test=False).rule_ids.filtered(
                lambda r: r.channel == "onsite"
            ):
                self.assertEqual((rule.duration_days, rule.first_duration_days), (3, 5))

    def test_what_if_before_saving(self):
        for number in range(10):
            self.a_customer(f"Salon {number}")
        plan = self.plan_a.new(origin=self.plan_a)
        self.assertNotIn("→", plan.what_if)
        rule = next(rule for rule in plan.rule_ids if rule.channel == "phone")
        rule.times = 3
        self.assertIn("→", plan.what_if, "30 contacts a month more")
        self.assertEqual(self.calls.times, 1)
        load = self.plan_a.rule_ids._monthly_load(10, self.company)
        self.assertEqual(load[self.rep_role], (30, 20 * 2 + 10 * 0.25))
        self.assertEqual(load[self.consultant][0], 5)


@tagged("post_install", "-at_install")
class TestTeam(PlanCase):
    def test_in_step_with_the_salesperson(self):
        salon = self.customer(user_id=self.rep.id)
        self.assertRecordValues(
            salon.care_member_ids,
            [{"role_id": self.rep_role.id, "user_id": self.rep.id}],
        )
        salon.user_id = self.all
        self.assertEqual(salon.care_member_ids.user_id, self.all)
        salon.care_member_ids.user_id = self.rep
        self.assertEqual(salon.user_id, self.rep)
        salon.care_member_ids.unlink()
        self.assertFalse(salon.user_id)
        salon.user_id = self.rep
        salon.user_id = False
        self.assertFalse(salon.care_member_ids)

    def test_in_step_with_the_account_manager(self):
        salon = self.customer(care_manager_id=self.all.id)
        self.assertEqual(salon.care_member_ids.role_id.kind, "manager")
        salon.care_member_ids.role_id = self.consultant
        self.assertFalse(salon.care_manager_id)

    def test_change_is_in_the_chatter(self):
        salon = self.customer(user_id=self.rep.id)
        salon.user_id = self.all
        self.assertIn(self.all.name, salon.message_ids[0].body)

    def test_one_per_role(self):
        salon = self.customer(user_id=self.rep.id)
        with (
            mute_logger("odoo.sql_db"),
            self.assertError(UniqueViolation, "partner_role_uniq"),
        ):
            member = salon.care_member_ids
            member.create(
                {
                    "partner_id": salon.id,
                    "role_id": member.role_id.id,
                    "user_id": self.rep.id,
                }
            )

    def test_contact_person_stands_for_the_customer(self):
        salon = self.customer()
        person = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": salon.id}
        )
        member = self.env["care.account.member"].create(
            {
                "partner_id": person.id,
                "role_id": self.consultant.id,
                "user_id": self.rep.id,
            }
        )
        self.assertEqual(member.partner_id, salon)

    def test_deleted_user(self):
        salon = self.a_customer()
        self.generate()
        contact = self.contact(salon, 3)
        self.rep.unlink()
        self.assertFalse(salon.care_member_ids)
        self.assertFalse(self.targets(salon).user_id)
        self.assertEqual(contact.date, date(2026, 11, 3))
        self.assertEqual(self.current(salon, self.visits).done, 1)

    def test_many_customers_in_few_queries(self):
        customers = self.env["res.partner"].create(
            [{"name": f"Salon {n}", "is_company": True} for n in range(30)]
        )
        customers.user_id = self.rep
        self.env.flush_all()
        quiet = customers.with_context(
            tracking_disable=True, mail_auto_subscribe_no_notify=True
        )
        with self.assertQueryCount(60):
            quiet.user_id = self.all
            self.env.flush_all()
        self.assertEqual(customers.care_member_ids.user_id, self.all)
