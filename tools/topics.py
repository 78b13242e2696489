"""Which topics a comment is about, by keywords in any language. No ORM.

Words of alphabets with spaces match as whole words, with ``*`` also their endings
(``deliver*``). Words with Chinese, Japanese or Korean characters match anywhere, as
these are written without spaces. Case, accents' composition and width do not matter.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping

SEPARATORS = re.compile(r"[,;，；、\n]+")
UNSPACED = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def normal(text: str) -> str:
    """Text to compare.

    >>> normal("ＰＲＩＣＥ  too\\nhigh")
    'price too high'
    """
    return " ".join(unicodedata.normalize("NFKC", text or "").casefold().split())


def keywords(text: str) -> list[str]:
    """Keywords separated by commas, semicolons or lines, each once.

    >>> keywords("Price, price*\\n价格、贵，")
    ['price', 'price*', '价格', '贵']
    """
    return list(dict.fromkeys(filter(None, map(normal, SEPARATORS.split(text or "")))))


def pattern(text: str) -> re.Pattern | None:
    """Expression that finds any of the keywords in a normalized text; None without
    keywords.

    >>> bool(pattern("late").search("too late")), bool(pattern("late").search("later"))
    (True, False)
    >>> bool(pattern("deliver*").search("deliveries"))
    True
    >>> bool(pattern("贵").search("太贵了"))
    True
    """
    parts = [part for word in keywords(text) if (part := _part(word))]
    return re.compile("|".join(parts)) if parts else None


def _part(word):
    stem = word.rstrip("*")
    if not stem:
        return ""
    found = r"\s+".join(map(re.escape, stem.split()))
    if UNSPACED.search(stem):
        return found
    return rf"(?<!\w){found}" if word.endswith("*") else rf"(?<!\w){found}(?!\w)"


def match(
    text: str,
    patterns: Mapping[Hashable, re.Pattern | None],
    dimension: str | None = None,
    dimensions: Mapping[Hashable, str] | None = None,
) -> list[Hashable]:
    """Topics of a comment, in the order of ``patterns``.

    :param patterns: {topic: expression of :func:`pattern`}
    :param dimension: what the question was about
    :param dimensions: {topic: dimension that it stands for}; comments on questions
        about it belong to the topic whatever they say

    >>> topics = {"price": pattern("price, 贵"), "delivery": pattern("late")}
    >>> match("Late, and the price!", topics), match("太贵", topics), match("", topics)
    (['price', 'delivery'], ['price'], [])
    >>> match("Fine", topics, "price", {"price": "price"})
    ['price']
    """
    said = normal(text)
    if not said:
        return []
    of = dimensions or {}
    return [
        topic
        for topic, wanted in patterns.items()
        if (dimension and of.get(topic) == dimension)
        or (wanted is not None and wanted.search(said))
    ]


def group(comments: Iterable[tuple[Hashable, Iterable[Hashable]]]) -> dict:
    """{topic: [comments]} from [(comment, topics)]; those without topic under None.

    >>> group([(1, ["a", "b"]), (2, []), (3, ["a"])])
    {'a': [1, 3], 'b': [1], None: [2]}
    """
    found = {}
    for comment, topics in comments:
        for topic in list(topics) or [None]:
            found.setdefault(topic, []).append(comment)
    return found
