"""Rates of response by AAPOR's definitions, without a database."""

import doctest
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools import response
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

counts = st.dictionaries(
    st.sampled_from(list(response.DISPOSITIONS)), st.integers(0, 500)
)


class TestDocstrings(TestCase):
    def test_examples(self):
        results = doctest.testmod(response)
        self.assertTrue(results.attempted)
        self.assertFalse(results.failed)


class TestRates(TestCase):
    @given(counts)
    def test_formulas(self, found):
        """The formulas as printed, with I, P, R, NC, O, UH and UO"""
        count = lambda *keys: sum(found.get(key, 0) for key in keys)  # noqa: E731
        i, p, r = count("complete"), count("partial"), count("refusal", "break_off")
        nc, o = count("no_contact"), count("other")
        u = count("not_attempted", "no_reply", "undelivered")
        whole = (i + p) + (r + nc + o) + u
        result = response.rates(found)
        self.assertEqual(result.sample, whole)
        if not whole:
            self.assertEqual(set(result[1:]), {None})
            return
        self.assertAlmostEqual(result.response, 100 * i / whole)
        self.assertAlmostEqual(result.response_partial, 100 * (i + p) / whole)
        self.assertAlmostEqual(result.refusal, 100 * r / whole)
        self.assertAlmostEqual(result.contact, 100 * (i + p + r + o) / whole)
        if i + p + r + o:
            self.assertAlmostEqual(result.cooperation, 100 * i / (i + p + r + o))
        else:
            self.assertIsNone(result.cooperation)

    def test_undelivered_mail_counts_against_the_rate(self):
        result = response.rates({"complete": 50, "undelivered": 50})
        self.assertEqual(result.response, 50)


class TestDispositions(TestCase):
    def test_states(self):
        for arguments, expected in (
            ({"state": "answered"}, "complete"),
            ({"state": "answered", "aside": True}, "other"),
            ({"state": "answered", "reason": "opted_out"}, "complete"),
            ({"state": "refused", "called": True}, "refusal"),
            ({"state": "sent", "reason": "opted_out"}, "refusal"),
            ({"state": "sent", "reason": "undelivered"}, "no_reply"),
            ({"state": "sent", "answered": 0.5}, "partial"),
            ({"state": "sent", "answered": 0.49}, "break_off"),
            ({"state": "partial", "answered": 0.5}, "partial"),
            ({"state": "partial", "answered": 0.2}, "break_off"),
            ({"state": "partial", "answered": 0.9, "aside": True}, "other"),
            ({"state": "sent", "called": True}, "no_contact"),
            ({"state": "bounced"}, "undelivered"),
            ({"state": "failed", "answered": 0.0}, "undelivered"),
            ({"state": "pending"}, "waiting"),
            ({"state": "to_call"}, "waiting"),
            ({"state": "to_call", "called": True}, "no_contact"),
            ({"state": "to_call", "called": True, "answered": 0.9}, "partial"),
            ({"state": "skipped"}, "not_attempted"),
            ({"state": "skipped", "called": True}, "no_contact"),
            ({"state": "skipped", "reason": "closed"}, "not_attempted"),
            ({"state": "skipped", "reason": "archived"}, "not_eligible"),
            ({"state": "skipped", "reason": "quarantine"}, "other"),
        ):
            self.assertEqual(response.disposition(**arguments), expected, arguments)

    @given(counts, st.integers(0, 50), st.integers(0, 50))
    def test_anonymous_answers_are_nobodys(self, found, complete, partial):
        """Answers that are linked to no invitation add no customer to the sample."""
        linked = response.unlinked(found, {"complete": complete, "partial": partial})
        self.assertTrue(all(count >= 0 for count in linked.values()))
        room = sum(
            found.get(key, 0)
            for key in ("no_reply", "undelivered", "waiting", "refusal")
        )
        if complete + partial <= room:
            self.assertEqual(linked.total(), sum(found.values()))
