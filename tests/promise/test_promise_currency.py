from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common_promise import PromiseCase


@tagged("post_install", "-at_install")
class TestPromiseCurrency(PromiseCase):
    """The cost of a promise in another currency: 1 FOR = 8 of the company's, and 10
    since yesterday. Limits of the company: 100, 500 and 5000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.company.currency_id
        cls.foreign = cls.env["res.currency"].create(
            {
                "name": "FOR",
                "symbol": "F",
                "rate_ids": [
                    Command.create(
                        {
                            "name": cls.day(-days),
                            "rate": 1 / worth,
                            "company_id": cls.company.id,
                        }
                    )
                    for days, worth in ((10, 8), (1, 10))
                ],
            }
        )
        cls.company.care_promise_own = 100
        cls.company.care_promise_all = 500
        cls.company.care_promise_manager = 5000

    @classmethod
    def abroad(cls, cost, **values):
        return cls.promise(cost=cost, currency_id=cls.foreign.id, **values)

    def test_the_company_is_the_default(self):
        promise = self.promise(cost=60)
        self.assertEqual(promise.currency_id, self.own)
        self.assertEqual(promise.company_cost, 60)

    def test_own_currency_and_company_cost(self):
        promise = self.abroad(9.5)
        self.assertEqual((promise.cost, promise.company_cost), (9.5, 95))
        copied = promise.copy()
        self.assertEqual(copied.currency_id, self.foreign)

    def test_the_rate_is_that_of_the_day_of_the_promise(self):
        noon = fields.Datetime.now() - timedelta(days=5)
        promise = self.abroad(9.5, promised_at=noon)
        self.assertEqual(promise.company_cost, 76)
        self.foreign.rate_ids.unlink()
        promise.invalidate_recordset()
        self.assertEqual(promise.company_cost, 76, "rates of later change nothing")
        self.assertEqual(self.abroad(9.5).company_cost, 9.5, "without a rate 1 : 1")

    def test_a_rate_that_begins_later_counts_for_the_days_before(self):
        earlier = fields.Datetime.now() - timedelta(days=90)
        self.assertEqual(self.abroad(2, promised_at=earlier).company_cost, 16)

    def test_the_day_is_that_of_the_company(self):
        """At 20:00 in London the next day has begun in Shanghai."""
        self.company.partner_id.tz = "Asia/Shanghai"
        evening = f"{self.day(-2)} 20:00:00"
        self.assertEqual(self.abroad(1, promised_at=evening).company_cost, 10)
        self.company.partner_id.tz = "Europe/London"
        self.assertEqual(self.abroad(1, promised_at=evening).company_cost, 8)

    def test_rounding_is_that_of_the_company(self):
        self.foreign.rate_ids.rate = 1 / 3.33333
        self.assertEqual(self.abroad(1.01).company_cost, 3.37)

    # Authority ------------------------------------------------------------

    def test_limits_compare_what_it_costs_the_company(self):
        self.assertEqual(self.abroad(10).state, "open")
        promise = self.abroad(10.01)
        self.assertEqual(promise.state, "to_approve")
        [asked] = promise.activity_ids
        self.assertEqual(asked.user_id, self.lead)
        self.assertIn("10.01", asked.summary)
        self.assertIn("100.10", asked.summary)
        self.assertFalse(promise.with_user(self.rep).can_approve)
        promise = self.abroad(501)
        self.assertEqual(promise.activity_ids.user_id, self.manager, "5010")
        self.assertFalse(promise.with_user(self.lead).can_approve)

    def test_raising_the_company_cost_asks_again(self):
        promise = self.promise(cost=300)
        promise.with_user(self.lead).action_approve()
        self.assertEqual(promise.approved_cost, 300)
        promise.write({"cost": 30, "currency_id": self.foreign.id})
        self.assertEqual((promise.state, promise.company_cost), ("open", 300))
        promise.cost = 30.01
        self.assertEqual(promise.state, "to_approve")
        promise.with_user(self.lead).action_approve()
        self.assertEqual(promise.approved_cost, 300.1)

    def test_another_currency_asks_again(self):
        promise = self.promise(cost=100)
        self.assertEqual(promise.state, "open")
        promise.currency_id = self.foreign
        self.assertEqual(promise.state, "to_approve")
        promise.currency_id = self.own
        self.assertEqual(promise.state, "open")

    def test_another_day_asks_again(self):
        """Nobody promises on a day of a better rate to stay within the limit."""
        promise = self.abroad(12, promised_at=f"{self.day(-5)} 12:00:00")
        self.assertEqual((promise.company_cost, promise.state), (96, "open"))
        promise.promised_at = f"{self.day()} 00:00:00"
        self.assertEqual((promise.company_cost, promise.state), (120, "to_approve"))

    # Attacks --------------------------------------------------------------

    def test_company_cost_is_not_forged(self):
        promise = self.abroad(50)
        for user in (self.rep, self.all, self.manager):
            for values in (
                {"company_cost": 1},
                {"approved_cost": 9000},
                {"cost": 50, "company_cost": 1},
            ):
                with self.assertRaises(UserError, msg=f"{user.login} {values}"):
                    promise.with_user(user).write(values)
        self.assertEqual((promise.company_cost, promise.state), (500, "to_approve"))
        forged = {"company_cost": 1, "approved_cost": 9000}
        self.assertEqual(self.abroad(50, **forged).company_cost, 500)
        default = {f"default_{name}": value for name, value in forged.items()}
        promise = (
            self.Promise.with_user(self.rep)
            .with_context(**default)
            .create(
                {
                    "name": "x",
                    "partner_id": self.salon.id,
                    "company_id": self.company.id,
                    "currency_id": self.foreign.id,
                    "cost": 50,
                }
            )
        )
        self.assertEqual((promise.company_cost, promise.state), (500, "to_approve"))
        self.assertFalse(promise.approved_cost)

    def test_settled_and_confirmed_promises_keep_their_currency(self):
        kept = self.abroad(5)
        kept.action_keep("Sent")
        confirmed = self.abroad(5)
        confirmed.with_user(self.lead).action_dispute()
        confirmed.action_confirm(self.day(3), 80)
        for promise in (kept, confirmed):
            for values in (
                {"currency_id": self.own.id},
                {"promised_at": f"{self.day(-5)} 12:00:00"},
            ):
                with self.assertRaises(UserError, msg=str(values)):
                    promise.write(values)
        self.assertEqual(confirmed.company_cost, 800)

    # Notices, sources, sums -----------------------------------------------

    def test_the_notice_of_fault_is_in_the_currency_of_the_company(self):
        promise = self.abroad(5)
        promise.with_user(self.lead).action_dispute()
        wizard = self.env["care.promise.step"].with_user(self.rep)
        step = wizard.with_context(**promise.action_confirm()["context"]).new({})
        self.assertEqual(step.currency_id, self.foreign)
        promise.action_confirm(self.day(3), 80)
        promise.action_keep("Sent")
        [notice] = promise.sudo().notice_ids
        self.assertEqual((notice.cost, notice.currency_id), (800, self.own))
        self.assertIn("80.00", notice.text)

    def test_a_complaint_does_not_overwrite_a_foreign_cost(self):
        complaint = self.complain(
            user_id=self.rep.id, promise="Refund", promise_cost=30
        ).with_user(self.rep)
        promise = complaint.promise_id
        self.assertEqual((promise.cost, promise.currency_id), (30, self.own))
        promise.write({"cost": 5, "currency_id": self.foreign.id})
        self.assertEqual(complaint.promise_cost, 50)
        complaint.promise = "Refund at once"
        self.assertEqual(promise.name, "Refund at once")
        self.assertEqual((promise.cost, promise.currency_id), (5, self.foreign))
        with self.assertError(UserError, "another currency"):
            complaint.promise_cost = 40
        complaint.write({"promise": "Refund", "promise_cost": 50})
        self.assertEqual((promise.cost, promise.company_cost), (5, 50))

    def test_sums_are_in_the_currency_of_the_company(self):
        promises = self.promise(cost=60) | self.abroad(4)
        domain = [("id", "in", promises.ids)]
        [(total,)] = self.Promise._read_group(domain, [], ["company_cost:sum"])
        self.assertEqual(total, 100)
        self.assertFalse(self.Promise.fields_get(["cost"])["cost"].get("aggregator"))
        report = self.env["care.promise.report"].with_company(self.company)
        [(total,)] = report._read_group(
            [("promise_id", "in", promises.ids)], [], ["cost:sum"]
        )
        self.assertEqual(total, 100)

    def test_the_brief_says_it_in_its_own_currency(self):
        self.abroad(5)
        brief = self.salon.with_user(self.rep).care_brief
        self.assertRegex(str(brief), r"F\D{0,40}5\.00|5\.00\D{0,40}F")

    def test_the_card_says_it_in_its_own_currency(self):
        self.abroad(5)
        [row] = self.salon.with_user(self.rep).care_card["promises"]
        self.assertEqual((row["cost"], row["currency"]), (5, self.foreign.id))

    def test_another_company_keeps_the_currency(self):
        promise = self.abroad(5).sudo()
        promise.company_id = self.other_company
        self.assertEqual((promise.cost, promise.currency_id), (5, self.foreign))

    def test_a_new_promise_follows_the_company_in_the_form(self):
        company = self.env["res.company"].create(
            {"name": "Abroad", "currency_id": self.foreign.id}
        )
        draft = self.Promise.new({"company_id": self.company.id, "cost": 3})
        self.assertEqual(draft.currency_id, self.own)
        draft.company_id = company
        self.assertEqual(draft.currency_id, self.foreign)
        self.assertEqual(draft.company_cost, 3)
