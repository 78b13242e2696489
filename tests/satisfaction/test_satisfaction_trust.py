from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users
from odoo.tools import SQL

from ...hooks import uninstall_hook
from ..common_satisfaction import SatisfactionCase


@tagged("post_install", "-at_install")
class TestTrust(SatisfactionCase):
    """Nobody changes what a customer has said, with whatever rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.customers(1, tier=cls.A, user_id=cls.rep.id)

    def setUp(self):
        super().setUp()
        self.running = self.started(self.shop)
        self.answer = self.fill(
            self.answer_of(self.running, self.shop), 4, 4, 2, 3, "Late again"
        )
        self.before = self.stored()

    def stored(self):
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                "SELECT state, care_score, care_nps, care_ratio, line.id,"
                " value_text_box, value_scale, suggested_answer_id, care_value"
                " FROM survey_user_input answer JOIN survey_user_input_line line"
                " ON line.user_input_id = answer.id WHERE answer.id = %s ORDER BY 5",
                self.answer.id,
            )
        )

    def refuse(self, call):
        with self.assertRaises(UserError):
            call()
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.stored(), self.before)

    def everybody(self, record):
        """As a survey administrator, the manager of the app, and as superuser"""
        yield record.sudo()
        for user in (self.surveyor, self.manager, self.rep):
            yield record.with_user(user).sudo(False)

    def test_nobody_edits(self):
        option = self.overall.suggested_answer_ids[0]
        line = self.answer.user_input_line_ids[0]
        for answer in self.everybody(self.answer):
            for vals in (
                {"state": "new"},
                {"care_score": 100},
                {"care_campaign_id": False},
                {"care_company_id": False},
                {"care_aside_reason": "I say so"},
                {"partner_id": False},
                {"end_datetime": "2020-01-01 00:00:00"},
                {"user_input_line_ids": [(5, 0, 0)]},
                {"user_input_line_ids": [(2, line.id, 0)]},
                {"survey_id": self.make_survey().id},
            ):
                self.refuse(lambda answer=answer, vals=vals: answer.write(vals))
        for row in self.everybody(line):
            for vals in (
                {"suggested_answer_id": option.id},
                {"care_value": 100},
                {"skipped": True},
                {"user_input_id": self.answer.copy().id},
            ):
                self.refuse(lambda row=row, vals=vals: row.write(vals))

    def test_nobody_deletes(self):
        for records in (
            self.answer,
            self.answer.user_input_line_ids,
            self.survey,
            self.overall,
            self.words,
            self.overall.suggested_answer_ids[4],
            self.running,
        ):
            for record in self.everybody(records):
                self.refuse(record.unlink)

    def test_nobody_adds(self):
        line = {
            "user_input_id": self.answer.id,
            "question_id": self.words.id,
            "answer_type": "text_box",
            "value_text_box": "All is well",
        }
        for lines in self.everybody(self.env["survey.user_input.line"]):
            self.refuse(lambda lines=lines: lines.create(line))
        for inputs in self.everybody(self.env["survey.user_input"]):
            if not inputs.env.su:
                self.refuse(
                    lambda inputs=inputs: inputs.create(
                        {
                            "survey_id": self.survey.id,
                            "state": "done",
                            "care_company_id": self.company.id,
                            "care_campaign_id": self.running.id,
                        }
                    )
                )
        made = (
            self.env["survey.user_input"]
            .with_user(self.surveyor)
            .with_context(default_care_campaign_id=self.running.id)
            .create({"survey_id": self.survey.id})
        )
        self.assertFalse(made.care_campaign_id or made.care_company_id)
        copy = self.answer.copy()
        self.assertFalse(copy.care_company_id or copy.care_campaign_id)

    def test_questions_keep_their_meaning(self):
        option, *_others, chosen = self.overall.suggested_answer_ids
        for record, vals in (
            (self.overall, {"title": "Are you bad?"}),
            (self.overall, {"care_measure": False}),
            (self.expected, {"scale_max": 10}),
            (self.expected, {"care_measure": "perception"}),
            (option, {"value": "Awful"}),
            (option, {"care_value": 3}),
            (
                self.survey,
                {"question_and_page_ids": [(1, self.words.id, {"title": "Other"})]},
            ),
            (self.survey, {"question_and_page_ids": [(2, self.words.id, 0)]}),
            (self.overall, {"suggested_answer_ids": [(2, chosen.id, 0)]}),
        ):
            for one in self.everybody(record):
                self.refuse(lambda one=one, vals=vals: one.write(vals))
        self.overall.write({"title": self.overall.title, "constr_mandatory": True})
        self.survey.write({"title": "How are we doing?"})
        with self.assertError(UserError, "Close the campaign first"):
            self.survey.active = False
        self.running.action_close()
        self.survey.active = False

    def test_translations(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.overall.update_field_translations("title", {"zh_CN": "总体如何?"})
        self.refuse(
            lambda: self.overall.update_field_translations("title", {"zh_CN": "差吗?"})
        )
        self.refuse(
            lambda: self.overall.with_context(lang="zh_CN").write({"title": "差吗?"})
        )

    def test_other_surveys_are_free(self):
        survey = self.make_survey()
        answer = self.env["survey.user_input"].create({"survey_id": survey.id})
        question = survey.question_ids[4]
        answer._save_lines(question, "Words")
        answer._mark_done()
        question.title = "Other words"
        answer.user_input_line_ids.unlink()
        answer.unlink()
        survey.unlink()

    def test_not_before_it_is_sent_off_either(self):
        """Half-filled answers too are the customer's; only the survey's page, which
        runs as superuser, saves them."""
        other = self.customers(1, "Other")
        campaign = self.started(other)
        answer = self.answer_of(campaign, other)
        answer._mark_in_progress()
        answer._save_lines(self.words, "Half")
        line = answer.user_input_line_ids
        with self.assertRaises(AccessError):
            line.with_user(self.surveyor).sudo(False).write({"value_text_box": "Well"})
        with self.assertRaises(AccessError):
            answer.with_user(self.surveyor).sudo(False).write({"state": "done"})
        with self.assertRaises(UserError):
            self.survey.action_end_session()
        self.assertEqual(answer.state, "in_progress")

    def test_uninstalling_keeps_answers(self):
        uninstall_hook(self.env)
        self.assertEqual(self.stored(), self.before)
        self.assertTrue(self.survey.exists())

    def test_set_aside_with_a_reason(self):
        row = self.env["care.answer"].browse(self.answer.id)
        wizard = self.env["care.answer.aside"].with_user(self.manager)
        with self.assertRaises(AccessError):
            wizard.with_user(self.all).create(
                {"answer_ids": row.ids, "reason": "Bad for me"}
            )
        with self.assertError(UserError, "Enter a reason"):
            wizard.create({"answer_ids": row.ids, "reason": " "}).action_confirm()
        wizard.create(
            {"answer_ids": row.ids, "reason": "Filled in by a rival"}
        ).action_confirm()
        self.env.invalidate_all()
        self.assertTrue(row.aside)
        self.assertEqual(self.answer.care_aside_user_id, self.manager)
        self.assertEqual(self.running.results["answers"], 0)
        self.assertEqual(self.running.results["aside"], 1)
        self.assertFalse(self.shop.care_satisfaction_known)
        self.assertIn("Filled in by a rival", self.running.message_ids[0].body)
        self.assertEqual(self.stored(), self.before)
        with self.assertRaises(AccessError):
            row.with_user(self.all).action_count_again()
        row.with_user(self.manager).action_count_again()
        self.env.invalidate_all()
        self.assertEqual(self.running.results["answers"], 1)

    def test_erasing_keeps_the_values(self):
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.shop.id, "email": "ann@example.com"}
        )
        campaign = self.started(self.shop, quarantine_days=0)
        answer = self.fill(self.answer_of(campaign, self.shop), 0, 4, 4, 9)
        self.assertEqual(answer.partner_id, self.shop)
        ann = self.env["survey.user_input"].sudo().browse(answer.id)
        ann._care_write({"partner_id": contact.id, "email": contact.email})
        token = ann.access_token
        contact.unlink()
        self.env.invalidate_all()
        self.assertFalse(ann.partner_id or ann.email or ann.nickname)
        self.assertNotEqual(ann.access_token, token)
        self.assertEqual(ann.care_score, 100)
        self.assertEqual(ann.care_partner_id, self.shop)
        with self.assertRaises(AccessError):
            self.shop.with_user(self.rep).action_care_erase_answers()
        self.shop.with_user(self.manager).action_care_erase_answers()
        self.env.invalidate_all()
        self.assertFalse((ann | self.answer).care_partner_id)
        self.assertFalse(self.running.invitation_ids.partner_id)
        self.assertEqual(self.stored(), self.before)
        self.assertEqual(self.running.results["answers"], 1)

    def test_merged_customers_keep_their_answers(self):
        other = self.customers(1, "Other", user_id=self.rep.id)
        campaign = self.started(self.shop | other, quarantine_days=0)
        theirs = self.fill(self.answer_of(campaign, other), 0, nps=9)
        waiting = self.campaign(self.shop | other, quarantine_days=0)
        waiting.action_sample()
        self.assertEqual(waiting.invited_count, 2)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.shop | other).ids, self.shop
        )
        self.env.invalidate_all()
        self.assertEqual((theirs | self.answer).care_partner_id, self.shop)
        self.assertEqual(campaign.invitation_ids.partner_id, self.shop)
        self.assertEqual(len(campaign.invitation_ids), 2)
        self.assertEqual(waiting.invitation_ids.partner_id, self.shop)
        self.assertEqual(len(waiting.invitation_ids), 1)
        self.assertEqual(self.stored(), self.before)

    @users("care_rep")
    def test_rep_sees_own_customers(self):
        theirs = self.customers(1, "Theirs", user_id=self.all.id)
        campaign = self.started(theirs)
        self.fill(self.answer_of(campaign, theirs), 0)
        self.answer_of(self.running, self.shop)
        Answer = self.env["care.answer"]
        self.assertEqual(Answer.search([]).partner_id, self.shop)
        self.assertEqual(
            self.env["care.satisfaction.report"].search([]).partner_id, self.shop
        )
        self.assertEqual(self.env["care.invitation"].search([]).partner_id, self.shop)
        with self.assertRaises(AccessError):
            campaign.with_user(self.env.user).sudo(False).read(["results"])
        with self.assertRaises(AccessError):
            Answer.browse(self.answer_of(campaign, theirs).id).action_view_answer()
        with self.assertRaises(AccessError):
            self.env["care.campaign"].create({"name": "Mine"})
        for action in ("action_sample", "action_send", "action_close", "action_pause"):
            with self.assertRaises(AccessError):
                getattr(self.running.with_user(self.env.user).sudo(False), action)()

    def test_multi_company(self):
        stranger = self.make_user("stranger", "sales_team.group_sale_manager")
        stranger.write(
            {
                "company_ids": [(6, 0, self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        env = self.env(user=stranger, context={})
        for model in (
            "care.campaign",
            "care.invitation",
            "care.answer",
            "care.satisfaction.report",
            "care.follow.up",
        ):
            self.assertFalse(
                env[model].search([("company_id", "=", self.company.id)]), model
            )


@tagged("post_install", "-at_install")
class TestAnonymous(SatisfactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shops = cls.customers(6, "Top", cls.A, user_id=cls.rep.id)
        cls.shops |= cls.customers(2, "Low", cls.D, user_id=cls.rep.id)

    def tokens(self, campaign):
        """A token in for each invitation, as its holder hands it in"""
        for invitation in campaign.invitation_ids:
            yield self.env["care.survey.token"]._find(invitation._survey_token())

    def run_anonymous(self):
        campaign = self.started(self.shops, anonymous=True)
        answers = self.env["survey.user_input"]
        for token in self.tokens(campaign):
            answers |= self.fill(token._hand_in("en_US"), 4, 3, 3, 2, "Words")
        self.assertFalse(answers.care_campaign_id)
        self.publish()
        self.assertFalse(answers.exists())
        return campaign, self.published(campaign)

    def test_no_link_from_answer_to_person(self):
        campaign, answers = self.run_anonymous()
        self.assertEqual(len(answers), 8)
        self.assertFalse(campaign.invitation_ids.user_input_id)
        self.assertEqual(set(campaign.invitation_ids.mapped("state")), {"sent"})
        people = self.shops.ids
        self.env.flush_all()
        links = self.env.execute_query(
            SQL(
                """
                SELECT source.relname, target.relname, attribute.attname
                  FROM pg_constraint link
                  JOIN pg_class source ON source.oid = link.conrelid
                  JOIN pg_class target ON target.oid = link.confrelid
                  JOIN pg_attribute attribute ON attribute.attrelid = link.conrelid
                   AND attribute.attnum = link.conkey[1]
                 WHERE link.contype = 'f' AND source.relname IN (
                        'survey_user_input', 'survey_user_input_line')
                   AND target.relname IN (
                        'res_partner', 'res_users', 'care_invitation', 'care_region',
                        'care_survey_token')
                """
            )
        )
        self.assertTrue(links)
        for source, target, column in links:
            [values] = self.env.execute_query(
                SQL(
                    "SELECT array_agg(DISTINCT %s) FROM %s WHERE %s = ANY(%s)",
                    SQL.identifier(column),
                    SQL.identifier(source),
                    SQL.identifier(
                        "id" if source == "survey_user_input" else "user_input_id"
                    ),
                    answers.ids,
                )
            )
            found = set(values[0] or []) - {None}
            if target == "res_users":
                self.assertLessEqual(found, {self.env.uid, 1}, column)
            else:
                self.assertFalse(
                    found & set(people) or (target != "res_partner" and found)
                )
        for answer in answers:
            self.assertFalse(answer.email or answer.nickname or answer.invite_token)
        names = self.env["care.survey.token"]._fields
        self.assertFalse({"create_date", "write_date", "partner_id"} & set(names))

    def test_nothing_of_single_answers_is_shown(self):
        campaign, answers = self.run_anonymous()
        self.assertFalse(
            self.env["care.answer"].search([("campaign_id", "=", campaign.id)])
        )
        self.assertFalse(
            self.env["care.satisfaction.report"].search(
                [("campaign_id", "=", campaign.id)]
            )
        )
        self.assertFalse(
            self.env["care.follow.up"].search([])
            - (self.env["care.follow.up"].search([("campaign_id", "!=", campaign.id)]))
        )
        self.assertFalse(self.shops[0].care_satisfaction_known)
        results = campaign.results
        self.assertEqual(results["answers"], 8)
        self.assertEqual([group["name"] for group in results["groups"]], ["By tier"])
        shown = [row for row in results["groups"][0]["rows"] if row["name"]]
        self.assertFalse(
            [row for row in shown if row["id"] == self.D.id],
            "two of a tier are not kept apart",
        )
        self.assertFalse(answers.care_tier_id, "the rest of two could be worked out")

    def test_groups_below_five(self):
        campaign = self.started(self.shops, anonymous=True)
        for token in list(self.tokens(campaign))[:4]:
            self.fill(token._hand_in("en_US"), 0, 3, 3, 9, "Words")
        self.publish()
        results = campaign.results
        self.assertEqual(results["answers"], 0)
        self.assertEqual(results["score"]["count"], 0)
        self.assertEqual(results["comments"], [])
        self.assertEqual(results["dimensions"], [])
        self.assertEqual(results["groups"], [])

    def test_a_token_works_once(self):
        campaign = self.started(self.shops, anonymous=True)
        token = next(self.tokens(campaign))
        self.assertTrue(token._hand_in("en_US"))
        self.assertFalse(token._hand_in("en_US"))
        self.assertFalse(self.env["care.survey.token"]._find("guess"))
        campaign.action_close()
        self.assertFalse(list(self.tokens(campaign))[1]._hand_in("en_US"))

    def test_all_are_reminded_with_the_same_link(self):
        campaign = self.started(self.shops, anonymous=True, remind_days=1)
        self.fill(next(self.tokens(campaign))._hand_in("en_US"), 0)
        campaign.invitation_ids.sent_at = "2026-11-01 00:00:00"
        self.run_job()
        self.assertTrue(all(campaign.invitation_ids.mapped("reminded_at")))
        mails = self.env["mail.mail"].search([("model", "=", "care.invitation")])
        self.assertEqual(len(mails), 16)
        for invitation in campaign.invitation_ids:
            self.assertEqual(
                sum(invitation._survey_token() in mail.body_html for mail in mails), 2
            )

    def test_no_calls_and_no_names(self):
        campaign = self.started(self.shops, anonymous=True)
        with self.assertError(UserError, "cannot be called"):
            campaign.invitation_ids[0].action_call()
        campaign.action_close()
        self.words.write({"question_type": "char_box", "save_as_email": True})
        with self.assertError(UserError, "asks for a name"):
            self.campaign(self.shops, anonymous=True).action_sample()
