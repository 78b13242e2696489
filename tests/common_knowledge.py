from pathlib import Path

from .common_complaint import ComplaintCase

DATA = Path(__file__).parent / "data"


def read_pairs(name):
    """[(kind, subject, what happened, the words of another person)]"""
    lines = (DATA / f"{name}.tsv").read_text("utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines]


def read_distractors(language):
    """[(subject, what happened)]"""
    lines = (DATA / f"distractors_{language}.txt").read_text("utf-8").splitlines()
    return [tuple(line.split("|")) for line in lines]


class KnowledgeCase(ComplaintCase):
    """Solved complaints are found again.

    company
    ├── manager   administrator, manages the complaint team
    ├── all       all customers, member of the team
    └── rep       own customers: the salon
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.groups"]._switch_care_features(knowledge=True)
        cls.elsewhere = cls.customer("Elsewhere", user_id=cls.all.id)
        cls.Complaint = cls.env["care.complaint"]
        cls.Knowledge = cls.env["care.knowledge"]

    @classmethod
    def solve(cls, subject, description="", solution="Settled.", **values):
        """A complaint that was solved"""
        complaint = cls.complain(
            subject=subject, description=description, solution=solution, **values
        )
        complaint.stage_id = cls.stages["closed"]
        return complaint

    @classmethod
    def answer(cls, question, answer, public=False, **values):
        """A reviewed knowledge record"""
        knowledge = cls.Knowledge.create(
            {
                "name": question,
                "answer": answer,
                "company_id": cls.company.id,
                **values,
            }
        )
        knowledge.action_review()
        if public:
            knowledge.action_publish()
        return knowledge
