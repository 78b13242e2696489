from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_satisfaction import SatisfactionCase


@tagged("post_install", "-at_install")
class TestMeaning(SatisfactionCase):
    """What an answer meant stays, whoever changes the survey: “Very bad” must not
    become “Very good” by moving an option."""

    def setUp(self):
        super().setUp()
        self.shops = self.customers(2, tier=self.A)
        self.running = self.started(self.shops)
        self.first = self.fill(self.answer_of(self.running, self.shops[0]), 4)

    def everybody(self, record):
        yield record.sudo()
        yield record.with_user(self.surveyor).sudo(False)

    def refused(self, record, vals):
        for one in self.everybody(record):
            with self.assertRaises(UserError, msg=str(vals)):
                one.write(vals)
                self.env.flush_all()
            self.env.invalidate_all()

    def changes(self):
        options = self.overall.suggested_answer_ids
        return (
            (options[4], {"sequence": -1}),
            (
                self.overall,
                {"suggested_answer_ids": [(1, options[4].id, {"sequence": -1})]},
            ),
            (self.overall, {"suggested_answer_ids": [(0, 0, {"value": "Great"})]}),
            (
                self.survey,
                {"question_and_page_ids": [(0, 0, {"title": "One more?"})]},
            ),
            (self.words, {"triggering_answer_ids": [(4, options[4].id)]}),
            (self.survey, {"users_login_required": True}),
            (self.survey, {"access_token": "another-token"}),
            (self.survey, {"questions_selection": "random"}),
        )

    def test_refused_while_there_are_answers(self):
        for closed in (False, True):
            if closed:
                self.running.action_close()
            for record, vals in self.changes():
                self.refused(record, vals)
        self.assertEqual(self.first.care_score, 0)

    def test_refused_while_customers_are_asked(self):
        self.survey = self.make_survey()
        self.overall, *_others, self.words = self.survey.question_ids
        campaign = self.started(
            self.customers(1, "New"), survey_id=self.survey.id, anonymous=True
        )
        for record, vals in self.changes():
            self.refused(record, vals)
        campaign.action_close()
        self.survey.users_login_required = True
        self.assertEqual(len(self.survey.question_ids), 5)

    def test_drafts_are_free(self):
        survey = self.make_survey()
        question = survey.question_ids[0]
        question.suggested_answer_ids[4].sequence = -1
        question.write({"suggested_answer_ids": [(0, 0, {"value": "Great"})]})
        survey.access_token = "another-token"
        self.assertEqual(len(question.suggested_answer_ids), 6)

    def test_scores_are_frozen_as_numbers(self):
        options = self.overall.suggested_answer_ids
        self.assertEqual(options.mapped("care_value"), [100, 75, 50, 25, 0])
        for place, option in enumerate(options.sorted(reverse=True)):
            self.env.cr.execute(
                "UPDATE survey_question_answer SET sequence = %s WHERE id = %s",
                [place, option.id],
            )
        self.env.invalidate_all()
        second = self.answer_of(self.running, self.shops[1])
        second._mark_in_progress()
        second._save_lines(self.overall, str(options[4].id))
        second._mark_done()
        self.assertEqual(second.care_score, 0, "very bad is bad in any place")

    def test_frozen_after_a_complaint(self):
        survey = self.make_survey()
        self.company.care_complaint_survey_id = survey
        self.salon.email = "salon@example.com"
        self.complain().stage_id = self.stages["verify"]
        self.run_job()
        self.assertEqual(
            survey.question_ids[0].suggested_answer_ids.mapped("care_value"),
            [100, 75, 50, 25, 0],
        )

    def test_a_mistaken_option_can_go(self):
        options = self.overall.suggested_answer_ids
        options[2].with_user(self.surveyor).unlink()
        left = self.overall.suggested_answer_ids
        self.assertEqual(left.mapped("care_value"), [100, 75, 25, 0])
        self.assertEqual(self.first.care_score, 0)
        with self.assertRaises(UserError):
            left[3].with_user(self.surveyor).unlink()
        left[:2].unlink()
        with self.assertRaises(UserError):
            self.overall.suggested_answer_ids[0].unlink()
