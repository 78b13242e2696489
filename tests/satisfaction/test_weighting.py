"""Weighted means, without a database: by numpy, and by simulation."""

import doctest
import time
from collections import Counter
from unittest import TestCase

import numpy
from hypothesis import given
from hypothesis import strategies as st

from ...tools import account_answers, estimates, topics, weighting
from .. import common_properties  # noqa: F401  loads the profile of hypothesis

FIVE = (0, 25, 50, 75, 100)
LEAST_COVERAGE = 93.0

answers = st.lists(
    st.tuples(st.sampled_from(FIVE), st.floats(0, 1e6)), min_size=1, max_size=40
).filter(lambda rows: sum(weight for _value, weight in rows) > 1)


def table(rows):
    found = {}
    for value, weight in rows:
        before = found.get(value, weighting.NO_WEIGHTS)
        found[value] = before.plus(weight, count=int(weight > 0))
    return found


class TestWeighting(TestCase):
    def test_examples(self):
        for module in (weighting, account_answers, topics):
            self.assertFalse(doctest.testmod(module).failed, module.__name__)

    @given(answers)
    def test_by_numpy(self, rows):
        values, weights = map(numpy.array, zip(*rows, strict=True))
        found, effective = weighting.mean(table(rows), 0, 100)
        middle = numpy.average(values, weights=weights)
        self.assertAlmostEqual(found.value, middle)
        self.assertEqual(found.count, (weights > 0).sum())
        kish = weights.sum() ** 2 / (weights**2).sum()
        self.assertAlmostEqual(weighting.kish(table(rows)), kish)
        self.assertLessEqual(effective, kish * 1.000001)
        self.assertLessEqual(kish, len(rows) * 1.000001)
        share = weights / weights.sum()
        variance = (share**2 * (values - middle) ** 2).sum()
        if variance > 1e-9:
            spread = (share * (values - middle) ** 2).sum()
            self.assertAlmostEqual(effective, min(kish, spread / variance), delta=1e-6)

    @given(answers)
    def test_interval_holds_the_mean_and_stays_on_the_scale(self, rows):
        found = weighting.mean(table(rows), 0, 100).mean
        self.assertLessEqual(-0.001, found.low)
        self.assertLessEqual(found.low, found.value + 0.011)
        self.assertLessEqual(found.value, found.high + 0.011)
        self.assertLessEqual(found.high, 100.001)

    @given(st.lists(st.sampled_from(FIVE), min_size=1, max_size=40), st.floats(1, 1e4))
    def test_equal_weights_are_the_plain_mean(self, values, weight):
        population = len(values) + 7
        plain = estimates.mean(Counter(values), 0, 100)
        found, effective = weighting.mean(
            table((value, weight) for value in values), 0, 100
        )
        self.assertAlmostEqual(effective, len(values), delta=1e-6)
        self.assertAlmostEqual(found.value, plain.value)
        rounding = 0.011 if len(values) > weighting.DRAWN_BELOW else 3
        for one, other in zip(found[2:], plain[2:], strict=True):
            self.assertAlmostEqual(one, other, delta=rounding)
        finite = weighting.mean(
            table((value, weight) for value in values), 0, 100, None, population
        ).mean
        self.assertLessEqual(finite.high - finite.low, found.high - found.low + 0.02)

    def test_fractions_of_answers_take_no_time(self):
        """The integral behind the interval would take 15 seconds for these."""
        started = time.process_time()
        weighting.mean(table([(100, 0.95), (25, 0.05)]), 0, 100)
        weighting.mean(table([(number, 1e4**-number) for number in range(60)]), 0, 100)
        self.assertLess(time.process_time() - started, 2)

    @given(answers, st.floats(0.001, 1000))
    def test_scale_of_weights_does_not_matter(self, rows, factor):
        one = weighting.mean(table(rows), 0, 100)
        other = weighting.mean(table((v, w * factor) for v, w in rows), 0, 100)
        self.assertAlmostEqual(one.mean.value, other.mean.value, delta=1e-6)
        self.assertAlmostEqual(one.effective, other.effective, delta=1e-3)

    def test_one_large_customer_is_one_answer(self):
        rows = [(0, 1_000_000.0)] + [(100, 1.0)] * 50
        found, effective = weighting.mean(table(rows), 0, 100)
        self.assertLess(found.value, 0.01)
        self.assertAlmostEqual(effective, 1, delta=0.001)
        self.assertGreater(found.high, 90, "one answer says little")

    def test_everybody_answered(self):
        found = weighting.mean(table([(0, 1.0), (100, 3.0)]), 0, 100, 3, 3).mean
        self.assertEqual(found[1:], (75.0, 75.0, 75.0))

    def test_without_sales(self):
        found, effective = weighting.mean(table([(50, 0.0)]), 0, 100)
        self.assertEqual((found.count, found.value, effective), (0, None, 0.0))

    @given(answers, st.sampled_from(FIVE))
    def test_shares(self, rows, kind):
        values, weights = map(numpy.array, zip(*rows, strict=True))
        found = weighting.share(table(rows), kind).mean
        self.assertAlmostEqual(
            found.value, 100 * weights[values == kind].sum() / weights.sum()
        )

    def test_coverage(self):
        """Sales of customers differ by orders of magnitude, with and without a relation
        to what they answer."""
        random = numpy.random.default_rng(20)
        size = 20_000
        sales = numpy.exp(random.normal(0, 1.2, size))
        rank = sales.argsort().argsort() / size
        chance = random.random(size)
        populations = {
            "unrelated": chance,
            "large ones unhappy": 0.7 * (1 - rank) + 0.3 * chance,
            "large ones happy": 0.7 * rank + 0.3 * chance,
        }
        for name, place in populations.items():
            values = numpy.minimum(place * 5, 4).astype(int) * 25
            true = numpy.average(values, weights=sales)
            held = total = 0
            for count in (8, 30):
                for _campaign in range(100):
                    drawn = random.integers(0, size, count)
                    found = weighting.mean(
                        table(
                            zip(
                                values[drawn].tolist(),
                                sales[drawn].tolist(),
                                strict=True,
                            )
                        ),
                        0,
                        100,
                    ).mean
                    held += found.low <= true <= found.high
                    total += 1
            self.assertGreaterEqual(100 * held / total, LEAST_COVERAGE, name)


class TestAccountAnswers(TestCase):
    scores = st.lists(st.sampled_from(FIVE), max_size=6)

    @given(
        st.lists(st.tuples(st.integers(0, 4), st.none() | st.sampled_from(FIVE))),
    )
    def test_waves_lose_nothing(self, rows):
        found = account_answers.waves(rows)
        self.assertEqual(
            [wave.key for wave in found], list(dict.fromkeys(key for key, _ in rows))
        )
        self.assertEqual(
            Counter(score for wave in found for score in wave.scores),
            Counter(score for _key, score in rows if score is not None),
        )
        for wave in found:
            if wave.scores:
                self.assertAlmostEqual(wave.mean.value, numpy.mean(wave.scores))
                self.assertAlmostEqual(wave.spread, numpy.ptp(wave.scores))

    @given(scores, scores)
    def test_difference(self, before, after):
        found = account_answers.difference(before, after)
        if not before or not after:
            self.assertIsNone(found)
            return
        self.assertAlmostEqual(found.value, numpy.mean(after) - numpy.mean(before))
        if min(len(before), len(after)) < 2:
            self.assertFalse(found.significant)

    def test_more_than_chance(self):
        self.assertTrue(account_answers.difference([0] * 8, [100] * 8).significant)
        self.assertFalse(account_answers.difference([50] * 2, [75] * 2).significant)

    def test_disagreement_from_forty_points(self):
        self.assertTrue(account_answers.Wave(1, (30, 70)).disagree)
        self.assertFalse(account_answers.Wave(1, (30, 69)).disagree)
        self.assertFalse(account_answers.Wave(1, ()).disagree)


class TestTopics(TestCase):
    PATTERNS = {
        "delivery": topics.pattern("deliver*, late, out of stock, 送货, 缺货"),
        "price": topics.pattern("price*；贵\n折扣"),
        "empty": topics.pattern(" , *"),
    }

    def found(self, text):
        return topics.match(text, self.PATTERNS)

    def test_words(self):
        for text, expected in (
            ("Deliveries came LATE twice", ["delivery"]),
            ("We talk later", []),
            ("Chocolate", []),
            ("It was out  of\nstock again", ["delivery"]),
            ("送货很快，希望价格再优惠一些，太贵", ["delivery", "price"]),
            ("ｐｒｉｃｅｓ", ["price"]),
            ("underpriced", []),
            ("price.", ["price"]),
            ("缺货", ["delivery"]),
            ("", []),
            ("😀", []),
        ):
            self.assertEqual(self.found(text), expected, text)

    @given(st.text(), st.text())
    def test_any_text_is_taken(self, text, words):
        expression = topics.pattern(words)
        if expression is not None:
            topics.match(text, {1: expression})
        for word in topics.keywords(words):
            self.assertEqual(word, topics.normal(word))

    @given(st.text(alphabet="abc送货 ", min_size=1, max_size=12))
    def test_a_keyword_matches_itself(self, word):
        expression = topics.pattern(word)
        if expression is not None:
            self.assertTrue(topics.match(word, {1: expression}))

    def test_subject_of_the_question(self):
        dimensions = {"price": "price"}
        self.assertEqual(
            topics.match("Late", self.PATTERNS, "price", dimensions),
            ["delivery", "price"],
        )
        self.assertEqual(topics.match(" ", self.PATTERNS, "price", dimensions), [])
