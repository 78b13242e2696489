"""Finds English sentences among the Chinese translations.

A message is looked at in pieces, between tags, variables and lines: one that has three
Latin words in a row and no Chinese character is a sentence that nobody translated.
"""

import re
import sys
from pathlib import Path

import polib

CATALOG = Path(__file__).parents[2] / "i18n/zh_CN.po"
PIECES = re.compile(r"<[^>]*>|%\(\w+\)[sdf]|%[sdf]|\{\{[^}]*\}\}|\n")
CHINESE = re.compile(r"[\u3400-\u9fff]")
SENTENCE = re.compile(r"(?:\b[A-Za-z][A-Za-z’'-]+[ ,;:.]+){2,}[A-Za-z][A-Za-z’'-]+\b")
CODE = "ir.actions.report,print_report_name:"
ALLOWED = {
    "Lotusmere Franchise Group",
}
"""Sample values in the preview of mail templates, which customers never see"""


def english(translation):
    """English sentences in a translation.

    >>> english("<p>您好，<b>Two new jars came.</b></p>"), english("客户 Mei Tang Wu")
    (['Two new jars came.'], [])
    """
    pieces = (piece.strip() for piece in PIECES.split(translation))
    return [
        piece
        for piece in pieces
        if SENTENCE.search(piece) and not CHINESE.search(piece) and piece not in ALLOWED
    ]


def faults(catalog):
    """[(message, sentence)]"""
    return [
        (entry.msgid, sentence)
        for entry in polib.pofile(str(catalog))
        if not entry.obsolete
        and not any(CODE in source for source, _line in entry.occurrences)
        for sentence in english(entry.msgstr)
    ]


if __name__ == "__main__":
    found = faults(CATALOG)
    for msgid, sentence in found:
        print(f"{sentence!r} is English in the translation of {msgid[:300]!r}")
    sys.exit(bool(found))
