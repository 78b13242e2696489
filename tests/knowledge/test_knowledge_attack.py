from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_knowledge import KnowledgeCase

HIDDEN_MODELS = ("care.search.text", "care.search.term", "care.word.frequency")


@tagged("post_install", "-at_install")
class TestKnowledgeAttack(KnowledgeCase):
    """By RPC, as the rep with own customers, as somebody of another company, and as a
    customer with portal access.

    salon      the rep's: complaint `mine`
    elsewhere  not the rep's: solved complaint `hidden`
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        cls.env["care.complaint.team"].create(
            {"name": "Other", "company_id": cls.other.id}
        )
        cls.foreigner = cls.make_user(
            "foreigner", "sales_team.group_sale_salesman_all_leads"
        )
        cls.foreigner.write(
            {
                "company_ids": [Command.set(cls.other.ids)],
                "company_id": cls.other.id,
            }
        )
        cls.client = cls.make_user("client", "base.group_portal")
        cls.client.partner_id.parent_id = cls.salon
        cls.hidden = cls.solve(
            "Zeppelin valve hisses",
            solution="Secret washer",
            partner_id=cls.elsewhere.id,
        )
        cls.mine = cls.complain(
            subject="Zeppelin valve hisses",
            partner_id=cls.salon.id,
            user_id=cls.rep.id,
            team_id=False,
        )
        cls.draft = cls.Knowledge.create(
            {
                "name": "Zeppelin valve",
                "answer": "Secret draft",
                "company_id": cls.company.id,
            }
        )
        cls.reviewed = cls.answer("Zeppelin valve", "Secret answer")
        cls.env["care.search.term"]._count_terms()

    def refused(self, step, name=None):
        with (
            self.assertRaises(UserError, msg=name),
            mute_logger("odoo.addons.base.models.ir_rule"),
            self.env.cr.savepoint(),
        ):
            step()
            self.env.flush_all()

    def test_similar_ones_that_are_hidden_are_no_count_either(self):
        asked = "Zeppelin valve hisses"
        with_it = self.mine.with_user(self.rep).care_similar()
        self.assertFalse(with_it["complaints"])
        hints = self.Complaint.with_user(self.rep).care_hotline_hints(asked)
        self.assertFalse(hints["complaints"])
        self.assertNotIn("Secret washer", str(with_it) + str(hints))
        self.hidden.unlink()
        without = self.mine.with_user(self.rep).care_similar()
        self.assertEqual(without["complaints"], with_it["complaints"])
        self.assertEqual(without["knowledge"], with_it["knowledge"])

    def test_contexts_open_nothing(self):
        for context in (
            {"active_test": False},
            {"allowed_company_ids": self.company.ids},
            {"default_state": "reviewed"},
            {"bin_size": True},
        ):
            with self.subTest(context=context):
                Complaint = self.Complaint.with_user(self.rep).with_context(**context)
                hints = Complaint.care_hotline_hints("Zeppelin valve hisses")
                self.assertNotIn("Secret washer", str(hints))
                self.assertNotIn("Secret draft", str(hints))

    def test_another_company_sees_nothing(self):
        Complaint = self.Complaint.with_user(self.foreigner).with_context(
            allowed_company_ids=self.foreigner.company_ids.ids
        )
        hints = Complaint.care_hotline_hints("Zeppelin valve hisses")
        self.assertFalse(hints["complaints"])
        self.assertFalse(hints["knowledge"])
        forced = Complaint.with_context(allowed_company_ids=self.company.ids)
        self.refused(lambda: forced.care_hotline_hints("Zeppelin valve hisses"))
        self.attack(self.foreigner)

    def test_a_customer_reaches_nothing(self):
        self.attack(self.client)
        for model in ("care.knowledge", "care.knowledge.use", "care.search.concept"):
            with self.subTest(model=model):
                for method, arguments in (
                    ("search_count", ([],)),
                    ("name_search", ("Zeppelin",)),
                    ("formatted_read_group", ([], ["create_uid"], ["__count"])),
                    ("create", ([{"name": "X", "answer": "X", "words": "x"}],)),
                    ("default_get", (["name"],)),
                ):
                    target = self.env[model].with_user(self.client)
                    if method == "default_get":
                        self.assertNotIn("Secret", str(target.default_get(*arguments)))
                        continue
                    self.refused(
                        lambda target=target, method=method, arguments=arguments: (
                            getattr(target, method)(*arguments)
                        )
                    )

    def attack(self, user):
        """Every public method of the room, on records that the user may not see"""
        hidden, mine = self.hidden.with_user(user), self.mine.with_user(user)
        draft, reviewed = self.draft.with_user(user), self.reviewed.with_user(user)
        for name, step in {
            "similar": mine.care_similar,
            "use solution": lambda: mine.care_use_solution(self.hidden.id),
            "use knowledge": lambda: mine.care_use_knowledge(self.reviewed.id),
            "accept": lambda: mine.care_accept_proposal("category_id"),
            "draft": hidden.action_draft_knowledge,
            "read draft": lambda: draft.read(["answer"]),
            "read": lambda: reviewed.read(["answer"]),
            "review": draft.action_review,
            "publish": reviewed.action_publish,
            "unpublish": reviewed.action_unpublish,
            "back": reviewed.action_back_to_draft,
            "uses": reviewed.action_open_uses,
            "post": lambda: reviewed.message_post(body="X"),
            "write": lambda: draft.write({"answer": "X"}),
            "export": lambda: draft.export_data(["answer"]),
            "copy": draft.copy,
            "unlink": draft.unlink,
        }.items():
            with self.subTest(user=user.login, step=name):
                self.refused(step, name)
        reviewed.message_subscribe(user.partner_id.ids)
        self.assertNotIn(user.partner_id, self.reviewed.message_partner_ids)

    def test_own_only_users_reach_no_draft_and_no_hidden_complaint(self):
        draft, mine = self.draft.with_user(self.rep), self.mine.with_user(self.rep)
        for name, step in {
            "use solution": lambda: mine.care_use_solution(self.hidden.id),
            "use draft": lambda: mine.care_use_knowledge(self.draft.id),
            "draft from": self.hidden.with_user(self.rep).action_draft_knowledge,
            "accept": (
                lambda: self.hidden.with_user(self.rep).care_accept_proposal("team_id")
            ),
            "read": lambda: draft.read(["answer"]),
            "review": draft.action_review,
            "publish": self.reviewed.with_user(self.rep).action_publish,
            "change": lambda: self.reviewed.with_user(self.rep).write({"answer": "X"}),
            "drafted from": (
                lambda: self.reviewed.with_user(self.rep).read(["complaint_id"])
            ),
            "search by it": (
                lambda: self.Knowledge.with_user(self.rep).search(
                    [("complaint_id", "=", self.hidden.id)]
                )
            ),
        }.items():
            with self.subTest(step=name):
                self.refused(step, name)
        self.assertFalse(
            self.Knowledge.with_user(self.rep).search_count(
                [("answer", "ilike", "draft")]
            )
        )

    def test_the_terms_of_texts_are_closed_to_administrators_too(self):
        for user in (self.manager, self.rep, self.client):
            for model in HIDDEN_MODELS:
                with self.subTest(user=user.login, model=model):
                    target = self.env[model].with_user(user)
                    self.refused(lambda target=target: target.search_read([]))
                    self.refused(lambda target=target: target.search_count([]))

    def test_a_team_manager_publishes_in_the_own_company_only(self):
        """Else an answer moved to another company, or to all, would reach the
        customers there unreviewed."""
        self.team.manager_id = self.all
        mine = self.Knowledge.with_user(self.all).create(
            {"name": "Q", "answer": "A", "company_id": self.company.id}
        )
        mine.action_review()
        mine.action_publish()
        for company in (self.other.id, False):
            with self.subTest(company=company):
                self.refused(
                    lambda company=company: mine.write({"company_id": company})
                )
        self.assertEqual(mine.company_id, self.company)
        self.assertTrue(mine.public)
