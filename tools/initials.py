import unicodedata
from functools import cache

OTHER = "#"
"""Initial of names that begin with a digit, and of those without any letter."""


def initial(name):
    """One capital under which a name is filed.

    Chinese names are filed under the first letter of their pinyin if the library
    ``pypinyin`` is installed, else under their first character. Accents do not matter:
    É is filed under E. Punctuation before the name is skipped.
    """
    start = next((i for i, char in enumerate(name or "") if char.isalnum()), None)
    if start is None:
        return OTHER
    first = name[start]
    if first.isdigit():
        return OTHER
    if _is_chinese(first):
        return _pinyin_initial(name[start : start + 8]) or first
    plain = unicodedata.normalize("NFKD", first)
    return plain[0].upper()[:1]


def _is_chinese(char):
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff"


def _pinyin_initial(name):
    if not (lazy_pinyin := _pinyin()):
        return None
    letter = lazy_pinyin(name, errors="ignore")
    return letter[0][:1].upper() if letter and letter[0] else None


def has_pinyin():
    """Can Chinese names be filed under the first letter of their pinyin?"""
    return _pinyin() is not None


@cache
def _pinyin():
    """The dictionary is large, so it is loaded for the first Chinese name only."""
    try:
        from pypinyin import lazy_pinyin  # noqa: PLC0415
    except ImportError:
        return None
    return lazy_pinyin
