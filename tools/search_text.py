"""Words of a text for searching, and how much two texts have in common. Arithmetic
only: no database, no Odoo."""

import math
import re
import unicodedata
from collections import Counter, defaultdict

from .chinese_characters import SIMPLIFIED
from .english_stem import stem

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
PIECES = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+", re.UNICODE)
HAN_PIECE = re.compile(rf"[{HAN}]")
MAX_TEXT = 8_000
"""Characters of a text that are read"""
MAX_TERM = 40
MAX_PHRASE = 5
"""Words of a phrase of a concept"""
CONCEPT = "~"
"""First character of the term that stands for words with the same meaning"""
STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be because been being but by can
    could did do does for from get got had has have he her here him his how i if in into
    is it its just me more most my no nor not of off on once only or other our out over
    own please same she should since so some still than that the their them then there
    these they this those though to too under until up upon us very was we were what
    when where which while who whom why will with would you your yours""".split()  # noqa: SIM905
)
STOP_CHARACTERS = frozenset(
    "的了是在我你您他她它们和与也都就还又及或而但被把给让从到对为以于之这那个有没不很着过吗呢吧啊请"
)
CONTRACTIONS = tuple(
    (re.compile(rf"\b{short}\b"), full)
    for short, full in (
        ("can(?:'t|not|t)", "can not"),
        ("won't", "will not"),
        ("shan't", "shall not"),
        (r"(\w+)n't", r"\1 not"),
        ("(do|does|did|has|have|had|is|are|was|were)nt", r"\1 not"),
        (r"(\w+)'(?:s|re|ve|ll|d|m)", r"\1"),
    )
)
FILLERS = frozenset(
    """
    a actually all already also am an and any are as at be been being completely could
    currently did do does ever even for got had has have he her here his i in is it
    its just me more my of on our quite really she so some still such that the their
    them there these they this those to today totally us very was we were which would
    yesterday yet you your""".split()  # noqa: SIM905
)
"""Words that may stand between those of a phrase"""
CHINESE_FILLERS = re.compile(
    "我们|你们|他们|她们|咱们|我方|贵司|贵公司|一直|已经|居然|竟然|根本|完全|真的|实在|"
    "非常|特别|十分|好像|总是|现在|目前|到现在|至今|今天|昨天|[了都就也吧啊呢吗呀很给的]|还(?=[没不在])"
)
CHINESE_SAME = (("没有", "没"), ("未能", "没"), ("无法", "不能"), ("没法", "不能"))
K1 = 1.2
B = 0.2
"""The usual parameters of BM25; texts of complaints are short, so length weighs less"""
CONCEPT_WEIGHT = 1.3
BIGRAM_WEIGHT = 0.5
CHARACTER_WEIGHT = 0.35
TRIGRAM_WEIGHT = 4.0
SPELLED = 10
"""Spelling is compared for so many times the wanted number of texts."""


def normal(text):
    """Lower case, full-width characters as usual ones, traditional as simplified"""
    text = unicodedata.normalize("NFKC", (text or "")[:MAX_TEXT])
    return text.lower().translate(SIMPLIFIED)


class Concepts:
    """Words and phrases with the same meaning, in any language"""

    def __init__(self, groups):
        """:param groups: {key: [phrases]}"""
        self._phrases = defaultdict(set)
        self._characters = defaultdict(set)
        for key, phrases in groups.items():
            for phrase in phrases:
                self._add(f"{CONCEPT}{key}", _words(phrase))
        self._longest = max(map(len, self._characters), default=0)

    def _add(self, term, words):
        if words and HAN_PIECE.match(words[0]):
            self._characters["".join(words)].add(term)
            short = _plain("".join(words))
            if len(short) > 1:
                self._characters[short].add(term)
            return
        for phrase in (words, _without_fillers(words)):
            if len(phrase) == 1 == len(words) or 1 < len(phrase) <= MAX_PHRASE:
                self._phrases[tuple(map(stem, phrase))].add(term)

    def found(self, words):
        """:param words: pieces of a text in their order
        :return: terms of the concepts that the text mentions, each once"""
        found = self._in_words(words) | self._in_words(_without_fillers(words))
        for word in words:
            if HAN_PIECE.match(word):
                found |= self._in_characters(word) | self._in_characters(_plain(word))
        return found

    def _in_words(self, words):
        found = set()
        stems = [stem(word) for word in words]
        for start in range(len(stems)):
            for end in range(start + 1, min(start + MAX_PHRASE, len(stems)) + 1):
                found |= self._phrases.get(tuple(stems[start:end]), set())
        return found

    def _in_characters(self, run):
        """The longest phrase at each place; a single character only if it is in none"""
        found, covered = set(), 0
        for start in range(len(run)):
            for end in range(min(start + self._longest, len(run)), start, -1):
                part = run[start:end]
                if part in self._characters:
                    if len(part) > 1 or start >= covered:
                        found |= self._characters[part]
                        covered = max(covered, end)
                    break
        return found


NO_CONCEPTS = Concepts({})


def _words(text):
    text = normal(text).replace("\u2019", "'")
    if "'" in text or "nt" in text or "cannot" in text:
        for short, full in CONTRACTIONS:
            text = short.sub(full, text)
    return [piece[:MAX_TERM] for piece in PIECES.findall(text)]


def _without_fillers(words):
    return [word for word in words if word not in FILLERS]


def _plain(run):
    """A run of Chinese characters as phrases of concepts are compared"""
    for other, usual in CHINESE_SAME:
        run = run.replace(other, usual)
    return CHINESE_FILLERS.sub("", run)


def terms(text, concepts=NO_CONCEPTS):
    """:return: what a text is found by, in no particular order and as often as it is
    there: stems of words, pairs of Chinese characters and characters, and concepts"""
    words = _words(text)
    found = sorted(concepts.found(words))
    for word in words:
        if HAN_PIECE.match(word):
            found += [word[at : at + 2] for at in range(len(word) - 1)]
            found += [char for char in word if char not in STOP_CHARACTERS]
        elif word not in STOP_WORDS and (len(word) > 1 or word.isdigit()):
            found.append(stem(word))
    return found


def weight(term):
    if term.startswith(CONCEPT):
        return CONCEPT_WEIGHT
    if HAN_PIECE.match(term):
        return CHARACTER_WEIGHT if len(term) == 1 else BIGRAM_WEIGHT
    return 1.0


def rarity(frequency, count):
    """BM25's weight of a term that so many of ``count`` texts contain"""
    return math.log(1 + (count - min(frequency, count) + 0.5) / (frequency + 0.5))


def trigrams(words):
    """As PostgreSQL's pg_trgm makes them, of the words of one alphabet"""
    return {
        f"  {word} "[at : at + 3]
        for word in words
        if not word.startswith(CONCEPT) and not HAN_PIECE.match(word)
        for at in range(len(word) + 1)
    }


def similarity(one, other):
    """Share of common trigrams, between 0 and 1"""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def rank(query, texts, frequencies, count, best=5):
    """Order texts by BM25 with a bonus for similar spelling.

    :param query: terms of the question
    :param texts: {key: terms of the text}
    :param frequencies: {term: number of texts that contain it}
    :param count: number of texts
    :return: [(key, score)], the best first; those with nothing in common are left out
    """
    wanted = {
        term: rarity(frequencies.get(term, 0), count) * weight(term)
        for term in set(query)
    }
    average = sum(map(len, texts.values())) / len(texts) if texts else 1
    scores = []
    for key, words in texts.items():
        often = Counter(words)
        length = K1 * (1 - B + B * len(words) / (average or 1))
        score = sum(
            value * often[term] * (K1 + 1) / (often[term] + length)
            for term, value in wanted.items()
            if term in often
        )
        if score:
            scores.append((key, score))
    scores.sort(key=_best_first)
    spelled = trigrams(query)
    scores = [
        (key, score + TRIGRAM_WEIGHT * similarity(spelled, trigrams(set(texts[key]))))
        for key, score in scores[: SPELLED * best]
    ]
    return sorted(scores, key=_best_first)[:best]


def _best_first(pair):
    return -pair[1], pair[0]


def full_score(query, frequencies, count):
    """Score of a text that has every term of the question once, to tell how much of a
    question another text answers. Terms that no text has count as rather rare ones:
    what is worded in another way must not make everything unlike."""
    usual = math.isqrt(count)
    return sum(
        rarity(frequencies.get(term) or usual, count) * weight(term)
        for term in set(query)
    )


def likely(counts, totals, known, smoothing=1.0):
    """Naive Bayes: which value the words of a text speak for.

    :param counts: {value: {term: number of texts of this value that contain it}}
    :param totals: {value: number of its texts}
    :param known: the terms of the text that are known at all
    :return: (value, probability), or (None, 0) without a history
    """
    everything = sum(totals.values())
    if not everything:
        return None, 0.0
    logs = {}
    for value, total in totals.items():
        own = counts.get(value, {})
        logs[value] = math.log(total / everything) + sum(
            math.log((own.get(term, 0) + smoothing) / (total + 2 * smoothing))
            for term in known
        )
    top = max(logs.values())
    shares = {value: math.exp(log - top) for value, log in logs.items()}
    value = max(shares, key=shares.get)
    return value, shares[value] / sum(shares.values())
