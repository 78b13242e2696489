import doctest
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...tools import case_steps
from ...tools.case_steps import PHASE_ORDER, File, missing

FILES = st.builds(
    File,
    kind=st.sampled_from(["customer", "internal", "suggestion"]),
    **{
        name: st.booleans()
        for name in (
            "malicious",
            "first_contact",
            "department",
            "cause",
            "solution",
            "approval_pending",
            "verified",
            "responsibility_due",
            "responsible",
            "letter_due",
            "letter_sent",
            "cancel_reason",
        )
    },
)
WHOLE = {
    "department": True,
    "cause": True,
    "solution": True,
    "approval_pending": False,
    "verified": True,
    "responsible": True,
    "letter_sent": True,
    "cancel_reason": True,
}


@tagged("post_install", "-at_install")
class TestCaseSteps(BaseCase):
    def test_examples(self):
        result = doctest.testmod(case_steps)
        self.assertGreater(result.attempted, 3)
        self.assertEqual(result.failed, 0)

    def test_the_way_of_an_ordinary_complaint(self):
        file = File(letter_due=True, responsibility_due=True)
        for phase, wanted, filled in (
            ("investigate", [], {}),
            ("solve", ["cause"], {"cause": True}),
            ("execute", ["solution"], {"solution": True}),
            ("verify", [], {}),
            ("settle", ["verified"], {"verified": True}),
            (
                "closed",
                ["responsible", "letter"],
                {"responsible": True, "letter_sent": True},
            ),
        ):
            self.assertEqual(missing(file, phase), wanted, phase)
            file = replace(file, **filled)
        self.assertEqual(missing(file, "closed"), [])

    def test_a_jump_wants_all_that_lies_between(self):
        self.assertEqual(
            missing(File(letter_due=True), "closed"),
            ["cause", "solution", "verified", "letter"],
        )

    def test_internal_and_malicious(self):
        internal = File(kind="internal", cause=True)
        self.assertEqual(missing(internal, "solve"), ["department"])
        malicious = File(malicious=True, letter_due=True, responsibility_due=True)
        self.assertEqual(missing(malicious, "verify"), [])
        self.assertEqual(missing(malicious, "closed"), ["cause"])
        self.assertEqual(missing(malicious, "cancelled"), [])
        self.assertEqual(missing(File(), "cancelled"), ["cancel_reason"])

    def test_no_way_around_an_approval(self):
        for way in (File(), File(first_contact=True), File(kind="suggestion")):
            file = replace(way, approval_pending=True, solution=True, cause=True)
            self.assertEqual(missing(file, "verify"), ["approval"])

    @given(FILES, st.sampled_from(PHASE_ORDER))
    def test_later_phases_want_no_less(self, file, phase):
        later = PHASE_ORDER[PHASE_ORDER.index(phase) :]
        for other in later:
            self.assertLessEqual(set(missing(file, phase)), set(missing(file, other)))

    @given(FILES, st.sampled_from([*PHASE_ORDER, "cancelled"]))
    def test_a_whole_file_lacks_nothing(self, file, phase):
        self.assertEqual(missing(replace(file, **WHOLE), phase), [])
