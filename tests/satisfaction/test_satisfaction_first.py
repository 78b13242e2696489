import re
from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from ..common_satisfaction import SatisfactionCase


class FirstCase(HttpCase, SatisfactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["survey.survey"]._care_make_ready_surveys()
        cls.ready = cls.env["survey.survey"]._care_ready_survey("periodic")
        cls.shop = cls.customers(1, tier=cls.A, user_id=cls.rep.id)

    def mail_of(self, invitations):
        return self.env["mail.mail"].search(
            [("model", "=", "care.invitation"), ("res_id", "in", invitations.ids)],
            order="id desc",
            limit=1,
        )

    def links(self, mail):
        """{words of a button: link} of the options in a mail"""
        page = html.fromstring(mail.body_html)
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        return {
            " ".join(link.text_content().split()): link.get("href").removeprefix(base)
            for link in page.xpath("//table[@role='presentation']//a")
            if "/care/first/" in link.get("href") or "#" in link.get("href")
        }

    def confirm(self, url, choice):
        page = self.url_open(url)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        return self.url_open(url, data={"csrf_token": token, "choice": choice})

    def checked(self, page):
        """The options chosen on the page"""
        return html.fromstring(page.text).xpath("//input[@checked]/@value")


@tagged("post_install", "-at_install")
class TestFirstQuestion(FirstCase):
    """The first question, answered in the mail"""

    def test_mail_shows_the_options(self):
        campaign = self.started(self.shop)
        mail = self.mail_of(campaign.invitation_ids)
        links = self.links(mail)
        options = self.overall.suggested_answer_ids
        self.assertEqual(
            [
                words.split(" ", 1)[-1]
                for words in (key.replace("\xa0", " ") for key in links)
            ],
            options.mapped("value"),
        )
        token = self.answer_of(campaign, self.shop).access_token
        self.assertEqual(
            list(links.values()),
            [f"/care/first/{token}/{self.overall.id}/{one.id}" for one in options],
        )
        self.assertIn("All in all?", mail.body_html)
        self.assertNotIn("<style", mail.body_html)
        self.assertFalse(mail.mail_message_id.body, "users could answer")

    def test_scanner_answers_nothing(self):
        """Link scanners follow all links, with GET and HEAD"""
        campaign = self.started(self.shop)
        answer = self.answer_of(campaign, self.shop)
        for url in self.links(self.mail_of(campaign.invitation_ids)).values():
            page = self.url_open(url)
            self.assertEqual(page.status_code, 200)
            self.assertEqual(self.checked(page), [url.rsplit("/", 1)[1]])
            self.assertEqual(self.url_open(url, method="HEAD").status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(answer.state, "new")
        self.assertFalse(answer.user_input_line_ids)
        campaign.action_close()
        self.assertEqual(answer.state, "new", "not even a part of an answer")
        self.assertEqual(campaign.invitation_ids.state, "sent")

    def test_post_without_session_saves_nothing(self):
        campaign = self.started(self.shop)
        answer = self.answer_of(campaign, self.shop)
        [url, *_rest] = self.links(self.mail_of(campaign.invitation_ids)).values()
        option = url.rsplit("/", 1)[1]
        result = self.url_open(url, data={"choice": option})
        self.assertEqual(result.status_code, 400)
        self.assertEqual(answer.state, "new")

    def test_confirmed_and_gone_on(self):
        campaign = self.started(self.shop)
        answer = self.answer_of(campaign, self.shop)
        links = list(self.links(self.mail_of(campaign.invitation_ids)).values())
        second = self.overall.suggested_answer_ids[1]
        page = self.confirm(links[0], second.id)
        self.assertIn(answer.access_token, page.url)
        self.assertIn("Perceived", page.text)
        self.env.invalidate_all()
        self.assertEqual(answer.state, "in_progress")
        self.assertEqual(answer.user_input_line_ids.suggested_answer_id, second)
        self.assertFalse(answer.care_scored, "does not count before it is finished")
        self.assertFalse(answer.care_caller_id)
        self.confirm(links[4], self.overall.suggested_answer_ids[4].id)
        self.env.invalidate_all()
        self.assertEqual(len(answer.user_input_line_ids), 1, "changed, not added")
        campaign.action_close()
        self.assertTrue(answer.care_partial)
        self.assertEqual(answer.care_score, 0)
        self.assertEqual(campaign.invitation_ids.state, "partial")

    def test_answered_before(self):
        campaign = self.started(self.shop)
        answer = self.answer_of(campaign, self.shop)
        [url, *_rest] = self.links(self.mail_of(campaign.invitation_ids)).values()
        form = self.url_open(url)
        token = re.search(r'name="csrf_token" value="([^"]+)"', form.text)[1]
        self.fill(answer, 4, 3, 3, 3)
        replayed = self.url_open(
            url, data={"csrf_token": token, "choice": url.rsplit("/", 1)[1]}
        )
        self.assertIn("already answered", replayed.text)
        self.env.invalidate_all()
        self.assertEqual(answer.care_score, 0)

    def test_forged(self):
        campaign = self.started(self.shop)
        answer = self.answer_of(campaign, self.shop)
        base = f"/care/first/{answer.access_token}"
        foreign = self.ready.question_ids[0].suggested_answer_ids[0]
        for url in (
            f"{base}/{self.overall.id}/{foreign.id}",
            f"{base}/{self.overall.id}/0",
            f"{base}/{self.words.id}/{self.overall.suggested_answer_ids[0].id}",
        ):
            self.assertEqual(self.checked(self.url_open(url)), [], url)
        url = f"{base}/{self.overall.id}/{foreign.id}"
        for choice in (foreign.id, "", "x", "-1", "²", "9" * 40):
            page = self.confirm(url, choice)
            self.assertIn("Please choose", page.text)
        self.env.invalidate_all()
        self.assertEqual(answer.state, "new")
        for wrong in ("x", self.survey.access_token):
            page = self.url_open(f"/care/first/{wrong}/{self.overall.id}/1")
            self.assertEqual(page.status_code, 200)
            self.assertIn("no longer valid", page.text)

    def test_of_another_survey(self):
        """Links to answers outside of campaigns are not ours"""
        other = self.env["survey.user_input"].create(
            {"survey_id": self.make_survey(access_mode="public").id}
        )
        page = self.url_open(f"/care/first/{other.sudo().access_token}/1/1")
        self.assertIn("no longer valid", page.text)

    def test_closed_and_expired(self):
        campaign = self.started(self.shop)
        answer = self.answer_of(campaign, self.shop)
        [url, *_rest] = self.links(self.mail_of(campaign.invitation_ids)).values()
        answer._care_write({"deadline": fields.Datetime.now() - timedelta(days=1)})
        self.assertIn("closed", self.url_open(url).text)
        answer._care_write({"deadline": False})
        campaign.action_close()
        page = self.url_open(url)
        self.assertIn("closed", page.text)
        self.assertNotIn("csrf_token", page.text.split("o_care_first")[-1][:1])
        self.assertEqual(answer.state, "new")

    def test_portal_customer_of_another(self):
        campaign = self.started(self.shop)
        answer = self.answer_of(campaign, self.shop)
        [url, *_rest] = self.links(self.mail_of(campaign.invitation_ids)).values()
        new_test_user(self.env, "care_foreign", groups="base.group_portal")
        self.authenticate("care_foreign", "care_foreign")
        page = self.url_open(url)
        self.assertIn("another customer", page.text)
        self.assertNotIn("All in all?", page.text)
        self.assertEqual(answer.state, "new")

    def test_colleague_is_named(self):
        campaign = self.started(self.shop)
        answer = self.answer_of(campaign, self.shop)
        [url, *_rest] = self.links(self.mail_of(campaign.invitation_ids)).values()
        self.authenticate("care_rep", "care_rep")
        self.confirm(url, url.rsplit("/", 1)[1])
        self.env.invalidate_all()
        self.assertEqual(answer.care_caller_id, self.rep)

    def test_no_links_for_users(self):
        """Users can render templates: the preview has no token"""
        campaign = self.started(self.shop)
        token = self.answer_of(campaign, self.shop).access_token
        invitation = campaign.invitation_ids
        rendered = self.env.ref(
            "customer_care.mail_template_survey_invitation"
        )._render_field("body_html", invitation.ids)[invitation.id]
        self.assertIn("All in all?", rendered)
        self.assertNotIn(token, rendered)

    def test_only_where_it_can_be_shown(self):
        words = self.make_survey()
        words.question_ids[:4].unlink()
        words.question_and_page_ids = [
            (
                0,
                0,
                {
                    "title": "Recommend",
                    "question_type": "scale",
                    "scale_min": 0,
                    "scale_max": 10,
                    "care_measure": "nps",
                    "sequence": 99,
                },
            )
        ]
        campaign = self.started(self.shop, survey_id=words.id)
        self.assertIn("no single choice", campaign.first_hindrance)
        self.assertFalse(self.links(self.mail_of(campaign.invitation_ids)))
        other = self.customers(1, "Off", self.A)
        campaign = self.started(other, first_in_mail=False)
        self.assertFalse(campaign.first_hindrance)
        self.assertFalse(self.links(self.mail_of(campaign.invitation_ids)))

    def test_scale_of_recommendation(self):
        nps = self.make_survey(questions_layout="page_per_question")
        nps.question_ids[:3].unlink()
        campaign = self.started(self.shop, survey_id=nps.id)
        links = self.links(self.mail_of(campaign.invitation_ids))
        self.assertEqual(list(links), [str(mark) for mark in range(11)])
        answer = self.answer_of(campaign, self.shop)
        page = self.confirm(links["0"], "0")
        self.env.invalidate_all()
        self.assertEqual(answer.user_input_line_ids.value_scale, 0)
        self.assertIn("Words", page.text, "the next question")
        self.assertNotIn(f'name="{nps.question_ids[0].id}"', page.text)

    def test_survey_of_one_question_is_done(self):
        nps = self.make_survey()
        nps.question_ids.filtered(lambda one: one.care_measure != "nps").unlink()
        campaign = self.started(self.shop, survey_id=nps.id)
        links = self.links(self.mail_of(campaign.invitation_ids))
        self.confirm(links["9"], "9")
        answer = self.answer_of(campaign, self.shop)
        self.env.invalidate_all()
        self.assertEqual((answer.state, answer.care_nps), ("done", "100"))
        self.assertEqual(campaign.invitation_ids.state, "answered")

    def test_anonymous(self):
        """The server never sees the choice before it is confirmed: it stands behind #,
        and confirming it stores no person."""
        shops = self.shop | self.customers(5, "Other", self.A)
        campaign = self.started(shops, anonymous=True)
        links = list(self.links(self.mail_of(campaign.invitation_ids[0])).values())
        self.assertEqual(len(links), 5)
        self.assertTrue(all("/care/survey/" in link and "#" in link for link in links))
        url, option = links[0].split("#")
        tokens = self.env["care.survey.token"].sudo()
        before = tokens.search_count([("campaign_id", "=", campaign.id)])
        self.url_open(url)
        self.assertEqual(
            tokens.search_count([("campaign_id", "=", campaign.id)]), before
        )
        user = new_test_user(self.env, "care_ann", groups="base.group_portal")
        self.authenticate("care_ann", "care_ann")
        self.confirm(url, option)
        self.env.invalidate_all()
        answer = self.env["survey.user_input"].search(
            [("care_waiting_campaign_id", "=", campaign.id)]
        )
        self.assertEqual(answer.state, "in_progress")
        self.assertEqual(answer.user_input_line_ids.suggested_answer_id.id, int(option))
        self.assertFalse(answer.partner_id)
        self.assertNotIn(
            user,
            answer.create_uid
            | answer.write_uid
            | answer.user_input_line_ids.create_uid
            | answer.user_input_line_ids.write_uid,
        )
        self.assertFalse(campaign.invitation_ids.user_input_id)
        secret = answer.sudo().access_token
        page = self.url_open(f"/care/first/{secret}/{self.overall.id}/{option}")
        self.assertIn("no longer valid", page.text)

    def test_after_a_complaint(self):
        """A survey of one's own after complaints shows its first question"""
        self.company.care_complaint_survey_id = self.survey
        self.salon.email = "salon@example.com"
        complaint = self.complain()
        complaint.stage_id = self.stages["verify"]
        self.run_job()
        links = self.links(self.mail_of(complaint.invitation_ids))
        self.assertEqual(len(links), 5)
        answer = complaint.invitation_ids.user_input_id.sudo()
        url = list(links.values())[4]
        self.url_open(url)
        self.assertEqual(complaint.outcome, "unknown")
        self.confirm(url, url.rsplit("/", 1)[1])
        self.env.invalidate_all()
        self.assertEqual(answer.state, "in_progress")

    def test_both_languages(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(
            ["survey", "customer_care"], ["zh_CN"], overwrite=True
        )
        self.ready._care_translate()
        template = self.env.ref("customer_care.mail_template_survey_invitation")
        template.with_context(lang="zh_CN").body_html = template.with_context(
            lang="en_US"
        ).body_html
        chinese = self.customers(1, "Zh", self.A, lang="zh_CN")
        campaign = self.started(self.shop | chinese, survey_id=self.ready.id)
        for partner, words, other in (
            (self.shop, "Highly satisfied", "高度满意"),
            (chinese, "高度满意", "Highly satisfied"),
        ):
            invitation = campaign.invitation_ids.filtered(
                lambda row, partner=partner: row.partner_id == partner
            )
            mail = self.mail_of(invitation)
            self.assertIn(words, mail.body_html)
            self.assertNotIn(other, mail.body_html)
            url = next(iter(self.links(mail).values()))
            page = self.url_open(url)
            self.assertIn(words, page.text)


@tagged("post_install", "-at_install")
class TestFirstQuestionUi(FirstCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_from_the_mail(self):
        campaign = self.started(self.shop, survey_id=self.ready.id)
        url = list(self.links(self.mail_of(campaign.invitation_ids)).values())[1]
        self.start_tour(url, "customer_care_first_question")
        answer = self.answer_of(campaign, self.shop)
        self.assertEqual(answer.state, "in_progress")
        self.assertEqual(
            answer.user_input_line_ids.suggested_answer_id.value, "Fairly satisfied"
        )

    def test_anonymous_from_the_mail(self):
        shops = self.shop | self.customers(5, "Other", self.A)
        campaign = self.started(shops, survey_id=self.ready.id, anonymous=True)
        url = list(self.links(self.mail_of(campaign.invitation_ids[0])).values())[1]
        self.start_tour(url, "customer_care_first_anonymous")
        answer = self.env["survey.user_input"].search(
            [("care_waiting_campaign_id", "=", campaign.id)]
        )
        self.assertEqual(
            answer.user_input_line_ids.suggested_answer_id.value, "Fairly satisfied"
        )
