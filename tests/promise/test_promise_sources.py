from odoo.exceptions import AccessError, UserError
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ..common_promise import PromiseCase


@tagged("post_install", "-at_install")
class TestSources(PromiseCase):
    """Reports and complaints hold promises, with the feature and without."""

    def test_a_report_makes_a_promise_when_it_is_filed(self):
        report = self.contact(
            self.salon,
            9,
            state="planned",
            promise="Samples",
            promise_date="2026-11-20",
            promise_cost=30,
        )
        self.assertFalse(report.promise_id or report.promise_state)
        report.with_user(self.rep).action_done()
        promise = report.promise_id
        self.assertEqual(promise.name, "Samples")
        self.assertEqual(str(promise.date_due), "2026-11-20")
        self.assertEqual(promise.cost, 30)
        self.assertEqual(promise.source, "interaction")
        self.assertEqual(promise.interaction_id, report)
        self.assertEqual(promise.user_id, self.rep)
        self.assertEqual(report.promise_state, "open")
        self.assertFalse(report.activity_ids, "the promise itself reminds")
        self.assertEqual(promise.activity_ids.user_id, self.rep)

    def test_changes_go_both_ways(self):
        report = self.contact(self.salon, 3, promise="Samples")
        promise = report.promise_id
        promise.with_user(self.rep).write({"name": "Jars", "date_due": self.day(5)})
        self.assertEqual(report.promise, "Jars")
        self.assertEqual(report.promise_date, self.day(5))
        report.with_user(self.rep).write({"promise": "Ten jars"})
        self.assertEqual(promise.name, "Ten jars")
        found = self.env["care.interaction"].search([("promise", "=", "Ten jars")])
        self.assertEqual(found, report)

    def test_states_of_the_report(self):
        report = self.contact(
            self.salon, 3, promise="Samples", promise_date=self.day(1)
        )
        promise = report.promise_id.with_user(self.rep)
        self.pass_days(3)
        self.night()
        self.assertEqual(promise.state, "late")
        self.assertEqual(report.promise_state, "open", "late is open")
        self.assertEqual(
            report.with_user(self.rep).action_promise_kept()["res_model"],
            "care.promise.step",
        )
        promise.action_keep("Sent")
        self.assertEqual(report.promise_state, "kept")
        with self.assertRaises(UserError):
            report.with_user(self.rep).promise = "Something else"

    def test_broken_from_the_report(self):
        report = self.contact(self.salon, 3, promise="Samples")
        report.with_user(self.rep).action_promise_broken()
        self.assertEqual(report.promise_id.state, "broken")
        self.assertTrue(report.promise_id.broken_complaint_id)

    def test_above_the_limit_from_a_report(self):
        report = self.contact(
            self.salon, 3, state="planned", promise="Rebate", promise_cost=4000
        )
        report.with_user(self.rep).action_done()
        self.assertEqual(report.promise_id.state, "to_approve")
        self.assertEqual(report.promise_state, "to_approve")

    def test_a_complaint_holds_a_promise(self):
        complaint = self.complain(user_id=self.all.id)
        complaint.with_user(self.all).write(
            {"promise": "New jars\nby express", "promise_date": "2026-12-01"}
        )
        promise = complaint.promise_id
        self.assertEqual(promise.name, "New jars\nby express")
        self.assertEqual(promise.display_name, "New jars")
        self.assertEqual(promise.source, "complaint")
        self.assertEqual(promise.user_id, self.all)
        kind = self.env.ref("customer_care.mail_activity_type_complaint_promise")
        self.assertFalse(
            complaint.activity_ids.filtered(lambda row: row.activity_type_id == kind)
        )
        complaint.promise = False
        self.assertEqual(promise.state, "withdrawn")
        self.assertFalse(complaint.promise_id)

    def test_words_of_a_late_or_confirmed_promise_stay(self):
        """Deleting them where they were entered withdraws only what can be."""
        for values in ({"state": "late"}, {"confirmed_at": "2026-11-03 09:00:00"}):
            report = self.contact(self.salon, 3, promise="Samples")
            promise = report.promise_id
            promise.sudo().write(values)
            state = promise.state
            with self.assertError(UserError, "not possible now|cannot be withdrawn"):
                report.with_user(self.rep).promise = False
            self.assertEqual((promise.state, report.promise), (state, "Samples"))
        complaint = self.complain(user_id=self.all.id)
        complaint.with_user(self.all).promise = "New jars"
        other = self.make_user("other", "sales_team.group_sale_salesman_all_leads")
        with self.assertError(AccessError, "Only the person who promised"):
            complaint.with_user(other).promise = False

    def test_a_handler_with_higher_limits_lends_none(self):
        complaint = self.complain(user_id=self.manager.id)
        complaint.with_user(self.rep).write({"promise": "Much", "promise_cost": 4000})
        self.assertEqual(complaint.promise_id.state, "to_approve")

    def test_without_the_feature_as_before(self):
        self.env["res.groups"]._switch_care_features(promise=False)
        report = self.contact(
            self.salon, 3, promise="Samples", promise_date="2026-11-12"
        )
        self.assertEqual(report.promise_state, "open")
        [reminder] = report.activity_ids
        self.assertEqual(str(reminder.date_deadline), "2026-11-12")
        self.assertFalse(report.promise_id.activity_ids)
        reminder.with_user(self.rep).action_done()
        self.assertEqual(report.promise_state, "kept")
        self.assertEqual(report.promise_id.state, "kept")
        complaint = self.complain(promise="Jars", promise_date="2026-12-01")
        self.assertTrue(complaint.activity_ids)
        self.assertEqual(complaint.promise_id.state, "open")

    def test_an_order_has_promises(self):
        order = self.order(self.salon, 100)
        action = order.with_user(self.manager).action_open_care_promises()
        self.promise(order_id=order.id)
        self.assertEqual(
            self.Promise.search(action["domain"]).mapped("source"), ["order"]
        )
        self.assertEqual(order.with_user(self.manager).care_promise_count, 1)

    def test_card_brief_and_reasons(self):
        self.promise(name="By hand")
        self.contact(self.salon, 3, promise="In a report")
        self.env.flush_all()
        salon = self.salon.with_user(self.rep)
        card = salon.care_card
        self.assertEqual(
            {row["promise"] for row in card["promises"]}, {"By hand", "In a report"}
        )
        self.assertIn("By hand", salon.care_brief)
        self.assertEqual(salon.care_brief.count("In a report"), 1)
        self.assertEqual(salon._care_reasons_to_call()[salon], "Promised: By hand")
        self.assertEqual(salon.care_promise_count, 2)
        stranger = self.make_user("stranger", "sales_team.group_sale_salesman")
        card = self.salon.with_user(stranger).care_card
        self.assertFalse(card["promises"])

    def test_migration(self):
        reports = self.contact(
            self.salon, 3, promise="One", promise_date="2026-11-12"
        ) | self.contact(self.salon, 4, promise="Two")
        reports[1].promise_id._settle("kept")
        complaints = self.complain(promise="Three") | self.complain(promise="Four")
        self.env.flush_all()
        self.env.cr.execute("UPDATE care_interaction SET promise_id = NULL")
        self.env.cr.execute("UPDATE care_complaint SET promise_id = NULL")
        self.env.cr.execute(
            "UPDATE care_complaint SET closed_at = now() WHERE id = %s",
            [complaints[1].id],
        )
        self.env.cr.execute("DELETE FROM care_promise")
        self.env.invalidate_all()
        path = "customer_care/migrations/19.0.1.10.0/post-promises.py"
        for _time in range(2):
            load_script(file_path(path), "promises").migrate(self.env.cr, "19.0.1.9.0")
        self.env.invalidate_all()
        self.assertEqual(reports.promise_id.mapped("name"), ["One", "Two"])
        self.assertEqual(reports.mapped("promise_id.state"), ["open", "kept"])
        self.assertEqual(reports[0].promise_id.supervisor_id, self.lead)
        self.assertEqual(complaints.mapped("promise_id.state"), ["open", "kept"])
        mine = self.Promise.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(mine), 4)
        self.assertTrue(all(mine.mapped("is_earlier")))
