"""Take out of a text what tells who it is about. A person reads the result before it is
published: no rule finds every name."""

import re

GAP = "…"
TITLES = r"(?:mr|mrs|ms|miss|dr|prof|herr|frau|dear|hello|hi|regards|sincerely)"
PATTERNS = (
    # Addresses of mail and pages
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
    # Bank accounts, tax numbers, numbers of orders and complaints
    re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b"),
    re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,5}[-/]?(?:\d+[-/])*\d{3,}(?![A-Za-z0-9])"),
    # Telephone numbers and other long numbers
    re.compile(r"(?<![\w])\+?\(?\d(?:[\s./()-]?\d){5,}(?!\w)"),
    re.compile(r"\d{5,}"),
    # Streets: 12 Main Street, Main Street 12, 南京路100号
    re.compile(
        r"\b\d+[a-z]?,? (?:[A-Z][\w'-]+ ){1,3}"
        r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Square|Way)\b\.?"
    ),
    re.compile(
        r"\b(?:[A-Z][\w'-]+ ){1,3}"
        r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Square|Way)\b\.? \d+[a-z]?"
    ),
    re.compile(
        r"(?:[\u4e00-\u9fff]{2,8}(?:省|市|区|區|县|縣))?"
        r"[\u4e00-\u9fff]{2,6}(?:路|街|道|巷|弄)\d+(?:号|號|弄|室)?(?:\d+室)?"
    ),
    # Mr Miller, 王先生
    re.compile(rf"\b(?i:{TITLES})[.,]? (?:[A-Z][\w'’-]+ ?){{1,3}}"),
    re.compile(r"[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐|太太|经理|經理|总监|總監|老师)"),
)
LEAST_NAME = 2
"""Shorter parts of names would take letters out of words."""
USUAL_WORDS = frozenset(
    [
        "the",
        "and",
        "for",
        "company",
        "limited",
        "ltd",
        "inc",
        "llc",
        "gmbh",
        "corp",
        "group",
        "shop",
        "store",
        "beauty",
        "salon",
        "centre",
        "center",
        "house",
        "trading",
        "international",
        "services",
        "service",
    ]
)
"""Words of company names that say nothing alone"""


def name_parts(names):
    """:return: names to look for, the longest first: each whole, and its words"""
    parts = set()
    for name in (" ".join(str(name).split()) for name in names if name):
        parts.add(name)
        parts |= {
            word.strip(".,")
            for word in re.split(r"[\s,/]+", name)
            if len(word) > LEAST_NAME and word.lower().strip(".,") not in USUAL_WORDS
        }
    return sorted((p for p in parts if len(p) >= LEAST_NAME), key=len, reverse=True)


def anonymise(text, names=()):
    """Replace names, addresses and numbers.

    :param names: of the customer and its people, streets, references

    >>> anonymise("Dear Anna, call 0171 555 0199 about S00042", ["Anna Miller"])
    '… call … about …'
    """
    for part in name_parts(names):
        edge = r"\b" if part.isascii() else ""
        text = re.sub(
            rf"{edge}{re.escape(part)}{edge}", GAP, text or "", flags=re.IGNORECASE
        )
    for pattern in PATTERNS:
        text = pattern.sub(lambda found: _gap(found[0]), text or "")
    return re.sub(rf"{GAP}(?:[\s,]*{GAP})+", GAP, text).strip()


def _gap(found):
    return GAP + (" " if found.endswith(" ") else "")
