from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from ..common_complaint import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintSteps(ComplaintCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salon.email = "salon@example.com"
        cls.cause = cls.env["care.root.cause"].create({"name": "Packing"})

    def of_rep(self, **values):
        complaint = self.complain(**{"user_id": self.rep.id, **values})
        return complaint.with_user(self.rep)

    def solved(self, **values):
        """A complaint whose solution has been carried out"""
        return self.of_rep(
            root_cause="Packed loosely",
            solution="Two new jars",
            stage_id=self.stages["verify"].id,
            **values,
        )

    def ask(self, complaint, user, outcome="satisfied", comment="Fine"):
        wizard = (
            self.env["care.complaint.verify"]
            .with_user(user)
            .create(
                {
                    "complaint_id": complaint.id,
                    "outcome": outcome,
                    "comment": comment,
                }
            )
        )
        wizard.action_confirm()

    def letter(self, complaint):
        """The closing letter, opened for editing"""
        action = complaint.action_closing_letter()
        return (
            self.env[action["res_model"]]
            .with_user(complaint.env.user)
            .browse(action["res_id"])
        )

    def compose(self, complaint):
        with self.mock_mail_gateway():
            self.letter(complaint).action_send()

    # Steps ------------------------------------------------------------

    def test_each_step_wants_its_part(self):
        complaint = self.of_rep()
        complaint.stage_id = self.stages["investigate"]
        with self.assertError(UserError, "enter the cause"):
            complaint.stage_id = self.stages["solve"]
        self.assertEqual(complaint.phase, "investigate", "nothing has moved")
        complaint.root_cause_id = self.cause
        complaint.stage_id = self.stages["solve"]
        with self.assertError(UserError, "enter the solution"):
            complaint.stage_id = self.stages["execute"]
        complaint.write(
            {"solution": "Two new jars", "stage_id": self.stages["execute"].id}
        )
        complaint.stage_id = self.stages["verify"]
        with self.assertError(UserError, "another user than the handler"):
            complaint.stage_id = self.stages["settle"]
        self.ask(complaint, self.all)
        complaint.stage_id = self.stages["settle"]
        with self.assertError(UserError, "closing letter"):
            complaint.action_close()
        self.compose(complaint)
        complaint.action_close()
        self.assertEqual(complaint.phase, "closed")

    def test_what_is_missing_is_said_before(self):
        complaint = self.of_rep()
        self.assertEqual(complaint.step_missing["missing"], [])
        complaint.stage_id = self.stages["investigate"]
        [cause] = complaint.step_missing["missing"]
        self.assertIn("the cause", cause["text"])
        self.assertEqual((cause["field"], cause["page"]), ("root_cause_id", "case"))
        complaint.sudo().stage_id = self.stages["closed"]
        self.assertFalse(complaint.step_missing)

    def test_going_back_wants_nothing(self):
        complaint = self.of_rep(stage_id=self.stages["execute"].id)
        complaint.stage_id = self.stages["record"]
        self.assertEqual(complaint.phase, "record")

    def test_only_shown_where_the_company_wants_it_so(self):
        self.company.care_steps_required = False
        complaint = self.of_rep()
        complaint.stage_id = self.stages["execute"]
        self.assertEqual(complaint.phase, "execute")

    def test_several_at_once_name_who_lacks_what(self):
        first, second = self.of_rep(subject="Jars"), self.of_rep(subject="Lids")
        first.root_cause = "Profile"
        with self.assertError(UserError, "Lids cannot(.|\n)*cause"):
            (first | second).write({"stage_id": self.stages["solve"].id})
        self.assertEqual(first.phase, "record", "all or none")

    def test_cancelling_wants_a_reason(self):
        complaint = self.of_rep()
        with self.assertError(UserError, "cancellation reason"):
            complaint.stage_id = self.stages["cancelled"]
        complaint.cancel_reason = "Sent twice"
        complaint.stage_id = self.stages["cancelled"]
        other = self.of_rep(genuine="malicious")
        other.stage_id = self.stages["cancelled"]
        self.assertEqual(other.phase, "cancelled")

    def test_solved_at_first_contact_is_short(self):
        complaint = self.of_rep(first_contact=True, solution="Credited on the phone")
        complaint.action_close()
        self.assertEqual(complaint.phase, "closed")

    def test_many_at_once_ask_little(self):
        many = self.env["care.complaint"]
        for number in range(20):
            many |= self.complain(
                subject=str(number), root_cause="Profile", user_id=self.rep.id
            )
        self.env.flush_all()
        self.env.invalidate_all()
        rows = many.with_user(self.all)
        with self.assertQueryCount(45):
            rows.write({"stage_id": self.stages["solve"].id})
            self.env.flush_all()

    # Skipping ---------------------------------------------------------

    def skip(self, complaint, user, reason="Told so on the phone"):
        (
            self.env["care.complaint.skip"]
            .with_user(user)
            .create(
                {
                    "complaint_id": complaint.id,
                    "stage_id": self.stages["closed"].id,
                    "reason": reason,
                }
            )
            .action_confirm()
        )

    def test_a_manager_skips_with_a_reason(self):
        complaint = self.of_rep()
        wizard = Form(
            self.env["care.complaint.skip"]
            .with_user(self.manager)
            .with_context(default_complaint_id=complaint.id)
        )
        wizard.stage_id = self.stages["closed"]
        self.assertIn("cause", wizard.left_out)
        self.skip(complaint, self.manager)
        self.assertEqual(complaint.phase, "closed")
        self.assertEqual(complaint.skip_reason, "Told so on the phone")
        self.assertIn("enter the cause", complaint.message_ids[0].body)
        event = complaint.event_ids[-1]
        self.assertEqual((event.kind, event.user_id), ("resolved", self.manager))

    def test_a_manager_of_the_team_may_too(self):
        self.team.manager_id = self.all
        complaint = self.of_rep()
        self.assertTrue(complaint.with_user(self.all).can_skip)
        self.skip(complaint, self.all)
        self.assertEqual(complaint.phase, "closed")

    def test_others_may_not(self):
        complaint = self.of_rep()
        with self.assertError(AccessError, "Only the team manager"):
            self.skip(complaint, self.rep)
        with self.assertError(UserError, "Enter a reason"):
            self.skip(complaint, self.manager, reason="  ")
        self.assertEqual(complaint.phase, "record")

    # Check by somebody else ----------------------------------------------

    def test_the_handler_cannot_check_himself(self):
        complaint = self.solved()
        self.assertFalse(complaint.can_verify)
        self.assertTrue(complaint.with_user(self.all).can_verify)
        with self.assertError(UserError, "Another user"):
            self.ask(complaint, self.rep)
        with self.assertError(UserError, "has been carried out"):
            self.ask(self.of_rep(), self.all)

    @users("care_rep")
    def test_outcome_is_written_by_no_hand(self):
        complaint = self.solved()
        for values in (
            {"outcome": "satisfied"},
            {"verified_at": "2026-11-09 00:00:00"},
            {"letter_sent_at": "2026-11-09 00:00:00"},
            {"skip_reason": "So"},
        ):
            with self.assertError(AccessError, "Use the buttons"):
                complaint.write(values)
        forged = (
            self.env["care.complaint"]
            .with_context(default_skip_reason="So")
            .create(
                {
                    "subject": "Forged",
                    "partner_id": self.salon.id,
                    "outcome": "satisfied",
                    "verified_at": "2026-11-09 00:00:00",
                }
            )
        )
        self.assertEqual(forged.outcome, "unknown")
        self.assertFalse(forged.verified_at)
        self.assertFalse(forged.skip_reason)

    def test_a_stranger_cannot_check(self):
        complaint = self.solved(user_id=self.all.id)
        stranger = self.make_user("stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            complaint.with_user(stranger)._verify_by_hand("satisfied", None)

    def test_reopened_is_checked_anew(self):
        complaint = self.solved()
        self.ask(complaint, self.all, "unsatisfied", "Broken again")
        self.compose(complaint)
        self.assertIn("not satisfied", complaint.responsibility_reasons)
        complaint.action_reopen()
        self.assertEqual(complaint.outcome, "unknown")
        self.assertFalse(complaint.verified_at)
        self.assertFalse(complaint.letter_sent_at)
        self.assertIn("was reopened", complaint.responsibility_reasons)

    def test_copy_has_no_outcome(self):
        complaint = self.solved()
        self.ask(complaint, self.all)
        copy = complaint.sudo().copy()
        self.assertEqual(copy.outcome, "unknown")
        self.assertFalse(copy.verified_at)

    # Responsibility -----------------------------------------------------

    def test_no_answer_in_time_settles_responsibility(self):
        self.policy("reply", 1)
        with freeze_time("2026-11-09 00:00:00"):
            complaint = self.of_rep()
            self.assertFalse(complaint.responsibility_reasons)
        with freeze_time("2026-11-09 02:00:00"):
            complaint.invalidate_recordset()
            self.assertEqual(complaint.responsibility_reasons, "no answer in time")
            complaint.action_reply_given()
            self.assertEqual(complaint.responsibility_reasons, "no answer in time")

    def test_the_supervisor_answers_too(self):
        sales = self.env["crm.team"].create(
            {"name": "North", "user_id": self.all.id, "company_id": self.company.id}
        )
        self.rep.sale_team_id = sales
        self.env["crm.team.member"].create(
            {"crm_team_id": sales.id, "user_id": self.rep.id}
        )
        self.rep.invalidate_recordset()
        complaint = self.of_rep()
        complaint.responsible_id = self.rep
        self.assertEqual(complaint.co_responsible_ids, self.all)
        complaint.responsible_id = self.all
        self.assertEqual(complaint.co_responsible_ids, self.company._care_manager())
        chosen = self.complain(
            responsible_id=self.rep.id,
            co_responsible_ids=[Command.set(self.manager.ids)],
        )
        self.assertEqual(chosen.co_responsible_ids, self.manager)
        self.assertEqual(
            self.complain(responsible_id=self.rep.id).co_responsible_ids, self.all
        )

    def test_closing_wants_who_is_responsible(self):
        complaint = self.solved(kind="internal", against_team_id=self.a_department().id)
        self.ask(complaint, self.all, "unsatisfied")
        with self.assertError(UserError, "responsible person"):
            complaint.action_close()
        complaint.responsible_id = self.rep
        complaint.action_close()
        self.assertEqual(complaint.phase, "closed")

    def a_department(self):
        return self.env["crm.team"].create(
            {"name": "Logistics", "company_id": self.company.id}
        )

    def test_a_repeat_settles_responsibility(self):
        first, again = (self.of_rep(category_id=self.broken().id) for _ in range(2))
        self.assertEqual(again.repeat_of_id, first)
        self.assertEqual(
            again.responsibility_reasons, "the same complaint twice in a month"
        )
        again.action_reject_repeat()
        self.assertFalse(again.responsibility_reasons)

    def broken(self):
        Category = self.env["care.complaint.category"]
        return Category.search([("name", "=", "Broken")]) or Category.create(
            {"name": "Broken"}
        )

    def test_nothing_is_carried_out_before_the_money_is_granted(self):
        self.company.care_compensation_own = 10
        complaint = self.of_rep(
            root_cause="Profile",
            solution="Money back",
            stage_id=self.stages["solve"].id,
        )
        complaint.compensation_amount = 500
        self.assertEqual(complaint.compensation_state, "waiting")
        complaint.stage_id = self.stages["execute"]
        with self.assertError(UserError, "compensation approved"):
            complaint.stage_id = self.stages["verify"]
        complaint.with_user(self.manager).action_approve_compensation()
        complaint.stage_id = self.stages["verify"]
        self.assertEqual(complaint.phase, "verify")

    # Actions, promises, causes --------------------------------------------

    def test_corrective_actions_with_owner_and_date(self):
        complaint = self.of_rep()
        action = complaint.action_plan_corrective()
        form = Form(
            self.env["mail.activity.schedule"]
            .with_user(self.rep)
            .with_context(**action["context"])
        )
        form.activity_user_id = self.all
        form.date_deadline = "2026-12-01"
        form.summary = "Wrap jars in foam"
        form.save().action_schedule_activities()
        planned = complaint.activity_ids
        self.assertEqual(
            (planned.user_id, planned.activity_type_id.name),
            (self.all, "Corrective Action"),
        )
        complaint.invalidate_recordset(["corrective_count"])
        self.assertEqual(complaint.corrective_count, 1)
        planned.action_feedback()
        complaint.invalidate_recordset(["corrective_count"])
        self.assertEqual(complaint.corrective_count, 1, "done ones count too")
        opened = complaint.action_open_corrective()
        found = self.env["mail.activity"].with_context(**opened["context"])
        self.assertEqual(found.search_count(opened["domain"]), 1)

    def test_a_promise_reminds_the_handler(self):
        complaint = self.of_rep()
        complaint.write({"promise": "New jars", "promise_date": "2026-12-01"})
        [reminder] = complaint.activity_ids
        self.assertEqual(reminder.user_id, self.rep)
        self.assertEqual(str(reminder.date_deadline), "2026-12-01")
        complaint.promise_date = "2026-12-03"
        self.assertEqual(
            [str(row.date_deadline) for row in complaint.activity_ids], ["2026-12-03"]
        )
        complaint.promise_date = False
        self.assertFalse(complaint.activity_ids)

    def test_a_cause_in_use_stays(self):
        self.complain(root_cause_id=self.cause.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.cause.unlink()

    @users("care_rep")
    def test_causes_are_the_administrators(self):
        with self.assertRaises(AccessError):
            self.env["care.root.cause"].create({"name": "Mine"})
        with self.assertRaises(AccessError):
            self.env["care.root.cause"].browse(self.cause.id).name = "Mine"
