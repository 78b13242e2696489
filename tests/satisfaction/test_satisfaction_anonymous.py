from collections import Counter

from odoo.exceptions import AccessError
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.misc import file_path

from ..common_satisfaction import SatisfactionCase


@tagged("post_install", "-at_install")
class TestAnonymousAttack(SatisfactionCase):
    """What an administrator of Odoo finds in the whole database, by SQL too, once
    answers have been published; and what users find through RPC before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shops = cls.customers(14, "Top", cls.A, user_id=cls.rep.id)
        cls.admin = cls.make_surveying_admin()

    def setUp(self):
        super().setUp()
        self.running = self.started(self.shops, anonymous=True)
        self.secrets = [
            invitation._survey_token() for invitation in self.running.invitation_ids
        ]

    def hand_in(self, places, mark=0):
        """The customers at these places answer one after the other; as in separate
        requests, each has a transaction of its own."""
        drafts = self.env["survey.user_input"]
        for place in places:
            with self.cr.savepoint():
                token = self.env["care.survey.token"]._find(self.secrets[place])
                draft = token._hand_in("en_US")
                self.fill(draft, mark, words=f"Words of {place:02}")
                self.env.flush_all()
            drafts |= draft
        return drafts

    def rows(self, query, *args):
        self.env.flush_all()
        return self.env.execute_query(SQL(query, *args))

    def test_rows_tell_neither_moment_nor_order(self):
        self.hand_in(range(12))
        self.publish()
        answers = self.published(self.running)
        self.assertEqual(len(answers), 12)
        words = [answer._care_comment() for answer in answers]
        self.assertEqual(len(set(words)), 12)
        self.assertNotEqual(words, sorted(words), "not in the order of arrival")
        for table, column in (
            ("survey_user_input", "id"),
            ("survey_user_input_line", "user_input_id"),
        ):
            found = self.rows(
                "SELECT DISTINCT create_date, write_date, create_uid, write_uid"
                " FROM %s WHERE %s = ANY(%s)",
                SQL.identifier(table),
                SQL.identifier(column),
                answers.ids,
            )
            self.assertEqual(len(found), 1, table)
            [(created, written, *users)] = found
            self.assertEqual(created, written)
            self.assertEqual(created, created.replace(hour=0, minute=0, second=0))
            self.assertEqual(users, [1, 1])
        self.assertFalse(any(answers.mapped("start_datetime")))
        self.assertEqual(set(answers.mapped("end_datetime")), {created})
        self.assertFalse(answers.lang_id or answers.partner_id)
        self.assertFalse(any(answers.mapped("email")))

    def test_no_transaction_in_common(self):
        """Not even while an answer waits does another row bear its transaction."""
        [draft] = self.hand_in([3])
        [(written,)] = self.rows(
            "SELECT xmin::text FROM survey_user_input WHERE id = %s", draft.id
        )
        lines = {
            row
            for (row,) in self.rows(
                "SELECT xmin::text FROM survey_user_input_line"
                " WHERE user_input_id = %s",
                draft.id,
            )
        }
        for table in ("care_survey_token", "care_invitation", "mail_message"):
            others = {
                row
                for (row,) in self.rows(
                    "SELECT DISTINCT xmin::text FROM %s", SQL.identifier(table)
                )
            }
            self.assertFalse(others & (lines | {written}), table)
        self.hand_in(range(4, 8))
        self.publish()
        found = self.rows(
            "SELECT DISTINCT xmin::text FROM survey_user_input"
            " WHERE care_campaign_id = %s",
            self.running.id,
        )
        self.assertEqual(len(found), 1, "all of a step in one transaction")

    def test_used_tokens_are_gone(self):
        drafts = self.hand_in(range(6))
        tokens = self.env["care.survey.token"].sudo()
        domain = [("campaign_id", "=", self.running.id)]
        self.assertEqual(tokens.search_count(domain), 8)
        self.assertNotIn("used", tokens._fields)
        links = set(drafts.mapped("access_token"))
        self.publish()
        self.assertFalse(
            links & set(self.published(self.running).mapped("access_token"))
        )
        self.running.action_close()
        self.publish()
        self.assertFalse(
            tokens.search_count(domain), "who has not answered is not kept either"
        )

    def test_messages_tell_nothing(self):
        self.survey.message_subscribe(
            self.surveyor.partner_id.ids,
            self.env.ref("survey.mt_survey_survey_user_input_completed").ids,
        )
        before = self.env["mail.message"].sudo().search([], order="id desc", limit=1)
        self.hand_in(range(6))
        posted = [("id", ">", before.id), ("model", "=", "survey.user_input")]
        self.assertFalse(
            self.env["mail.message"].sudo().search([*posted, ("body", "like", "just")])
        )
        self.publish()
        self.assertFalse(self.env["mail.message"].sudo().search(posted))

    def test_figures_move_in_steps(self):
        self.hand_in(range(4))
        self.publish()
        self.assertEqual(self.running.results["answers"], 0)
        self.assertEqual(self.running.answered_count, 0)
        self.hand_in([4])
        self.publish()
        before = self.running.results
        self.assertEqual(before["answers"], 5)
        self.hand_in(range(5, 9), mark=4)
        self.publish()
        self.assertEqual(self.running.results, before, "one more tells nothing")
        self.hand_in([9], mark=4)
        self.publish()
        after = self.running.results
        self.assertEqual(after["answers"], 10)
        self.assertEqual(after["score"]["value"], 50)

    def test_the_last_few_are_not_told(self):
        self.hand_in(range(5))
        self.publish()
        before = self.running.results
        drafts = self.hand_in(range(5, 8), mark=4)
        self.running.action_close()
        self.publish()
        self.assertFalse(drafts.exists())
        self.assertEqual(self.running.results["score"], before["score"])
        self.assertIn("3 answers were deleted", self.running.message_ids[0].body)

    def test_tiers_move_in_steps(self):
        other = self.customers(6, "Low", self.D)
        campaign = self.started(self.shops | other, anonymous=True, quarantine_days=0)
        self.running = campaign
        rows = campaign.invitation_ids
        ours = {
            tier: [
                row._survey_token()
                for row in rows.filtered(lambda r, t=tier: r.tier_id == t)
            ]
            for tier in (self.A, self.D)
        }
        self.secrets = ours[self.A] + ours[self.D]
        first = len(ours[self.A])
        self.hand_in([*range(6), *range(first, first + 5)])
        self.publish()
        self.assertEqual(self.published(campaign).care_tier_id, self.A | self.D)
        self.hand_in([*range(6, 12), first + 5])
        self.publish()
        found = Counter(answer.care_tier_id for answer in self.published(campaign))
        self.assertEqual(found[self.D], 5, "one more of the tier would be told")
        self.assertEqual(found.total(), 18)

    def test_survey_app_shows_none(self):
        self.check_hidden(self.hand_in(range(7)))
        self.publish()
        self.check_hidden(self.published(self.running))

    def check_hidden(self, answers):
        self.assertEqual(len(answers), 7)
        for user in (self.rep, self.surveyor, self.manager, self.admin):
            mine = answers.with_user(user).sudo(False)
            for call in (
                lambda mine=mine: mine.read(["care_score"]),
                lambda mine=mine: mine.user_input_line_ids.read(["value_text_box"]),
                lambda mine=mine: mine[0].get_print_url(),
                lambda mine=mine: mine[0].action_print_answers(),
            ):
                with self.assertRaises(AccessError, msg=user.login):
                    call()
        for user in (self.surveyor, self.admin):
            survey = self.survey.with_user(user).sudo(False)
            self.env.invalidate_all()
            of_survey = [("survey_id", "=", survey.id)]
            lines = survey.env["survey.user_input.line"].search(of_survey)
            self.assertFalse(survey.env["survey.user_input"].search(of_survey))
            self.assertFalse(lines)
            self.assertEqual(survey.answer_done_count, 0)
            self.assertFalse(any(survey._prepare_statistics(lines).values()))

    def test_migration(self):
        self.hand_in(range(5))
        self.publish()
        answers = self.published(self.running)
        draft = self.hand_in([5])
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE care_survey_token ADD COLUMN used boolean")
        self.env.cr.execute(
            "UPDATE survey_user_input SET end_datetime = '2026-05-05 10:11:12',"
            " create_date = '2026-05-05 10:11:12', lang_id = 1 WHERE id = ANY(%s)",
            [answers.ids],
        )
        self.env.cr.execute(
            "UPDATE survey_user_input SET state = 'in_progress', care_campaign_id = %s,"
            " care_waiting_campaign_id = NULL WHERE id = %s",
            [self.running.id, draft.id],
        )
        path = "customer_care/migrations/19.0.1.9.0/post-anonymous_answers.py"
        load_script(file_path(path), "care_post_anonymous").migrate(
            self.env.cr, "19.0.1.8.0"
        )
        self.env.invalidate_all()
        self.assertEqual(
            {str(answer.create_date) for answer in answers}, {"2026-05-05 00:00:00"}
        )
        self.assertFalse(answers.lang_id)
        self.assertEqual(draft.care_waiting_campaign_id, self.running)
        self.assertFalse(draft.care_campaign_id)
