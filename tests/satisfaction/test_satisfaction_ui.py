from odoo.tests import HttpCase, tagged

from ..common_satisfaction import SatisfactionCase


class SatisfactionUiCase(HttpCase, SatisfactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["survey.survey"]._care_make_ready_surveys()
        cls.ready = cls.env["survey.survey"]._care_ready_survey("periodic")
        cls.company.care_survey_id = cls.ready


@tagged("post_install", "-at_install")
class TestSatisfactionUi(SatisfactionUiCase):
    def test_campaign_by_the_manager(self):
        self.company.care_survey_id = self.survey
        self.customers(4, "Tour", self.A, user_id=self.rep.id)
        mute = self.customers(1, "Tour mute", self.A)
        mute.email = False
        url = "/odoo/action-customer_care.campaign_action"
        self.start_tour(url, "customer_care_campaign_start", login="care_manager")
        campaign = self.env["care.campaign"].search([("name", "=", "Tour campaign")])
        self.assertEqual(campaign.state, "running")
        self.run_job()
        answers = campaign.invitation_ids.user_input_id.sudo()
        self.assertEqual(len(answers), 2)
        for answer, mark in zip(answers, (0, 2), strict=True):
            self.fill(answer, mark, 4, 3, 9, "Fine")
        self.start_tour(url, "customer_care_campaign_results", login="care_manager")

    def test_caller_fills_one_by_phone(self):
        salon = self.customers(
            1, "Tour salon", self.A, user_id=self.rep.id, phone="+1 555-555-0100"
        )
        campaign = self.campaign(salon, channel="phone", survey_id=self.ready.id)
        campaign.action_send()
        self.start_tour(
            "/odoo/action-customer_care.call_action",
            "customer_care_call",
            login="care_rep",
        )
        invitation = campaign.invitation_ids
        answer = invitation.user_input_id.sudo()
        self.start_tour(
            answer.get_start_url(), "customer_care_fill_by_phone", login="care_rep"
        )
        self.assertEqual(answer.state, "done")
        self.assertEqual(answer.care_caller_id, self.rep)
        self.assertEqual(invitation.state, "answered")
        self.assertEqual(answer.care_score, 75)
        self.assertEqual(answer.care_ratio, 0.8)


@tagged("post_install", "-at_install")
class TestSatisfactionPhone(SatisfactionUiCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_customer_answers_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(
            ["web", "survey", "customer_care"], ["zh_CN"], overwrite=True
        )
        shop = self.customers(1, "Tour", self.A, lang="zh_CN")
        campaign = self.started(shop, survey_id=self.ready.id)
        mail = self.env["mail.mail"].search([("model", "=", "care.invitation")])
        self.assertIn("满意", mail.subject)
        answer = self.answer_of(campaign, shop)
        self.start_tour(answer.get_start_url(), "customer_care_fill_chinese")
        self.assertEqual(answer.state, "done")
        self.assertEqual(answer.care_nps, "100")
        self.assertEqual(answer._care_comment(), "价格再低一些")
