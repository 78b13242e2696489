"""Text in cells of spreadsheets. No ORM."""

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
MOST_CHARACTERS = 32_767


def safe_cell(text: str) -> str:
    """Text that no spreadsheet program takes for a formula, also where the file is
    saved as text and opened again.

    >>> safe_cell("=cmd|' /C calc'!A0"), safe_cell("Fine = good"), safe_cell("+1 point")
    ("'=cmd|' /C calc'!A0", 'Fine = good', "'+1 point")
    >>> safe_cell("  =1+1")
    "'  =1+1"
    """
    if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA):
        text = f"'{text}"
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", text)[:MOST_CHARACTERS]


def sheet_name(name: str) -> str:
    """
    >>> sheet_name("a/b: c")
    'a b  c'
    """
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31].strip("'")
