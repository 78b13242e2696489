"""Odoo's log is part of the product: a warning in it is a failure."""

import re

from .say import Fail

LEVELS = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ", re.MULTILINE)
TRACEBACK = re.compile(r"^Traceback ", re.MULTILINE)
ALLOWED = ()
"""Regular expressions of lines that are not ours to mend, each with its reason."""


def bad_lines(log):
    return [
        line
        for line in log.splitlines()
        if (LEVELS.match(line) or TRACEBACK.match(line))
        and not any(re.search(pattern, line) for pattern in ALLOWED)
    ]


def check_log(log, problem):
    """:raise Fail: the log has warnings, errors or tracebacks"""
    bad = bad_lines(log)
    if bad:
        raise Fail(f"{problem} Its log says:\n" + "\n".join(bad[:20]))
