from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_promise import PromiseCase


@tagged("post_install", "-at_install")
class TestDispute(PromiseCase):
    """A customer says that something was promised (domain, section 9)."""

    def disputed(self, user=None, **values):
        wizard = (
            self.env["care.promise.dispute"]
            .with_user(user or self.all)
            .create(
                {
                    "partner_id": self.salon.id,
                    "user_id": self.rep.id,
                    "name": "Free training",
                    "company_id": self.company.id,
                    **values,
                }
            )
        )
        return self.Promise.browse(wizard.action_enter()["res_id"])

    def test_a_colleague_enters_it(self):
        promise = self.disputed()
        self.assertEqual(promise.state, "disputed")
        self.assertEqual(promise.disputed_by_id, self.all)
        self.assertEqual(promise.dispute_due, self.day(3))
        [asked] = promise.activity_ids
        self.assertEqual(asked.user_id, self.rep)
        self.assertEqual(asked.date_deadline, self.day(3))

    def test_a_promise_there_is_can_be_disputed(self):
        promise = self.promise()
        promise.action_keep("Sent")
        promise.with_user(self.all).action_dispute()
        self.assertEqual(promise.state, "disputed")
        self.assertEqual(promise.disputed_by_id, self.all)
        with self.assertRaises(UserError):
            promise.with_user(self.all).action_dispute()

    def test_only_the_named_person_answers(self):
        promise = self.disputed()
        for user in (self.all, self.lead, self.manager):
            mine = promise.with_user(user)
            with self.assertRaises(AccessError):
                mine.action_confirm(self.day(5), 10)
            with self.assertRaises(AccessError):
                mine.action_deny()

    def test_confirmed_is_kept_whatever_it_costs_and_noticed_once(self):
        promise = self.disputed().with_user(self.rep)
        promise.action_confirm(self.day(5), 9000)
        self.assertEqual(promise.state, "open")
        self.assertEqual(promise.date_due, self.day(5))
        self.assertEqual(promise.cost, 9000)
        self.assertFalse(promise.notice_ids)
        for values in ({"cost": 1}, {"date_due": self.day(50)}):
            with self.assertRaises(UserError):
                promise.write(values)
        with self.assertRaises(UserError):
            promise.action_withdraw("Too dear")
        promise.action_keep("Training held")
        [notice] = promise.sudo().notice_ids
        self.assertEqual(notice.kind, "fault")
        self.assertEqual(notice.user_id, self.rep)
        self.assertEqual(notice.supervisor_id, self.lead)
        self.assertEqual(notice.cost, 9000)
        self.assertEqual((notice.res_model, notice.res_id), (promise._name, promise.id))
        promise.sudo()._after_kept()
        self.assertEqual(promise.sudo().notice_ids, notice)

    def test_an_own_promise_within_the_rules_is_not_noticed(self):
        promise = self.promise()
        promise.action_keep("Sent")
        self.assertFalse(promise.notice_ids)

    def test_confirming_asks_for_day_and_cost(self):
        promise = self.disputed().with_user(self.rep)
        action = promise.action_confirm()
        step = (
            self.env[action["res_model"]]
            .with_user(self.rep)
            .with_context(**action["context"])
            .create({"date_due": self.day(4), "cost": 70})
        )
        step.action_apply()
        self.assertEqual(promise.state, "open")
        self.assertEqual(promise.cost, 70)
        other = self.disputed().with_user(self.rep)
        for day, cost in ((False, 1), (self.day(4), -1), (self.day(4), "x")):
            with self.assertRaises(UserError):
                other.action_confirm(day, cost)

    def test_denied_then_ordered_then_understood(self):
        promise = self.disputed()
        promise.with_user(self.rep).action_deny()
        self.assertEqual(promise.state, "disputed")
        self.assertTrue(promise.denied_at)
        with self.assertRaises(AccessError):
            promise.with_user(self.lead).action_not_confirmable(self.day(3))
        with self.assertRaises(UserError):
            promise.with_user(self.manager).action_not_confirmable(self.day(-1))
        promise.with_user(self.manager).action_not_confirmable(self.day(3))
        [order] = promise.notice_ids
        self.assertEqual(
            (order.kind, order.user_id, order.supervisor_id, order.date_due),
            ("order", self.rep, self.lead, self.day(3)),
        )
        with self.assertRaises(UserError):
            promise.with_user(self.manager).action_not_confirmable(self.day(4))
        order.with_user(self.rep).action_done("The customer understands")
        self.assertEqual(promise.state, "forgiven")
        self.pass_days(30)
        with self.responsibility() as called:
            self.night()
        self.assertFalse(called.called)

    def test_what_ends_the_dispute_ends_its_order(self):
        for step in (
            lambda promise: promise.action_forgive("It was a misunderstanding"),
            lambda promise: promise.action_confirm(self.day(3)),
        ):
            promise = self.disputed()
            promise.with_user(self.manager).action_not_confirmable(self.day(3))
            [order] = promise.notice_ids
            step(promise.with_user(self.rep))
            self.assertEqual(order.state, "done")
            self.assertTrue(order.evidence and order.done_at)
            self.assertNotEqual(promise.state, "disputed")

    def test_a_second_dispute_has_an_order_of_its_own(self):
        promise = self.disputed()
        promise.with_user(self.manager).action_not_confirmable(self.day(3))
        promise.with_user(self.rep).action_forgive("It was a misunderstanding")
        promise.sudo()._begin_dispute()
        self.assertFalse(promise.order_due or promise.responsible_at)
        promise.with_user(self.manager).action_not_confirmable(self.day(5))
        opened = promise.notice_ids.filtered(lambda order: order.state == "open")
        self.assertEqual(opened.date_due, self.day(5))
        self.assertEqual(len(promise.notice_ids), 2)

    def test_a_missed_order_is_responsibility_once(self):
        promise = self.disputed()
        promise.with_user(self.manager).action_not_confirmable(self.day(3))
        self.night()
        self.pass_days(4)
        with self.responsibility() as called:
            self.night()
            self.night()
        self.assertEqual(called.call_count, 1)
        self.assertTrue(promise.responsible_at)
        self.assertEqual(promise.state, "disputed")

    def responsibility(self):
        return patch.object(
            type(self.Promise), "_promise_responsibility", autospec=True
        )

    def test_an_unanswered_dispute_is_told_once(self):
        promise = self.disputed()
        self.pass_days(4)
        before = self.env["mail.message"].search_count([])
        self.night()
        told = self.env["mail.message"].search_count([]) - before
        self.assertGreaterEqual(told, 1)
        self.assertTrue(promise.dispute_told_on)
        before = self.env["mail.message"].search_count([])
        self.night()
        self.assertEqual(self.env["mail.message"].search_count([]), before)

    def test_a_cancelled_order_can_be_given_again(self):
        promise = self.disputed()
        promise.with_user(self.manager).action_not_confirmable(self.day(3))
        promise.notice_ids.with_user(self.manager).action_cancel("Wrong term")
        promise.with_user(self.manager).action_not_confirmable(self.day(5))
        self.assertEqual(promise.order_due, self.day(5))
        self.assertEqual(len(promise.notice_ids), 2)
