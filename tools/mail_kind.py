"""What kind of mail came in, and how to save one that cannot be read: plain values, no
ORM."""

import hashlib
import re
import unicodedata
from email import policy
from email.header import decode_header
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser

from .mail_auth import AUTH_HEADER, MOST_HEADERS

ADDRESS = re.compile(r"[^\s<>()\[\],;:\"\\]+@[^\s<>()\[\],;:\"\\]+")
MESSAGE_ID = re.compile(rb"^message-id:\s*\S", re.IGNORECASE | re.MULTILINE)
REFERENCE = re.compile(r"<[^<>\s]+>")
UNATTENDED = re.compile(
    r"(^|[-_.+])(do[-_.]?not|dont|no)[-_.]?(reply|respond|answer)|"
    r"^(mailer-daemon|postmaster|bounces?|auto-?reply|abuse)\b"
)
AWAY = re.compile(
    r"^\s*(auto(matic)?[ -]?(reply|response)?\s*:|automatische antwort|abwesenheit|"
    r"out[ -]of[ -](the )?office|r[ée]ponse automatique|respuesta autom[áa]tica|"
    r"自动(回复|答复)|自動回覆|自动答覆)",
    re.IGNORECASE,
)
AUTOMATIC_HEADERS = (
    "x-autoreply",
    "x-autoreply-from",
    "x-autorespond",
    "x-auto-reply",
    "x-failed-recipients",
)
LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "mailing-list")
ROUTED = ("to", "cc", "delivered-to", "resent-to", "resent-cc")
"""Headers that say for whom a mail is"""
MARKS = (*AUTOMATIC_HEADERS, *LIST_HEADERS, "auto-submitted", "precedence")
LINK = re.compile(r"://|/|www\.|@|\w\.[a-z]{2,}", re.IGNORECASE)
LONGEST_EXCERPT = 20_000
LONGEST_NAME = 120
LONGEST_FOLDED = 900
LONGEST_PERSON = 64
MOST_PARTS = 300


def automatic(header, own_domains=()):
    """Did no person write this mail to us?

    :param header: function of a header's name in lower case, '' if there is none
    :param own_domains: domains whose mailing lists are our own: a shared mailbox
    :return: ``auto``, ``list`` or None

    >>> automatic({"auto-submitted": "auto-replied"}.get)
    'auto'
    >>> automatic({"auto-submitted": "no"}.get) is None
    True
    >>> ours = {"list-id": "<care.example.com>", "precedence": "list"}.get
    >>> automatic(ours), automatic(ours, ["example.com"])
    ('list', None)
    """

    def value(name):
        return (header(name) or "").strip().lower()

    submitted = value("auto-submitted")
    if submitted and not submitted.startswith("no"):
        return "auto"
    if any(value(name) for name in AUTOMATIC_HEADERS):
        return "auto"
    if value("return-path") == "<>" or value("precedence") in ("auto_reply", "junk"):
        return "auto"
    lists = " ".join(value(name) for name in LIST_HEADERS)
    if any(domain.lower() in lists for domain in own_domains if domain):
        return None
    if lists.strip() or value("precedence") in ("list", "bulk"):
        return "list"
    return None


def says_away(subject):
    """For replies alone: does the subject sound like an absence note?

    >>> says_away("Automatic reply: Broken jars"), says_away("自动回复: 瓶子")
    (True, True)
    >>> says_away("Re: Automatic dosing is broken")
    False
    """
    return bool(AWAY.search(subject or ""))


def unattended(address):
    """An address that nobody reads is not written to.

    >>> [unattended(f"{name}@example.com") for name in (
    ...     "no-reply", "donotreply", "shop.noreply", "MAILER-DAEMON", "norbert")]
    [True, True, True, True, False]
    """
    return bool(UNATTENDED.search((address or "").lower().partition("@")[0]))


def mailbox(address):
    """Whose mailbox an address leads to, as far as it can be told.

    >>> mailbox("Eve+shop@example.com"), mailbox("e.v.e+1@gmail.com")
    ('eve@example.com', 'eve@gmail.com')
    """
    name, _at, domain = (address or "").lower().rpartition("@")
    name = name.partition("+")[0]
    if domain in ("gmail.com", "googlemail.com"):
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"


def person_name(name, email):
    """A name that a stranger gives, which stands in mails to that address: no links and
    no sentences, else the first part of the address.

    >>> [person_name(name, "z@x.org") for name in ("Zoë Quill", "Win at x.example")]
    ['Zoë Quill', 'z']
    """
    name = clean(name or "", 1_000)
    if not name or len(name) > LONGEST_PERSON or LINK.search(name):
        name = clean(email.partition("@")[0], LONGEST_PERSON)
    return name or email


def is_chinese(text):
    """
    >>> is_chinese("瓶子坏了"), is_chinese("Broken 瓶"), is_chinese("壊れた瓶です")
    (True, False, False)
    """
    kana = any("\u3040" <= char <= "\u30ff" for char in text)
    return not kana and sum("\u4e00" <= char <= "\u9fff" for char in text) > 1


def clean(text, limit=None):
    """Text that a database can hold: no NUL, no half of a surrogate pair.

    :param limit: for what stands in one line; more is cut off with an ellipsis

    >>> clean("Bro\\x00ken \\ud800jars")
    'Broken ?jars'
    >>> clean("Two\\r\\n  jars", 6)
    'Two j…'
    """
    text = str(text).replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if limit is None:
        return text
    line = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    line = " ".join(line.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def file_name(name):
    """A name without a path, that starts with no dot.

    >>> file_name("../../etc/passwd"), file_name("\\x00"), file_name("a\\nb.pdf")
    ('passwd', 'attachment', 'a b.pdf')
    """
    name = clean(name or "", 10_000).replace("\\", "/").rpartition("/")[2].lstrip(". ")
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot and len(ending) < 10:
        name = f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return name[:LONGEST_NAME] or "attachment"


def with_message_id(raw):
    """The mail with an id that follows from its content, if it has none: delivered
    twice it has the same.

    >>> with_message_id(b"Message-ID: <1@x>\\n\\nText")[:17]
    b'Message-ID: <1@x>'
    >>> with_message_id(b"Subject: x\\n\\nMessage-Id: <1@x>")[:13]
    b'Message-Id: <'
    """
    if MESSAGE_ID.search(_head(raw)):
        return raw
    line = b"Message-Id: <%s@content>\n" % hashlib.sha256(raw).hexdigest().encode()
    if raw.startswith(b"From "):
        first, _newline, raw = raw.partition(b"\n")
        return first + b"\n" + line + raw
    return line + raw


def recipients(raw):
    """(addresses in lower case, message ids it refers to), of a mail however broken"""
    headers = _headers(raw)
    addresses = {
        address.lower()
        for name in ROUTED
        for value in headers.get(name, ())
        for address in ADDRESS.findall(value)
    }
    references = [
        reference
        for name in ("in-reply-to", "references")
        for value in headers.get(name, ())
        for reference in REFERENCE.findall(value)
    ]
    return addresses, references


def is_bomb(raw):
    """Does a mail have so many parts that reading it would take minutes?

    >>> parts = b"\\n\\n" + b"--x\\n\\n\\n" * 600
    >>> is_bomb(b"Content-Type: multipart/mixed; boundary=x" + parts)
    True
    >>> is_bomb(b"Subject: x" + parts)
    False
    """
    if raw.count(b"\n--") <= MOST_PARTS:
        return False
    try:
        parsed = BytesParser(policy=policy.compat32).parsebytes(raw)
        return sum(1 for _part in parsed.walk()) > MOST_PARTS
    except Exception:
        return True


def rescue(raw, note):
    """A mail that can be read, in place of one that cannot: the headers that count, as
    much text as can be found, and the original attached.

    :param note: stands above the text
    :return: bytes
    """
    headers = _headers(raw)
    mail = EmailMessage(policy=policy.SMTP)
    for name in ("from", *ROUTED):
        addresses = [
            address.encode("ascii", "ignore").decode()
            for value in headers.get(name, ())
            for address in ADDRESS.findall(value)
        ]
        if name == "from":
            addresses = addresses[:1]
        if addresses:
            mail[name] = _folded(", ".join(addresses))
    mail["subject"] = clean(" ".join(headers.get("subject", ["?"])), 250)
    for name in ("message-id", "in-reply-to", "references"):
        found = REFERENCE.findall(" ".join(headers.get(name, ())))
        if name == "message-id":
            found = found[:1] or [f"<{hashlib.sha256(raw).hexdigest()}@content>"]
        if found:
            mail[name] = _folded(" ".join(found))
    if "multipart/report" in " ".join(headers.get("content-type", ())).lower():
        mail["auto-submitted"] = "auto-generated"
    for name in MARKS:
        if name in headers and name not in mail:
            mail[name] = clean(headers[name][0], 200).encode("ascii", "ignore").decode()
    _keep_verdicts(headers, mail)
    mail.set_content(f"{note}\n\n{_excerpt(raw)}", cte="base64")
    mail.add_attachment(
        raw,
        maintype="application",
        subtype="octet-stream",
        filename="original.eml",
    )
    return mail.as_bytes()


def _keep_verdicts(headers, mail):
    """What gateways say of the sender, unless the mail names several"""
    if len(ADDRESS.findall(" ".join(headers.get("from", ())))) != 1:
        return
    for value in headers.get(AUTH_HEADER, ())[:MOST_HEADERS]:
        if len(value) < LONGEST_FOLDED:
            mail[AUTH_HEADER] = _folded(value.encode("ascii", "ignore").decode())


def _folded(value):
    """The library that folds headers fails on some very long words."""
    return clean(value, LONGEST_FOLDED)


def _head(raw):
    """The bytes of the headers"""
    end = min(
        (place for mark in (b"\r\n\r\n", b"\n\n") if (place := raw.find(mark)) >= 0),
        default=len(raw),
    )
    return raw[: end + 4]


def _headers(raw):
    """{name in lower case: [decoded values]} of the top of a mail"""
    parsed = BytesHeaderParser(policy=policy.compat32).parsebytes(_head(raw))
    headers = {}
    for name, value in parsed.items():
        headers.setdefault(name.lower(), []).append(_decoded(value))
    return headers


def _decoded(value):
    try:
        parts = decode_header(value)
    except Exception:
        return clean(value)
    return clean("".join(_decoded_part(*part) for part in parts))


def _decoded_part(part, charset):
    if isinstance(part, str):
        return part
    try:
        return part.decode(charset or "utf-8", "replace")
    except LookupError:
        return part.decode("utf-8", "replace")


def _excerpt(raw):
    """The first text of a mail, else what stands behind the headers"""
    try:
        text = _first_text(BytesParser(policy=policy.compat32).parsebytes(raw))
    except Exception:
        text = ""
    if not text:
        body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
        text = body[:LONGEST_EXCERPT].decode("utf-8", "replace")
    return clean(text)[:LONGEST_EXCERPT]


def _first_text(mail):
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            text = part.get_payload(decode=True).decode("utf-8", "replace")
            if part.get_content_subtype() == "html":
                text = re.sub(r"<[^>]*>", " ", text)
            if text.strip():
                return text
    return ""
