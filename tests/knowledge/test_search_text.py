import time

from odoo.tests import BaseCase, tagged

from ...tools.anonymise import anonymise
from ...tools.search_text import (
    Concepts,
    likely,
    normal,
    rank,
    rarity,
    stem,
    terms,
)


@tagged("post_install", "-at_install")
class TestSearchText(BaseCase):
    def test_traditional_is_found_as_simplified(self):
        self.assertEqual(normal("貨物破損，發票錯誤"), normal("货物破损，发票错误"))
        self.assertEqual(set(terms("貨損")), {"货损", "货", "损"})

    def test_forms_of_a_word_have_one_stem(self):
        for forms in (
            ("delivery", "deliveries"),
            ("damage", "damaged", "damages"),
            ("arrive", "arrived", "arrives"),
            ("stop", "stopped"),
            ("box", "boxes"),
            ("deliver", "delivered", "delivering"),
            ("break", "broke", "broken", "breaking"),
            ("colour", "color", "colours"),
        ):
            with self.subTest(forms=forms):
                self.assertEqual(len({stem(form) for form in forms}), 1)
        self.assertNotEqual(stem("glass"), stem("gla"))

    def test_chinese_beside_numbers_and_letters(self):
        found = set(terms("5毫米螺丝A1坏"))
        self.assertLessEqual({"5", "毫米", "螺丝", "a1", "坏"}, found)

    def test_terms_without_the_words_that_say_nothing(self):
        self.assertEqual(sorted(terms("The box is on the truck")), ["box", "truck"])
        self.assertEqual(terms("   "), [])
        self.assertEqual(terms(None), [])

    def test_a_phrase_is_a_concept_whatever_its_language(self):
        concepts = Concepts({7: ["late", "not arrived", "还没到"]})
        for text in ("It was late", "It has not arrived", "货还没到"):
            with self.subTest(text=text):
                self.assertIn("~7", terms(text, concepts))
        self.assertNotIn("~7", terms("It arrived", concepts))

    def test_words_that_say_nothing_may_stand_in_a_phrase(self):
        concepts = Concepts({7: ["did not arrive", "没来", "无法登录"]})
        for text in (
            "The pallet hasn't arrived yet",
            "It still did not really arrive",
            "it doesn’t arrive",
            "货还没有来",
            "货一直没来",
            "我没法登录",
        ):
            with self.subTest(text=text):
                self.assertIn("~7", terms(text, concepts))
        for text in ("It arrived", "It did arrive, not late", "货来了"):
            with self.subTest(text=text):
                self.assertNotIn("~7", terms(text, concepts))

    def test_a_character_within_a_longer_word_is_no_concept_of_its_own(self):
        concepts = Concepts({1: ["包"], 2: ["包装"]})
        self.assertNotIn("~1", terms("包装破了", concepts))
        self.assertIn("~1", terms("包破了", concepts))

    def test_long_texts_are_read_quickly(self):
        concepts = Concepts({n: [f"{chr(0x4E00 + n)}坏了"] for n in range(5_000)})
        start = time.process_time()
        terms("坏了的货物" * 400, concepts)
        self.assertLess(time.process_time() - start, 0.5)

    def test_a_rare_word_tells_more(self):
        self.assertGreater(rarity(1, 1000), rarity(500, 1000))
        texts = {1: ["box", "torn"], 2: ["box", "wet"], 3: ["box", "valve"]}
        frequencies = {"box": 3, "torn": 1, "wet": 1, "valve": 1}
        found = rank(["box", "valve"], texts, frequencies, 3)
        self.assertEqual(found[0][0], 3)
        self.assertEqual(len(found), 3)

    def test_nothing_in_common_is_not_found(self):
        self.assertEqual(rank(["pump"], {1: ["box"]}, {"box": 1}, 1), [])
        self.assertEqual(rank([], {}, {}, 0), [])

    def test_bayes(self):
        counts = {1: {"late": 9, "box": 2}, 2: {"late": 1, "box": 9}}
        value, share = likely(counts, {1: 10, 2: 10}, {"late"})
        self.assertEqual(value, 1)
        self.assertAlmostEqual(share, (10 / 12) / (10 / 12 + 2 / 12))
        self.assertEqual(likely({}, {}, {"late"}), (None, 0.0))

    def test_names_numbers_and_addresses_are_taken_out(self):
        text = (
            "Dear Mrs Miller of Rose Garden, order S00042 went to 12 Main Street. "
            "Call +32 485 11 22 33 or write to anna@rose.example. 20 of 40 jars broke."
        )
        told = anonymise(text, ["Rose Garden Ltd", "Anna Miller"])
        for secret in ("Miller", "Rose", "S00042", "Main", "485", "anna", "rose"):
            with self.subTest(secret=secret):
                self.assertNotIn(secret, told)
        self.assertIn("20 of 40 jars broke", told)

    def test_chinese_names_and_addresses_are_taken_out(self):
        told = anonymise(
            "王先生：上海市南京路100号的货晚到，电话13900001111，玫瑰花园等了三天",
            ["玫瑰花园"],
        )
        for secret in ("王", "南京路", "1390", "玫瑰"):
            with self.subTest(secret=secret):
                self.assertNotIn(secret, told)
        self.assertIn("晚到", told)
        self.assertIn("等了三天", told)
