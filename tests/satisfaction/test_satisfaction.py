from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...tools import sampling
from ..common_satisfaction import SatisfactionCase

LOGGER = "odoo.addons.customer_care.models.core.care_job"


@tagged("post_install", "-at_install")
class TestSample(SatisfactionCase):
    def left(self, campaign):
        campaign.action_sample()
        return campaign.left_out

    def test_preview_says_who_and_why_not(self):
        shops = self.customers(6)
        shops[0].active = False
        shops[1].email = False
        shops[2].care_survey_opt_out = True
        self.complain(partner_id=shops[3].id)
        shops[4].email = "SHOP5@example.com"
        campaign = self.campaign(shops)
        campaign.action_sample()
        self.assertEqual(campaign.state, "sampled")
        self.assertEqual(
            campaign.left_out,
            {
                "archived": 1,
                "no_address": 1,
                "opted_out": 1,
                "complaint": 1,
                "duplicate": 1,
            },
        )
        self.assertEqual(campaign.audience_count, 6)
        self.assertEqual(campaign.invitation_ids.partner_id, shops[4])
        self.assertEqual(campaign.sent_count, 0)
        action = campaign.action_view_left_out("no_address")
        self.assertEqual(action["domain"], [("id", "in", shops[1].ids)])

    def test_open_complaints_may_be_asked(self):
        shops = self.customers(1)
        self.complain(partner_id=shops.id)
        campaign = self.campaign(shops, exclude_open_complaints=False)
        campaign.action_sample()
        self.assertEqual(campaign.invited_count, 1)

    def test_same_seed_same_sample(self):
        shops = self.customers(30)
        campaign = self.campaign(
            shops, sample_mode="count", sample_size=7, stratified=False
        )
        campaign.action_sample()
        expected = sampling.order("autumn", shops.ids)[:7]
        self.assertEqual(set(campaign.invitation_ids.partner_id.ids), set(expected))
        campaign.action_sample()
        self.assertEqual(set(campaign.invitation_ids.partner_id.ids), set(expected))
        campaign.action_draft()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            campaign.seed = "winter"
        with self.assertRaises(UserError), self.env.cr.savepoint():
            campaign.with_user(self.manager).seed_fixed = False
        self.assertEqual(campaign.seed, "autumn")
        other = campaign.copy({"seed": "winter"})
        self.assertFalse(other.seed_fixed)
        other.action_sample()
        self.assertNotEqual(set(other.invitation_ids.partner_id.ids), set(expected))

    def test_stratified_mirrors_the_tiers(self):
        shops = self.customers(10, "Top", self.A)
        shops |= self.customers(30, "Low", self.D)
        campaign = self.campaign(
            shops, sample_mode="percent", sample_size=20, stratum_minimum=0
        )
        for least, expected in (
            (0, {self.A: 2, self.D: 6}),
            (3, {self.A: 3, self.D: 5}),
        ):
            campaign.stratum_minimum = least
            campaign.action_sample()
            drawn = campaign.invitation_ids.grouped("tier_id")
            self.assertEqual(
                {tier: len(rows) for tier, rows in drawn.items()}, expected
            )
            self.assertEqual(campaign.strata, {str(self.A.id): 10, str(self.D.id): 30})

    def test_how_many_answers_are_needed(self):
        """Of 40 customers, for ± 5 points with a spread of 25: 29 answers, more than
        are likely at the response rate that is assumed; for ± 10 of the NPS more."""
        campaign = self.campaign(self.customers(40))
        self.assertFalse(campaign.sample_help)
        campaign.action_sample()
        found = campaign.sample_help
        self.assertTrue(found["assumed"])
        score, nps = found["rows"]
        self.assertEqual((score["margin"], score["answers"]), (5, 29))
        self.assertEqual((score["ask"], score["enough"]), (40, False))
        self.assertEqual((nps["margin"], nps["answers"]), (10, 35))

    def test_more_wanted_than_there_are(self):
        shops = self.customers(3)
        campaign = self.campaign(shops, sample_mode="count", sample_size=500)
        campaign.action_sample()
        self.assertEqual(campaign.invited_count, 3)

    def test_audience(self):
        mine = self.customers(2, "Mine", self.A, user_id=self.rep.id)
        north = self.env["care.region"].create({"name": "North"})
        part = self.env["care.region"].create({"name": "Part", "parent_id": north.id})
        others = self.customers(2, "Other", self.B)
        others[0].care_region_id = part
        everybody = mine | others
        for values, expected in (
            ({"tier_ids": self.A.ids}, mine),
            ({"manager_ids": self.rep.ids}, mine),
            ({"region_ids": north.ids}, others[0]),
        ):
            campaign = self.campaign(everybody, **values)
            campaign.action_sample()
            self.assertEqual(campaign.invitation_ids.partner_id, expected, values)

    def test_who_decides_is_asked(self):
        shop = self.customers(1)
        contacts = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "parent_id": shop.id,
                    "email": f"{name}@example.com",
                    "care_decision_role": role,
                }
                for name, role in (("buyer", "buyer"), ("chief", "decision_maker"))
            ]
        )
        campaign = self.campaign(shop)
        campaign.action_sample()
        self.assertEqual(campaign.invitation_ids.contact_id, contacts[1])
        contacts[1].care_survey_opt_out = True
        campaign.action_sample()
        self.assertEqual(campaign.invitation_ids.contact_id, contacts[0])
        self.env["mail.blacklist"].sudo()._add("buyer@example.com")
        campaign.action_sample()
        self.assertEqual(campaign.invitation_ids.contact_id, shop)

    def test_quarantine_of_customer_and_person(self):
        shops = self.customers(2)
        self.started(shops[0])
        twin = self.customers(1, "Twin")
        twin.email = shops[0].email
        campaign = self.campaign(shops | twin)
        self.assertEqual(self.left(campaign), {"quarantine": 2})
        self.env["care.invitation"].search([]).sent_at = fields.Datetime.now() - (
            timedelta(days=91)
        )
        self.assertEqual(self.left(campaign), {"duplicate": 1})

    def test_no_email_is_called(self):
        shops = self.customers(2)
        shops[0].write({"email": False, "phone": "+1 555-555-0100"})
        campaign = self.campaign(shops, phone_without_email=True)
        campaign.action_sample()
        self.assertEqual(campaign.invitation_ids.mapped("channel"), ["phone", "email"])
        campaign.action_send()
        self.run_job()
        self.assertEqual(
            campaign.invitation_ids.sorted("id").mapped("state"), ["to_call", "sent"]
        )

    def test_nobody_to_ask(self):
        shops = self.customers(1, email=False)
        campaign = self.campaign(shops)
        campaign.action_sample()
        with self.assertError(UserError, "No customer can be invited"):
            campaign.action_send()

    def test_survey_without_measures(self):
        survey = self.env["survey.survey"].create(
            {
                "title": "Void",
                "question_and_page_ids": [
                    (0, 0, {"title": "Words", "question_type": "text_box"})
                ],
            }
        )
        campaign = self.campaign(self.customers(1), survey_id=survey.id)
        with self.assertError(UserError, "measures anything"):
            campaign.action_sample()

    def test_bad_input(self):
        for values, message in (
            ({"sample_mode": "count", "sample_size": 0}, "number of customers to ask"),
            (
                {"sample_mode": "count", "sample_size": 1.5},
                "number of customers to ask",
            ),
            ({"sample_mode": "percent", "sample_size": 101}, "at most 100"),
            ({"quarantine_days": -1}, "negative"),
            ({"anonymous": True, "channel": "phone"}, "by e-mail"),
            ({"domain": "[('nothing', '=', 1)]"}, "are not valid"),
            ({"domain": "import os"}, "are not valid"),
        ):
            with self.assertError(ValidationError, message):
                self.campaign(**values)

    def test_started_campaign_keeps_its_promise(self):
        campaign = self.started(self.customers(1))
        with self.assertError(UserError, "has started"):
            campaign.anonymous = True
        with self.assertError(UserError, "has started"):
            campaign.tier_ids = self.A
        campaign.tier_ids = campaign.tier_ids
        with self.assertError(UserError, "cannot be"):
            campaign.unlink()
        with self.assertError(UserError, "started"):
            campaign.action_sample()
        with self.assertError(UserError, "buttons"):
            campaign.with_user(self.manager).state = "draft"


@tagged("post_install", "-at_install")
class TestSend(SatisfactionCase):
    def mails(self):
        return self.env["mail.mail"].search([("model", "=", "care.invitation")])

    def test_each_gets_one_mail_with_an_own_link(self):
        shops = self.customers(3)
        campaign = self.started(shops)
        mails = self.mails()
        self.assertEqual(set(mails.mapped("email_to")), set(shops.mapped("email")))
        answers = campaign.invitation_ids.user_input_id.sudo()
        self.assertEqual(len(answers), 3)
        for invitation, mail in zip(
            campaign.invitation_ids.sorted("id"), mails.sorted("id"), strict=True
        ):
            self.assertIn(invitation.user_input_id.sudo().access_token, mail.body_html)
        self.run_job()
        self.assertEqual(self.mails(), mails, "never twice")
        self.assertEqual(campaign.sent_count, 3)
        self.assertEqual(campaign.progress, 100)

    def test_a_kill_sends_nothing_twice(self):
        """What a batch has not finished is as if it had not begun."""
        shops = self.customers(4)
        campaign = self.campaign(shops)
        campaign.action_send()
        Invitation = self.env["care.invitation"]
        domain = self.env["care.campaign"]._domain_to_send()
        Invitation._send_new(Invitation._take(domain, 2))
        self.assertEqual(len(self.mails()), 2)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            Invitation._send_new(Invitation._take(domain, 2))
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEqual(len(self.mails()), 2)
        self.run_job()
        self.assertEqual(len(self.mails()), 4)
        self.assertEqual(
            sorted(self.mails().mapped("email_to")), sorted(shops.mapped("email"))
        )

    def test_one_invitation_does_not_stop_the_others(self):
        """Nor does a campaign that cannot be closed, or the list of calls"""
        over = self.started(self.customers(1, prefix="Over"))
        over.date_close = "2026-11-01"
        campaign = self.campaign(self.customers(4))
        campaign.action_sample()
        campaign.action_send()
        bad = campaign.invitation_ids.sorted("id")[1]
        Invitation = self.env.registry["care.invitation"]
        send = Invitation._send_new

        def fail(rows, batch):
            send(rows, batch)
            if bad in batch:
                raise ValueError("broken")

        def broken(_records):
            raise ValueError("broken too")

        with (
            patch.object(Invitation, "_send_new", fail),
            patch.object(Invitation, "_leave_out_calls", broken),
            patch.object(self.env.registry["care.campaign"], "_close", broken),
            self.assertLogs(LOGGER, "WARNING") as log,
        ):
            self.run_job()
        self.assertIn(str(over), log.output[0])
        self.assertIn(str(bad), log.output[-1])
        self.assertEqual(len(log.records), 3)
        self.assertEqual(bad.state, "pending")
        self.assertEqual(set((campaign.invitation_ids - bad).mapped("state")), {"sent"})
        self.run_job()
        self.assertEqual(bad.state, "sent")
        self.assertEqual(over.state, "closed")

    def test_pause_and_resume(self):
        campaign = self.campaign(self.customers(2))
        campaign.action_send()
        campaign.action_pause()
        self.run_job()
        self.assertFalse(self.mails())
        campaign.action_resume()
        self.run_job()
        self.assertEqual(len(self.mails()), 2)

    def test_what_changed_since_the_sample(self):
        shops = self.customers(5)
        campaign = self.campaign(shops)
        campaign.action_send()
        shops[0].active = False
        shops[1].care_survey_opt_out = True
        self.complain(partner_id=shops[2].id)
        shops[3].email = "new@example.com"
        self.run_job()
        rows = {row.partner_id: row for row in campaign.invitation_ids}
        self.assertEqual(
            [rows[shop].skip_reason for shop in shops],
            ["archived", "opted_out", "complaint", False, False],
        )
        self.assertEqual(
            set(self.mails().mapped("email_to")), {"new@example.com", shops[4].email}
        )

    def test_reminded_once(self):
        shops = self.customers(2)
        campaign = self.started(shops, remind_days=7)
        self.fill(self.answer_of(campaign, shops[0]), 0)
        sent = self.mails()
        self.run_job()
        self.assertEqual(self.mails(), sent, "too early")
        campaign.invitation_ids.sent_at = fields.Datetime.now() - timedelta(days=7)
        self.run_job()
        reminder = self.mails() - sent
        self.assertEqual(reminder.email_to, shops[1].email)
        self.run_job()
        self.assertEqual(self.mails(), sent | reminder)

    def test_closes_after_the_last_day(self):
        shops = self.customers(1)
        campaign = self.started(shops, date_close="2026-11-10")
        answer = self.answer_of(campaign, shops)
        self.assertGreater(answer.deadline, fields.Datetime.now())
        self.run_job()
        self.assertEqual(campaign.state, "running")
        campaign.date_close = "2026-11-09"
        self.assertLess(answer.deadline, fields.Datetime.now())
        self.run_job()
        self.assertEqual(campaign.state, "closed")

    def test_cannot_start_in_the_past(self):
        campaign = self.campaign(self.customers(1), date_close="2026-11-09")
        with self.assertError(UserError, "in the past"):
            campaign.action_send()

    def test_bounce(self):
        shops = self.customers(1)
        campaign = self.started(shops)
        shops._message_receive_bounce(shops.email, shops)
        self.assertEqual(campaign.invitation_ids.state, "bounced")
        self.assertEqual(campaign.problem_count, 1)
        self.fill(self.answer_of(campaign, shops), 0)
        self.assertEqual(campaign.invitation_ids.state, "answered")

    def test_failure(self):
        shops = self.customers(1)
        campaign = self.started(shops)
        self.mails()._postprocess_sent_message([], [], "No such user", "mail_smtp")
        self.assertEqual(campaign.invitation_ids.state, "failed")

    def test_few_queries_for_many(self):
        shops = self.customers(100)
        campaign = self.campaign(shops)
        campaign.action_send()
        Invitation = self.env["care.invitation"].sudo()
        batch = Invitation._take(self.env["care.campaign"]._domain_to_send(), 100)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        Invitation._send_new(batch)
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 60)


@tagged("post_install", "-at_install")
class TestScores(SatisfactionCase):
    def test_one_answer(self):
        shop = self.customers(1, tier=self.A, user_id=self.rep.id)
        campaign = self.started(shop)
        answer = self.fill(
            self.answer_of(campaign, shop),
            1,
            expected=5,
            perceived=4,
            nps=9,
            words="More colours",
        )
        self.assertEqual(answer.care_score, 75)
        self.assertEqual(answer.care_ratio, 0.8)
        self.assertEqual(answer.care_nps, "100")
        self.assertEqual(answer.care_tier_id, self.A)
        self.assertEqual(answer.care_user_id, self.rep)
        row = self.env["care.answer"].browse(answer.id)
        self.assertEqual((row.score, row.level, row.nps), (75, "high", 100))
        self.assertEqual(row.comment, "More colours")
        self.assertEqual(campaign.invitation_ids.state, "answered")

    def test_skipped_and_zero(self):
        shops = self.customers(3)
        campaign = self.started(shops)
        nothing = self.fill(self.answer_of(campaign, shops[0]))
        self.assertFalse(nothing.care_scored or nothing.care_rated or nothing.care_nps)
        zero = self.fill(self.answer_of(campaign, shops[1]), 4, 1, 3, 0)
        self.assertTrue(zero.care_scored and zero.care_rated)
        self.assertEqual((zero.care_score, zero.care_ratio), (0, 3))
        self.assertEqual(zero.care_nps, "-100")
        modest = self.fill(self.answer_of(campaign, shops[2]), 2, 1, 1)
        self.assertEqual(modest.care_ratio, 1)
        rows = self.env["care.answer"].search([("campaign_id", "=", campaign.id)])
        groups = rows._read_group(
            [("id", "in", rows.ids)], [], ["score:avg", "ratio:avg"]
        )
        self.assertEqual(groups, [(25, 2)], "what was not answered does not count")

    def test_options_count_as_set(self):
        options = self.overall.suggested_answer_ids
        for option, value in zip(options, (90, 80, 10, 5, 0), strict=True):
            option.care_value = value
        shop = self.customers(1)
        campaign = self.started(shop)
        answer = self.fill(self.answer_of(campaign, shop), 1)
        self.assertEqual(answer.care_score, 80)

    def test_matrix(self):
        survey = self.env["survey.survey"].create(
            {
                "title": "Matrix",
                "access_mode": "token",
                "questions_layout": "one_page",
                "question_and_page_ids": [
                    (
                        0,
                        0,
                        {
                            "title": "Perceived",
                            "question_type": "matrix",
                            "care_measure": "perception",
                            "suggested_answer_ids": [
                                (0, 0, {"value": word}) for word in ("Good", "Bad")
                            ],
                            "matrix_row_ids": [
                                (0, 0, {"value": row, "care_dimension": row})
                                for row in ("price", "product")
                            ],
                        },
                    )
                ],
            }
        )
        shop = self.customers(1)
        campaign = self.started(shop, survey_id=survey.id)
        answer = self.answer_of(campaign, shop)
        question = survey.question_ids
        good, bad = question.suggested_answer_ids
        price, product = question.matrix_row_ids
        answer._save_lines(
            question, {str(price.id): [str(good.id)], str(product.id): [str(bad.id)]}
        )
        answer._mark_done()
        self.assertEqual(answer.care_score, 50)
        report = self.env["care.satisfaction.report"].search(
            [("campaign_id", "=", campaign.id)]
        )
        self.assertEqual(
            {row.dimension: row.score for row in report}, {"price": 100, "product": 0}
        )

    def test_measures_that_make_no_sense(self):
        for values in (
            {"question_type": "text_box", "care_measure": "satisfaction"},
            {"question_type": "scale", "scale_max": 5, "care_measure": "nps"},
            {"question_type": "multiple_choice", "care_measure": "perception"},
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.env["survey.question"].create(
                    {"title": "Q", "survey_id": self.survey.id, **values}
                )

    def test_results(self):
        tops = self.customers(3, "Top", self.A, user_id=self.rep.id)
        lows = self.customers(2, "Low", self.D, user_id=self.all.id)
        campaign = self.started(tops | lows)
        for shop, mark, nps in zip(
            tops | lows, (0, 0, 1, 3, 4), (10, 9, 8, 3, 6), strict=True
        ):
            self.fill(self.answer_of(campaign, shop), mark, 4, 5 - mark, nps, "Hm")
        results = campaign.with_user(self.manager).results
        self.assertEqual((results["answers"], results["response_rate"]), (5, 100))
        score = results["score"]
        self.assertAlmostEqual(score["value"], (100 + 100 + 75 + 25 + 0) / 5)
        self.assertEqual((score["low"], score["high"]), (60, 60), "all have answered")
        self.assertTrue(score["few"])
        self.assertEqual(results["nps"]["value"], (2 - 2) * 100 / 5)
        self.assertEqual(
            [level["count"] for level in results["levels"]], [2, 1, 0, 1, 1]
        )
        by_tier, by_manager = results["groups"]
        self.assertEqual(
            {row["id"]: row["answers"] for row in by_tier["rows"]},
            {self.A.id: 3, self.D.id: 2},
        )
        self.assertEqual(
            {row["name"]: row["answers"] for row in by_manager["rows"]},
            {self.rep.name: 3, self.all.name: 2},
        )
        self.assertNotIn("by_level", results)
        [service] = results["dimensions"]
        self.assertEqual((service["key"], service["count"]), ("service", 5))
        self.assertEqual(service["importance"], 75)
        self.assertEqual(len(results["comments"]), 5)

    def test_results_take_few_queries(self):
        shops = self.customers(4, tier=self.A)
        campaign = self.started(shops)
        for shop in shops:
            self.fill(self.answer_of(campaign, shop), 0, 4, 4, 9)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(19):
            campaign._results()

    def test_nobody_answered(self):
        campaign = self.started(self.customers(1))
        results = campaign.results
        self.assertEqual(results["answers"], 0)
        self.assertIsNone(results["score"]["value"])

    def test_customer_shows_the_latest_and_the_trend(self):
        shop = self.customers(1, tier=self.A)
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": shop.id})
        self.assertFalse(shop.care_satisfaction_known)
        for mark, day in ((3, "2026-08-01"), (1, "2026-11-01")):
            campaign = self.started(shop, quarantine_days=0)
            answer = self.fill(self.answer_of(campaign, shop), mark, 4, 4, 9)
            answer._care_write({"end_datetime": f"{day} 12:00:00"})
        self.env.invalidate_all()
        for partner in shop | contact:
            self.assertEqual(partner.care_satisfaction, 75)
            self.assertEqual(partner.care_satisfaction_trend, "up")
            self.assertEqual(partner.care_nps, "100")
            self.assertEqual(str(partner.care_last_survey_date), "2026-11-01")
        Partner = self.env["res.partner"]
        ids = [("id", "in", (shop | contact | self.salon).ids)]
        self.assertEqual(
            Partner.search([*ids, ("care_satisfaction", ">", 50)]), shop | contact
        )
        self.assertFalse(Partner.search([*ids, ("care_satisfaction", "<", 50)]))
        self.assertEqual(
            Partner.search([*ids, ("care_satisfaction_known", "=", False)]), self.salon
        )
        lead = self.env["crm.lead"].create({"name": "Deal", "partner_id": contact.id})
        self.assertEqual(lead.care_satisfaction, 75)

    def test_leads_ask_once_for_all_customers(self):
        shops = self.customers(8, user_id=self.rep.id)
        leads = self.env["crm.lead"].create(
            [{"name": "Deal", "partner_id": shop.id} for shop in shops]
        )
        leads.user_id = self.rep
        self.env.flush_all()
        for field in ("care_satisfaction_known", "care_complaint_count"):
            counts = []
            for some in (leads[2:4], leads[:2], leads):
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                some.with_user(self.rep).mapped(field)
                counts.append(self.cr.sql_log_count - before)
            with self.subTest(field=field):
                self.assertEqual(*counts[1:], "the first reads rules and rights")

    def test_other_company_sees_nothing(self):
        shop = self.customers(1)
        campaign = self.started(shop)
        self.fill(self.answer_of(campaign, shop), 0)
        other = shop.with_context(allowed_company_ids=self.other_company.ids)
        self.assertFalse(other.care_satisfaction_known)


@tagged("post_install", "-at_install")
class TestFollowUp(SatisfactionCase):
    def answered(self, mark, nps=None, **company):
        self.company.write(company)
        shop = self.customers(1, tier=self.A, user_id=self.rep.id)
        campaign = self.started(shop, quarantine_days=0)
        self.fill(self.answer_of(campaign, shop), mark, nps=nps, words="Slow")
        return self.env["care.follow.up"].search([("partner_id", "=", shop.id)])

    def test_low_score_calls_the_account_manager(self):
        follow_up = self.answered(3)
        self.assertEqual((follow_up.kind, follow_up.user_id), ("low", self.rep))
        self.assertEqual(follow_up.comment, "Slow")
        activity = follow_up.activity_ids
        self.assertEqual(activity.user_id, self.rep)
        activity.with_user(self.rep).action_feedback("Called, samples sent")
        self.assertEqual(follow_up.state, "done")
        self.assertEqual(follow_up.result, "Called, samples sent")
        self.assertEqual(
            self.env["care.answer"].browse(follow_up.user_input_id.id).follow_up_id,
            follow_up,
        )

    def test_complaint_instead(self):
        follow_up = self.answered(4, care_low_action="complaint")
        complaint = follow_up.complaint_id
        self.assertEqual(complaint.partner_id, follow_up.partner_id)
        self.assertEqual(complaint.company_id, self.company)
        complaint.action_close()
        self.assertEqual(follow_up.state, "done")

    def test_nothing(self):
        self.assertFalse(self.answered(4, care_low_action="none"))

    def test_middle(self):
        self.assertFalse(self.answered(1))
        self.assertFalse(self.answered(2, nps=6))

    def test_a_neutral_word_hides_nothing(self):
        """Satisfaction "so so", but 0 out of 10, or the lowest marks"""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rep.lang = "zh_CN"
        follow_up = self.answered(2, nps=0)
        self.assertEqual((follow_up.kind, follow_up.cause), ("low", "recommend"))
        self.assertEqual((follow_up.score, follow_up.cause_value), (50, 0))
        activity = follow_up.activity_ids
        self.assertEqual(activity.user_id, self.rep)
        expected = follow_up.with_context(lang="zh_CN")._low_summary("Shop 0")
        self.assertEqual(activity.summary, expected)
        shop = self.customers(1, "Other", self.A, user_id=self.rep.id)
        campaign = self.started(shop, quarantine_days=0)
        self.fill(self.answer_of(campaign, shop), 2, 5, 1, 8)
        other = self.env["care.follow.up"].search([("partner_id", "=", shop.id)])
        self.assertEqual((other.cause, other.cause_value), ("perceived", 0))

    def test_effect_is_measured(self):
        """The next answer after the follow-up tells what it has changed."""
        follow_up = self.answered(3)
        shop = follow_up.partner_id

        def again(mark):
            campaign = self.started(shop, quarantine_days=0)
            self.fill(self.answer_of(campaign, shop), mark)

        again(1)
        self.assertFalse(follow_up.later_at, "not followed up yet")
        follow_up.action_done()
        self.assertEqual(follow_up.state, "done")
        again(1)
        self.assertEqual((follow_up.later_score, follow_up.score_change), (75, 50))
        again(4)
        self.assertEqual(follow_up.score_change, 50, "the next one counts")

    def test_happy_is_asked_for_a_referral(self):
        follow_up = self.answered(0, nps=10)
        self.assertEqual(follow_up.kind, "happy")
        self.assertTrue(follow_up.activity_ids)
        follow_up.with_user(self.rep).action_done()
        self.assertEqual(follow_up.state, "done")
        self.assertFalse(follow_up.activity_ids)

    def test_others_do_not_tick_it_off(self):
        follow_up = self.answered(4)
        stranger = self.make_user("stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            follow_up.with_user(stranger).action_done()
