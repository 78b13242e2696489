from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ..common_knowledge import KnowledgeCase
from ..common_portal import PortalCase


@tagged("post_install", "-at_install")
class TestKnowledge(KnowledgeCase):
    def draft(self, user=None, **values):
        return self.Knowledge.with_user(user or self.rep).create(
            {
                "name": "The pump hums",
                "answer": "Turn the shaft once by hand.",
                "company_id": self.company.id,
                **values,
            }
        )

    def test_drafted_from_a_complaint_without_names(self):
        self.salon.write({"phone": "+32 485 11 22 33", "street": "Rosenweg 5"})
        complaint = self.solve(
            "Salon says the pump hums",
            solution="Told Salon in Rosenweg 5 (0485 11 22 33) about S00042: turn it.",
            partner_id=self.salon.id,
            user_id=self.rep.id,
        )
        action = complaint.with_user(self.rep).action_draft_knowledge()
        knowledge = self.Knowledge.browse(action["res_id"])
        self.assertEqual(knowledge.state, "draft")
        self.assertFalse(knowledge.public)
        self.assertEqual(knowledge.author_id, self.rep)
        self.assertEqual(knowledge.complaint_id, complaint)
        text = f"{knowledge.name} {knowledge.answer}"
        for secret in ("Salon", "Rosenweg", "485", "S00042"):
            self.assertNotIn(secret, text)
        self.assertIn("turn it", text)
        self.assertIn("the pump hums", text)

    def test_not_from_an_unsolved_complaint(self):
        complaint = self.complain(subject="Pump", partner_id=self.salon.id)
        with self.assertRaises(UserError):
            complaint.with_user(self.all).action_draft_knowledge()

    def test_handlers_draft_managers_review_and_publish(self):
        knowledge = self.draft()
        for name in ("action_review", "action_publish"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(knowledge, name)()
        knowledge.answer = "Turn the shaft twice."
        boss = knowledge.with_user(self.manager)
        with self.assertRaises(UserError):
            boss.action_publish()
        boss.action_review()
        self.assertEqual(knowledge.reviewer_id, self.manager)
        self.assertTrue(knowledge.review_date)
        with self.assertRaises(AccessError):
            knowledge.answer = "Kick it."
        boss.action_publish()
        self.assertTrue(knowledge.sudo().public)
        boss.action_back_to_draft()
        self.assertFalse(knowledge.sudo().public)

    def test_a_team_manager_who_is_no_administrator_reviews(self):
        lead = self.make_user("lead", "sales_team.group_sale_salesman_all_leads")
        knowledge = self.draft()
        with self.assertRaises(AccessError):
            knowledge.with_user(lead).action_review()
        self.team.manager_id = lead
        knowledge.with_user(lead).action_review()
        self.assertEqual(knowledge.sudo().state, "reviewed")
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.Knowledge.create(
            {"name": "A", "answer": "B", "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            theirs.with_user(lead).action_review()

    def test_status_cannot_be_forged(self):
        forged = {"state": "reviewed", "public": True, "author_id": self.manager.id}
        knowledge = self.draft(**forged)
        self.assertEqual(knowledge.state, "draft")
        self.assertFalse(knowledge.public)
        self.assertEqual(knowledge.author_id, self.rep)
        for name, value in forged.items():
            with self.subTest(name=name), self.assertRaises(AccessError):
                knowledge[name] = value
            context = {f"default_{name}": value}
            again = self.Knowledge.with_user(self.rep).with_context(**context)
            made = again.create({"name": "A", "answer": "B"})
            self.assertNotEqual(made[name], value)

    def test_drafts_of_others_are_hidden(self):
        knowledge = self.draft(user=self.all)
        with self.assertRaises(AccessError):
            knowledge.with_user(self.rep).read(["answer"])
        knowledge.with_user(self.manager).action_review()
        self.assertTrue(knowledge.with_user(self.rep).read(["answer"]))

    def test_suggested_when_reviewed_and_used_once_a_click(self):
        knowledge = self.draft()
        now = self.complain(
            subject="Our pump hums", partner_id=self.salon.id, user_id=self.rep.id
        )
        mine = now.with_user(self.rep)
        self.assertFalse(mine.care_similar()["knowledge"])
        with self.assertRaises(UserError):
            mine.care_use_knowledge(knowledge.id)
        knowledge.with_user(self.manager).action_review()
        [row] = mine.care_similar()["knowledge"]
        self.assertEqual(row["id"], knowledge.id)
        mine.care_use_knowledge(knowledge.id)
        self.assertEqual(now.solution, "Turn the shaft once by hand.")
        self.assertEqual((knowledge.use_count, knowledge.solved_count), (1, 0))

    def test_not_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        knowledge = self.draft()
        knowledge.with_user(self.manager).action_review()
        knowledge.sudo().company_id = other
        hints = self.Complaint.with_user(self.rep).care_hotline_hints("the pump hums")
        self.assertFalse(hints["knowledge"])

    def test_reminded_once_when_the_review_has_run_out(self):
        knowledge = self.answer("The pump hums", "Turn it", public=True)
        knowledge.reviewer_id = self.manager
        knowledge.review_date = fields.Date.today() - timedelta(days=1)
        for _run in range(2):
            with self.enter_registry_test_mode():
                self.env.ref("customer_care.ir_cron_knowledge").method_direct_trigger()
        activity = knowledge.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertFalse(self.Knowledge._public_answers(self.company, "the pump hums"))
        knowledge.with_user(self.manager).action_review()
        self.assertFalse(knowledge.activity_ids)
        self.assertTrue(self.Knowledge._public_answers(self.company, "the pump hums"))

    def test_counts_with_one_query(self):
        many = self.Knowledge.union(
            *(self.answer(f"Question {n}", "Answer") for n in range(10))
        )
        many[0]._log_use("used")
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(many.mapped("use_count"), [1] + [0] * 9)
        self.assertLessEqual(self.env.cr.sql_log_count - before, 2)


@tagged("post_install", "-at_install")
class TestKnowledgePortal(PortalCase, KnowledgeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.care_public_form = True
        cls.shown = cls.answer("The pump hums", "Turn the shaft", public=True)
        cls.internal = cls.answer("The pump hums loudly", "Secret trick")
        cls.draft = cls.Knowledge.create(
            {"name": "The pump hums softly", "answer": "Secret draft"}
        )

    def ask(self, text="The pump hums", company=None):
        return self.make_jsonrpc_request(
            "/complaints/answers",
            {"text": text, "company_id": company or self.company.id},
        )["answers"]

    def solved(self, knowledge, company=None):
        return self.make_jsonrpc_request(
            "/complaints/answers/solved",
            {"knowledge_id": knowledge.id, "company_id": company or self.company.id},
        )

    def test_customers_get_public_reviewed_answers_only(self):
        for user in (None, self.client_user):
            with self.subTest(user=user and user.login):
                self.authenticate(*([user.login] * 2 if user else (None, None)))
                answers = self.ask()
                self.assertEqual(
                    answers,
                    [
                        {
                            "id": self.shown.id,
                            "question": "The pump hums",
                            "answer": "Turn the shaft",
                        }
                    ],
                )

    def test_nothing_that_does_not_fit(self):
        self.assertFalse(self.ask("The driver was rude"))

    def test_a_company_without_a_public_form_gives_nothing(self):
        self.company.care_public_form = False
        self.assertFalse(self.ask())
        self.assertFalse(self.solved(self.shown))

    def test_switched_off(self):
        self.env["res.groups"]._switch_care_features(knowledge=False)
        self.assertFalse(self.ask())

    def test_solved_counts_once_a_session_and_only_public_ones(self):
        self.authenticate(None, None)
        self.assertTrue(self.solved(self.shown))
        self.assertFalse(self.solved(self.shown))
        self.assertFalse(self.solved(self.internal))
        self.assertFalse(self.solved(self.draft))
        self.env.invalidate_all()
        self.assertEqual(self.shown.solved_count, 1)
        use = self.env["care.knowledge.use"].search([])
        self.assertEqual(use.kind, "solved")
        self.assertEqual(use.company_id, self.company)
        self.assertFalse(use.user_id)

    def test_too_many_requests_get_nothing(self):
        answers = [bool(self.ask()) for _time in range(12)]
        self.assertTrue(all(answers[:10]))
        self.assertFalse(any(answers[10:]))

    @mute_logger("odoo.http")
    def test_hostile_requests(self):
        for text in (None, 7, ["x"], {"a": 1}, "", "x" * 10**6, "\x00"):
            with self.subTest(text=str(text)[:10]):
                self.assertFalse(self.ask(text))
        for key in (0, -1, 2**40, "1", None, [1], True):
            with self.subTest(key=key):
                self.assertFalse(
                    self.make_jsonrpc_request(
                        "/complaints/answers/solved",
                        {"knowledge_id": key, "company_id": self.company.id},
                    )
                )
        for company in (2**40, -1, "1", [1]):
            with self.subTest(company=company):
                self.assertFalse(self.ask(company=company))

    @mute_logger("odoo.http")
    def test_portal_users_read_no_knowledge_by_rpc(self):
        self.log_in(self.client_user)
        for model in (
            "care.knowledge",
            "care.knowledge.use",
            "care.search.text",
            "care.search.term",
            "care.search.concept",
            "care.word.frequency",
        ):
            with self.subTest(model=model), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/{model}/search_read",
                    {
                        "model": model,
                        "method": "search_read",
                        "args": [[]],
                        "kwargs": {},
                    },
                )
        for method, args in (
            ("care_similar", [[self.mine.id]]),
            ("care_hotline_hints", ["pump hums"]),
        ):
            with self.subTest(method=method), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/care.complaint/{method}",
                    {
                        "model": "care.complaint",
                        "method": method,
                        "args": args,
                        "kwargs": {},
                    },
                )
