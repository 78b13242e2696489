"""Placeholders of canned texts, such as {customer}. Plain Python, no ORM."""

import re

PLACEHOLDER = re.compile(r"\{\s*([a-z_]+)\s*\}")


def names(text):
    """Names of the placeholders in a text, each once, in their order.

    >>> names("Dear {contact}, {number}: {contact} { deadline }")
    ['contact', 'number', 'deadline']
    >>> names("{ not one }"), names(False)
    ([], [])
    """
    return list(dict.fromkeys(PLACEHOLDER.findall(text or "")))


def missing(text, values):
    """Names of placeholders in the text that have no value.

    >>> missing("{a} {b} {c}", {"a": "x", "b": ""})
    ['b', 'c']
    """
    return [name for name in names(text) if not values.get(name)]


def fill(text, values):
    """The text with values in place of the placeholders. Those without value stay, so
    that a reader sees them; what a value says is not looked through again.

    >>> fill("Dear {contact}, {number} {until}", {"contact": "{number}", "number": 7})
    'Dear {number}, 7 {until}'

    :param values: {name: text}, escaped already where the text is HTML
    """
    return PLACEHOLDER.sub(
        lambda found: str(values.get(found[1]) or found[0]), text or ""
    )
