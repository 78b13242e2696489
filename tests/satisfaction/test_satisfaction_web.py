import re

from lxml import html

from odoo.tests import HttpCase, new_test_user, tagged

from ..common_satisfaction import SatisfactionCase


@tagged("post_install", "-at_install")
class TestSatisfactionWeb(HttpCase, SatisfactionCase):
    """Links of customers, as browsers open them"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.customers(1, tier=cls.A, user_id=cls.rep.id)
        cls.env["survey.survey"]._care_make_ready_surveys()

    def rpc(self, answer, route, **params):
        base = f"/survey/{route}/{answer.survey_id.access_token}/{answer.access_token}"
        return self.make_jsonrpc_request(base, params)

    def submit(self, answer, words):
        self.rpc(answer, "begin")
        return self.rpc(answer, "submit", **{str(self.words.id): words})

    def post(self, url, **data):
        page = self.url_open(url)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        data |= {"csrf_token": token, "comment": "So it is"}
        return self.url_open(url, data=data)

    def test_customer_answers_once(self):
        campaign = self.started(self.shop)
        answer = self.answer_of(campaign, self.shop)
        page = self.url_open(answer.get_start_url())
        self.assertIn("How are we?", page.text)
        self.submit(answer, "Well done")
        self.assertEqual(answer.state, "done")
        self.assertFalse(answer.care_caller_id)
        result = self.rpc(answer, "submit", **{str(self.words.id): "Again"})
        self.assertEqual(result[1]["error"], "unauthorized")
        self.assertEqual(answer._care_comment(), "Well done")

    def test_too_late(self):
        campaign = self.started(self.shop)
        answer = self.answer_of(campaign, self.shop)
        campaign.action_close()
        self.env.flush_all()
        page = self.url_open(answer.get_start_url())
        self.assertIn("closed", page.text)
        result = self.rpc(answer, "begin")
        self.assertEqual(result[1]["error"], "answer_deadline")
        self.assertEqual(answer.state, "new")

    def test_colleague_is_named(self):
        campaign = self.started(self.shop)
        answer = self.answer_of(campaign, self.shop)
        self.authenticate("care_rep", "care_rep")
        self.submit(answer, "Said on the phone")
        self.assertEqual(answer.state, "done")
        self.assertEqual(answer.care_caller_id, self.rep)
        row = self.env["care.answer"].browse(answer.id)
        self.assertEqual(row.caller_id, self.rep)

    def test_stranger_who_is_logged_in(self):
        campaign = self.started(self.shop)
        answer = self.answer_of(campaign, self.shop)
        new_test_user(self.env, "care_foreign", groups="base.group_portal")
        self.authenticate("care_foreign", "care_foreign")
        result = self.rpc(answer, "begin")
        self.assertEqual(result[1]["error"], "answer_wrong_user")
        self.assertEqual(answer.state, "new")
        user = new_test_user(self.env, "care_ann", groups="base.group_portal")
        user.partner_id.parent_id = self.shop
        self.authenticate("care_ann", "care_ann")
        self.submit(answer, "A colleague of the same shop")
        self.assertEqual(answer.state, "done")

    def test_archived_meanwhile(self):
        campaign = self.started(self.shop)
        answer = self.answer_of(campaign, self.shop)
        self.shop.active = False
        self.submit(answer, "Still here")
        self.assertEqual(answer.state, "done")
        self.assertEqual(answer.care_partner_id, self.shop)

    def test_anonymous_also_when_logged_in(self):
        shops = self.shop | self.customers(5, "Other", self.A)
        campaign = self.started(shops, anonymous=True)
        user = new_test_user(self.env, "care_ann", groups="base.group_portal")
        user.partner_id.parent_id = self.shop
        self.authenticate("care_ann", "care_ann")
        url = f"/care/survey/{campaign.invitation_ids[0]._survey_token()}"
        page = self.url_open(url)
        self.assertIn("anonymous", page.text)
        Answer = self.env["survey.user_input"].sudo()
        domain = [("care_waiting_campaign_id", "=", campaign.id)]
        self.assertFalse(Answer.search(domain), "looking at a link uses nothing up")
        self.post(url)
        answer = Answer.search(domain)
        self.assertTrue(answer)
        self.submit(answer, "Frankly")
        self.assertEqual(answer.state, "done")
        people = (
            answer.create_uid
            | answer.write_uid
            | answer.user_input_line_ids.create_uid
            | answer.user_input_line_ids.write_uid
            | answer.message_ids.create_uid
        )
        self.assertNotIn(user, people)
        self.assertNotIn(user.partner_id, answer.message_ids.author_id)
        self.assertIn("has already been answered", self.url_open(url).text)
        campaign.action_close()
        self.assertIn("closed", self.url_open(url).text)
        other = self.url_open("/care/survey/guess")
        self.assertIn("has already been answered", other.text)

    def asked_after(self):
        """:return: (solved complaint, token of its survey)"""
        self.salon.email = "salon@example.com"
        complaint = self.complain()
        complaint.stage_id = self.stages["verify"]
        self.run_job()
        return complaint, complaint.invitation_ids.user_input_id.sudo().access_token

    def test_two_clicks(self):
        complaint, token = self.asked_after()
        url = f"/care/outcome/{token}/unsatisfied"
        self.assertIn("Not satisfied", self.url_open(url).text)
        self.assertEqual(complaint.outcome, "unknown", "a robot may follow the link")
        self.post(url)
        self.env.invalidate_all()
        self.assertEqual(complaint.outcome, "unsatisfied")
        self.assertEqual(complaint.outcome_comment, "So it is")
        self.assertIn("already", self.url_open(url).text)
        for wrong in (f"/care/outcome/{token}/great", "/care/outcome/x/satisfied"):
            page = self.url_open(wrong, allow_redirects=False)
            self.assertEqual(page.status_code, 303)

    def test_the_second_click_may_be_another_one(self):
        """Chosen on the page, so that a comment that was typed stays"""
        complaint, token = self.asked_after()
        url = f"/care/outcome/{token}/unsatisfied"
        [chosen] = html.fromstring(self.url_open(url).text).xpath("//input[@checked]")
        self.assertEqual(chosen.get("value"), "unsatisfied")
        self.assertIn("glad", self.post(url, outcome="satisfied").text)
        self.env.invalidate_all()
        self.assertEqual(
            (complaint.outcome, complaint.outcome_comment), ("satisfied", "So it is")
        )

    def test_not_again(self):
        campaign = self.started(self.shop)
        invitation = campaign.invitation_ids
        url = f"/care/stop/{invitation.id}/{invitation._stop_token()}"
        self.url_open(url)
        self.assertFalse(self.shop.care_survey_opt_out)
        self.post(url)
        self.env.invalidate_all()
        self.assertTrue(self.shop.care_survey_opt_out)
        wrong = self.url_open(f"/care/stop/{invitation.id}/x", allow_redirects=False)
        self.assertEqual(wrong.status_code, 303)
