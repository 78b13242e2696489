"""What a mail gateway says of a mail's sender (RFC 8601): plain values, no ORM."""

import re

AUTH_HEADER = "authentication-results"
LONGEST_HEADER = 8_000
"""A longer header says nothing: no gateway writes one."""
MOST_HEADERS = 50
PAIR = re.compile(r'([\w.-]+)(?:\s*/\s*\d+)?\s*=\s*("(?:[^"\\]|\\.)*"|[^\s"]+)')
FAILED = frozenset({"fail", "softfail", "policy", "hardfail"})
ALIGNED = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom", "smtp.helo")}
"""The properties that say which domain passed"""


def sender_check(headers, trusted, sender):
    """Did the trusted gateway authenticate the domain of the sender?

    Only its topmost header counts: what stands below may have come with the mail.

    :param headers: values of ``Authentication-Results``, the topmost first
    :param trusted: name under which the gateway writes (authserv-id), or ''
    :param sender: address in ``From``, or '' if it has not exactly one
    :return: ``pass``, ``fail`` or ``none``

    >>> header = "mx.example.com; dmarc=pass (p=none) header.from=shop.example"
    >>> sender_check([header], "mx.example.com", "ida@shop.example")
    'pass'
    >>> sender_check([header], "mx.example.com", "ida@other.example")
    'none'
    >>> sender_check([header], "mx.example.org", "ida@shop.example")
    'none'
    >>> sender_check(["mx; spf=fail"], "mx", "ida@shop.example")
    'fail'
    """
    trusted = (trusted or "").strip().lower()
    if not trusted:
        return "none"
    for header in headers[:MOST_HEADERS]:
        name, results = parse(header)
        if name == trusted:
            return _judge(results, _domain(sender))
    return "none"


def parse(header):
    """:return: (authserv-id in lower case, [(method, result, {property: value})]), or
        ('', []) of what is malformed

    >>> parse('"mx" 1; spf=pass (a (b) ; c) smtp.mailfrom=x.org;\\r\\n dkim=none')
    ('mx', [('spf', 'pass', {'smtp.mailfrom': 'x.org'}), ('dkim', 'none', {})])
    >>> parse("mx; (never closed"), parse("mx; none")
    (('', []), ('mx', []))
    """
    parts = _parts(header) if len(header) <= LONGEST_HEADER else None
    words = parts[0].split() if parts else ()
    if not words or words[1:] not in ([], ["1"]):
        return "", []
    results = []
    for part in parts[1:]:
        pairs = [(name.lower(), _plain(value)) for name, value in PAIR.findall(part)]
        if pairs:
            method, result = pairs[0]
            results.append((method, result, dict(reversed(pairs[1:]))))
    return _plain(words[0]), results


def _parts(text):
    """Text between semicolons without comments, which nest; None if one never ends"""
    parts, depth, quoted, escaped = [""], 0, False, False
    for char in text:
        if escaped:
            escaped = False
        elif char == "\\" and (quoted or depth):
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif char == "(" and not quoted:
            depth += 1
            parts[-1] += " "
            continue
        elif char == ")" and depth:
            depth -= 1
            continue
        elif char == ";" and not (quoted or depth):
            parts.append("")
            continue
        if not depth:
            parts[-1] += char
    return None if depth or quoted else parts


def _plain(value):
    if value.startswith('"'):
        value = re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL)
    return value.strip().lower()


def _domain(address):
    return address.rpartition("@")[2].strip().lower().rstrip(".>")


def _judge(results, domain):
    """DMARC decides where it was checked; else one of DKIM and SPF has to pass for the
    domain of the sender or one above it."""
    dmarc = [row for row in results if row[0] == "dmarc"]
    if any(result in FAILED for _method, result, _values in dmarc):
        return "fail"
    passed = [row for row in results if row[1] == "pass"]
    for method, _result, values in passed:
        if method == "dmarc" and domain and values.get("header.from") == domain:
            return "pass"
        if not dmarc and _aligned(domain, values, ALIGNED.get(method, ())):
            return "pass"
    methods = {method for method, _result, _values in passed}
    failed = {row[0] for row in results if row[1] in FAILED and row[0] in ALIGNED}
    return "fail" if failed - methods else "none"


def _aligned(domain, values, names):
    name = next((name for name in names if values.get(name)), None)
    signed = _domain(values[name]) if name else ""
    return "." in signed and (domain == signed or domain.endswith(f".{signed}"))
