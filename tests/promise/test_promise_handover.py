from odoo.tests import tagged

from ...models.promise.care_notice import SEEN
from ...models.promise.care_promise import REMINDER
from ..common_promise import PromiseCase


@tagged("post_install", "-at_install")
class TestPromiseHandover(PromiseCase):
    """The rep leaves; what was promised is kept by the successor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.successor = cls.make_user("successor", "sales_team.group_sale_salesman")
        cls.colleague = cls.make_user("colleague", "sales_team.group_sale_salesman")
        cls.department.member_ids |= cls.colleague
        cls.elsewhere = cls.customer("Elsewhere", user_id=cls.colleague.id)

    def hand_over(self):
        handover = (
            self.env["care.handover"]
            .with_user(self.manager)
            .create(
                {
                    "from_user_id": self.rep.id,
                    "user_id": self.successor.id,
                    "company_id": self.company.id,
                }
            )
        )
        handover.action_preview()
        handover.action_apply()
        self.env.invalidate_all()
        return handover

    def order(self, **values):
        return self.Notice.with_user(self.manager).create(
            {
                "user_id": self.rep.id,
                "text": "Visit",
                "date_due": self.day(3),
                "company_id": self.company.id,
                **values,
            }
        )

    def reminded(self, record, kind):
        kind = self.env.ref(kind)
        return record.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        ).user_id

    def test_open_promises_move(self):
        self.company.care_promise_own = 100
        opened, late, kept = (self.promise(days=days).sudo() for days in (2, 1, 2))
        dear = self.promise(cost=5000).sudo()
        self.assertEqual(dear.state, "to_approve")
        approved = self.promise(cost=4000).sudo()
        approved.with_user(self.manager).action_approve()
        late._care_unlock().state = "late"
        kept.with_user(self.rep).action_keep("Sent")
        foreign = self.promise(partner_id=self.elsewhere.id, user=self.manager)
        handover = self.hand_over()
        moved = opened | late | dear | approved
        self.assertEqual(moved.user_id, self.successor)
        self.assertEqual(moved.mapped("state"), ["open", "late", "to_approve", "open"])
        self.assertEqual(self.reminded(opened, REMINDER), self.successor)
        self.assertEqual(self.reminded(late, REMINDER), self.successor)
        self.assertEqual(kept.user_id, self.rep, "what is settled stays")
        self.assertEqual(foreign.user_id, self.manager)
        counts = dict(
            zip(
                handover.preview["columns"],
                handover.preview["rows"][0]["counts"],
                strict=True,
            )
        )
        self.assertEqual(counts["Open promises"], 4)
        handover.with_user(self.manager).action_reverse()
        self.assertEqual(moved.user_id, self.rep)
        self.assertEqual(self.reminded(opened, REMINDER), self.rep)
        self.assertEqual(opened.state, "open")

    def test_disputed_stays_with_who_is_named(self):
        promise = self.promise().sudo()
        promise.with_user(self.manager).action_dispute()
        self.assertEqual(promise.state, "disputed")
        self.hand_over()
        self.assertEqual(promise.user_id, self.rep)

    def test_who_confirmed_answers_for_the_cost(self):
        promise = self.promise().sudo()
        promise.with_user(self.manager).action_dispute()
        promise.with_user(self.rep).action_confirm(self.day(5), 90)
        supervisor = promise.supervisor_id
        self.hand_over()
        self.assertEqual(promise.user_id, self.successor)
        promise.with_user(self.successor).action_keep("Sent")
        [notice] = promise.notice_ids
        self.assertEqual(notice.user_id, self.rep)
        self.assertEqual(notice.supervisor_id, supervisor)
        self.assertEqual(notice.cost, 90)

    def test_orders_move_and_are_seen_anew(self):
        complaint = self.complain(user_id=self.rep.id)
        about = {
            "res_model": complaint._name,
            "res_id": complaint.id,
        }
        order, fault = self.order(**about), self.order(kind="fault", **about)
        customer = self.order(res_model="res.partner", res_id=self.salon.id)
        nothing = self.order()
        foreign = self.order(res_model="res.partner", res_id=self.elsewhere.id)
        order.with_user(self.rep).action_see()
        done = self.order(**about)
        done.with_user(self.rep).action_done("Visited")
        self.hand_over()
        moved = order | customer
        self.assertEqual(moved.user_id, self.successor)
        self.assertFalse(order.seen_at)
        self.assertEqual(self.reminded(order, SEEN), self.successor)
        self.assertEqual(self.reminded(customer, SEEN), self.successor)
        for kept in (fault, nothing, foreign, done):
            self.assertEqual(kept.user_id, self.rep, kept.name)
        order.with_user(self.successor).action_see()
        order.with_user(self.successor).action_done("Visited")
        self.assertEqual(order.state, "done")

    # Merged complaints ------------------------------------------------------

    def test_promises_of_a_merged_complaint(self):
        first = self.complain(received_at="2026-11-02 08:00:00")
        second = self.complain(received_at="2026-11-03 08:00:00")
        third = self.complain(received_at="2026-11-01 08:00:00")
        promises = self.promise(complaint_id=second.id) | self.promise(
            complaint_id=second.id
        )
        own = self.promise(complaint_id=first.id)
        kept = (first | second)._merge()
        self.assertEqual(kept, first)
        self.assertEqual(promises.complaint_id, first)
        self.assertEqual(promises.mapped("state"), ["open", "open"])
        kept = (first | third)._merge()
        self.assertEqual(kept, third)
        self.assertEqual((promises | own).complaint_id, third)
        first.action_unmerge()
        self.assertEqual((promises | own).complaint_id, first)
        second.action_unmerge()
        self.assertEqual(promises.complaint_id, second)
        self.assertEqual(own.complaint_id, first)
        self.assertFalse((promises | own).merged_complaint_id)
