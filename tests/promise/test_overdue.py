from odoo.tests import tagged

from ..common_promise import PromiseCase


@tagged("post_install", "-at_install")
class TestOverdue(PromiseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy("resolve", 4, around_the_clock=True)

    def overdue(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["care.overdue"].with_user(user or self.manager).search([])

    def make_all(self):
        """One of each kind"""
        promise = self.promise(days=1)
        wizard = (
            self.env["care.promise.dispute"]
            .with_user(self.all)
            .create(
                {
                    "partner_id": self.salon.id,
                    "user_id": self.rep.id,
                    "name": "Training",
                    "company_id": self.company.id,
                }
            )
        )
        dispute = self.Promise.browse(wizard.action_enter()["res_id"])
        order = self.Notice.with_user(self.manager).create(
            {
                "user_id": self.rep.id,
                "text": "Visit",
                "date_due": self.day(1),
                "company_id": self.company.id,
            }
        )
        self.pass_days(8)
        self.salon.care_tier_id = self.A
        self.generate(self.day(-35))
        self.generate(self.day())
        complaint = self.complain(
            received_at="2026-11-02 08:00:00", user_id=self.rep.id
        )
        action = complaint.activity_schedule(
            "customer_care.mail_activity_type_corrective",
            date_deadline=self.day(-2),
            user_id=self.rep.id,
        )
        return promise, dispute, order, complaint, action

    def test_everything_and_who_owes_it(self):
        promise, dispute, order, complaint, action = self.make_all()
        found = {
            (row.kind, row.res_model, row.res_id): (row.user_id, row.days)
            for row in self.overdue()
        }
        self.assertEqual(found["promise", "care.promise", promise.id], (self.rep, 7))
        self.assertEqual(found["dispute", "care.promise", dispute.id], (self.rep, 5))
        self.assertEqual(found["order", "care.notice", order.id], (self.rep, 7))
        self.assertEqual(found["action", "mail.activity", action.id], (self.rep, 2))
        self.assertEqual(
            found["complaint", "care.complaint", complaint.id], (self.rep, 8)
        )
        late = self.Target.search(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "open"),
                ("date_aim", "<", self.day()),
            ]
        )
        self.assertEqual(
            {key[2] for key in found if key[0] == "contact"}, set(late.ids)
        )
        self.assertTrue(late)

    def test_names_and_links(self):
        promise, *_rest, action = self.make_all()
        rows = self.overdue()
        row = rows.filtered(lambda row: row.res_id == promise.id)[:1]
        self.assertEqual(row.name, "Price list")
        self.assertEqual(row.supervisor_id, self.lead)
        self.assertEqual(row.department_id, self.department)
        self.assertEqual(row.partner_id, self.salon)
        opened = row.action_open()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), (promise._name, promise.id)
        )
        opened = rows.filtered(lambda row: row.kind == "action").action_open()
        self.assertEqual(opened["res_model"], "care.complaint")
        self.assertEqual(opened["res_id"], action.res_id)
        self.assertEqual(len(set(rows.ids)), len(rows))

    def test_own_of_own_people_and_all(self):
        self.make_all()
        self.promise(days=-1, user=self.all)
        self.assertEqual(self.overdue(self.rep).user_id, self.rep)
        self.assertEqual(self.overdue(self.all).user_id, self.all)
        self.assertIn(self.rep, self.overdue(self.lead).user_id)
        self.assertNotIn(self.all, self.overdue(self.lead).user_id)
        self.assertLessEqual(self.rep | self.all, self.overdue().user_id)

    def test_features_that_are_off_owe_nothing(self):
        self.make_all()
        switch = self.env["res.groups"]._switch_care_features
        switch(visit=False, complaint=False)
        self.assertEqual(
            set(self.overdue().mapped("kind")), {"promise", "dispute", "order"}
        )
        switch(promise=False)
        self.assertFalse(self.overdue())

    def test_companies_apart(self):
        self.promise(days=-1)
        self.manager.company_ids |= self.other_company
        rows = self.env["care.overdue"].with_user(self.manager)
        self.env.flush_all()
        self.assertTrue(rows.search([]))
        other = rows.with_context(allowed_company_ids=self.other_company.ids)
        self.assertFalse(other.search([]))

    def test_what_is_done_goes(self):
        promise, dispute, order, _complaint, action = self.make_all()
        promise.with_user(self.rep).action_keep("Sent")
        dispute.with_user(self.rep).action_deny()
        order.with_user(self.rep).action_done("Visited")
        action.action_done()
        kinds = set(self.overdue().mapped("kind"))
        self.assertFalse(kinds & {"promise", "dispute", "order", "action"})

    def test_grouped_and_in_few_queries(self):
        self.make_all()
        self.env.flush_all()
        rows = self.env["care.overdue"].with_user(self.manager)
        groups = rows._read_group([], ["kind"], ["__count", "days:max"])
        self.assertEqual(
            [kind for kind, *_rest in groups],
            ["promise", "dispute", "order", "contact", "complaint", "action"],
        )
        fields = {"kind": {}, "name": {}, "days": {}, "user_id": {"fields": {}}}

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows.web_search_read([], fields, limit=80)
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for _number in range(20):
            self.promise(days=-1)
        self.assertLessEqual(count(), few + 1)
