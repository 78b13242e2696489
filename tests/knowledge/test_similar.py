import re

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...tools.search_text import similarity
from ..common_knowledge import KnowledgeCase, read_distractors, read_pairs

FIRST = 5


def plain_trigrams(text):
    words = re.findall(r"\w+", text.lower())
    return {f"  {word} "[at : at + 3] for word in words for at in range(len(word) + 1)}


@tagged("post_install", "-at_install")
class TestParaphrases(KnowledgeCase):
    """How often the words of another person find the complaint, among 300 solved ones
    in two languages. The pairs were written before the search. The words with the same
    meaning were written by the same author, who did not look at single misses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pairs, rows = {}, []
        for language in ("en", "zh"):
            cls.pairs[language] = read_pairs(f"paraphrases_{language}")
            told = [(subject, text) for _kind, subject, text, _ in cls.pairs[language]]
            rows += [(language, *row) for row in told + read_distractors(language)]
        complaints = cls.Complaint.create(
            [
                {
                    "subject": subject,
                    "description": f"<p>{text}</p>",
                    "solution": "OK",
                    "partner_id": cls.salon.id,
                    "team_id": cls.team.id,
                }
                for _language, subject, text in rows
            ]
        )
        complaints.stage_id = cls.stages["closed"]
        cls.complaints = {
            language: complaints.browse(
                complaint.id
                for complaint, row in zip(complaints, rows, strict=True)
                if row[0] == language
            )
            for language in cls.pairs
        }
        cls.env["care.search.term"]._count_terms()
        cls.trigrams = {
            complaint.id: plain_trigrams(f"{subject} {text}")
            for complaint, (_language, subject, text) in zip(
                complaints, rows, strict=True
            )
        }

    def rates(self, language, find):
        """Share of pairs found in the first five: of all, and of those with hardly a
        word in common"""
        pairs, complaints = self.pairs[language], self.complaints[language]
        hits = [
            (kind, complaint.id in find(other))
            for (kind, _, _, other), complaint in zip(
                pairs, complaints[: len(pairs)], strict=True
            )
        ]
        far = [hit for kind, hit in hits if kind == "far"]
        return sum(hit for _, hit in hits) / len(hits), sum(far) / len(far)

    def find(self, text):
        hints = self.Complaint.with_user(self.all).care_hotline_hints(text)
        return [row["id"] for row in hints["complaints"]]

    def find_by_trigrams(self, text):
        """As PostgreSQL's pg_trgm would, which not every database has"""
        asked = plain_trigrams(text)
        known = {id_: similarity(asked, words) for id_, words in self.trigrams.items()}
        return sorted(known, key=lambda id_: (-known[id_], id_))[:FIRST]

    def test_two_hundred_pairs_a_third_with_hardly_a_word_in_common(self):
        for language, pairs in self.pairs.items():
            with self.subTest(language=language):
                self.assertEqual(len(pairs), 100)
                self.assertGreaterEqual(sum(row[0] == "far" for row in pairs), 33)

    def test_english_pairs(self):
        found, far = self.rates("en", self.find)
        plain, _far = self.rates("en", self.find_by_trigrams)
        self.assertGreaterEqual(found, 0.8)
        self.assertGreaterEqual(far, 0.6)
        self.assertGreater(found, plain)

    def test_chinese_pairs(self):
        found, far = self.rates("zh", self.find)
        plain, _far = self.rates("zh", self.find_by_trigrams)
        self.assertGreaterEqual(found, 0.8)
        self.assertGreaterEqual(far, 0.6)
        self.assertGreater(found, plain)

    def test_same_number_of_queries_for_few_and_many(self):
        user = self.Complaint.with_user(self.all)
        user.care_hotline_hints("wrong item in the box")
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        rows = user.care_hotline_hints("wrong item in the box")["complaints"]
        self.assertEqual(len(rows), FIRST)
        five = self.env.cr.sql_log_count - before
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        user.care_hotline_hints("qqzzyy")
        none = self.env.cr.sql_log_count - before
        self.assertLessEqual(five - none, 8)

    def test_a_typing_error_is_forgiven(self):
        [pump] = self.complaints["en"].filtered(
            lambda complaint: complaint.subject.startswith("Noise from the compressor")
        )
        self.assertIn(pump.id, self.find("compresor makes nois"))

    def test_indexing_many_takes_one_statement(self):
        Text = self.env["care.search.text"]
        complaints = self.complaints["en"]
        complaints.mapped("description")
        Text._index(complaints[:1])
        before = self.env.cr.sql_log_count
        Text._index(complaints[:50])
        self.assertLessEqual(self.env.cr.sql_log_count - before, 3)


@tagged("post_install", "-at_install")
class TestSimilar(KnowledgeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ours = cls.solve(
            "Pump stopped",
            "<p>The pump stopped after two weeks</p>",
            "New motor sent",
            partner_id=cls.salon.id,
            team_id=False,
            user_id=cls.rep.id,
        )
        cls.hidden = cls.solve(
            "Pump stopped again",
            "<p>The pump stopped at a rival</p>",
            "Secret discount",
            partner_id=cls.elsewhere.id,
        )
        cls.now = cls.complain(
            subject="Pump does not work",
            description="<p>Our pump stopped</p>",
            partner_id=cls.salon.id,
            user_id=cls.rep.id,
        )

    def similar(self, user, complaint=None):
        rows = (complaint or self.now).with_user(user).care_similar()["complaints"]
        return {row["id"] for row in rows}

    def test_solved_ones_with_cause_solution_and_outcome(self):
        self.hidden.root_cause_id = self.env["care.root.cause"].search([], limit=1)
        self.hidden.root_cause = "Dry run"
        rows = self.now.with_user(self.all).care_similar()["complaints"]
        [row] = [row for row in rows if row["id"] == self.hidden.id]
        self.assertEqual(row["solution"], "Secret discount")
        self.assertEqual(row["outcome"], "unknown")
        self.assertTrue(row["cause"])
        self.assertEqual(row["name"], self.hidden.name)

    def test_open_spam_and_merged_ones_are_left_out(self):
        self.assertEqual(self.similar(self.all), {self.ours.id, self.hidden.id})
        self.ours.action_reopen()
        self.hidden.sudo().spam = True
        self.assertFalse(self.similar(self.all))

    def test_not_what_the_user_may_not_read(self):
        self.assertEqual(self.similar(self.rep), {self.ours.id})
        hints = self.Complaint.with_user(self.rep).care_hotline_hints("pump stopped")
        self.assertEqual([row["id"] for row in hints["complaints"]], [self.ours.id])
        self.assertNotIn("Secret", str(hints))

    def test_what_is_hidden_takes_no_place(self):
        for number in range(8):
            self.solve("Pump stopped", f"<p>{number}</p>", partner_id=self.elsewhere.id)
        self.assertEqual(self.similar(self.rep), {self.ours.id})

    def test_not_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        team = self.env["care.complaint.team"].create(
            {"name": "Other", "company_id": other.id}
        )
        theirs = self.solve(
            "Pump stopped",
            solution="Their way",
            partner_id=self.elsewhere.id,
            team_id=team.id,
        )
        self.assertEqual(theirs.company_id, other)
        self.assertNotIn(theirs.id, self.similar(self.all))
        self.all.company_ids = [Command.link(other.id)]
        self.assertNotIn(theirs.id, self.similar(self.all))

    def test_strangers_get_nothing(self):
        employee = self.make_user("worker", "base.group_user")
        for user in (employee, self.env.ref("base.public_user")):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.now.with_user(user).care_similar()
                with self.assertRaises(AccessError):
                    self.Complaint.with_user(user).care_hotline_hints("pump stopped")

    def test_use_this_solution(self):
        mine = self.now.with_user(self.rep)
        mine.care_use_solution(self.ours.id)
        self.assertEqual(self.now.solution, "New motor sent")
        mine.care_use_solution(self.ours.id)
        self.assertEqual(self.now.solution, "New motor sent")
        with self.assertRaises(AccessError):
            mine.care_use_solution(self.hidden.id)
        with self.assertRaises(AccessError):
            self.hidden.with_user(self.rep).care_use_solution(self.ours.id)
        self.assertEqual(self.hidden.solution, "Secret discount")

    def test_cause_and_solution_are_searched_too(self):
        self.ours.solution = "Replaced the gasket of the flange"
        hints = self.Complaint.with_user(self.all).care_hotline_hints("gasket flange")
        self.assertEqual([row["id"] for row in hints["complaints"]], [self.ours.id])

    def test_what_was_there_before_is_indexed_by_the_job(self):
        self.env.cr.execute("DELETE FROM care_search_text")
        self.assertFalse(self.similar(self.all))
        with self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_search_index").method_direct_trigger()
        self.assertEqual(self.similar(self.all), {self.ours.id, self.hidden.id})

    def test_words_with_the_same_meaning_reach_old_texts(self):
        asked = "flibber"
        Concept = self.env["care.search.concept"]
        self.assertFalse(
            self.Complaint.with_user(self.all).care_hotline_hints(asked)["complaints"]
        )
        Concept.create({"name": "Pump", "words": "pump, flibber"})
        self.env.cr.execute(
            "UPDATE care_search_text SET indexed_at = indexed_at - INTERVAL '1 minute'"
        )
        with self.enter_registry_test_mode():
            self.env.ref("customer_care.ir_cron_search_index").method_direct_trigger()
        hints = self.Complaint.with_user(self.all).care_hotline_hints(asked)
        self.assertEqual(len(hints["complaints"]), 2)

    def test_an_update_brings_new_words_and_leaves_the_own_ones(self):
        Concept = self.env["care.search.concept"]
        concept = Concept.create({"name": "Late", "default_words": "late, 晚到, slow"})
        self.assertEqual(concept.words, "late, 晚到, slow")
        concept.with_user(self.manager).write(
            {"words": "late, 晚到, tardy", "default_words": "forged"}
        )
        self.assertEqual(concept.default_words, "late, 晚到, slow")
        concept.default_words = "late, slow, overdue"
        self.assertEqual(concept.words, "late, tardy, overdue")
        with self.assertRaises(UserError):
            concept.with_user(self.manager).unlink()
        concept.active = False
        concept.default_words = "late, slow, overdue, delayed"
        self.assertFalse(concept.active)

    def test_words_come_with_the_app(self):
        late = self.env.ref("customer_care.search_concept_late")
        self.assertEqual(late.words, late.default_words)
        data = self.env["ir.model.data"].search([("model", "=", late._name)])
        self.assertGreater(len(data), 300)
        self.assertFalse(any(data.mapped("noupdate")))

    def test_switched_off_means_nothing(self):
        self.env["res.groups"]._switch_care_features(knowledge=False)
        self.assertFalse(self.similar(self.all))
        new = self.solve("Pump stopped once more")
        self.env.cr.execute(
            "SELECT 1 FROM care_search_text WHERE complaint_id = %s", (new.id,)
        )
        self.assertFalse(self.env.cr.fetchall())

    def test_odd_texts(self):
        user = self.Complaint.with_user(self.all)
        for text in (
            "",
            "%",
            "' OR 1=1 --",
            "\x00pump",
            "🙂" * 50,
            "x" * 100_000,
            "，。",
        ):
            with self.subTest(text=text[:20]):
                self.assertIn("complaints", user.care_hotline_hints(text, text))
