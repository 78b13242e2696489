from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ..common_merit import MeritCase


@tagged("post_install", "-at_install")
class TestMeritOrders(MeritCase):
    """Orders that were not made good in time, and what promises cost."""

    def setUp(self):
        super().setUp()
        self.missed = self.target(partner_id=self.shop.id)
        self.propose()
        self.order = self.give(self.missed)

    def give(self, source, **values):
        return self.env["care.notice"].create(
            {
                "kind": "order",
                "user_id": self.rep.id,
                "company_id": self.company.id,
                "text": "Visit the shop",
                "date_due": "2026-11-15",
                "res_model": source._name,
                "res_id": source.id,
                **values,
            }
        )

    def later(self, day="2026-11-20"):
        with freeze_time(f"{day} 08:00:00"):
            return self.propose("2026-11-01")

    def test_doubled(self):
        self.later("2026-11-15")
        self.assertFalse(self.entries(self.order), "the last day counts still")
        self.assertEqual(self.later(), 1)
        entry = self.entries(self.order)
        self.assertEqual((entry.user_id, entry.amount), (self.boss, 30))
        self.assertEqual(entry.cause, "not_made_good")
        self.assertEqual(entry.day, date(2026, 11, 15))
        self.assertEqual(entry.month, date(2026, 11, 1))
        self.assertEqual(entry.about_user_id, self.rep)
        self.assertEqual(self.later(), 0)

    def test_the_factor_of_the_rule(self):
        rule = self.env.ref("customer_care.care_merit_rule_visit_missed")
        rule.factor_not_made_good = 3
        self.later()
        self.assertEqual(self.total(self.order), 60)

    def test_an_order_about_an_entry(self):
        order = self.give(self.entries(self.missed))
        self.later()
        self.assertEqual(self.rows(order), [(self.boss, 30)])

    def test_made_good_by_the_button(self):
        with freeze_time("2026-11-15 08:00:00"):
            self.order.with_user(self.rep).action_done("Here is the photo")
        self.later()
        self.assertFalse(self.entries(self.order))

    def test_made_good_too_late(self):
        self.later()
        with freeze_time("2026-11-20 08:00:00"):
            self.order.with_user(self.rep).action_done("At last")
        self.assertEqual(self.later("2026-11-21"), 0)
        self.assertEqual(self.total(self.order), 30)

    def test_made_good_by_a_contact(self):
        with freeze_time("2026-11-20 09:00:00"):
            for day, channel in ((12, "phone"), (16, "visit")):
                self.contact(self.shop, day, channel)
            self.propose("2026-11-01")
            self.assertEqual(self.total(self.order), 30, "by phone, or too late")
            self.contact(self.shop, 14, "visit")
            self.propose("2026-11-01")
            self.assertEqual(self.total(self.order), 0)

    def test_the_original_is_taken_back_or_waived(self):
        self.later()
        self.assertEqual(self.total(self.order), 30)
        entry = self.entries(self.missed)
        entry.with_user(self.manager).action_waive("First week in the job")
        self.later()
        self.assertEqual(self.total(self.order), 0)

    def test_cancelled(self):
        self.later()
        self.order.sudo().action_cancel("Given by mistake")
        self.later()
        self.assertEqual(self.total(self.order), 0)

    def test_a_quantity_that_changes(self):
        target = self.target(goal=3)
        self.propose()
        order = self.give(target)
        self.later()
        self.assertEqual(self.total(order), 90)
        target.done = 1
        self.later()
        self.assertEqual(self.total(target), 60)
        self.assertEqual(self.total(order), 60)
        self.assertEqual(self.later(), 0)

    def test_without_promises_and_notices(self):
        self.env["res.groups"]._switch_care_features(promise=False)
        self.assertEqual(self.later(), 0)

    # Promises ---------------------------------------------------------------

    def promise(self, **values):
        return self.env["care.promise"].create(
            {
                "name": "Samples",
                "partner_id": self.salon.id,
                "user_id": self.rep.id,
                "company_id": self.company.id,
                "date_due": "2026-11-12",
                **values,
            }
        )

    def test_a_promise_that_could_not_be_confirmed(self):
        promise = self.promise()
        order = self.give(promise, promise_id=promise.id, supervisor_id=self.rival.id)
        self.later()
        self.assertEqual(set(self.rows(order)), {(self.rep, 50), (self.rival, 50)})
        self.assertEqual(set(self.entries(order).mapped("cause")), {"complaint"})
        self.assertEqual(self.later(), 0)
        order.sudo().action_cancel("The customer understood long ago")
        self.later()
        self.assertEqual(self.total(order), 0)

    def test_a_broken_promise_costs_through_its_complaint_only(self):
        promise = self.promise()
        promise.with_user(self.manager).action_break()
        complaint = promise.broken_complaint_id
        self.assertEqual(complaint.kind, "internal")
        self.later()
        self.assertFalse(self.entries(promise) | self.entries(complaint))
        complaint.action_close()
        self.later()
        self.assertEqual(set(self.rows(complaint)), {(self.rep, 50), (self.boss, 50)})
        self.assertFalse(self.entries(promise))

    # Button -----------------------------------------------------------------

    def test_who_gives_an_order_from_an_entry(self):
        entry = self.entries(self.missed)
        self.assertTrue(entry.with_user(self.boss).can_order)
        self.assertTrue(entry.with_user(self.manager).can_order)
        context = entry.with_user(self.boss).action_order()["context"]
        Notice = self.env["care.notice"].with_user(self.boss).with_context(**context)
        order = Notice.create(
            {
                **Notice.default_get(["user_id", "kind", "res_model", "res_id"]),
                "text": "Visit the shop",
                "date_due": "2026-11-15",
            }
        )
        self.assertEqual(order.user_id, self.rep)
        self.assertEqual(
            (order.res_model, order.res_id),
            (
                self.missed._name,
                self.missed.id,
            ),
        )
