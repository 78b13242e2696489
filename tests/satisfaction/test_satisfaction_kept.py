import ast
import re
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.modules.migration import load_script
from odoo.tests import HttpCase, tagged
from odoo.tools.misc import file_path

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ..common_satisfaction import SatisfactionCase


class KeptCase(SatisfactionCase):
    def mails(self):
        return self.env["mail.mail"].search([("model", "=", "care.invitation")])

    def path(self, mail, name="List-Unsubscribe"):
        header = ast.literal_eval(mail.headers)[name]
        return re.fullmatch(r"<https?://[^/]+(/.+)>", header)[1]


@tagged("post_install", "-at_install")
class TestAskedAgain(KeptCase):
    def setUp(self):
        super().setUp()
        self.shops = self.customers(3)

    def later(self, campaign, days):
        """New mails of the job, so many days after the last ones"""
        before = self.mails()
        for row in campaign.invitation_ids:
            for name in ("sent_at", "reminded_at", "reminded_again_at"):
                row[name] = row[name] and row[name] - timedelta(days=days)
        self.run_job()
        return self.mails() - before

    def test_second_reminder(self):
        campaign = self.started(self.shops, remind_days=5, remind_again_days=3)
        self.assertFalse(self.later(campaign, 4))
        first = self.later(campaign, 1)
        self.assertEqual(len(first), 3)
        self.assertNotIn("not send another", first[0].body_html)
        self.fill(self.answer_of(campaign, self.shops[0]), 0)
        self.shops[1].care_survey_opt_out = True
        self.assertFalse(self.later(campaign, 2))
        second = self.later(campaign, 1)
        self.assertEqual(second.email_to, self.shops[2].email)
        self.assertIn("not send another", second.body_html)
        self.assertIn("/care/stop/", self.path(second))
        self.assertFalse(self.later(campaign, 30))

    def test_one_reminder_says_that_it_is_the_last(self):
        campaign = self.started(self.shops, remind_days=5)
        first = self.later(campaign, 5)
        self.assertIn("not send another", first[0].body_html)
        self.assertFalse(self.later(campaign, 30))
        with self.assertRaises(ValidationError):
            campaign.remind_again_days = -1

    def test_second_reminder_that_fails(self):
        campaign = self.started(self.shops[0], remind_days=5, remind_again_days=3)
        self.later(campaign, 5)
        self.later(campaign, 3).cancel()
        row = campaign.invitation_ids
        self.assertTrue(row.reminded_at)
        self.assertFalse(row.reminded_again_at)
        self.assertEqual((row.state, row.skip_reason), ("sent", "undelivered"))

    def test_complaint_survey_has_its_own_quarantine(self):
        self.env["survey.survey"]._care_make_ready_surveys()
        shop = self.shops[0]
        complaint = self.complain(partner_id=shop.id)
        complaint.stage_id = self.stages["verify"]
        self.run_job()
        self.assertEqual(complaint.invitation_ids.state, "sent")
        self.assertIn("/care/stop/", self.path(self.mails()))
        complaint.stage_id = self.stages["closed"]
        campaign = self.campaign(shop)
        campaign.action_sample()
        self.assertEqual(campaign.left_out, {"quarantine": 1})
        complaint.invitation_ids.sent_at -= timedelta(days=15)
        campaign.action_sample()
        self.assertEqual(campaign.invitation_ids.partner_id, shop)
        campaign.action_send()
        self.run_job()
        campaign.invitation_ids.sent_at -= timedelta(days=15)
        other = self.campaign(shop)
        other.action_sample()
        self.assertEqual(other.left_out, {"quarantine": 1}, "of campaigns: 90 days")

    def test_old_address_in_the_queue(self):
        campaign = self.started(self.shops)
        mails = self.mails()
        self.shops[:2].email = "new@example.com"
        mails._care_cancel_refused()
        waiting = mails.filtered(lambda mail: mail.state == "outgoing")
        self.assertEqual(
            sorted(waiting.mapped("email_to")), ["new@example.com", self.shops[2].email]
        )
        moved = campaign.invitation_ids.filtered(
            lambda row: row.email == "new@example.com"
        )
        self.assertEqual(moved.state, "sent")
        other = campaign.invitation_ids.filtered(
            lambda row: row.partner_id == self.shops[:2] - moved.partner_id
        )
        self.assertEqual((other.state, other.skip_reason), ("skipped", "quarantine"))

    def test_closed_while_the_mail_waited(self):
        campaign = self.started(self.shops)
        campaign.action_close()
        self.mails()._care_cancel_refused()
        self.assertEqual(set(self.mails().mapped("state")), {"cancel"})
        self.assertEqual(set(campaign.invitation_ids.mapped("skip_reason")), {"closed"})

    def test_paused_while_the_mail_waited(self):
        campaign = self.started(self.shops)
        mails = self.mails()
        campaign.action_pause()
        self.assertEqual(mails._care_postpone(), mails)
        self.assertEqual(set(mails.mapped("state")), {"outgoing"})
        campaign.action_resume()
        self.assertFalse(mails._care_postpone())

    def test_who_opted_out_is_not_called(self):
        campaign = self.started(self.shops)
        self.shops[0].care_survey_opt_out = True
        row = campaign.invitation_ids.filtered(
            lambda row: row.partner_id == self.shops[0]
        )
        with self.assertError(UserError, "can no longer be asked"):
            row.with_user(self.manager).action_call()


@tagged("post_install", "-at_install")
class TestSendingHours(KeptCase):
    """Tuesday 2026-11-24 in a company of Berlin, an hour ahead of UTC"""

    def setUp(self):
        super().setUp()
        self.company.partner_id.tz = "Europe/Berlin"
        self.company.write(
            {
                "care_survey_hours": True,
                "care_survey_from": 9,
                "care_survey_until": 17,
                "care_survey_zone": "company",
            }
        )
        self.shops = self.customers(2, tz="Europe/Berlin")

    def sent(self, now, campaign=None):
        with freeze_time(now):
            campaign = campaign or self.campaign(self.shops)
            if campaign.state == "draft":
                campaign.action_send()
            self.run_job()
            return campaign, campaign.sent_count

    def test_company_hours(self):
        for now, expected in (
            ("2026-11-24 07:59:00", 0),
            ("2026-11-24 08:00:00", 2),
            ("2026-11-24 15:59:00", 2),
            ("2026-11-24 16:00:00", 0),
            ("2026-11-28 10:00:00", 0),
        ):
            with self.subTest(now=now):
                campaign, count = self.sent(now)
                self.assertEqual(count, expected)
                campaign.invitation_ids.sent_at = False
                campaign.action_close()

    def test_waits_until_monday(self):
        campaign, count = self.sent("2026-11-27 18:00:00")
        self.assertEqual(count, 0)
        with freeze_time("2026-11-27 18:00:00"):
            campaign.invalidate_recordset(["next_sending"])
            self.assertEqual(campaign.next_sending, datetime(2026, 11, 30, 8))
        _campaign, count = self.sent("2026-11-30 08:00:00", campaign)
        self.assertEqual(count, 2)

    def test_public_holiday(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-11-23 23:00:00",
                "date_to": "2026-11-24 22:59:59",
            }
        )
        _campaign, count = self.sent("2026-11-24 10:00:00")
        self.assertEqual(count, 0)

    def test_customers_time_zone(self):
        self.company.care_survey_zone = "customer"
        self.shops[1].tz = "America/New_York"
        campaign, count = self.sent("2026-11-24 08:00:00")
        self.assertEqual(count, 1)
        asked = campaign.invitation_ids.filtered(lambda row: row.state == "sent")
        self.assertEqual(asked.partner_id, self.shops[0])
        _campaign, count = self.sent("2026-11-24 14:00:00", campaign)
        self.assertEqual(count, 2)

    def test_reminders_wait_too(self):
        campaign, _count = self.sent("2026-11-16 10:00:00")
        self.sent("2026-11-24 20:00:00", campaign)
        self.assertFalse(any(campaign.invitation_ids.mapped("reminded_at")))
        self.sent("2026-11-25 10:00:00", campaign)
        self.assertTrue(all(campaign.invitation_ids.mapped("reminded_at")))

    def test_mail_left_in_the_queue(self):
        self.sent("2026-11-24 15:59:00")
        mails = self.mails()
        with freeze_time("2026-11-24 16:30:00"):
            self.assertEqual(mails._care_postpone(), mails)
        self.assertEqual(
            set(mails.mapped("scheduled_date")), {datetime(2026, 11, 25, 8)}
        )
        with freeze_time("2026-11-25 08:00:00"):
            self.assertFalse(mails._care_postpone())

    def test_campaign_at_any_time(self):
        with freeze_time("2026-11-28 23:00:00"):
            campaign = self.campaign(self.shops, any_time=True)
        _campaign, count = self.sent("2026-11-28 23:00:00", campaign)
        self.assertEqual(count, 2)

    def test_after_complaints(self):
        self.env["survey.survey"]._care_make_ready_surveys()
        with freeze_time("2026-11-28 10:00:00"):
            complaint = self.complain(partner_id=self.shops[0].id)
            complaint.stage_id = self.stages["verify"]
            self.run_job()
            self.assertEqual(complaint.invitation_ids.state, "pending")
        with freeze_time("2026-11-30 10:00:00"):
            self.run_job()
        self.assertEqual(complaint.invitation_ids.state, "sent")

    def test_settings_are_checked(self):
        with self.assertError(ValidationError, "must end after they begin"):
            self.company.care_survey_until = 9


@tagged("post_install", "-at_install")
class TestSurveyInUse(KeptCase):
    def test_survey_of_an_open_campaign(self):
        campaign = self.started(self.customers(1))
        for vals in ({"active": False}, {"users_login_required": True}):
            with self.assertError(UserError, "Autumn"):
                self.survey.with_user(self.surveyor).write(vals)
        campaign.action_close()
        self.survey.with_user(self.surveyor).action_archive()
        self.assertFalse(self.survey.active)

    def test_survey_after_complaints(self):
        survey = self.make_survey(title="Chosen")
        self.company.care_complaint_survey_id = survey
        with self.assertError(UserError, "after complaints"):
            survey.active = False
        self.company.care_complaint_survey_id = False
        survey.active = False

    def test_unusable_survey_pauses(self):
        shops = self.customers(2)
        campaign = self.campaign(shops)
        campaign.action_sample()
        campaign.action_send()
        self.measure(None)  # as another module may
        self.run_job()
        self.assertEqual(campaign.state, "paused")
        self.assertFalse(self.mails())
        [told] = campaign.message_ids.filtered(
            lambda message: "measures anything" in message.body
        )
        self.assertEqual(told.partner_ids, campaign.user_id.partner_id)
        with self.assertError(UserError, "measures anything"):
            campaign.action_resume()
        self.measure("satisfaction")
        campaign.action_resume()
        self.run_job()
        self.assertEqual(len(self.mails()), 2)

    def measure(self, measure):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE survey_question SET care_measure = %s WHERE id = ANY(%s)",
            (measure, self.survey.question_ids.ids),
        )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestKeptWeb(HttpCase, KeptCase):
    def rpc(self, answer, route, **params):
        base = f"/survey/{route}/{answer.survey_id.access_token}/{answer.access_token}"
        return self.make_jsonrpc_request(base, params)

    def post(self, url):
        page = self.url_open(url)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        return self.url_open(url, data={"csrf_token": token})

    def begin(self, answer, **answers):
        """Fill in the first page of a survey with a page for each question"""
        self.rpc(answer, "begin")
        question = self.overall
        self.rpc(
            answer,
            "submit",
            question_id=question.id,
            **{str(question.id): str(question.suggested_answer_ids[4].id)},
        )
        self.env.invalidate_all()

    def answers(self, campaign):
        return (
            self.env["survey.user_input"]
            .sudo()
            .search(
                Domain("care_campaign_id", "=", campaign.id)
                | Domain("care_waiting_campaign_id", "=", campaign.id)
            )
        )

    def test_half_answered_counts_at_closing(self):
        self.survey.questions_layout = "page_per_question"
        shops = self.customers(3)
        campaign = self.started(shops)
        answer = self.answer_of(campaign, shops[0])
        self.begin(answer)
        self.assertEqual(answer.state, "in_progress")
        self.rpc(self.answer_of(campaign, shops[1]), "begin")
        self.assertEqual(campaign.results["answers"], 0)
        campaign.action_close()
        self.env.invalidate_all()
        self.assertTrue(answer.care_partial)
        self.assertEqual(answer.care_score, 0)
        self.assertTrue(answer.care_scored)
        results = campaign.results
        self.assertEqual((results["answers"], results["partial"]), (1, 1))
        self.assertEqual(results["score"]["value"], 0)
        self.assertEqual(results["response"]["response"], 0)
        self.assertEqual(campaign.response_rate, 0)
        rows = {row.partner_id: row.state for row in campaign.invitation_ids}
        self.assertEqual(rows[shops[0]], "partial")
        self.assertEqual(rows[shops[1]], "sent", "begun, but nothing answered")
        row = self.env["care.answer"].search([("campaign_id", "=", campaign.id)])
        self.assertEqual((row.partner_id, row.partial), (shops[0], True))
        follow_up = self.env["care.follow.up"].search(
            [("campaign_id", "=", campaign.id)]
        )
        self.assertEqual(follow_up.partner_id, shops[0], "a furious customer is told")

    def test_anonymous_goes_on_elsewhere(self):
        self.survey.questions_layout = "page_per_question"
        campaign = self.started(self.customers(6), anonymous=True)
        first, second = campaign.invitation_ids[:2]
        url = f"/care/survey/{first._survey_token()}"
        self.assertIn("Start", self.url_open(url).text)
        self.assertFalse(self.answers(campaign))
        self.post(url)
        answer = self.answers(campaign)
        self.begin(answer)
        link = answer.access_token
        self.opener.cookies.clear()
        page = self.url_open(url)
        self.assertIn("Continue", page.text)
        self.assertEqual(self.answers(campaign), answer)
        again = self.post(url)
        self.assertIn(link, again.url)
        self.assertEqual(self.answers(campaign), answer)
        self.assertEqual(answer.state, "in_progress")
        self.assertEqual(len(answer.user_input_line_ids), 1)
        answer._mark_done()
        self.env.invalidate_all()
        self.assertNotEqual(answer.access_token, link, "nothing leads to the answer")
        self.assertIn("already been answered", self.url_open(url).text)
        page = self.url_open(f"/survey/{self.survey.access_token}/{link}")
        self.assertIn("your answer has been saved", page.text)
        self.assertEqual(self.answers(campaign), answer)
        self.post(f"/care/survey/{second._survey_token()}")
        other = self.answers(campaign) - answer
        link = other.access_token
        self.begin(other)
        campaign.action_close()
        self.env.invalidate_all()
        self.assertTrue(other.care_partial)
        self.assertNotEqual(other.access_token, link)
        self.assertFalse((answer | other).partner_id)

    def test_mail_to_oneself_in_an_outage(self):
        self.patch(IrMail_Server, "_disable_send", lambda *args: False)
        self.patch(IrMail_Server, "_connect__", self.no_server)
        campaign = self.campaign(self.customers(1))
        self.manager.email = "boss@example.com"
        with self.assertError(UserError, "could not be sent: no route"):
            campaign.with_user(self.manager).action_send_test()
        self.manager.email = False
        with self.assertError(UserError, "your preferences"):
            campaign.with_user(self.manager).action_send_test()
        self.assertFalse(campaign.invitation_ids)

    @staticmethod
    def no_server(*args, **kwargs):
        raise OSError("no route to the mail server")

    def test_complaint_survey_by_one_click(self):
        self.env["survey.survey"]._care_make_ready_surveys()
        shop = self.customers(1)
        complaint = self.complain(partner_id=shop.id)
        complaint.stage_id = self.stages["verify"]
        self.run_job()
        link = self.path(self.mails())
        self.url_open(link)
        self.env.invalidate_all()
        self.assertFalse(shop.care_survey_opt_out, "a scanner looked at it")
        guess = link[:-1] + ("1" if link[-1] == "0" else "0")
        self.url_open(guess, data={"List-Unsubscribe": "One-Click"})
        self.env.invalidate_all()
        self.assertFalse(shop.care_survey_opt_out, "a guess")
        self.opener.cookies.clear()
        self.url_open(link, data={"List-Unsubscribe": "One-Click"})
        self.env.invalidate_all()
        self.assertTrue(shop.care_survey_opt_out)
        again = self.complain(partner_id=shop.id)
        again.stage_id = self.stages["verify"]
        self.run_job()
        self.assertFalse(again.invitation_ids)

    def test_mail_to_oneself(self):
        shops = self.customers(2)
        campaign = self.campaign(shops)
        campaign.action_sample()
        self.manager.email = "boss@example.com"
        with self.assertRaises(AccessError):
            campaign.with_user(self.rep).action_send_test()
        before = self.env["mail.mail"].search([])
        action = campaign.with_user(self.manager).action_send_test()
        self.assertIn("boss@example.com", action["params"]["message"])
        mail = self.env["mail.mail"].search([]) - before
        self.assertIn("boss@example.com", mail.email_to)
        self.assertTrue(mail.subject.startswith("Test: "))
        self.assertFalse(mail.model or mail.res_id)
        self.assertEqual(campaign.invited_count, 2)
        link = re.search(r"https?://[^/]+(/survey/test/[^\"]+)", mail.body_html)[1]
        self.authenticate("care_manager", "care_manager")
        page = self.url_open(link)
        self.assertIn("How are we?", page.text)
        answer = self.env["survey.user_input"].search(
            [("survey_id", "=", self.survey.id), ("test_entry", "=", True)]
        )
        self.assertEqual(len(answer), 1)
        self.fill(answer, 4)
        self.assertFalse(answer.care_company_id or answer.care_campaign_id)
        self.assertEqual(campaign.answered_count, 0)
        stop = re.search(r"https?://[^/]+(/care/stop/[^\"]+)", mail.body_html)[1]
        self.url_open(stop, data={"List-Unsubscribe": "One-Click"})
        self.env.invalidate_all()
        self.assertFalse(self.manager.partner_id.care_survey_opt_out)


@tagged("post_install", "-at_install")
class TestReminderMigration(KeptCase):
    OLD = "<p>Your answer would\n help us. We will not send another reminder.</p>"

    def migrate(self):
        path = "customer_care/migrations/19.0.1.9.0/post-reminder.py"
        load_script(file_path(path), "care_post_reminder").migrate(
            self.env.cr, "19.0.1.8.0"
        )

    def test_text_that_denies_a_second_reminder(self):
        template = self.env.ref("customer_care.mail_template_survey_reminder")
        template.with_user(1).sudo().body_html = self.OLD
        self.migrate()
        self.assertIn("_is_last_reminder", template.body_html)

    def test_own_text_stays(self):
        template = self.env.ref("customer_care.mail_template_survey_reminder")
        for user, body in ((1, "<p>Hello</p>"), (self.manager.id, self.OLD)):
            template.with_user(user).sudo().body_html = body
            self.env.flush_all()
            self.migrate()
            self.assertEqual(template.body_html, body)
