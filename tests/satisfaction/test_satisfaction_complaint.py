from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ...models.satisfaction.survey_question import DIMENSIONS
from ..common_satisfaction import SatisfactionCase

LOGGER = "odoo.addons.customer_care.models.core.care_job"


@tagged("post_install", "-at_install")
class TestAfterComplaint(SatisfactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["survey.survey"]._care_make_ready_surveys()
        cls.salon.email = "salon@example.com"
        cls.team.manager_id = cls.manager

    def mails(self):
        return self.env["mail.mail"].search([("model", "=", "care.invitation")])

    def solved(self, **values):
        complaint = self.complain(**values)
        complaint.stage_id = self.stages["verify"]
        return complaint

    def test_asked_once_by_the_job(self):
        complaint = self.solved()
        self.assertFalse(complaint.invitation_ids, "not inside the change of the stage")
        self.run_job()
        self.assertEqual(self.mails().email_to, "salon@example.com")
        self.assertEqual(complaint.invitation_ids.state, "sent")
        token = complaint.invitation_ids.user_input_id.sudo().access_token
        for choice in ("satisfied", "unsatisfied"):
            self.assertIn(f"/care/outcome/{token}/{choice}", self.mails().body_html)
        for phase in ("investigate", "verify", "closed", "execute", "settle"):
            complaint.stage_id = self.stages[phase]
            self.run_job()
        self.assertEqual(len(self.mails()), 1)
        self.assertEqual(len(complaint.invitation_ids), 1)

    def test_one_complaint_does_not_stop_the_others(self):
        bad, good = self.solved(), self.solved()
        Complaint = self.env.registry["care.complaint"]
        invite = Complaint._care_invite

        def fail(complaints):
            invite(complaints)
            if bad in complaints:
                raise ValueError("broken")

        with (
            patch.object(Complaint, "_care_invite", fail),
            self.assertLogs(LOGGER, "WARNING") as log,
        ):
            self.run_job()
        self.assertEqual(len(log.records), 1)
        self.assertIn(str(bad), log.output[0])
        self.assertTrue(good.invitation_ids)
        self.assertFalse(bad.invitation_ids)
        self.run_job()
        self.assertTrue(bad.invitation_ids, "again in the next run")
        self.assertEqual(len(self.mails()), 2)

    def test_straight_to_closed(self):
        complaint = self.complain()
        complaint.action_close()
        self.run_job()
        self.assertTrue(complaint.invitation_ids)

    def test_who_is_not_asked(self):
        internal = self.solved(kind="internal")
        cancelled = self.complain()
        cancelled.stage_id = self.stages["cancelled"]
        known = self.complain(outcome="satisfied")
        known.stage_id = self.stages["verify"]
        self.salon.care_survey_opt_out = True
        unwilling = self.solved()
        self.company.care_ask_after_complaint = False
        switched_off = self.solved()
        self.run_job()
        self.assertFalse(
            (internal | cancelled | known | unwilling | switched_off).invitation_ids
        )
        self.assertFalse(self.mails())

    def test_who_complained_is_asked(self):
        ann = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.salon.id, "email": "ann@example.com"}
        )
        self.solved(contact_id=ann.id)
        self.run_job()
        self.assertEqual(self.mails().email_to, "ann@example.com")

    def test_without_email_somebody_calls(self):
        self.salon.email = False
        complaint = self.solved()
        self.run_job()
        invitation = complaint.invitation_ids
        self.assertEqual((invitation.state, invitation.channel), ("to_call", "phone"))
        url = invitation.with_user(self.rep).action_call()["url"]
        answer = invitation.user_input_id.sudo()
        self.assertIn(answer.access_token, url)
        self.assertEqual(answer.care_caller_id, self.rep)

    def test_outcome_goes_back(self):
        complaint = self.solved()
        self.run_job()
        answer = complaint.invitation_ids.user_input_id.sudo()
        self.assertTrue(answer._care_choose("satisfied", "Quick"))
        self.assertEqual(complaint.outcome, "satisfied")
        self.assertEqual(complaint.outcome_comment, "Quick")
        self.assertEqual(complaint.phase, "verify")
        row = self.env["care.answer"].browse(answer.id)
        self.assertEqual((row.score, row.complaint_id), (100, complaint))
        self.assertFalse(answer._care_choose("unsatisfied"), "once")
        self.assertEqual(complaint.outcome, "satisfied")

    def test_dissatisfied_reopens(self):
        complaint = self.solved()
        self.run_job()
        complaint.invitation_ids.user_input_id.sudo()._care_choose("unsatisfied", "No")
        self.assertEqual(complaint.outcome, "unsatisfied")
        self.assertEqual(complaint.reopen_count, 1)
        self.assertEqual(complaint.activity_ids.user_id, self.manager)
        self.assertFalse(self.env["care.follow.up"].search([]))

    def test_dissatisfied_alerts(self):
        self.company.care_unsatisfied_action = "alert"
        complaint = self.solved()
        complaint._care_record_outcome("unsatisfied", "No")
        self.assertEqual(complaint.phase, "verify")
        self.assertIn("No", complaint.activity_ids.note)

    def test_outcome_from_elsewhere_fills_the_survey(self):
        complaint = self.solved()
        self.run_job()
        complaint.with_user(self.all)._care_record_outcome("satisfied", "On the phone")
        answer = complaint.invitation_ids.user_input_id.sudo()
        self.assertEqual(answer.state, "done")
        self.assertEqual(answer.care_score, 100)
        self.assertEqual(answer.care_caller_id, self.all)
        self.assertEqual(complaint.outcome, "satisfied")

    def test_outcome_before_the_mail(self):
        complaint = self.solved()
        complaint._care_record_outcome("satisfied")
        self.run_job()
        self.assertFalse(self.mails())

    # No longer solved ------------------------------------------------

    def reopen(self, complaint):
        complaint.stage_id = self.stages["investigate"]

    def test_reopened_before_the_mail(self):
        """Nobody is asked about what is not solved, but about the real solution."""
        complaint = self.solved()
        self.reopen(complaint)
        self.assertFalse(complaint.survey_pending)
        self.run_job()
        self.assertFalse(complaint.invitation_ids or self.mails())
        complaint.stage_id = self.stages["verify"]
        self.run_job()
        self.assertEqual(complaint.invitation_ids.state, "sent")

    def test_reopened_before_the_call(self):
        self.salon.email = False
        complaint = self.solved()
        self.run_job()
        self.assertEqual(complaint.invitation_ids.state, "to_call")
        self.reopen(complaint)
        self.assertFalse(complaint.invitation_ids)

    def test_answer_after_reopening_verifies_nothing(self):
        complaint = self.solved(user_id=self.all.id)
        self.run_job()
        self.reopen(complaint)
        answer = complaint.invitation_ids.user_input_id.sudo()
        answer._care_choose("satisfied", "At first")
        self.assertEqual(complaint.outcome, "unknown")
        self.assertFalse(complaint.verified_at)
        self.assertIn("At first", complaint.message_ids[0].body)
        told = complaint.activity_ids.filtered(lambda row: row.user_id == self.all)
        self.assertIn("no longer solved", told.summary)

    def test_second_solution_is_checked_by_hand(self):
        """The survey asked about the first one only."""
        complaint = self.solved()
        self.run_job()
        self.assertTrue(complaint._is_asked_otherwise())
        complaint.invitation_ids.user_input_id.sudo()._care_choose("unsatisfied")
        self.assertEqual(complaint.phase, "investigate")
        with freeze_time("2026-11-11 09:00:00"):
            complaint.stage_id = self.stages["verify"]
            self.assertFalse(complaint._is_asked_otherwise())
        summaries = complaint.activity_ids.mapped("summary")
        self.assertIn("Ask whether the customer is satisfied", summaries)

    # Satisfaction switched off ----------------------------------------

    def test_switched_off(self):
        asked = self.solved()
        self.run_job()
        self.env["res.groups"]._switch_care_features(satisfaction=False)
        self.assertFalse(asked._is_asked_otherwise())
        solved = self.solved()
        self.assertFalse(solved.survey_pending or solved._is_asked_otherwise())

    def test_what_was_solved_long_ago(self):
        old = self.solved()
        with freeze_time("2026-12-10 08:59:59"):
            recent = self.solved()
        with freeze_time("2026-12-10 09:00:01"):
            self.run_job()
        self.assertFalse(old.invitation_ids or old.survey_pending)
        self.assertTrue(recent.invitation_ids)

    # The customer --------------------------------------------------------

    def test_without_customer(self):
        complaint = self.complain()
        complaint.sudo().write({"email_from": "x@example.com", "partner_id": False})
        complaint.stage_id = self.stages["verify"]
        self.run_job()
        self.assertFalse(complaint.survey_pending or complaint.invitation_ids)

    def test_corrected_before_the_call(self):
        self.salon.email = False
        complaint = self.solved()
        self.run_job()
        complaint.partner_id = self.customer("Other", email="other@example.com")
        self.assertFalse(complaint.invitation_ids)
        self.run_job()
        self.assertEqual(self.mails().email_to, "other@example.com")

    def test_solved_no_more_by_an_event(self):
        complaint = self.solved()
        complaint.sudo().resolved_at = False
        self.run_job()
        self.assertFalse(complaint.survey_pending or complaint.invitation_ids)

    def test_ready_surveys(self):
        Survey = self.env["survey.survey"]
        surveys = {
            kind: Survey._care_ready_survey(kind) for kind in ("periodic", "complaint")
        }
        Survey._care_make_ready_surveys()
        for kind, survey in surveys.items():
            self.assertEqual(Survey._care_ready_survey(kind), survey, "made once")
            self.assertFalse(survey.get_external_id()[survey.id])
            survey._care_check_usable(anonymous=True)
        questions = surveys["periodic"].question_ids
        dimensions = dict(DIMENSIONS)
        for measure in ("expectation", "perception"):
            measured = questions.filtered(lambda q, m=measure: q.care_measure == m)
            self.assertEqual(set(measured.mapped("care_dimension")), set(dimensions))
        self.assertTrue(surveys["complaint"]._care_measured_questions())

    def test_ready_surveys_in_chinese(self):
        """Also where Chinese is activated later"""
        self.env["res.lang"]._activate_lang("zh_CN")
        survey = self.env["survey.survey"]._care_ready_survey("complaint")
        chinese = survey.with_context(lang="zh_CN")
        texts = [
            chinese.title,
            chinese.question_ids[0].title,
            *chinese.question_ids[0].suggested_answer_ids.mapped("value"),
        ]
        for text in texts:
            self.assertRegex(text, "[\u4e00-\u9fff]")

    def test_deleted_survey_asks_nobody(self):
        self.env["survey.survey"]._care_ready_survey("complaint").unlink()
        complaint = self.solved()
        self.run_job()
        self.assertFalse(complaint.invitation_ids)
        self.assertFalse(complaint.survey_pending)
        self.assertLessEqual(complaint.resolved_at, fields.Datetime.now())
