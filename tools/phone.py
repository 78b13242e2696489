"""Telephone numbers as people type and store them, without a library or the ORM."""

import re

PUNCTUATION = r"[\s\\./\(\)\-]"
"""What Odoo takes out of numbers in its index on ``res_partner.phone``"""
_NUMBER = re.compile(r"^[+\d\s\\./()\-]+$")
LEAST_DIGITS = 4
"""Fewer digits would find half of the customers."""


def significant(text, country_codes=()):
    """The digits of a number that are the same however it is written: without
    punctuation, trunk zeros, and the code of the country if it is told by + or 00.

    >>> significant("+32 (0)485 11 22 33", {"32", "86"})
    '485112233'
    >>> significant("0032485/11.22.33", {"32"}), significant("0485 11 22 33")
    ('485112233', '485112233')
    >>> significant("+86 139-0000-1111", {"8", "86"})
    '13900001111'

    Part of a number, as it is typed, gives part of the digits.

    >>> significant("0485 11")
    '48511'

    What is no number gives nothing, and so does too little of one.

    >>> significant("Salon 7"), significant("048"), significant("+")
    ('', '', '')

    :param country_codes: calling codes, as strings of digits
    """
    text = text.strip()
    if not _NUMBER.match(text):
        return ""
    digits = re.sub(r"\D", "", text)
    if text.startswith(("+", "00")):
        digits = digits.lstrip("0")
        code = max(
            (code for code in country_codes if digits.startswith(code)),
            key=len,
            default="",
        )
        digits = digits.removeprefix(code)
    digits = digits.lstrip("0")
    return digits if len(digits) >= LEAST_DIGITS else ""
