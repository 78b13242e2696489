from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_portal import PortalCase


@tagged("post_install", "-at_install")
class TestComplaintPortal(PortalCase):
    def setUp(self):
        super().setUp()
        self.log_in(self.client_user)

    def page(self, url="/my/complaints"):
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        return html.fromstring(answer.text)

    def texts(self, page, name):
        """Texts of the elements of a class"""
        path = f".//*[contains(concat(' ', @class, ' '), ' {name} ')]"
        return [" ".join(found.text_content().split()) for found in page.xpath(path)]

    def listed(self, query=""):
        """Subjects in the list"""
        return self.texts(self.page(f"/my/complaints{query}"), "o_care_subject")

    def three(self):
        """Mine, received; a colleague's, solved; an old one, closed"""
        order = self.order(self.salon, 100)
        solved = self.complain(
            subject="Another leak",
            partner_id=self.partner_user.partner_id.id,
            order_id=order.id,
            received_at="2026-11-09 01:00:00",
            kind="suggestion",
        )
        closed = self.complain(subject="Old", received_at="2026-11-02 01:00:00")
        self.move(solved, "verify")
        self.move(closed, "closed")
        return order

    # The list -------------------------------------------------------

    def test_list(self):
        order = self.three()
        for query, subjects in (
            ("", ["Mine", "Another leak", "Old"]),
            ("?sortby=oldest", ["Old", "Another leak", "Mine"]),
            ("?sortby=subject", ["Another leak", "Mine", "Old"]),
            ("?sortby=status", ["Mine", "Another leak", "Old"]),
            ("?filterby=open", ["Mine", "Another leak"]),
            ("?filterby=received", ["Mine"]),
            ("?filterby=progress", []),
            ("?filterby=solved", ["Another leak"]),
            ("?filterby=closed", ["Old"]),
            ("?filterby=suggestion", ["Another leak"]),
            ("?search=LEAK", ["Another leak"]),
            (f"?search={self.mine.name}", ["Mine"]),
            (f"?search={order.name}", ["Another leak"]),
            (f"?search={order.name}&search_in=subject", []),
            (f"?search={order.name}&search_in=order", ["Another leak"]),
            ("?search=nothing", []),
            ("?sortby=sla_deadline&filterby=x&groupby=user_id&search_in=x", 3),
        ):
            listed = self.listed(query)
            self.assertEqual(
                len(listed) if isinstance(subjects, int) else listed, subjects, query
            )

    def test_groups(self):
        order = self.three()
        for query, titles in (
            ("?groupby=status", ["Received by Us", "Solved", "Closed"]),
            ("?groupby=order", ["None", order.name]),
            ("?groupby=contact", ["Client", "Partner", "None"]),
        ):
            groups = self.texts(self.page(f"/my/complaints{query}"), "o_care_group")
            names = [title.split(", ")[-1] for title in groups]
            self.assertEqual(names, titles, query)

    def test_pages(self):
        with patch("odoo.addons.customer_care.controllers.portal.PAGE", 2):
            self.three()
            self.assertEqual(self.listed(), ["Mine", "Another leak"])
            self.assertEqual(self.listed("/page/2?sortby=date"), ["Old"])
            self.assertEqual(self.listed("/page/99"), ["Old"], "the last one")

    def test_counter(self):
        self.three()
        self.assertIn("/my/complaints", self.url_open("/my").text)
        answer = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["complaint_count"]}
        )
        self.assertEqual(answer["complaint_count"], 3)

    def test_many_complaints_ask_little(self):
        """The list asks the same number of queries for twenty as for three."""
        self.three()
        counts = []
        for _round in range(2):
            self.listed()
            before = self.cr.sql_log_count
            self.listed()
            counts.append(self.cr.sql_log_count - before)
            self.env["care.complaint"].create(
                [
                    {
                        "subject": f"Number {number}",
                        "partner_id": self.client_user.partner_id.id,
                        "order_id": self.order(self.salon, 1).id,
                        "team_id": self.team.id,
                    }
                    for number in range(17)
                ]
            )
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

    def test_moving_to_another_company(self):
        """What was mine is no longer, at once."""
        self.assertEqual(self.listed(), ["Mine"])
        self.client_user.partner_id.parent_id = self.rival
        self.assertEqual(self.listed(), ["Theirs"])

    # A new complaint ------------------------------------------------

    def test_new(self):
        order = self.order(self.salon, 100)
        answer, complaint = self.new(
            subject="Two bottles broken",
            description="The box\nwas wet.",
            wanted="Send new ones",
            order_id=str(order.id),
            files=[("box.txt", b"wet"), ("bottle.png", b"broken")],
        )
        self.assertEqual(answer.url, self.url_of(complaint) + "?done=new")
        self.assertIn(
            f"We have received your complaint {complaint.name}", self.text_of(answer)
        )
        self.assertEqual(complaint.source, "portal")
        self.assertEqual(complaint.partner_id, self.salon)
        self.assertEqual(complaint.contact_id, self.client_user.partner_id)
        self.assertIn(self.client_user.partner_id, complaint.message_partner_ids)
        self.assertEqual(complaint.order_id, order)
        self.assertEqual(complaint.wanted, "Send new ones")
        self.assertIn("The box<br", str(complaint.description))
        self.assertEqual(complaint.create_uid, self.client_user)
        self.assertTrue(complaint.sla_deadline, "the clock runs")
        for file, content in zip(
            complaint._portal_files(), (b"wet", b"broken"), strict=True
        ):
            link = f"/my/complaints/{complaint.id}/files/{file.id}"
            self.assertIn(link, answer.text)
            self.assertEqual(self.url_open(link).content, content)

    def url_of(self, complaint):
        return f"{self.base_url()}/my/complaints/{complaint.id}"

    def text_of(self, answer):
        return " ".join(html.fromstring(answer.text).text_content().split())

    def test_suggestion(self):
        _answer, complaint = self.new(kind="suggestion")
        self.assertEqual(complaint.kind, "suggestion")

    def test_errors_lose_nothing(self):
        order = self.order(self.salon, 100)
        answer, complaint = self.new(
            subject="", description="A long story", wanted="Money", order_id=order.id
        )
        self.assertFalse(complaint)
        self.assertEqual(answer.status_code, 422)
        for kept in ("A long story", "Money", "Enter a short subject", "selected"):
            self.assertIn(kept, answer.text)

    def test_order_of_the_link(self):
        order = self.order(self.salon, 100)
        page = self.page(f"/my/complaints/new?order_id={order.id}")
        chosen = page.xpath("//select[@id='care_order']/option[@selected]/@value")
        self.assertEqual(chosen, [str(order.id)])

    # One complaint --------------------------------------------------

    def test_status_in_the_customers_words(self):
        for phase, status in (
            ("record", "Received by Us"),
            ("investigate", "In Progress"),
            ("solve", "In Progress"),
            ("execute", "In Progress"),
            ("verify", "Solved"),
            ("settle", "Solved"),
            ("closed", "Closed"),
            ("cancelled", "Closed"),
        ):
            self.move(self.mine, phase)
            page = self.page(f"/my/complaints/{self.mine.id}")
            self.assertEqual(self.texts(page, "badge")[0], status)

    def rate(self, **data):
        answer = self.post(f"/my/complaints/{self.mine.id}/rate", **data)
        self.env.invalidate_all()
        return answer

    def test_promised_answer(self):
        """As the acknowledgement says it, until we have answered"""
        self.policy("reply", 40)
        asked = self.complain(
            subject="When?", partner_id=self.client_user.partner_id.id
        )
        url = f"/my/complaints/{asked.id}"
        [promise] = self.texts(self.page(url), "o_care_answer_until")
        self.assertIn("Answer promised by", promise)
        self.assertIn(asked._answer_until(), promise)
        self.company.care_acknowledge = False
        self.assertFalse(self.texts(self.page(url), "o_care_answer_until"))
        self.company.care_acknowledge = True
        asked.action_reply_given()
        self.assertFalse(self.texts(self.page(url), "o_care_answer_until"))

    def test_rate(self):
        self.assertNotIn(
            "o_care_rate", self.url_open(f"/my/complaints/{self.mine.id}").text
        )
        self.move(self.mine, "verify")
        self.assertIn(
            "o_care_rate", self.url_open(f"/my/complaints/{self.mine.id}").text
        )
        answer = self.rate(outcome="satisfied", comment="Fast!", reopen="1")
        self.assertEqual(self.mine.outcome, "satisfied")
        self.assertEqual(self.mine.outcome_comment, "Fast!")
        self.assertEqual(self.mine.phase, "verify", "who is satisfied reopens nothing")
        self.assertIn("Your feedback: Satisfied – Fast!", self.text_of(answer))
        self.assertNotIn("look at it again", self.text_of(answer))
        self.assertNotIn("o_care_rate", answer.text, "asked once")
        message = self.mine.message_ids.filtered(
            lambda message: message.message_type == "auto_comment"
        )
        self.assertEqual(message.author_id, self.client_user.partner_id)
        self.assertIn("Fast!", message.body)

    def test_rate_a_closed_one(self):
        self.move(self.mine, "closed")
        self.rate(outcome="unsatisfied", comment="Still leaks")
        self.assertEqual(self.mine.outcome, "unsatisfied")
        self.assertEqual(self.mine.phase, "closed")

    def test_rate_and_reopen(self):
        self.move(self.mine, "closed")
        answer = self.rate(outcome="unsatisfied", comment="Still leaks", reopen="1")
        self.assertEqual(self.mine.phase, "investigate")
        self.assertEqual(self.mine.reopen_count, 1)
        self.assertFalse(self.mine.closed_at)
        self.assertIn("We will look at it again", answer.text)

    def test_rate_nonsense(self):
        answer = self.rate(outcome="satisfied")
        self.assertEqual(self.mine.outcome, "unknown")
        self.assertIn("You can rate the solution once", answer.text)
        self.move(self.mine, "verify")
        for outcome in ("", "unknown", "brilliant"):
            answer = self.rate(outcome=outcome)
            self.assertEqual(self.mine.outcome, "unknown")
            self.assertIn("Choose whether you are satisfied", answer.text)

    def close(self, **data):
        answer = self.post(f"/my/complaints/{self.mine.id}/close", **data)
        self.env.invalidate_all()
        return answer

    def test_close_as_solved(self):
        answer = self.close(reason="solved")
        self.assertIn("The complaint is closed", answer.text)
        self.assertEqual(self.mine.phase, "closed")
        self.assertTrue(self.mine.resolved_at and self.mine.closed_at)
        self.assertIn("o_care_rate", answer.text)
        self.assertNotIn("o_care_close", answer.text)
        messages = len(self.mine.message_ids)
        self.close(reason="withdrawn")
        self.assertEqual(self.mine.phase, "closed", "once")
        self.assertEqual(len(self.mine.message_ids), messages)

    def test_withdraw(self):
        """No success of ours: it was never solved."""
        self.close(reason="withdrawn")
        self.assertEqual(self.mine.phase, "cancelled")
        self.assertFalse(self.mine.resolved_at)
        self.assertEqual(set(self.mine.sla_ids.mapped("state")), {"cancelled"})
        self.assertEqual(self.mine.outcome, "unknown")
        self.assertEqual(self.mine.cancel_reason, "Withdrawn by the customer")

    def test_close_after_the_solution(self):
        self.move(self.mine, "verify")
        self.close(reason="withdrawn")
        self.assertEqual(self.mine.phase, "closed")

    def test_follow_and_reply(self):
        self.mine.with_user(self.rep).message_post(
            body="We look into it",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        fetched = self.make_jsonrpc_request(
            "/mail/chatter_fetch",
            {"thread_model": "care.complaint", "thread_id": self.mine.id},
        )
        self.assertIn("We look into it", str(fetched))
        self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "care.complaint",
                "thread_id": self.mine.id,
                "post_data": {
                    "body": "Thank you",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                },
            },
        )
        message = self.mine.message_ids[0]
        self.assertEqual(message.body, "<p>Thank you</p>")
        self.assertEqual(message.author_id, self.client_user.partner_id)
        self.assertIn(self.rep.partner_id, message.notified_partner_ids)

    def test_link_of_a_letter(self):
        """A contact without an account follows, rates and closes by the link."""
        self.move(self.mine, "verify")
        link = self.mine.get_portal_url()
        token = self.mine.access_token
        self.authenticate(None, None)
        page = self.url_open(link)
        self.assertIn("Mine", page.text)
        answer = self.rate(outcome="satisfied", access_token=token)
        self.assertEqual(self.mine.outcome, "satisfied")
        self.assertIn("Thank you for telling us", answer.text)
        message = self.mine.message_ids.filtered(
            lambda message: message.message_type == "auto_comment"
        )
        self.assertEqual(message.author_id, self.client_user.partner_id)
        self.close(access_token=token)
        self.assertEqual(self.mine.phase, "closed")

    def test_the_handler_cannot_rate_as_the_customer(self):
        token = self.mine._portal_ensure_token()
        for user in (self.rep, self.manager):
            mine = self.mine.with_user(user)
            for call, args in (
                (mine.get_portal_url, ()),
                (mine.read, (["access_token"],)),
                (mine.search, ([("access_token", "=like", "a%")],)),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call(*args)
            self.assertNotIn(token, mine._get_share_url())

    def test_view_link_of_a_customer(self):
        answer = self.url_open(f"/mail/view?model=care.complaint&res_id={self.mine.id}")
        self.assertIn(f"/my/complaints/{self.mine.id}", answer.url)

    def test_merged(self):
        """The customer is led to the one that goes on, unless it is another's."""
        url = f"/my/complaints/{self.mine.id}"
        kept = self.complain(subject="Goes on", partner_id=self.salon.id)
        for complaint, told in ((kept, True), (self.theirs, False)):
            self.mine.sudo().merged_into_id = complaint
            page = self.page(url)
            links = page.xpath("//*[contains(@class, 'o_care_kept')]/a/@href")
            self.assertEqual(bool(links), told)
            if told:
                self.assertTrue(links[0].endswith(f"/my/complaints/{kept.id}"))

    # Visitors -------------------------------------------------------

    def test_visitor(self):
        self.company.care_public_form = True
        self.authenticate(None, None)
        self.assertIn("o_care_trap", self.url_open("/complaints/new").text)
        answer, complaint = self.new(
            "/complaints/new",
            name="Vera",
            email="Vera@example.com",
            phone="123",
            files=[("a.txt", b"x")],
        )
        self.assertTrue(answer.url.endswith("/complaints/thanks"))
        self.assertIn(complaint.name, answer.text)
        self.assertEqual(complaint.partner_id.name, "Vera")
        self.assertEqual(complaint.company_id, self.company)
        self.assertEqual(complaint.source, "portal")
        self.assertEqual(len(complaint._portal_files()), 1)
        self.assertIn(complaint.partner_id, complaint.message_partner_ids)
        _answer, second = self.new(
            "/complaints/new", name="V.", email="vera@EXAMPLE.com"
        )
        self.assertEqual(second.partner_id, complaint.partner_id, "known by now")

    def test_visitor_of_another_company(self):
        self.other_company.care_public_form = True
        self.authenticate(None, None)
        _answer, complaint = self.new(
            f"/complaints/new/{self.other_company.id}",
            name="Vera",
            email="vera@example.com",
        )
        self.assertEqual(complaint.company_id, self.other_company)

    def test_customers_with_an_account_use_their_own_form(self):
        self.company.care_public_form = True
        answer = self.url_open("/complaints/new")
        self.assertTrue(answer.url.endswith("/my/complaints/new"))

    # The limit ------------------------------------------------------

    def test_limit_over_time(self):
        """Ten in any sixty seconds, not in each minute of the clock"""
        Throttle = self.env["care.complaint.throttle"]
        start = fields.Datetime.now()

        def admitted(seconds):
            moment = start + timedelta(seconds=seconds)
            with patch.object(fields.Datetime, "now", lambda *_args: moment):
                return Throttle._admit("somebody")

        self.assertTrue(all(admitted(second) for second in (0, *[50] * 9)))
        self.assertFalse(admitted(59))
        self.assertTrue(admitted(61), "the first one is over a minute old")
        self.assertFalse(admitted(62))
        self.assertTrue(Throttle._admit("somebody else"))

    def test_limit_is_forgotten(self):
        Throttle = self.env["care.complaint.throttle"]
        Throttle._admit("somebody")
        Throttle._gc_senders()
        self.assertTrue(Throttle.search([]))
        self.assertNotIn("somebody", Throttle.search([]).mapped("sender"))
        Throttle.search([]).last_at = fields.Datetime.now() - timedelta(days=2)
        Throttle._gc_senders()
        self.assertFalse(Throttle.search([]))


@tagged("post_install", "-at_install")
class TestComplaintPortalTour(PortalCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_in_chinese_on_a_phone(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(
            ["web", "portal", "customer_care"], ["zh_CN"], overwrite=True
        )
        self.order(self.salon, 100)
        self.start_tour(
            "/zh_CN/my", "customer_care_portal_new", login=self.client_user.login
        )
        complaint = self.env["care.complaint"].search([("source", "=", "portal")])
        self.assertEqual(complaint.subject, "两瓶精华液破损")
        self.assertTrue(complaint.order_id)
        complaint.solution = "两瓶新品明天送到"
        self.move(complaint, "verify")
        self.start_tour(
            "/zh_CN/my/complaints",
            "customer_care_portal_rate",
            login=self.client_user.login,
        )
        self.assertEqual(complaint.outcome, "satisfied")
        self.assertEqual(complaint.outcome_comment, "处理得很快")
