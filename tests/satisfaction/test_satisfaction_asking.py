import ast
import re
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.modules.migration import load_script
from odoo.tests import HttpCase, tagged
from odoo.tools.misc import file_path

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ..common_satisfaction import SatisfactionCase


class AskingCase(SatisfactionCase):
    def mails(self):
        return self.env["mail.mail"].search([("model", "=", "care.invitation")])

    def remind(self, campaign):
        """New mails of the job when all reminders are due"""
        before = self.mails()
        campaign.invitation_ids.sent_at = fields.Datetime.now() - timedelta(days=8)
        self.run_job()
        return self.mails() - before


@tagged("post_install", "-at_install")
class TestNotAsked(AskingCase):
    def hinder(self, shops):
        """Customers of whom the first five can no longer be asked"""
        shops[0].active = False
        shops[1].care_survey_opt_out = True
        self.env["mail.blacklist"].sudo()._add(shops[2].email)
        self.complain(partner_id=shops[3].id)
        shops[4].email = False

    REASONS = ["archived", "opted_out", "opted_out", "complaint", "no_address", False]

    def test_nobody_is_reminded_who_must_not_be_asked(self):
        shops = self.customers(6)
        campaign = self.started(shops)
        self.hinder(shops)
        self.assertEqual(self.remind(campaign).mapped("email_to"), [shops[5].email])
        rows = {row.partner_id: row for row in campaign.invitation_ids}
        self.assertEqual([rows[shop].skip_reason for shop in shops], self.REASONS)
        self.assertEqual(
            [bool(rows[shop].reminded_at) for shop in shops], [False] * 5 + [True]
        )
        self.assertEqual(set(campaign.invitation_ids.mapped("state")), {"sent"})
        self.assertFalse(self.remind(campaign), "once")

    def test_sample_and_sending_say_the_same(self):
        shops = self.customers(6)
        late = self.campaign(shops)
        late.action_send()
        self.hinder(shops)
        self.run_job()
        rows = {row.partner_id: row for row in late.invitation_ids}
        self.assertEqual([rows[shop].skip_reason for shop in shops], self.REASONS)
        campaign = self.campaign(shops, quarantine_days=0)
        campaign.action_sample()
        self.assertEqual(campaign.invitation_ids.partner_id, shops[5])
        self.assertEqual(
            campaign.left_out,
            {"archived": 1, "opted_out": 2, "complaint": 1, "no_address": 1},
        )

    def test_open_complaint_where_it_is_no_reason(self):
        shop = self.customers(1)
        campaign = self.started(shop, exclude_open_complaints=False)
        self.complain(partner_id=shop.id)
        self.assertEqual(self.remind(campaign).email_to, shop.email)

    def test_complaint_in_another_company(self):
        shop = self.customers(1)
        campaign = self.started(shop)
        complaint = self.complain(partner_id=shop.id)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.cr.execute(
            "UPDATE care_complaint SET company_id = %s WHERE id = %s",
            (other.id, complaint.id),
        )
        self.env.invalidate_all()
        self.assertTrue(self.remind(campaign))

    def test_reminder_follows_to_the_new_address(self):
        shops = self.customers(2)
        campaign = self.started(shops)
        shops[0].email = "new@example.com"
        shops[1].email = "new@example.com"
        self.assertEqual(self.remind(campaign).mapped("email_to"), ["new@example.com"])

    def test_anonymous_reminders(self):
        shops = self.customers(6)
        campaign = self.started(shops, anonymous=True)
        self.hinder(shops)
        self.assertEqual(self.remind(campaign).mapped("email_to"), [shops[5].email])

    def test_erased_person_is_not_replaced_by_the_customer(self):
        shop = self.customers(1)
        ann = self.env["res.partner"].create(
            {
                "name": "Ann",
                "parent_id": shop.id,
                "email": "ann@example.com",
                "care_decision_role": "decision_maker",
            }
        )
        campaign = self.started(shop)
        self.assertEqual(campaign.invitation_ids.contact_id, ann)
        campaign.invitation_ids._erase()
        self.assertFalse(self.remind(campaign))

    def test_an_address_counts_for_all_who_have_it(self):
        shops = self.customers(1)
        twin = self.customers(1, "Twin", email=shops.email)
        twin.care_survey_opt_out = True
        campaign = self.campaign(shops)
        campaign.action_sample()
        self.assertEqual(campaign.left_out, {"opted_out": 1})

    def test_survey_after_a_complaint(self):
        self.env["survey.survey"]._care_make_ready_surveys()
        shops = self.customers(4)
        shops[0].active = False
        self.env["mail.blacklist"].sudo()._add(shops[1].email)
        self.customers(1, "Twin", email=shops[2].email).care_survey_opt_out = True
        complaints = [self.complain(partner_id=shop.id) for shop in shops]
        for complaint in complaints:
            complaint.stage_id = self.stages["verify"]
        self.run_job()
        self.assertEqual(
            [bool(complaint.invitation_ids) for complaint in complaints],
            [False, False, False, True],
        )
        self.assertEqual(self.mails().mapped("email_to"), [shops[3].email])

    def test_calls(self):
        shops = self.customers(3, phone="+1 555-555-0100")
        campaign = self.started(shops, channel="phone")
        rows = {row.partner_id: row for row in campaign.invitation_ids}
        shops[0].care_survey_opt_out = True
        with self.assertError(UserError, "can no longer be asked"):
            rows[shops[0]].with_user(self.manager).action_call()
        self.complain(partner_id=shops[1].id)
        self.run_job()
        self.assertEqual(
            [(rows[shop].state, rows[shop].skip_reason) for shop in shops],
            [("skipped", "opted_out"), ("skipped", "complaint"), ("to_call", False)],
        )

    def test_few_queries_for_many_reminders(self):
        campaign = self.started(self.customers(60))
        campaign.invitation_ids.sent_at = fields.Datetime.now() - timedelta(days=8)
        Invitation = self.env["care.invitation"].sudo()
        batch = Invitation._take(self.env["care.campaign"]._domain_to_remind(), 60)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        Invitation._remind(batch)
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 50)
        self.assertEqual(len(self.mails()), 120)


@tagged("post_install", "-at_install")
class TestDelivery(AskingCase):
    def setUp(self):
        super().setUp()
        self.shops = self.customers(2)
        self.running = self.started(self.shops)

    def row(self, place):
        shop = self.shops[place]
        return self.running.invitation_ids.filtered(lambda row: row.partner_id == shop)

    def mail(self, place):
        email = self.shops[place].email
        return self.mails().filtered(lambda mail: mail.email_to == email)

    def fail(self, mails):
        """Send through a mail server that cannot be reached"""
        self.patch(IrMail_Server, "_disable_send", lambda *args: False)
        self.patch(IrMail_Server, "_connect__", self._no_server)
        mails.send()

    @staticmethod
    def _no_server(*args, **kwargs):
        raise OSError("no route to the mail server")

    def deliver(self, mails):
        server = type(self.env["ir.mail_server"])
        with (
            patch.object(IrMail_Server, "_disable_send", lambda *args: False),
            patch.object(IrMail_Server, "_connect__", lambda *args, **kwargs: None),
            patch.object(server, "send_email", lambda *args, **kwargs: "<sent@x>"),
        ):
            mails.send()

    def assertNotAsked(self, row, state="failed"):
        self.assertEqual((row.state, row.sent_at), (state, False))

    def test_outage_uses_up_nobody(self):
        self.fail(self.mail(0))
        self.assertNotAsked(self.row(0))
        self.assertEqual(self.row(1).state, "sent")
        self.assertEqual(self.running.sent_count, 1)
        self.assertEqual(self.running.undelivered_count, 1)
        self.fill(self.answer_of(self.running, self.shops[1]), 0)
        self.assertEqual(self.running.response_rate, 50, "who was not reached counts")
        other = self.campaign(self.shops)
        other.action_sample()
        self.assertEqual(other.invitation_ids.partner_id, self.shops[0])
        self.assertFalse(self.remind_failed(), "no reminder of what did not arrive")

    def remind_failed(self):
        before = self.mails()
        self.row(1).sent_at = fields.Datetime.now() - timedelta(days=8)
        self.run_job()
        return (self.mails() - before).filtered(
            lambda mail: mail.email_to == self.shops[0].email
        )

    def test_cancelled_and_deleted_in_the_queue(self):
        self.mail(0).cancel()
        self.mail(1).unlink()
        self.assertNotAsked(self.row(0))
        self.assertNotAsked(self.row(1))

    def test_follows_the_queue_back(self):
        mail = self.mail(0)
        self.fail(mail)
        mail.action_retry()
        self.assertEqual(self.row(0).state, "sent")
        self.assertTrue(self.row(0).sent_at)

    def test_delivered_and_deleted_by_itself(self):
        mail = self.mail(0)
        self.deliver(mail)
        self.assertFalse(mail.exists())
        self.assertEqual(self.row(0).state, "sent")
        self.assertTrue(self.row(0).sent_at)

    def test_bounce_is_not_asked(self):
        self.shops[0]._message_receive_bounce(self.shops[0].email, self.shops[0])
        self.assertNotAsked(self.row(0), "bounced")
        self.row(1).sent_at = fields.Datetime.now() - timedelta(days=30)
        self.shops[1]._message_receive_bounce(self.shops[1].email, self.shops[1])
        self.assertEqual(self.row(1).state, "sent", "a bounce of another mail")
        self.fill(self.answer_of(self.running, self.shops[0]), 0)
        self.assertTrue(self.row(0).sent_at, "it arrived after all")

    def test_reminder_that_fails(self):
        self.deliver(self.mails())
        reminders = self.remind(self.running)
        self.fail(reminders[0])
        row = self.env["care.invitation"].browse(reminders[0].res_id)
        self.assertEqual((row.state, row.reminded_at), ("sent", False))
        self.assertTrue(row.sent_at)
        self.assertEqual(row.skip_reason, "undelivered")
        self.run_job()
        self.assertEqual(self.mails(), reminders, "not over and over")
        reminders[0].action_retry()
        self.assertTrue(row.reminded_at)

    def test_send_again(self):
        self.fail(self.mail(0))
        old, token = self.mail(0), self.row(0).user_input_id.sudo().access_token
        with self.assertRaises(AccessError):
            self.row(0).with_user(self.rep).action_send_again()
        self.running.with_user(self.manager).action_send_again()
        with self.assertError(UserError, "None of these invitations is undelivered"):
            self.row(0).with_user(self.manager).action_send_again()
        self.assertFalse(old.exists(), "so that nobody retries it in the queue")
        self.assertEqual(self.row(0).state, "pending")
        self.run_job()
        self.run_job()
        self.assertEqual(len(self.mail(0)), 1)
        self.assertEqual(len(self.mail(1)), 1)
        self.assertEqual(self.row(0).state, "sent")
        self.assertIn(token, self.mail(0).body_html)
        answers = self.env["survey.user_input"].sudo()
        of_campaign = [("care_campaign_id", "=", self.running.id)]
        self.assertEqual(answers.search_count(of_campaign), 2)

    def test_send_again_asks_who_may_be_asked(self):
        self.fail(self.mails())
        self.shops[0].care_survey_opt_out = True
        self.running.with_user(self.manager).action_send_again()
        self.run_job()
        self.assertEqual(self.mails().email_to, self.shops[1].email)
        self.assertEqual(self.row(0).skip_reason, "opted_out")

    def test_send_again_after_closing(self):
        self.fail(self.mails())
        self.running.action_close()
        with self.assertError(UserError, "is closed"):
            self.row(0).with_user(self.manager).action_send_again()

    def test_send_again_after_a_complaint(self):
        self.env["survey.survey"]._care_make_ready_surveys()
        shop = self.customers(1, "Salon")
        complaint = self.complain(partner_id=shop.id)
        complaint.stage_id = self.stages["verify"]
        self.run_job()
        row = complaint.invitation_ids
        mail = self.mails().filtered(lambda mail: mail.res_id == row.id)
        self.fail(mail)
        self.assertNotAsked(row)
        row.with_user(self.manager).action_send_again()
        self.run_job()
        again = self.mails().filtered(lambda mail: mail.res_id == row.id)
        self.assertEqual(len(again), 1)
        self.assertIn("/care/outcome/", again.body_html)

    def test_opted_out_while_the_mail_waited(self):
        self.shops[0].care_survey_opt_out = True
        sent = []
        self.patch(
            type(self.env["mail.mail"]),
            "_postprocess_sent_message",
            lambda mails, **kwargs: sent.extend(mails.mapped("email_to")),
        )
        waiting = self.mail(0)
        self.deliver(self.mails())
        self.assertEqual(sent, [self.shops[1].email])
        self.assertEqual(waiting.state, "cancel")
        self.assertEqual(
            (self.row(0).state, self.row(0).skip_reason, self.row(0).sent_at),
            ("skipped", "opted_out", False),
        )

    def test_taken_once(self):
        """A batch that is sent is not taken again."""
        self.fail(self.mail(0))
        self.running.with_user(self.manager).action_send_again()
        Invitation = self.env["care.invitation"].sudo()
        domain = self.env["care.campaign"]._domain_to_send()
        batch = Invitation._take(domain, 10)
        self.assertEqual(batch, self.row(0))
        Invitation._send_new(batch)
        self.assertFalse(Invitation._take(domain, 10))
        self.assertEqual(len(self.mail(0)), 1)


@tagged("post_install", "-at_install")
class TestAskingWeb(HttpCase, AskingCase):
    def setUp(self):
        super().setUp()
        self.shop = self.customers(1, tier=self.A)

    def test_one_click(self):
        campaign = self.started(self.shop)
        sent = self.mails() | self.remind(campaign)
        self.assertEqual(len(sent), 2)
        for mail in sent:
            headers = ast.literal_eval(mail.headers)
            self.assertEqual(
                headers["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click"
            )
            link = re.fullmatch(r"<https?://[^/]+(/.+)>", headers["List-Unsubscribe"])
        self.url_open(link[1])
        self.assertFalse(self.shop.care_survey_opt_out, "a scanner looked at it")
        self.opener.cookies.clear()
        page = self.url_open(link[1], data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(page.status_code, 200)
        self.env.invalidate_all()
        self.assertTrue(self.shop.care_survey_opt_out)

    def test_answers_once(self):
        campaign = self.started(self.shop)
        answer = self.fill(self.answer_of(campaign, self.shop), 4)
        self.refuses_another(answer)

    def test_anonymous_once(self):
        shops = self.shop | self.customers(5, "Other")
        campaign = self.started(shops, anonymous=True)
        token = self.env["care.survey.token"]._find(
            campaign.invitation_ids[0]._survey_token()
        )
        answer = self.fill(token._hand_in("en_US"), 4)
        self.authenticate("care_rep", "care_rep")
        self.refuses_another(answer)

    def refuses_another(self, answer):
        survey = answer.survey_id
        path = f"{survey.access_token}/{answer.access_token}"
        page = self.url_open(f"/survey/{path}")
        self.assertNotIn("/survey/retry/", page.text)
        page = self.url_open(f"/survey/print/{path}?review=True")
        self.assertNotIn("/survey/retry/", page.text)
        self.url_open(f"/survey/retry/{path}")
        survey.access_mode = "public"
        self.opener.cookies.pop(f"survey_{survey.access_token}", None)
        self.url_open(f"/survey/start/{survey.access_token}")
        of_survey = [("survey_id", "=", survey.id), ("state", "!=", "new")]
        found = self.env["survey.user_input"].sudo().search(of_survey)
        self.assertEqual(found, answer)
        new = [("survey_id", "=", survey.id), ("care_company_id", "=", False)]
        self.assertFalse(self.env["survey.user_input"].sudo().search(new))

    def test_only_tests_make_answers_of_ours(self):
        self.env["survey.survey"]._care_make_ready_surveys()
        ready = self.env["survey.survey"].browse(
            self.env["survey.survey"]._care_ready_ids()
        )
        chosen = self.make_survey(title="Chosen")
        self.company.care_complaint_survey_id = chosen
        self.campaign(self.shop)
        for survey in ready | chosen | self.survey:
            with self.assertError(UserError, "are not counted"):
                survey.sudo()._create_answer(partner=self.shop)
            test = survey._create_answer(user=self.env.user, test_entry=True)
            self.assertTrue(test.test_entry)

    def test_other_surveys_as_before(self):
        survey = self.make_survey(title="Workshop", access_mode="public")
        answer = survey.sudo()._create_answer(email="guest@example.com")
        answer._mark_in_progress()
        answer._mark_done()
        path = f"{survey.access_token}/{answer.access_token}"
        self.assertIn("/survey/retry/", self.url_open(f"/survey/{path}").text)
        self.url_open(f"/survey/retry/{path}")
        found = self.env["survey.user_input"].sudo()
        self.assertEqual(found.search_count([("survey_id", "=", survey.id)]), 2)


@tagged("post_install", "-at_install")
class TestInvitationMigration(AskingCase):
    def test_undelivered_of_old(self):
        campaign = self.started(self.customers(3))
        rows = campaign.invitation_ids.sudo().sorted("id")
        mails = self.mails().sorted("id")
        self.env.flush_all()
        for state, mail in zip(("cancel", "exception", "outgoing"), mails, strict=True):
            self.env.cr.execute(
                "UPDATE mail_mail SET state = %s WHERE id = %s", (state, mail.id)
            )
        self.env.cr.execute(
            "UPDATE care_invitation SET mail_id = NULL WHERE id = ANY(%s)", (rows.ids,)
        )
        path = "customer_care/migrations/19.0.1.6.0/post-invitations.py"
        load_script(file_path(path), "care_post_invitations").migrate(
            self.env.cr, "19.0.1.5.0"
        )
        self.env.invalidate_all()
        self.assertEqual(rows.mapped("state"), ["failed", "failed", "sent"])
        self.assertEqual([bool(row.sent_at) for row in rows], [False, False, True])
        self.assertEqual(rows.mail_id, mails)
