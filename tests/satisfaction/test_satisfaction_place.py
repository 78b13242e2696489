import re
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..common_satisfaction import SatisfactionCase
from .test_satisfaction_first import FirstCase


@tagged("post_install", "-at_install")
class TestFeedbackPoint(HttpCase, SatisfactionCase):
    """An open link with a QR code"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = cls.env["care.survey.place"].create(
            {
                "name": "Counter",
                "survey_id": cls.survey.id,
                "company_id": cls.company.id,
            }
        )
        cls.path = f"/care/place/{cls.place.sudo().token}"

    def answers(self):
        return self.env["survey.user_input"].search(
            [("care_place_id", "=", self.place.id)]
        )

    def visit(self, choice=""):
        """Start as a visitor with a browser of its own"""
        self.authenticate(None, None)
        page = self.url_open(self.path)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        return self.url_open(self.path, data={"csrf_token": token, "choice": choice})

    def answered(self, **marks):
        """A finished answer, which no request has made"""
        answer = self.place._begin("en_US")
        for name, value in marks.pop("origin", {}).items():
            answer._care_write({name: value})
        return self.fill(answer, **marks)

    def test_looking_makes_no_answer(self):
        self.assertEqual(self.url_open(self.path).status_code, 200)
        self.url_open(self.path, method="HEAD")
        self.assertEqual(
            self.url_open(self.path, data={"choice": "1"}).status_code, 400
        )
        self.assertFalse(self.answers())

    def test_visitor_answers(self):
        option = self.overall.suggested_answer_ids[1]
        page = self.visit(option.id)
        answer = self.answers()
        self.assertIn(answer.sudo().access_token, page.url)
        self.assertEqual(answer.user_input_line_ids.suggested_answer_id, option)
        self.assertFalse(answer.partner_id)
        self.assertEqual(answer.state, "in_progress")
        self.assertFalse(self.place.answer_count, "not before it is finished")
        base = f"/survey/submit/{self.survey.access_token}/{answer.sudo().access_token}"
        marks = {self.words: "Fine", self.recommend: "9", self.overall: str(option.id)}
        self.make_jsonrpc_request(
            base, {str(question.id): value for question, value in marks.items()}
        )
        self.env.invalidate_all()
        self.assertEqual(answer.state, "done")
        self.assertEqual(self.place.answer_count, 1)
        self.assertEqual(self.place.score, 75)
        self.assertEqual(self.place.nps, 100)
        walk_in = self.env["care.walk.in"].search([("place_id", "=", self.place.id)])
        self.assertEqual(walk_in.comment, "Fine")

    def test_in_no_other_result(self):
        shop = self.customers(1, tier=self.A)
        campaign = self.started(shop)
        self.place.campaign_id = campaign
        self.fill(self.answer_of(campaign, shop), 0, 3, 3, 10)
        self.answered(mark=4, nps=0)
        self.env.invalidate_all()
        self.assertEqual(campaign.answered_count, 1)
        self.assertEqual(campaign.response_rate, 100)
        self.assertEqual(campaign._count_response()["sample"], 1)
        answers = self.env["care.answer"].search([])
        self.assertNotIn(self.answers().id, answers.ids)
        report = self.env["care.satisfaction.report"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertTrue(report)
        self.assertFalse(report.filtered(lambda row: not row.partner_id))
        self.assertFalse(
            self.env["care.follow.up"].search(
                [("user_input_id", "in", self.answers().ids)]
            )
        )
        self.assertEqual(self.place.answer_count, 1)
        self.assertEqual(self.place.score, 0)
        self.assertEqual(campaign.walk_in_count, 1)
        context = campaign.action_view_places()["context"]
        self.assertEqual(context["default_campaign_id"], campaign.id)

    def test_forged_and_closed(self):
        foreign = self.env["survey.survey"]._care_ready_survey("periodic")
        foreign = foreign.question_ids.suggested_answer_ids[:1]
        self.visit(foreign.id)
        self.assertFalse(self.answers().user_input_line_ids)
        self.assertIn("closed", self.url_open("/care/place/x").text)
        self.assertIn(
            "closed", self.url_open(f"/care/place/{self.survey.access_token}").text
        )
        self.place.active = False
        self.env.flush_all()
        self.assertIn("closed", self.url_open(self.path).text)

    def test_ends_with_its_campaign(self):
        campaign = self.started(self.customers(1, tier=self.A))
        self.place.campaign_id = campaign
        self.visit()
        answer = self.answers()
        campaign.action_close()
        self.env.flush_all()
        self.assertIn("closed", self.url_open(self.path).text)
        self.assertNotEqual(answer.state, "done")
        self.assertFalse(campaign.answered_count)

    def test_too_many_from_one_network(self):
        throttle = type(self.env["care.complaint.throttle"])
        with patch.object(throttle, "_admit", lambda self, sender: False):
            page = self.visit()
        self.assertIn("Too many", page.text)
        self.assertFalse(self.answers())

    def test_throttle_counts(self):
        seen = []
        throttle = type(self.env["care.complaint.throttle"])

        def admit(self, sender):
            seen.append(sender)
            return True

        with patch.object(throttle, "_admit", admit):
            self.visit()
            self.url_open(self.path)
        self.assertEqual(len(seen), 1, "starting counts, looking does not")
        self.assertTrue(seen[0].startswith("survey "))

    def test_several_from_one_browser_or_network(self):
        self.answered(mark=0, origin={"care_browser": "b1", "care_network": "n"})
        self.assertEqual(self.place.answer_count, 1)
        second = self.answered(
            mark=0, origin={"care_browser": "b1", "care_network": "n"}
        )
        self.env.invalidate_all()
        self.assertEqual(self.place.answer_count, 0)
        self.assertEqual(self.place.review_count, 2)
        self.assertEqual(second.care_review_reason, "browser")
        for browser in ("b2", "b3"):
            last = self.answered(
                mark=0, origin={"care_browser": browser, "care_network": "n"}
            )
        self.env.invalidate_all()
        self.assertEqual(last.care_review_reason, "network")
        self.assertEqual(self.place.answer_count, 0)
        walk_ins = self.env["care.walk.in"].search([("place_id", "=", self.place.id)])
        with self.assertRaises(AccessError):
            walk_ins.with_user(self.all).action_count_again()
        walk_ins.with_user(self.manager).action_count_again()
        self.env.invalidate_all()
        self.assertEqual(self.place.answer_count, 4)

    def test_colleague_waits_for_review(self):
        self.authenticate("care_rep", "care_rep")
        page = self.url_open(self.path)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        option = self.overall.suggested_answer_ids[0]
        self.url_open(self.path, data={"csrf_token": token, "choice": option.id})
        self.env.invalidate_all()
        answer = self.answers()
        self.assertEqual(answer.care_caller_id, self.rep)
        self.fill(answer, 0)
        self.assertEqual(answer.care_review_reason, "colleague")

    def test_portal_user_leaves_no_name(self):
        user = new_test_user(self.env, "care_ann", groups="base.group_portal")
        self.authenticate("care_ann", "care_ann")
        page = self.url_open(self.path)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        self.url_open(self.path, data={"csrf_token": token, "choice": ""})
        answer = self.answers()
        self.assertTrue(answer)
        self.assertFalse(answer.partner_id)
        self.assertNotIn(user, answer.create_uid)

    def test_what_stays(self):
        self.answered(mark=0)
        with self.assertRaises(UserError):
            self.place.survey_id = self.env["survey.survey"]._care_ready_survey(
                "periodic"
            )
        with self.assertRaises(UserError):
            self.overall.title = "Something else"
        with self.assertRaises(AccessError):
            self.answers().with_user(self.surveyor).write({"care_place_id": False})

    def test_token(self):
        given = self.env["care.survey.place"].create(
            {"name": "B", "survey_id": self.survey.id, "token": "known"}
        )
        self.assertNotEqual(given.sudo().token, "known")
        twin = self.place.copy()
        self.assertNotEqual(twin.sudo().token, self.place.sudo().token)
        with self.assertRaises(AccessError):
            self.place.with_user(self.rep).read(["url"])

    def test_card(self):
        report = self.env["ir.actions.report"]
        for name in ("place_card", "place_poster"):
            page, _kind = report._render_qweb_html(
                f"customer_care.{name}", self.place.ids
            )
            page = page.decode()
            self.assertIn("All in all?", page)
            self.assertIn("data:image/png;base64,", page)
            self.assertIn(self.path, page)


@tagged("post_install", "-at_install")
class TestInvitationCard(FirstCase):
    """Cards with the customer's own link"""

    def card(self, invitations, user):
        return (
            self.env["ir.actions.report"]
            .with_user(user)
            ._render_qweb_html("customer_care.invitation_card", invitations.ids)[0]
            .decode()
        )

    def test_own_link(self):
        campaign = self.started(self.shop)
        invitation = campaign.invitation_ids
        made = []
        report = type(self.env["ir.actions.report"])
        original = report._care_qr

        def spy(self, value):
            made.append(value)
            return original(self, value)

        with patch.object(report, "_care_qr", spy):
            page = self.card(invitation, self.manager)
        self.assertIn(self.answer_of(campaign, self.shop).access_token, made[0])
        self.assertNotIn(self.answer_of(campaign, self.shop).access_token, page)
        self.assertIn("Shop 0", page)
        self.assertEqual(invitation.printer_id, self.manager)
        self.assertTrue(invitation.printed_at)

    def test_not_for_everybody(self):
        campaign = self.started(self.shop)
        invitation = campaign.invitation_ids
        with self.assertRaises(AccessError):
            invitation.with_user(self.rep).action_print_cards()
        with self.assertRaises(AccessError):
            invitation.with_user(self.rep)._cards()
        self.shop.care_survey_opt_out = True
        with self.assertRaisesRegex(UserError, "opted out"):
            invitation.with_user(self.manager)._cards()
        others = self.customers(5, "Other", self.A)
        anonymous = self.started(others, anonymous=True)
        with self.assertRaisesRegex(UserError, "anonymous"):
            anonymous.invitation_ids.with_user(self.manager)._cards()
        campaign.action_close()
        with self.assertRaisesRegex(UserError, "Start the campaign"):
            invitation.with_user(self.manager)._cards()
