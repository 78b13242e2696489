from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ...models.satisfaction.survey_user_input_review import (
    BROWSER_CUSTOMERS,
    NETWORK_CUSTOMERS,
)
from ..common_satisfaction import SatisfactionCase


@tagged("post_install", "-at_install")
class TestTokens(SatisfactionCase):
    """Nobody in the company gets a link with which to answer for a customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.customers(1, tier=cls.A, user_id=cls.rep.id)
        cls.admin = cls.make_surveying_admin()

    def setUp(self):
        super().setUp()
        self.running = self.started(self.shop)
        self.answer = self.answer_of(self.running, self.shop)
        self.token = self.answer.access_token

    def attackers(self):
        return (self.rep, self.all, self.manager, self.surveyor, self.admin)

    def test_tokens_cannot_be_read_or_guessed(self):
        for user in self.attackers():
            inputs = self.env["survey.user_input"].with_user(user).sudo(False)
            mine = inputs.browse(self.answer.id)
            for call in (
                lambda mine=mine: mine.read(["access_token"]),
                lambda mine=mine: mine.export_data(["access_token"]),
                lambda inputs=inputs: inputs.search([("access_token", "=like", "a%")]),
                lambda inputs=inputs: inputs.search([], order="access_token"),
                lambda inputs=inputs: inputs.formatted_read_group([], ["access_token"]),
                lambda mine=mine: mine.get_start_url(),
                lambda mine=mine: mine.get_print_url(),
                lambda mine=mine: mine.action_print_answers(),
            ):
                with self.assertRaises(UserError, msg=user.login):
                    call()
            self.assertNotIn("access_token", inputs.fields_get())

    def test_links_in_mails_and_previews(self):
        mails = self.env["mail.mail"].search(
            [("model", "=", "care.invitation"), ("res_id", "!=", False)]
        )
        mail = mails.filtered(lambda row: self.token in (row.body_html or ""))
        self.assertTrue(mail, "the customer's mail has the link")
        self.assertFalse(mail.mail_message_id.body, "but its message has not")
        with self.assertRaises(AccessError):
            mail.with_user(self.admin).sudo(False).read(["body_html"])
        queue = self.env["mail.mail"].with_user(self.admin)
        self.assertFalse(queue.search([("model", "=", "care.invitation")]))
        invitation = self.running.invitation_ids
        template = self.env.ref("customer_care.mail_template_survey_invitation")
        body = template.sudo()._render_field("body_html", invitation.ids)[invitation.id]
        self.assertNotIn(self.token, body)
        self.assertNotIn(self.token, invitation._choice_link("satisfied"))

    def test_anonymous_secrets(self):
        campaign = self.started(self.customers(6, "Other"), anonymous=True)
        invitation = campaign.invitation_ids[0]
        self.assertNotIn(invitation._survey_token(), invitation._link())
        for user in self.attackers():
            with self.assertRaises(AccessError):
                self.env["care.survey.token"].with_user(user).search([])

    def test_survey_rights_open_no_answers(self):
        theirs = self.customers(1, "Theirs", user_id=self.all.id)
        campaign = self.started(theirs)
        other = self.fill(self.answer_of(campaign, theirs), 4, words="Secret")
        mine = self.fill(self.answer, 0, words="Mine")
        group = self.env.ref("survey.group_survey_manager")
        self.rep.group_ids |= group
        for user, seen in (
            (self.rep, mine),
            (self.surveyor, mine.browse()),
            (self.admin, mine | other),
        ):
            inputs = self.env["survey.user_input"].with_user(user)
            lines = self.env["survey.user_input.line"].with_user(user)
            both = (mine | other).ids
            self.assertEqual(
                set(inputs.search([("id", "in", both)]).ids), set(seen.ids), user.login
            )
            self.assertEqual(
                set(lines.search([("user_input_id", "in", both)]).user_input_id.ids),
                set(seen.ids),
                user.login,
            )
        with self.assertRaises(AccessError):
            other.with_user(self.rep).sudo(False).read(["care_score"])
        free = self.env["survey.user_input"].create({"survey_id": self.survey.id})
        self.assertTrue(free.with_user(self.surveyor).sudo(False).read(["state"]))


@tagged("post_install", "-at_install")
class TestReview(SatisfactionCase):
    """Answers that the customer may not have given wait for an administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shops = cls.customers(5, tier=cls.A, user_id=cls.rep.id)

    def answered(self, campaign, shop, mark=0, origin=None, **marks):
        answer = self.answer_of(campaign, shop)
        if origin:
            answer._care_note_origin(*origin)
        return self.fill(answer, mark, **marks)

    def row(self, answer):
        self.env.invalidate_all()
        return self.env["care.answer"].browse(answer.id)

    def test_accepting(self):
        self.company.care_happy_suggest = True
        campaign = self.campaign(self.shops[0])
        self.shops[0].with_user(self.rep).email = "forged@example.com"
        campaign.action_sample()
        campaign.action_send()
        self.run_job()
        answer = self.answered(campaign, self.shops[0], 0, nps=10)
        row = self.row(answer)
        self.assertEqual(row.review_reason, "email_changed")
        self.assertTrue(row.to_review)
        self.assertEqual(campaign.results["answers"], 0)
        self.assertFalse(self.shops[0].care_satisfaction_known)
        self.assertFalse(row.follow_up_id, "nobody is happy yet")
        found = row.search([("to_review", "=", True)])
        self.assertEqual(found, row)
        with self.assertRaises(AccessError):
            row.with_user(self.rep).action_count_again()
        row.with_user(self.manager).action_count_again()
        row = self.row(answer)
        self.assertFalse(row.to_review)
        self.assertEqual(campaign.results["answers"], 1)
        self.assertEqual(row.follow_up_id.kind, "happy")
        self.assertEqual(row.review_reason, "email_changed", "it stays on record")

    def test_contact_added_before(self):
        shop = self.shops[0]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '2020-01-01' WHERE id = %s", [shop.id]
        )
        self.env.invalidate_all()
        self.env["res.partner"].with_user(self.manager).create(
            {
                "name": "Stooge",
                "parent_id": shop.id,
                "email": "stooge@example.net",
                "care_decision_role": "decision_maker",
            }
        )
        campaign = self.started(self.shops)
        self.assertEqual(self.answer_of(campaign, shop).email, "stooge@example.net")
        answer = self.answered(campaign, shop)
        self.assertEqual(self.row(answer).review_reason, "new_contact")
        self.assertEqual(campaign.review_count, 1)
        action = campaign.with_user(self.manager).action_view_review()
        self.assertTrue(action["context"]["search_default_to_review"])
        self.assertFalse(self.row(answer).aside_reason, "nobody has decided yet")
        other = self.answered(campaign, self.shops[1])
        self.assertFalse(self.row(other).review_reason)

    def test_rejecting(self):
        campaign = self.started(self.shops[0])
        self.shops[0].with_user(self.rep).email = "forged@example.com"
        row = self.row(self.answered(campaign, self.shops[0]))
        self.assertTrue(row.to_review)
        self.env["care.answer.aside"].with_user(self.manager).create(
            {"answer_ids": row.ids, "reason": "Not from the shop"}
        ).action_confirm()
        row = self.row(row)
        self.assertFalse(row.to_review)
        self.assertTrue(row.aside)

    def test_the_customer_changes_the_address(self):
        user = new_test_user(self.env, "care_shop", groups="base.group_portal")
        user.partner_id.parent_id = self.shops[0]
        self.shops[0].with_user(user).sudo().email = "new@example.com"
        campaign = self.started(self.shops[0])
        row = self.row(self.answered(campaign, self.shops[0]))
        self.assertFalse(row.review_reason or row.aside)

    def test_users_cannot_hide_the_change(self):
        self.shops[0].with_user(self.rep).email = "forged@example.com"
        shop = self.shops[0].with_user(self.manager)
        with self.assertRaises(AccessError):
            shop.write({"care_email_changed_at": False})
        with self.assertRaises(AccessError):
            shop.read(["care_email_changed_at"])

    def test_one_browser_for_many(self):
        campaign = self.started(self.shops)
        several = self.shops[:BROWSER_CUSTOMERS]
        answers = [
            self.answered(campaign, shop, origin=("127.0.0.1", "one session"))
            for shop in several
        ]
        self.assertEqual(
            {self.row(answer).review_reason for answer in answers}, {"browser"}
        )
        other = self.answered(campaign, self.shops[4], origin=("127.0.0.1", "other"))
        self.assertFalse(self.row(other).review_reason)

    def test_one_network_for_many(self):
        campaign = self.started(self.shops)
        answers = [
            self.answered(campaign, shop, origin=("8.8.8.8", f"session {place}"))
            for place, shop in enumerate(self.shops)
        ]
        self.assertEqual(
            {self.row(answer).review_reason for answer in answers}, {"network"}
        )
        self.assertGreaterEqual(len(answers), NETWORK_CUSTOMERS)
        self.assertNotIn("8.8.8.8", answers[0].care_network, "only a fingerprint")
        with self.assertRaises(AccessError):
            answers[0].with_user(self.manager).sudo(False).read(["care_network"])

    def test_from_the_office(self):
        campaign = self.started(self.shops)
        self.env["res.device.log"].sudo().create(
            {
                "session_identifier": "x",
                "user_id": self.rep.id,
                "ip_address": "8.8.4.4",
                "first_activity": "2026-01-01 00:00:00",
                "last_activity": self.env.cr.now(),
            }
        )
        here = self.answered(campaign, self.shops[0], origin=("8.8.4.4", "a"))
        there = self.answered(campaign, self.shops[1], origin=("8.8.8.8", "b"))
        self.assertEqual(self.row(here).review_reason, "office")
        self.assertFalse(self.row(there).review_reason)

    def test_noted_calls_count(self):
        self.shops.phone = "+49 30 1"
        campaign = self.started(self.shops, channel="phone")
        for invitation in campaign.invitation_ids:
            invitation.with_user(self.rep).action_call()
            answer = invitation.user_input_id.sudo()
            answer._care_note_origin("8.8.8.8", "one session")
            self.fill(answer, 1)
        self.assertEqual(campaign.results["answers"], 5)

    def test_a_forged_good_answer_closes_no_complaint(self):
        self.salon.email = "salon@example.com"
        complaint = self.complain()
        complaint.stage_id = self.stages["verify"]
        self.run_job()
        answer = complaint.invitation_ids.user_input_id.sudo()
        self.salon.with_user(self.manager).email = "forged@example.com"
        public = self.env.ref("base.public_user")
        answer.with_user(public).sudo()._care_choose("satisfied")
        self.env.invalidate_all()
        self.assertEqual(answer.care_review_reason, "email_changed")
        self.assertEqual(complaint.outcome, "unknown")
        self.row(answer).with_user(self.manager).action_count_again()
        self.env.invalidate_all()
        self.assertEqual(complaint.outcome, "satisfied")

    def test_colleagues_are_not_asked(self):
        self.rep.partner_id.email = "rep@example.com"
        self.shops[0].email = "Rep@example.com"
        self.shops[1].email = "x@own.example.org"
        self.env["mail.alias.domain"].create({"name": "own.example.org"})
        campaign = self.campaign(self.shops)
        campaign.action_sample()
        self.assertEqual(campaign.invitation_ids.partner_id, self.shops[2:])
        self.assertEqual(campaign.left_out, {"internal": 2})


@tagged("post_install", "-at_install")
class TestReviewWeb(HttpCase, SatisfactionCase):
    """As browsers send it"""

    def send(self, answer, words):
        base = f"{answer.survey_id.access_token}/{answer.access_token}"
        self.make_jsonrpc_request(f"/survey/begin/{base}", {})
        self.make_jsonrpc_request(f"/survey/submit/{base}", {str(self.words.id): words})

    def test_colleague_without_a_call(self):
        shop = self.customers(1, tier=self.A, user_id=self.rep.id)
        campaign = self.started(shop)
        answer = self.answer_of(campaign, shop)
        self.authenticate("care_rep", "care_rep")
        self.send(answer, "All is well")
        self.env.invalidate_all()
        self.assertEqual(answer.state, "done")
        self.assertEqual(answer.care_review_reason, "colleague")
        self.assertEqual(campaign.results["answers"], 0)

    def test_two_customers_in_one_browser(self):
        shops = self.customers(2, tier=self.A, user_id=self.rep.id)
        campaign = self.started(shops)
        self.url_open("/web/login")
        with patch.object(
            type(self.env["survey.user_input"]),
            "_care_is_public",
            return_value=True,
        ):
            for shop in shops:
                self.send(self.answer_of(campaign, shop), "Fine")
        self.env.invalidate_all()
        answers = campaign.invitation_ids.user_input_id.sudo()
        self.assertEqual(set(answers.mapped("care_review_reason")), {"browser"})
        self.assertEqual(len(set(answers.mapped("care_network"))), 1)
