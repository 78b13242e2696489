from odoo import fields
from odoo.tests import tagged

from ..common_satisfaction import SatisfactionCase

CHECK = "customer_care.mail_activity_type_check"


@tagged("post_install", "-at_install")
class TestComplaintVerify(SatisfactionCase):
    """Who must check a solution is told, and the customer is asked once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["survey.survey"]._care_make_ready_surveys()
        cls.salon.email = "salon@example.com"
        cls.company.care_ask_after_complaint = False
        cls.kind = cls.env.ref(CHECK)

    def solved(self, **values):
        complaint = self.complain(
            **{
                "user_id": self.rep.id,
                "root_cause": "Loose",
                "solution": "A new lid",
                **values,
            }
        )
        complaint.with_user(self.rep).stage_id = self.stages["verify"]
        return complaint

    def checks(self, complaint):
        return complaint.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.kind
        )

    def ask(self, complaint, user):
        self.env["care.complaint.verify"].with_user(user).create(
            {"complaint_id": complaint.id, "outcome": "satisfied"}
        ).action_confirm()

    def waiting_for(self, user):
        return self.env["care.complaint"].search(
            [
                (
                    "activity_ids",
                    "any",
                    [
                        ("user_id", "=", user.id),
                        ("activity_type_id", "=", self.kind.id),
                    ],
                )
            ]
        )

    # Who --------------------------------------------------------------

    def test_the_manager_is_told_and_it_is_done(self):
        complaint = self.solved()
        self.assertEqual(self.checks(complaint).user_id, self.manager)
        self.assertIn(complaint, self.waiting_for(self.manager))
        self.ask(complaint, self.all)
        self.assertFalse(self.checks(complaint))
        done = (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search(
                [
                    ("res_model", "=", "care.complaint"),
                    ("res_id", "=", complaint.id),
                    ("activity_type_id", "=", self.kind.id),
                ]
            )
        )
        self.assertEqual(len(done), 1, "done, not lost")
        self.assertFalse(self.waiting_for(self.manager) & complaint)

    def test_the_checker_of_the_team(self):
        self.team.checker_id = self.all
        self.assertEqual(self.checks(self.solved()).user_id, self.all)

    def test_never_the_handler(self):
        self.team.checker_id = self.rep
        complaint = self.solved()
        self.assertEqual(self.checks(complaint).user_id, self.manager)
        complaint.user_id = self.manager
        self.assertEqual(self.checks(complaint).user_id, self.rep)

    def test_an_absent_checker_has_a_stand_in(self):
        today = self.company._care_today()
        self.env["care.absence"].create(
            {
                "user_id": self.manager.id,
                "date_from": today,
                "date_to": today,
                "stand_in_id": self.all.id,
            }
        )
        self.assertEqual(self.checks(self.solved()).user_id, self.all)

    def test_an_absent_checker_without_stand_in(self):
        today = self.company._care_today()
        self.env["care.absence"].create(
            {"user_id": self.manager.id, "date_from": today, "date_to": today}
        )
        self.assertEqual(self.checks(self.solved()).user_id, self.all, "a member")

    # When -------------------------------------------------------------

    def test_gone_when_nothing_waits(self):
        complaint = self.solved()
        complaint.stage_id = self.stages["execute"]
        self.assertFalse(self.checks(complaint))
        complaint.stage_id = self.stages["verify"]
        self.assertEqual(len(self.checks(complaint)), 1, "solved again, checked again")
        complaint.cancel_reason = "Sent twice"
        complaint.stage_id = self.stages["cancelled"]
        self.assertFalse(self.checks(complaint))

    def test_no_check_of_what_wants_none(self):
        self.assertFalse(self.checks(self.solved(kind="suggestion")))
        self.assertFalse(self.checks(self.solved(first_contact=True)))

    def test_hundreds_are_left_to_the_job(self):
        """A move by the hundred is fast; the checks come a minute later."""
        vals = {
            "partner_id": self.salon.id,
            "team_id": self.team.id,
            "user_id": self.rep.id,
        }
        many = self.env["care.complaint"].create(
            [{**vals, "subject": f"Number {number}"} for number in range(101)]
        )
        many.stage_id = self.stages["verify"]
        self.assertFalse(self.checks(many))
        many[0].stage_id = self.stages["investigate"]
        with self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_checks").method_direct_trigger()
        self.assertEqual(self.checks(many).mapped("res_id"), many[1:].ids)
        self.assertFalse(many.filtered("check_pending"))

    def test_a_copy_waits_for_nobody(self):
        self.assertFalse(self.checks(self.solved().copy()))

    # Once -------------------------------------------------------------

    def test_the_answer_to_the_survey_is_the_check(self):
        self.company.care_ask_after_complaint = True
        complaint = self.solved()
        check = self.checks(complaint)
        self.assertIn("by survey", check.summary)
        self.assertGreater(check.date_deadline, self.company._care_today())
        self.assertFalse(complaint._letter_asks(), "not even before it is sent")
        [row] = complaint.step_missing["missing"]
        self.assertIn("answer to the survey", row["text"])
        self.run_job()
        wizard = self.env["care.complaint.verify"].new({"complaint_id": complaint.id})
        self.assertTrue(wizard.asked_by_survey)
        complaint.invitation_ids.user_input_id.sudo()._care_choose("satisfied", "Fine")
        self.assertTrue(complaint.verified_at)
        self.assertFalse(self.checks(complaint))
        complaint.with_user(self.rep).stage_id = self.stages["settle"]
        self.assertEqual(complaint.phase, "settle")

    def test_no_survey_after_a_colleague(self):
        self.company.care_ask_after_complaint = True
        complaint = self.solved()
        self.ask(complaint, self.all)
        self.run_job()
        self.assertFalse(complaint.invitation_ids)
        self.assertFalse(complaint._letter_asks())

    def test_who_refuses_surveys_is_asked_by_the_colleague(self):
        self.company.care_ask_after_complaint = True
        self.salon.care_survey_opt_out = True
        complaint = self.solved()
        self.run_job()
        check = self.checks(complaint)
        self.assertEqual(check.summary, "Ask whether the customer is satisfied")

    def test_the_letter_asks_only_who_is_not_asked(self):
        complaint = self.solved()
        words = "with two clicks"
        self.assertIn(words, complaint._letter_link())
        self.ask(complaint, self.all)
        self.assertNotIn(words, complaint._letter_link())
        self.assertIn("See your complaint online", complaint._letter_link())

    def test_moment_of_the_check(self):
        complaint = self.solved()
        self.ask(complaint, self.all)
        self.assertLessEqual(complaint.verified_at, fields.Datetime.now())
        self.assertEqual(complaint.verified_by_id, self.all)
