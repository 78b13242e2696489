from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_merit import MeritCase


@tagged("post_install", "-at_install")
class TestMeritWay(MeritCase):
    """From proposed to settled; who may do what; nobody changes an entry."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.make_user("second", "sales_team.group_sale_manager")

    def setUp(self):
        super().setUp()
        self.missed = self.target()
        self.propose()
        self.entry = self.entries(self.missed)

    def as_(self, user):
        return self.entry.with_user(user)

    # Way --------------------------------------------------------------------

    def test_the_whole_way(self):
        self.as_(self.manager).action_tell()
        self.assertEqual(self.entry.state, "told")
        self.assertEqual(self.entry.heard_until, date(2026, 11, 15))
        with self.assertError(UserError, "must be heard"):
            self.as_(self.manager).action_confirm()
        self.as_(self.boss).action_object("The shop was closed")
        activity = self.entry.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        with freeze_time("2026-11-20 08:00:00"), self.assertError(UserError, "heard"):
            self.as_(self.manager).action_confirm()
        self.as_(self.manager).action_answer("It was open")
        self.assertEqual(self.entry.state, "heard")
        self.assertFalse(self.entry.activity_ids.filtered("active"))
        self.as_(self.manager).action_confirm()
        self.assertEqual(self.entry.confirmed_by_id, self.manager)
        self.as_(self.manager).action_settle()
        self.assertEqual(self.entry.state, "settled")
        self.assertEqual(self.entry.settled_month, date(2026, 10, 1))

    def test_silence_is_consent(self):
        self.as_(self.manager).action_tell()
        with freeze_time("2026-11-15 20:00:00"):
            self.Entry._end_hearings()
            self.assertEqual(self.entry.state, "told")
        with freeze_time("2026-11-16 08:00:00"):
            self.Entry._end_hearings()
            self.assertEqual(self.entry.state, "heard")
            with self.assertError(UserError, "last day to object"):
                self.as_(self.boss).action_object("Too late")
            self.as_(self.manager).action_confirm()

    def test_an_objection_waits_for_its_answer(self):
        self.as_(self.boss).action_object("The shop was closed")
        with freeze_time("2026-12-16 08:00:00"):
            self.Entry._end_hearings()
            self.assertEqual(self.entry.state, "told")
        with self.assertError(UserError, "objected already"):
            self.as_(self.boss).action_object("And again")

    def test_a_person_is_told_once_in_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.boss.lang = "fr_FR"
        before = self.env["mail.message"].search([], limit=1, order="id desc").id
        self.target(), self.propose()
        self.entries().with_user(self.manager).action_tell()
        [message] = self.env["mail.message"].search(
            [("id", ">", before), ("partner_ids", "in", self.boss.partner_id.ids)]
        )
        self.assertIn("2", message.subject)

    def test_waived_for_good(self):
        self.as_(self.manager).action_waive("First week in the job")
        self.assertEqual(self.entry.waived_by_id, self.manager)
        self.assertEqual(self.propose(), 0)
        self.missed.write({"done": 1, "state": "met"})
        self.assertEqual(self.propose(), 0)
        for action in ("action_waive", "action_reverse"):
            with self.assertRaises(UserError):
                getattr(self.as_(self.manager), action)("Again")
        with self.assertRaises(UserError):
            self.as_(self.manager).action_confirm()

    def test_reversed_for_good_and_once(self):
        self.heard(self.entry).with_user(self.manager).action_confirm()
        self.as_(self.manager).action_settle()
        counter = self.as_(self.manager).action_reverse("It was met by phone")
        self.assertEqual(counter.amount, -self.entry.amount)
        self.assertEqual(counter.reversal_of_id, self.entry)
        self.assertFalse(counter.automatic)
        self.assertEqual(
            (self.entry.standing, self.entry.state), ("reversed", "settled")
        )
        self.assertEqual(self.total(self.missed), 0)
        with self.assertError(UserError, "taken back"):
            self.as_(self.manager).action_reverse("Again")
        with self.assertError(UserError, "taken back"):
            counter.with_user(self.manager).action_reverse("The counter-entry")
        self.assertEqual(self.propose(), 0)
        counter.with_user(self.manager).action_settle()

    def test_another_amount_within_the_range(self):
        rule = self.env.ref("customer_care.care_merit_rule_visit_missed")
        with self.assertError(UserError, "no such amount"):
            self.as_(self.manager).action_adjust(40, "Milder")
        rule.write({"amount_min": 20, "amount_max": 60})
        for wrong in (19, 61, -30):
            with self.assertError(UserError, "between 20 and 60"):
                self.as_(self.manager).action_adjust(wrong, "Milder")
        new = self.as_(self.manager).action_adjust(20, "First time")
        self.assertEqual((new.amount, new.turn, new.state), (20, 1, "proposed"))
        self.assertEqual(self.total(self.missed), 20)
        self.assertEqual(self.propose(), 0)

    def test_reasons_are_wanted(self):
        for action in ("action_waive", "action_reverse", "action_answer"):
            for reason in ("", "  ", None, False, 7, ["x"]):
                with self.assertError(UserError, "Enter a reason"):
                    getattr(self.as_(self.manager), action)(reason)

    def test_rewards_need_no_hearing(self):
        for day in ("2026-08-10", "2026-09-10", "2026-10-10"):
            self.target(self.other, state="met", done=1, day=day)
        self.propose()
        reward = self.entries(cause="no_miss")
        reward.with_user(self.manager).action_confirm()
        self.assertEqual(reward.state, "confirmed")

    # Access -----------------------------------------------------------------

    def test_who_reads_what(self):
        """Own entries and those of one's people; administrators all."""
        self.boss.group_ids |= self.env.ref("customer_care.group_user_all")
        theirs = self.target(self.other)
        self.propose()
        seen = {
            user: set(self.Entry.with_user(user).search([]).mapped("res_id"))
            for user in (self.rep, self.boss, self.rival, self.all, self.manager)
        }
        self.assertEqual(seen[self.rep], set())
        self.assertEqual(seen[self.boss], {self.missed.id})
        self.assertEqual(seen[self.rival], {theirs.id})
        self.assertEqual(seen[self.all], set())
        self.assertEqual(seen[self.manager], {self.missed.id, theirs.id})
        statements = self.env["care.merit.statement"]
        self.assertFalse(statements.with_user(self.all).search([]))
        self.assertEqual(statements.with_user(self.boss).search([]).user_id, self.boss)
        for user in (self.rep, self.all, self.rival):
            with self.assertRaises(AccessError):
                self.as_(user).read(["amount"])
        with self.assertRaises(AccessError):
            self.Entry.with_user(self.employee).search([])

    def test_a_supervisor_sees_the_people(self):
        rule = self.env.ref("customer_care.care_merit_rule_visit_missed")
        rule.account = "person"
        target = self.target()
        self.propose()
        entry = self.entries(target)
        self.assertEqual(entry.supervisor_id, self.boss)
        self.assertEqual(entry.with_user(self.boss).amount, 30)
        entry.with_user(self.rep).action_object("The shop was closed")
        entry.with_user(self.boss).action_answer("I was there, it was open")
        self.assertEqual(entry.state, "heard")
        with self.assertRaises(AccessError):
            entry.with_user(self.boss).action_confirm()

    def test_only_administrators_decide_and_never_on_their_own(self):
        own = self.target(self.manager)
        self.propose()
        own = self.entries(own)
        self.assertEqual(own.user_id, self.manager)
        self.heard(own)
        calls = (
            ("action_tell", ()),
            ("action_confirm", ()),
            ("action_settle", ()),
            ("action_waive", ("Because",)),
            ("action_reverse", ("Because",)),
            ("action_adjust", (1, "Because")),
        )
        for name, arguments in calls:
            with self.assertError(AccessError, "your own"):
                getattr(own.with_user(self.manager), name)(*arguments)
            with self.assertRaises(AccessError):
                getattr(self.as_(self.boss), name)(*arguments)
            with self.assertRaises(AccessError):
                getattr(self.as_(self.rep), name)(*arguments)
            with self.assertRaises(AccessError):
                getattr((own | self.entry).with_user(self.manager), name)(*arguments)
        own.with_user(self.second).action_confirm()

    def test_only_the_person_objects_and_nobody_answers_the_own(self):
        for user in (self.manager, self.second):
            with self.assertRaises(AccessError):
                self.as_(user).action_object("Not mine")
        own = self.entries(self.target(self.manager))
        self.propose()
        own = self.entries(cause="visit_missed", user_id=self.manager.id)
        own.with_user(self.manager).action_object("I was ill")
        with self.assertRaises(AccessError):
            own.with_user(self.manager).action_answer("True")
        own.with_user(self.second).action_answer("No")

    def test_nobody_changes_the_ledger(self):
        values = {"amount": 1}
        for user in (self.rep, self.boss, self.manager):
            for call in (
                lambda entry: entry.write(values),
                lambda entry: entry.write({"state": "waived"}),
                lambda entry: entry.unlink(),
                lambda entry: entry.copy(),
                lambda entry: entry.create({"cause": "complaint"}),
                lambda entry: entry.web_save({"state": "settled"}, {}),
                lambda entry: entry.with_context(care_unlocked=True).write(values),
            ):
                with self.assertRaises(UserError):
                    call(self.as_(user))
        with self.assertError(UserError, "cannot be changed"):
            self.entry.sudo().write(values)
        with self.assertError(UserError, "cannot be changed"):
            self.entry._care_unlock().write(values)
        with self.assertError(UserError, "cannot be deleted"):
            self.entry.sudo().unlink()
        self.assertEqual((self.entry.amount, self.entry.state), (30, "proposed"))

    def test_dialogs_check_too(self):
        wizard = self.env["care.merit.reason"].with_user(self.rep)
        for action in ("object", "answer", "waive", "reverse", "adjust"):
            with self.assertRaises(AccessError):
                wizard.create(
                    {
                        "entry_ids": [Command.set(self.entry.ids)],
                        "action": action,
                        "reason": "Because",
                    }
                ).action_apply()
        self.env["care.merit.reason"].with_user(self.boss).create(
            {
                "entry_ids": [Command.set(self.entry.ids)],
                "action": "object",
                "reason": "The shop was closed",
            }
        ).action_apply()
        self.assertEqual(self.entry.objection, "The shop was closed")

    def test_other_company(self):
        stranger = self.make_user("stranger", "sales_team.group_sale_manager")
        stranger.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        env = self.env(user=stranger, context={})
        self.assertFalse(
            env["care.merit.entry"].search([("company_id", "=", self.company.id)])
        )
        with self.assertRaises(AccessError):
            env["care.merit.entry"].browse(self.entry.id).action_waive("Because")
        self.env["care.merit.month"].create(
            {"company_id": self.company.id, "month": "2026-10-01"}
        )
        self.assertFalse(
            env["care.merit.month"].search([("company_id", "=", self.company.id)])
        )

    # Rules ------------------------------------------------------------------

    def test_what_a_rule_may_say(self):
        def rule(**values):
            return self.Rule.create({"cause": "visit_missed", "amount": 30, **values})

        for values in (
            {"amount_min": 40, "amount_max": 50},
            {"kind": "reward"},
            {"cause": "survey"},
            {"account": "team"},
            {"cause": "team_survey", "kind": "reward", "account": "person"},
        ):
            with self.assertRaises(ValidationError, msg=values):
                rule(**values)
        abroad = self.env["crm.team"].create(
            {"name": "Abroad", "company_id": self.other_company.id}
        )
        with self.assertError(ValidationError, "belongs to"):
            rule(department_id=abroad.id, company_id=self.company.id)
        new = rule().action_new_version()
        self.assertEqual(
            self.Rule.browse(new["res_id"]).date_from, self.company._care_today()
        )

    def test_limits_of_the_database(self):
        for values in (
            {"amount": 0},
            {"amount": -1},
            {"factor_not_made_good": 1.5},
            {"amount_min": 20, "amount_max": 10},
            {"date_from": "2026-02-01", "date_to": "2026-01-01"},
        ):
            with (
                self.assertRaises(IntegrityError, msg=values),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.Rule.create(
                    {"cause": "visit_missed", "amount": 30, **values}
                ).flush_recordset()

    def test_shipped_rules(self):
        """The table of section 8 of the domain"""
        shipped = {
            (rule.cause, rule.account): (
                rule.amount_min or rule.amount,
                rule.amount_max,
            )
            for rule in self.Rule.search([("company_id", "=", False)])
            if rule.get_external_id()[rule.id].startswith("customer_care.")
        }
        self.assertEqual(
            shipped,
            {
                ("visit_missed", "supervisor"): (30, 0),
                ("call_missed", "supervisor"): (20, 0),
                ("manager_visit_missed", "person"): (50, 0),
                ("manager_call_missed", "person"): (30, 0),
                ("complaint", "both"): (50, 500),
                ("survey", "person"): (50, 500),
                ("team_survey", "team"): (50, 500),
                ("no_miss", "person"): (50, 500),
            },
        )

    # What people are told ---------------------------------------------------

    def told(self, word):
        return self.env["mail.message"].search(
            [
                ("partner_ids", "in", self.boss.partner_id.ids),
                ("subject", "ilike", word),
            ]
        )

    def test_who_was_told_hears_that_it_was_taken_back(self):
        self.as_(self.manager).action_tell()
        self.assertEqual(len(self.told("new entries: 1")), 1)
        self.missed.write({"done": 1, "state": "met"})
        self.propose()
        self.assertEqual(self.entry.standing, "lifted")
        self.assertEqual(len(self.told("taken back: 1")), 1)
        self.propose()
        self.assertEqual(len(self.told("taken back")), 1, "once")

    def test_who_was_not_told_hears_nothing(self):
        self.missed.write({"done": 1, "state": "met"})
        self.propose()
        self.assertEqual(self.entry.standing, "lifted")
        self.assertFalse(self.told("taken back"))

    def test_waived_and_reversed_by_hand(self):
        self.as_(self.manager).action_tell()
        self.as_(self.manager).action_waive("A storm")
        self.assertEqual(len(self.told("taken back: 1")), 1)
        other = self.target(day="2026-10-21")
        self.propose()
        self.entries(other).with_user(self.manager).action_reverse("Never agreed")
        self.assertEqual(len(self.told("taken back: 1")), 1, "not told before")

    def test_too_late_to_object(self):
        self.as_(self.manager).action_tell()
        with (
            freeze_time("2026-11-16 08:00:00"),
            self.assertError(UserError, "last day to object was 11/15/2026"),
        ):
            self.as_(self.boss).action_object("Late")
        self.as_(self.manager).action_waive("A storm")
        with self.assertError(UserError, "decided already"):
            self.as_(self.boss).action_object("Late")
