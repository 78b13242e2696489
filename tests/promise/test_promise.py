import doctest

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...tools import promises as tools
from ..common_promise import PromiseCase


@tagged("post_install", "-at_install")
class TestPromise(PromiseCase):
    def test_tools(self):
        self.assertFalse(doctest.testmod(tools).failed)

    def test_a_promise_knows_whom_it_concerns(self):
        person = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.salon.id}
        )
        promise = self.promise(partner_id=person.id)
        self.assertEqual(promise.partner_id, self.salon)
        self.assertEqual(promise.contact_id, person)
        self.assertEqual(promise.user_id, self.rep)
        self.assertEqual(promise.department_id, self.department)
        self.assertEqual(promise.supervisor_id, self.lead)
        self.assertEqual(promise.state, "open")
        self.assertEqual(promise.source, "hand")

    def test_the_leader_answers_to_the_care_manager(self):
        self.assertEqual(self.promise(user=self.lead).supervisor_id, self.manager)
        self.assertEqual(self.promise(user=self.all).supervisor_id, self.manager)
        self.assertFalse(self.promise(user=self.manager).supervisor_id)

    def test_department_stays_that_of_the_day(self):
        promise = self.promise()
        self.department.member_ids -= self.rep
        self.assertEqual(promise.department_id, self.department)
        self.assertEqual(promise.supervisor_id, self.lead)

    # Reminders ------------------------------------------------------------

    def test_reminder_before_it_is_due(self):
        promise = self.promise(days=5)
        [reminder] = promise.activity_ids
        self.assertEqual(reminder.user_id, self.rep)
        self.assertEqual(reminder.date_deadline, self.day(4))
        promise.date_due = self.day(9)
        self.assertEqual(promise.activity_ids.date_deadline, self.day(8))

    def test_reminder_done_with_words_keeps_the_promise(self):
        promise = self.promise()
        promise.activity_ids.with_user(self.rep).action_feedback("Sent by mail")
        self.assertEqual(promise.state, "kept")
        self.assertEqual(promise.evidence, "Sent by mail")
        other = self.promise()
        other.activity_ids.with_user(self.rep).action_done()
        self.assertEqual(other.state, "open", "there is no evidence")

    # Authority ------------------------------------------------------------

    def test_within_the_limit(self):
        self.assertEqual(self.promise(cost=100).state, "open")
        self.assertEqual(self.promise(cost=0).state, "open")
        self.assertEqual(self.promise(user=self.all, cost=500).state, "open")

    def test_above_the_limit(self):
        promise = self.promise(cost=100.01)
        self.assertEqual(promise.state, "to_approve")
        [asked] = promise.activity_ids
        self.assertEqual(asked.user_id, self.lead)
        with self.assertRaises(AccessError):
            promise.action_approve()
        with self.assertRaises(UserError):
            promise.action_keep("Sent")
        promise.with_user(self.lead).action_approve()
        self.assertEqual(promise.state, "open")
        self.assertEqual(promise.approved_by_id, self.lead)
        self.assertEqual(promise.activity_ids.user_id, self.rep)

    def test_above_every_limit(self):
        promise = self.promise(cost=6000)
        self.assertEqual(promise.activity_ids.user_id, self.manager)
        with self.assertRaises(AccessError):
            promise.with_user(self.lead).action_approve()
        promise.with_user(self.manager).action_approve()
        self.assertEqual(promise.state, "open")

    def test_nobody_approves_own_promises_above_the_own_limit(self):
        promise = self.promise(user=self.manager, cost=6000)
        self.assertEqual(promise.state, "to_approve")
        with self.assertRaises(AccessError):
            promise.action_approve()

    def test_higher_cost_asks_again(self):
        promise = self.promise(cost=300)
        promise.with_user(self.lead).action_approve()
        promise.cost = 200
        self.assertEqual(promise.state, "open")
        promise.cost = 300
        self.assertEqual(promise.state, "open")
        promise.cost = 301
        self.assertEqual(promise.state, "to_approve")
        promise.cost = 50
        self.assertEqual(promise.state, "open", "within the own limit again")

    def test_entering_for_a_manager_lends_no_limit(self):
        promise = self.promise(user=self.all, user_id=self.manager.id, cost=4000)
        self.assertEqual(promise.state, "to_approve")

    def test_limits_increase(self):
        with self.assertRaises(ValidationError):
            self.company.care_promise_own = 600
        with self.assertRaises(ValidationError):
            self.company.care_promise_own = -1

    # Settled --------------------------------------------------------------

    def test_kept_with_evidence(self):
        promise = self.promise()
        with self.assertRaises(UserError):
            promise.action_keep(" ")
        wizard = self.env[promise.action_keep()["res_model"]]
        step = (
            wizard.with_user(self.rep)
            .with_context(**promise.action_keep()["context"])
            .create({"words": "Delivery 12"})
        )
        step.action_apply()
        self.assertEqual(promise.state, "kept")
        self.assertEqual(promise.evidence, "Delivery 12")
        self.assertTrue(promise.kept_at)
        self.assertFalse(promise.activity_ids)
        with self.assertRaises(UserError):
            promise.action_keep("Again")

    def test_forgiven_and_withdrawn_with_reason(self):
        promise = self.promise()
        with self.assertRaises(UserError):
            promise.action_forgive("")
        promise.action_forgive("No need any more")
        self.assertEqual(promise.state, "forgiven")
        self.assertEqual(promise.reason, "No need any more")
        other = self.promise()
        with self.assertRaises(UserError):
            other.action_withdraw("")
        other.action_withdraw("Entered twice")
        self.assertEqual(other.state, "withdrawn")

    def test_what_is_settled_stays(self):
        promise = self.promise()
        promise.action_keep("Sent")
        for values in ({"name": "Less"}, {"cost": 0.5}, {"date_due": self.day(9)}):
            with self.assertRaises(UserError):
                promise.write(values)
        promise.write({"name": promise.name})

    def test_broken_opens_an_internal_complaint_once(self):
        promise = self.promise()
        promise.action_break()
        complaint = promise.broken_complaint_id
        self.assertEqual(complaint.kind, "internal")
        self.assertEqual(complaint.responsible_id, self.rep)
        self.assertEqual(complaint.co_responsible_ids, self.lead)
        self.assertEqual(complaint.against_team_id, self.department)
        promise._open_broken_complaint()
        self.assertEqual(promise.broken_complaint_id, complaint)

    def test_broken_without_complaints(self):
        self.env["res.groups"]._switch_care_features(complaint=False)
        promise = self.promise()
        promise.action_break()
        self.assertEqual(promise.state, "broken")
        self.assertFalse(promise.broken_complaint_id)

    # Nightly job ----------------------------------------------------------

    def test_open_late_broken(self):
        promise = self.promise(days=1)
        self.night()
        self.assertEqual(promise.state, "open")
        self.pass_days(2)
        self.night()
        self.assertEqual(promise.state, "late")
        told = promise.activity_ids.filtered(lambda row: row.user_id == self.lead)
        self.assertEqual(len(told), 1)
        self.night()
        self.pass_days(6)
        self.night()
        self.assertEqual(promise.state, "late")
        self.assertEqual(
            len(promise.activity_ids.filtered(lambda row: row.user_id == self.lead)), 1
        )
        self.pass_days(1)
        self.night()
        self.assertEqual(promise.state, "broken")
        self.assertTrue(promise.broken_complaint_id)
        count = self.env["care.complaint"].search_count([])
        self.night()
        self.assertEqual(self.env["care.complaint"].search_count([]), count)

    def test_late_can_still_be_kept(self):
        promise = self.promise(days=1)
        self.pass_days(3)
        self.night()
        promise.action_keep("Delivered late")
        self.assertEqual(promise.state, "kept")
        self.assertFalse(promise.activity_ids)

    def test_no_due_day_is_never_late(self):
        promise = self.promise(date_due=False)
        self.pass_days(100)
        self.night()
        self.assertEqual(promise.state, "open")

    def test_job_rests_while_off(self):
        promise = self.promise(days=1)
        self.pass_days(30)
        self.env["res.groups"]._switch_care_features(promise=False)
        mails = self.env["mail.mail"].search_count([])
        self.night()
        self.assertEqual(promise.state, "open")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_promises_from_before_are_not_broken(self):
        self.env["res.groups"]._switch_care_features(promise=False)
        promise = self.promise(days=1, cost=4000)
        self.assertEqual(promise.state, "open", "no limits while it is off")
        self.assertFalse(promise.activity_ids)
        self.env["res.groups"]._switch_care_features(promise=True)
        self.pass_days(30)
        self.night()
        self.assertEqual(promise.state, "late")
        self.assertFalse(promise.activity_ids)

    # Customers ------------------------------------------------------------

    def test_merged_and_archived_customers(self):
        other = self.customer("Salon again", user_id=self.rep.id)
        promise = self.promise(partner_id=other.id, days=1)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.salon | other).ids, self.salon)
        promise.invalidate_recordset()
        self.assertEqual(promise.partner_id, self.salon)
        self.salon.active = False
        self.pass_days(3)
        self.night()
        self.assertEqual(promise.state, "late")
        promise.action_keep("Sent")
        self.assertEqual(promise.state, "kept")

    # Report ---------------------------------------------------------------

    def test_rate_of_promises_kept(self):
        for _number in range(3):
            self.promise().action_keep("Sent")
        self.promise().action_break()
        self.promise()
        self.promise(user=self.all).action_break()
        self.env.flush_all()
        rows = self.env["care.promise.report"]._read_group(
            [("company_id", "=", self.company.id)],
            ["user_id"],
            ["kept_rate:avg", "__count", "broken_count:sum"],
        )
        found = {user: rest for user, *rest in rows}
        self.assertEqual(found[self.rep], [75, 5, 1])
        self.assertEqual(found[self.all], [0, 1, 1])
        seen = self.env["care.promise.report"].with_user(self.rep).search([])
        self.assertEqual(seen.user_id, self.rep)

    def test_queries_of_a_list_do_not_grow(self):
        def count(number):
            self.promise_list(number)
            self.env.flush_all()
            self.env.invalidate_all()
            fields = {
                "name": {},
                "partner_id": {"fields": {"display_name": {}}},
                "user_id": {"fields": {"display_name": {}}},
                "cost": {},
                "state": {},
                "is_in_charge": {},
            }
            before = self.env.cr.sql_log_count
            self.Promise.with_user(self.rep).web_search_read([], fields, limit=80)
            return self.env.cr.sql_log_count - before

        few = count(3)
        self.assertLessEqual(count(40), few + 1)

    def promise_list(self, number):
        for _place in range(number):
            self.promise()
