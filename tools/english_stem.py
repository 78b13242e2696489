"""The common part of the forms of an English word, as Martin Porter's algorithm of 1980
cuts it, with irregular forms beside. Arithmetic only: no database, no Odoo."""

import re
from functools import lru_cache

IRREGULAR = {
    form: word
    for word, forms in {
        "begin": "began begun",
        "bend": "bent",
        "bite": "bit bitten",
        "blow": "blew blown",
        "break": "broke broken",
        "bring": "brought",
        "build": "built",
        "burn": "burnt",
        "buy": "bought",
        "catch": "caught",
        "child": "children",
        "choose": "chose chosen",
        "color": "colour colours coloured colored",
        "come": "came",
        "deal": "dealt",
        "do": "does did done doing",
        "draw": "drew drawn",
        "drink": "drank drunk",
        "drive": "drove driven",
        "eat": "ate eaten",
        "fall": "fell fallen",
        "feel": "felt",
        "fight": "fought",
        "find": "found",
        "forget": "forgot forgotten",
        "freeze": "froze frozen",
        "get": "got gotten",
        "give": "gave given",
        "go": "goes went gone",
        "hang": "hung",
        "have": "has had having",
        "hear": "heard",
        "hold": "held",
        "keep": "kept",
        "know": "knew known",
        "lead": "led",
        "leave": "left",
        "lend": "lent",
        "lie": "lay lain lying",
        "lose": "lost",
        "make": "made",
        "mean": "meant",
        "meet": "met",
        "mold": "mould moulds mouldy moldy",
        "odor": "odour odours",
        "pay": "paid",
        "read": "reads",
        "ride": "rode ridden",
        "ring": "rang rung",
        "rise": "rose risen",
        "run": "ran",
        "say": "said",
        "see": "saw seen",
        "sell": "sold",
        "send": "sent",
        "shake": "shook shaken",
        "shrink": "shrank shrunk",
        "smell": "smelt",
        "speak": "spoke spoken",
        "spill": "spilt",
        "spoil": "spoilt",
        "stand": "stood",
        "steal": "stole stolen",
        "stick": "stuck",
        "swear": "swore sworn",
        "swell": "swollen",
        "take": "took taken",
        "teach": "taught",
        "tear": "tore torn",
        "tell": "told",
        "think": "thought",
        "throw": "threw thrown",
        "tire": "tyre tyres",
        "try": "tried tries",
        "wear": "wore worn",
        "write": "wrote written",
    }.items()
    for form in forms.split()
}
VOWEL = r"(?:[aeiou]|(?<=[^aeiou])y)"
CONSONANT = r"(?:[^aeiouy]|(?<=[aeiou])y|^y)"
MEASURE = re.compile(f"{VOWEL}+{CONSONANT}+")
HAS_VOWEL = re.compile(VOWEL)
SHORT = re.compile(f"{CONSONANT}{VOWEL}(?![wxy]){CONSONANT}$")
SECOND = (
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("abli", "able"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
)
THIRD = (
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
)
FOURTH = [
    "ement",
    "ance",
    "ence",
    "able",
    "ible",
    "ment",
    "ant",
    "ent",
    "ism",
    "ate",
    "iti",
    "ous",
    "ive",
    "ize",
    "al",
    "er",
    "ic",
    "ou",
]
LEAST = 3
"""Shorter words keep their form."""


def measure(word):
    """How often a vowel is followed by a consonant: the more, the longer the word"""
    return len(MEASURE.findall(word))


@lru_cache(maxsize=20_000)
def stem(word):
    """:param word: in lower case"""
    if not word.isascii() or not word.isalpha():
        return word
    word = IRREGULAR.get(word, word)
    if len(word) < LEAST:
        return word
    word = _past_and_progressive(_plural(word))
    if word.endswith("y") and HAS_VOWEL.search(word[:-1]):
        word = f"{word[:-1]}i"
    word = _replaced(_replaced(word, SECOND), THIRD)
    return _final_letters(_without_ending(word))


def _plural(word):
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and word[-2:] not in ("ss", "us") else word


def _past_and_progressive(word):
    if word.endswith("eed"):
        return word[:-1] if measure(word[:-3]) else word
    for suffix in ("ed", "ing"):
        rest = word.removesuffix(suffix)
        if rest == word or not HAS_VOWEL.search(rest):
            continue
        if rest.endswith(("at", "bl", "iz")):
            return f"{rest}e"
        if rest[-1:] == rest[-2:-1] and rest[-1] not in "aeioulsz":
            return rest[:-1]
        return f"{rest}e" if measure(rest) == 1 and SHORT.search(rest) else rest
    return word


def _replaced(word, pairs):
    for suffix, ending in pairs:
        if word.endswith(suffix):
            rest = word.removesuffix(suffix)
            return rest + ending if measure(rest) else word
    return word


def _without_ending(word):
    for suffix in FOURTH:
        if word.endswith(suffix):
            rest = word.removesuffix(suffix)
            return rest if measure(rest) > 1 else word
    if word.endswith(("sion", "tion")) and measure(word[:-3]) > 1:
        return word[:-3]
    return word


def _final_letters(word):
    if word.endswith("e"):
        rest = word[:-1]
        length = measure(rest)
        if length > 1 or (length == 1 and not SHORT.search(rest)):
            word = rest
    return word[:-1] if word.endswith("ll") and measure(word) > 1 else word
