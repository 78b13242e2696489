from odoo.tests import tagged

from ..common_knowledge import KnowledgeCase


@tagged("post_install", "-at_install")
class TestPropose(KnowledgeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Category = cls.env["care.complaint.category"]
        cls.late, cls.broken = Category.create(
            [{"name": "Not in Time"}, {"name": "In Pieces"}]
        )
        cls.invoices = cls.env["care.complaint.team"].create(
            {"name": "Invoices", "company_id": cls.company.id}
        )
        cls.Complaint.create(
            [
                {
                    "subject": f"{text} {number}",
                    "partner_id": cls.salon.id,
                    "team_id": team.id,
                    "category_id": category.id,
                }
                for number in range(30)
                for text, category, team in (
                    ("truck came too late", cls.late, cls.team),
                    ("jar smashed", cls.broken, cls.invoices),
                )
            ]
        )
        cls.Frequency = cls.env["care.word.frequency"]
        cls.Frequency._refresh()

    def hints(self, text, user=None):
        hints = self.Complaint.with_user(user or self.all).with_company(self.company)
        return {
            row["field"]: row for row in hints.care_hotline_hints(text)["proposals"]
        }

    def test_category_and_team_from_history(self):
        rows = self.hints("the jar is smashed")
        self.assertEqual(rows["category_id"]["id"], self.broken.id)
        self.assertEqual(rows["team_id"]["id"], self.invoices.id)
        self.assertGreaterEqual(rows["category_id"]["share"], 80)

    def test_nothing_below_the_confidence_or_without_a_known_word(self):
        self.assertFalse(self.hints("qqq zzz yyy"))
        self.company.care_propose_from = 100
        self.assertFalse(self.hints("the jar is smashed"))

    def test_accepted_with_a_click(self):
        complaint = self.complain(
            subject="smashed jar", partner_id=self.salon.id, user_id=self.all.id
        )
        mine = complaint.with_user(self.all)
        [row] = [r for r in mine.care_similar()["proposals"] if "cat" in r["field"]]
        self.assertEqual(row["name"], "In Pieces")
        self.assertFalse(complaint.category_id)
        mine.care_accept_proposal("category_id")
        self.assertEqual(complaint.category_id, self.broken)
        mine.care_accept_proposal("user_id")
        self.assertEqual(complaint.user_id, self.all)

    def test_mails_only_if_switched_on(self):
        values = {
            "subject": "jar smashed",
            "partner_id": self.salon.id,
            "team_id": self.team.id,
            "company_id": self.company.id,
            "source": "email",
        }
        self.assertFalse(self.Complaint.create(dict(values)).category_id)
        self.company.care_propose_mail = True
        complaint = self.Complaint.create(dict(values))
        self.assertEqual(complaint.category_id, self.broken)
        self.assertEqual(complaint.team_id, self.invoices)
        by_phone = self.Complaint.create({**values, "source": "phone"})
        self.assertFalse(by_phone.category_id)

    def test_hit_rate_of_what_was_left_out(self):
        hits = self.company.care_propose_hits["category"]
        self.assertEqual(hits["tested"], 12)
        self.assertEqual(hits["right"], hits["proposed"])
        self.assertGreater(hits["right"], 8)
        settings = self.env["res.config.settings"].with_company(self.company).create({})
        self.assertIn("12 complaints", settings.care_propose_words)

    def test_history_of_another_company_does_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.all.company_ids |= other
        found = self.Frequency._propose(other, "category", ["jar smashed"])
        self.assertEqual(found, [(None, 0.0)])

    def test_an_archived_team_is_not_proposed(self):
        moved = self.Complaint.search([("team_id", "=", self.invoices.id)])
        moved.team_id = self.team
        self.invoices.active = False
        self.assertNotIn("team_id", self.hints("the jar is smashed"))

    def test_one_query_for_many_texts(self):
        self.Frequency._propose(self.company, "category", ["jar"])
        before = self.env.cr.sql_log_count
        self.Frequency._propose(self.company, "category", ["jar smashed"] * 40)
        self.assertEqual(self.env.cr.sql_log_count - before, 1)
