from base64 import b64encode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...models.core.base import UNLOCKED
from ..common_merit import MeritCase

RECEIPT = b64encode(b"%PDF-1.4 receipt")


class FundCase(MeritCase):
    """The fund of North, whose members are rep, two colleagues, and boss."""

    number = 0
    """Of the last record that an entry is about"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.make_user("ann", "sales_team.group_sale_salesman")
        cls.bob = cls.make_user("bob", "sales_team.group_sale_salesman")
        cls.north.member_ids |= cls.ann | cls.bob
        cls.Fund = cls.env["care.fund"]

    @classmethod
    def entry(cls, amount=30, kind="penalty", **values):
        """A settled entry of the ledger; amounts as they are charged"""
        FundCase.number += 1
        values = {
            "company_id": cls.company.id,
            "user_id": cls.rep.id,
            "department_id": cls.north.id,
            "day": "2026-10-20",
            "month": "2026-10-01",
            "settled_month": "2026-10-01",
            "cause": "visit_missed",
            "kind": kind,
            "account": "person",
            "amount": amount,
            "unit": "money",
            "currency_id": cls.company.currency_id.id,
            "res_model": "res.partner",
            "res_id": FundCase.number,
            "state": "settled",
        } | values
        Entry = cls.env["care.merit.entry"].sudo().with_context(care_unlocked=UNLOCKED)
        return Entry.create(values)

    @classmethod
    def counter(cls, entry):
        copied = ("user_id", "department_id", "cause", "kind", "account", "res_id")
        values = {
            name: entry._fields[name].convert_to_write(entry[name], entry)
            for name in copied
        }
        return cls.entry(
            -entry.amount,
            **values,
            reversal_of_id=entry.id,
            standing="counter",
        )

    @classmethod
    def fund_of(cls, team):
        return cls.Fund.search([("department_id", "=", team.id)])

    @classmethod
    def fill(cls, amount=100):
        cls.Fund._credit(cls.entry(amount))
        return cls.fund_of(cls.north)

    def propose_spending(self, user=None, amount=60, **values):
        fund = self.fund_of(self.north)
        Move = self.env["care.fund.move"].with_user(user or self.rep)
        return Move.create(
            {"fund_id": fund.id, "name": "Dinner", "amount": amount} | values
        )

    def agreed(self, **values):
        move = self.propose_spending(**values)
        for user in (self.rep, self.ann, self.boss):
            move.with_user(user).action_agree()
        return move


@tagged("post_install", "-at_install")
class TestFundCredits(FundCase):
    def test_what_is_credited(self):
        entries = (
            self.entry(30)
            | self.entry(-50, "reward", account="team", user_id=False)
            | self.entry(-70, "reward")
            | self.entry(11, unit="points", currency_id=False)
            | self.entry(13, state="confirmed", settled_month=False)
            | self.entry(17, department_id=False)
        )
        moves = self.Fund._credit(entries)
        self.assertEqual(moves.entry_id, entries[:2])
        self.assertEqual(self.fund_of(self.north).balance, 80)
        self.assertFalse(self.Fund._credit(entries), "each entry once")
        self.assertEqual(self.fund_of(self.north).balance, 80)
        self.assertFalse(self.fund_of(self.south))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["care.fund.move"].create(
                {
                    "fund_id": moves.fund_id.id,
                    "kind": "entry",
                    "entry_id": entries[0].id,
                    "amount": 1,
                }
            )

    def test_the_ledger_credits_when_it_settles(self):
        target = self.target()
        self.propose()
        entry = self.heard(self.entries(target))
        entry.with_user(self.manager).action_confirm()
        self.Entry._close_month("2026-10-01")
        self.assertEqual(entry.state, "settled")
        self.assertEqual(self.fund_of(self.north).balance, entry.amount)

    def test_counter_entries_wait_for_money(self):
        entry = self.entry(100)
        fund = self.Fund._credit(entry).fund_id
        move = self.agreed(amount=80)
        move.write({"receipt": RECEIPT})
        move.action_spend()
        self.Fund._credit(self.counter(entry))
        self.assertEqual((fund.balance, fund.waiting, fund.available), (20, 100, 0))
        with self.assertError(UserError, "only .* are available"):
            self.propose_spending(amount=10)
        self.Fund._credit(self.entry(90))
        self.assertEqual((fund.balance, fund.waiting, fund.available), (10, 0, 10))

    def foreign(self, rate=2):
        """A currency of which ``rate`` are worth one of the company's main one"""
        currency = self.env["res.currency"].create({"name": "XCR", "symbol": "X"})
        currency.rate_ids = [Command.create({"name": "2026-10-01", "rate": rate})]
        return currency

    def test_a_reversal_takes_back_what_was_credited(self):
        """Also where the rate was corrected since."""
        currency = self.foreign()
        entry = self.entry(100, currency_id=currency.id)
        move = self.Fund._credit(entry)
        self.assertNotEqual(move.amount, 100)
        self.fill(500)
        balance = move.fund_id.balance
        currency.rate_ids.rate = 3
        counter = self.counter(entry)
        counter_move = self.Fund._credit(counter)
        self.assertEqual(counter_move.amount, -move.amount)
        self.assertEqual(counter_move.state, "booked")
        self.assertEqual(move.fund_id.balance, balance - move.amount)

    def test_a_reversal_at_once_leaves_nothing(self):
        entry = self.entry(100, currency_id=self.foreign().id)
        fund = self.Fund._credit(entry | self.counter(entry)).fund_id
        self.assertEqual((fund.balance, fund.waiting), (0, 0))

    def test_a_rule_in_another_currency(self):
        """The ledger converts on the day of the cause, the fund takes it as it is."""
        currency = self.foreign()
        self.Rule.create(
            {
                "cause": "visit_missed",
                "account": "supervisor",
                "amount": 100,
                "currency_id": currency.id,
                "company_id": self.company.id,
            }
        )
        target = self.target()
        self.propose()
        entry = self.heard(self.entries(target))
        entry.with_user(self.manager).action_confirm()
        self.Entry._close_month("2026-10-01")
        fund = self.fund_of(self.north)
        self.assertEqual(entry.currency_id, fund.currency_id)
        self.assertEqual(fund.balance, entry.amount)
        self.assertTrue(fund.balance)
        currency.rate_ids.rate = 3
        entry.with_user(self.manager).action_reverse("Wrong")
        self.Entry._close_month("2026-11-01")
        self.assertEqual((fund.balance, fund.waiting), (0, 0))

    def test_each_company_has_its_fund(self):
        self.north.company_id = False
        self.fill(30)
        self.Fund._credit(self.entry(40, company_id=self.other_company.id))
        funds = self.fund_of(self.north)
        self.assertEqual(sorted(funds.mapped("balance")), [30, 40])
        self.assertEqual(
            self.Fund.with_user(self.rep)
            .with_context(allowed_company_ids=self.company.ids)
            .search([])
            .company_id,
            self.company,
        )
        ours, theirs = funds.sorted(lambda fund: fund.company_id != self.company)
        self.assertIn(self.rep, ours._members())
        self.assertNotIn(self.rep, theirs._members())

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["credit", "reverse", "spend", "again"]),
                st.integers(1, 300),
            ),
            max_size=12,
        )
    )
    def test_never_negative_and_sums_hold(self, steps):
        """Against a plain model: credits, debits in the order they came, spendings."""
        savepoint = self.env.cr.savepoint()
        try:
            self.play(steps)
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all()

    def play(self, steps):
        fund = self.Fund.sudo()._of(self.company, self.north)
        balance, waiting, credited = 0, [], []
        spent = 0
        for kind, amount in steps:
            if kind == "credit":
                credited.append(self.entry(amount))
                self.Fund._credit(credited[-1])
                balance += amount
            elif kind == "reverse" and credited:
                entry = credited.pop()
                self.Fund._credit(self.counter(entry))
                waiting.append(entry.amount)
            elif kind == "again":
                self.Fund._credit(self.env["care.merit.entry"].union(*credited))
            elif kind == "spend":
                available = balance - sum(waiting)
                if amount > available:
                    with self.assertRaises(UserError):
                        self.propose_spending(amount=amount)
                    continue
                move = self.agreed(amount=amount)
                move.write({"receipt": RECEIPT})
                move.action_spend()
                balance -= amount
                spent += amount
            while waiting and waiting[0] <= balance:
                balance -= waiting.pop(0)
            self.assertGreaterEqual(fund.balance, 0)
            self.assertEqual((fund.balance, fund.waiting), (balance, sum(waiting)))
        moves = fund.move_ids
        done = moves.filtered(lambda move: move.state == "spent")
        self.assertEqual(sum(done.mapped("amount")), spent)
        booked = moves.filtered(lambda move: move.state == "booked")
        self.assertEqual(sum(booked.mapped("amount")) - spent, fund.balance)


@tagged("post_install", "-at_install")
class TestFundSpending(FundCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fund = cls.fill(100)

    def test_proposed_agreed_and_spent(self):
        move = self.propose_spending()
        self.assertEqual((move.state, move.proposed_by_id), ("proposed", self.rep))
        self.assertEqual(move.votes_needed, 3, "more than half of four")
        move.action_agree()
        move.with_user(self.ann).action_agree()
        self.assertEqual((move.state, move.vote_count), ("proposed", 2))
        with self.assertError(UserError, "2 votes of 3"):
            move.with_user(self.manager).action_spend()
        move.with_user(self.boss).action_agree()
        self.assertEqual((move.state, self.fund.reserved), ("agreed", 60))
        self.assertEqual((self.fund.balance, self.fund.available), (100, 40))
        with self.assertError(UserError, "Add the receipt"):
            move.action_spend()
        move.with_user(self.ann).write({"receipt": RECEIPT, "receipt_name": "a.pdf"})
        move.with_user(self.ann).action_spend()
        self.assertEqual((move.state, move.spent_by_id), ("spent", self.ann))
        self.assertEqual((self.fund.balance, self.fund.reserved), (40, 0))
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", move._name), ("res_field", "=", "receipt")]
        )
        self.assertIn(move.id, attachment.mapped("res_id"))

    def test_one_vote_each(self):
        move = self.propose_spending()
        move.action_agree()
        with self.assertError(UserError, "voted for Dinner already"):
            move.action_agree()
        for user in (self.other, self.rival):
            with self.assertRaises(AccessError):
                move.with_user(user).action_agree()
        with self.assertError(AccessError, "belongs to North"):
            move.with_user(self.manager).action_agree()
        Vote = self.env["care.fund.vote"]
        for user in (self.rep, self.boss, self.manager):
            with self.assertRaises(AccessError):
                Vote.with_user(user).create(
                    {"move_id": move.id, "user_id": self.ann.id}
                )
        with self.assertRaises(AccessError):
            move.vote_ids.with_user(self.manager).write({"user_id": self.ann.id})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            Vote.create({"move_id": move.id, "user_id": self.rep.id})

    def test_forged_values(self):
        forged = {
            "state": "agreed",
            "kind": "entry",
            "proposed_by_id": self.ann.id,
            "vote_ids": [Command.create({"user_id": self.ann.id})],
            "spent_by_id": self.ann.id,
        }
        move = self.propose_spending(**forged)
        Move = move.with_context(default_state="booked", default_kind="entry")
        other = Move.create({"fund_id": self.fund.id, "name": "x", "amount": 1})
        for record in (move, other):
            self.assertEqual((record.state, record.kind), ("proposed", "spending"))
            self.assertEqual(record.proposed_by_id, self.rep)
            self.assertFalse(record.vote_ids)
        for name, value in forged.items():
            if name == "vote_ids":
                move.write({name: value})
                continue
            with self.assertError(UserError, "cannot be changed"):
                move.write({name: value})
        self.assertEqual((move.state, move.vote_count), ("proposed", 0))
        self.assertFalse(move.vote_ids)
        with self.assertRaises(AccessError):
            move.with_user(self.ann).unlink()
        with self.assertError(UserError, "cannot be changed any more"):
            move.with_user(self.ann).write({"amount": 1})
        move.write({"amount": 50})
        move.action_agree()
        for values in ({"amount": 90}, {"name": "Car"}):
            with self.assertError(UserError, "cannot be changed any more"):
                move.write(values)
        with self.assertError(UserError, "has 1 votes of 3"):
            move.write({"receipt": RECEIPT})
            move.action_spend()
        with self.assertRaises(AccessError):
            self.fund.with_user(self.manager).write({"department_id": self.south.id})

    def test_credits_are_not_touched(self):
        credit = self.fund.move_ids.with_user(self.boss)
        for name in ("action_agree", "action_spend", "action_withdraw"):
            with self.assertRaises(UserError):
                getattr(credit, name)()
        with self.assertError(UserError, "cannot be changed"):
            credit.write({"amount": 5000})
        self.assertEqual(self.fund.balance, 100)

    def test_overdraft(self):
        with self.assertError(UserError, "costs .*100.01.* available in the fund"):
            self.propose_spending(amount=100.01)
        first, second = self.propose_spending(amount=70), self.propose_spending()
        for move in (first, second):
            for user in (self.rep, self.ann):
                move.with_user(user).action_agree()
        first.with_user(self.bob).action_agree()
        with self.assertError(UserError, "only .*30.00"):
            second.with_user(self.bob).action_agree()
        self.assertEqual((second.state, second.vote_count), ("proposed", 2))
        for amount in (0, -5):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.propose_spending(amount=amount)
                self.env.flush_all()

    def test_members_who_leave(self):
        move = self.propose_spending()
        for user in (self.rep, self.ann):
            move.with_user(user).action_agree()
        self.ann.active = False
        self.env.invalidate_all()
        self.assertEqual((move.vote_count, move.votes_needed), (1, 2))
        self.bob.active = False
        self.ann.active = True
        self.env.invalidate_all()
        self.assertEqual((move.vote_count, move.votes_needed), (2, 2))
        move.write({"receipt": RECEIPT})
        move.action_spend()
        self.assertEqual(move.state, "spent")

    def test_the_day_and_the_month(self):
        move = self.agreed()
        move.write({"receipt": RECEIPT, "day": "2999-01-01"})
        with self.assertError(UserError, "not a later one"):
            move.action_spend()
        self.Entry._close_month("2026-09-01")
        move.day = "2026-09-10"
        with self.assertError(UserError, "September 2026 is closed"):
            move.action_spend()
        move.day = "2026-10-10"
        move.action_spend()
        with self.assertError(UserError, "cannot be changed any more"):
            move.write({"receipt": False})
        with self.assertError(UserError, "cannot be withdrawn"):
            move.action_withdraw()

    def test_withdrawn(self):
        move = self.agreed()
        with self.assertError(AccessError, "Only .*rep.* can withdraw"):
            move.with_user(self.ann).action_withdraw()
        move.with_user(self.manager).action_withdraw()
        self.assertEqual((move.state, self.fund.available), ("withdrawn", 100))
        with self.assertError(UserError, "not up for a vote"):
            move.with_user(self.bob).action_agree()

    def test_who_sees_which_fund(self):
        self.Fund._credit(self.entry(20, department_id=self.south.id))
        both = self.fund | self.fund_of(self.south)
        move = self.propose_spending()
        for user, funds in (
            (self.rep, self.fund),
            (self.boss, self.fund),
            (self.rival, both - self.fund),
            (self.all, both.browse()),
            (self.manager, both),
        ):
            seen = self.Fund.with_user(user).search([("id", "in", both.ids)])
            self.assertEqual(seen, funds, user.name)
            seen = move.with_user(user).search([("id", "=", move.id)])
            self.assertEqual(bool(seen), self.fund in funds, user.name)
        self.assertNotIn("entry_id", move.with_user(self.rep).fields_get())
        with self.assertRaises(AccessError):
            self.propose_spending(self.rival)
        with self.assertError(AccessError, "belongs to North"):
            self.propose_spending(self.manager)


@tagged("post_install", "-at_install")
class TestFundUi(HttpCase, FundCase):
    def test_a_fund_is_spent(self):
        fund = self.fill(100)
        fund.department_id.member_ids -= self.ann | self.bob
        fund.department_id.user_id = False
        self.start_tour(
            f"/odoo/action-customer_care.fund_action/{fund.id}",
            "customer_care_fund",
            login="care_rep",
        )
        [move] = fund.move_ids.filtered(lambda move: move.kind == "spending")
        self.assertEqual((move.state, move.amount), ("spent", 60))
        self.assertEqual(move.vote_ids.user_id, self.rep)
        self.env.invalidate_all()
        self.assertEqual(fund.balance, 40)
