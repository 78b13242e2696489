"""The mail inside a mail: who wrote what a colleague has forwarded. Plain values, no
ORM."""

import re
import unicodedata
from typing import NamedTuple

SENDER_WORDS = "From|Von|De|Da|Van|发件人|寄件者|寄件人|發件人|差出人"
OTHER_WORDS = (
    "Sent|Date|To|Cc|Subject|Reply-To|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado|"
    "Para|Asunto|Fecha|发送时间|发送日期|发件时间|日期|时间|收件人|抄送|主题|寄件日期|"
    "傳送時間|發送時間|收件者|主旨|副本|回复|送信日時|宛先|件名"
)
HEADER_LINE = re.compile(
    rf"^[>\s|*_]*(?:{SENDER_WORDS})[*_\s]*[:：][*_\s]*(?P<who>.+)$", re.IGNORECASE
)
EMPTY_LINE = re.compile(
    rf"^[>\s|*_]*(?:{SENDER_WORDS}|{OTHER_WORDS})[*_\s]*[:：][*_\s]*$", re.IGNORECASE
)
OTHER_LINE = re.compile(
    rf"^[>\s|*_]*(?P<word>{OTHER_WORDS})[*_\s]*[:：](?P<value>.*)$", re.IGNORECASE
)
SUBJECT_WORDS = {"subject", "betreff", "objet", "asunto", "主题", "主旨", "件名"}
QUOTE_MARK = re.compile(
    r"[-_]{3,} *(?:original message|forwarded message|原始邮件|转发的?邮件|原邮件|"
    r"ursprüngliche nachricht|weitergeleitete nachricht|message transféré|"
    r"message d'origine|轉寄的?郵件|原始郵件|回复的原邮件)|begin forwarded message|"
    r"anfang der weitergeleiteten|开始转发的?邮件|以下是转发的邮件|開始轉寄郵件|"
    r"^on .{6,120}wrote: ?$|^am .{6,120}schrieb|^在 ?.{6,120}写道[:：]$|"
    r"^le .{6,120}a écrit ?:$|^.{0,80}于.{4,60}写道[:：]$",
    re.IGNORECASE,
)
FORWARD_MARK = re.compile(
    r"forwarded message|begin forwarded|转发的?邮件|weitergeleitete[nr]? nachricht|"
    r"message transféré|轉寄的?郵件|轉寄郵件",
    re.IGNORECASE,
)
FORWARD_SUBJECT = re.compile(
    r"^\s*(?:(?:re|aw|sv|回复|答复)\s*[:：]\s*)*(?:fwd?|wg|tr|rv|enc|i|转发|轉寄|轉發|转)"
    r"\s*[:：]",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[A-Z0-9._%+'-]+@[A-Z0-9-]+(?:\.[A-Z0-9-]+)+", re.IGNORECASE)
MOST_HEADERS = 30
MOST_LINES = 3_000
LONGEST_LINE = 1_000
HEADER_REACH = 8
"""Lines after the sender in which there must be another header"""


class Forwarded(NamedTuple):
    """The sender of a forwarded mail, as its headers name them"""

    name: str
    email: str
    """'' if only a name is there"""
    sure: bool
    """False: a person must say whether this is the customer"""
    text: str
    """What the sender wrote"""
    hint: str = ""
    """An address that the text names, if the headers have none"""


class Header(NamedTuple):
    name: str
    email: str
    subject: str
    marked: bool
    """Does a line above it say that it is forwarded?"""
    start: int
    end: int


def is_forward(subject):
    """
    >>> [is_forward(s) for s in ("FW: Jar", "Re: Fwd: Jar", "转发：瓶子", "Fw jar")]
    [True, True, True, False]
    """
    return bool(FORWARD_SUBJECT.search(subject or ""))


def forwarded(subject, lines, inside):
    """The customer in a mail that a colleague has forwarded; of a forward of a forward
    the innermost sender.

    :param lines: of the text of the mail
    :param inside: function of an address: is it one of us?
    :return: :class:`Forwarded`, or None if there is no mail inside

    >>> mail = ["Please.", "From: Ida <ida@x.org>", "To: us", "Broken."]
    >>> forwarded("FW: Pump", mail, lambda email: False)
    Forwarded(name='Ida', email='ida@x.org', sure=True, text='Broken.', hint='')
    >>> forwarded("Pump", mail, lambda email: False).sure
    False
    """
    lines = _joined(lines[:MOST_LINES])
    headers = _headers(lines)
    if not headers:
        return None
    at = 0
    while at + 1 < len(headers) and (
        (headers[at].email and inside(headers[at].email))
        or headers[at + 1].marked
        or is_forward(headers[at].subject)
    ):
        at += 1
    chosen = headers[at]
    if chosen.email and inside(chosen.email):
        return None
    following = headers[at + 1].start if at + 1 < len(headers) else len(lines)
    own = [line.lstrip("> ") for line in lines[chosen.end : following]]
    text = "\n".join(own).strip()
    hint = ""
    if not chosen.email:
        found = [email for email in ADDRESS.findall(text) if not inside(email)]
        hint = found[0].lower() if len(set(map(str.lower, found))) == 1 else ""
    sure = bool(chosen.email) and (
        is_forward(subject) or any(header.marked for header in headers[: at + 1])
    )
    return Forwarded(chosen.name, chosen.email, sure, text, hint)


def _joined(lines):
    """Without a break between a header's name and its value, which tables have"""
    joined, waiting = [], ""
    for line in lines:
        text = f"{waiting} {line[:LONGEST_LINE]}".strip()
        waiting = text if EMPTY_LINE.match(text) and not waiting else ""
        if not waiting:
            joined.append(text)
    return [*joined, waiting] if waiting else joined


def _headers(lines):
    found = []
    for at, line in enumerate(lines):
        sender = HEADER_LINE.match(line)
        if not sender or len(found) == MOST_HEADERS:
            continue
        end, subject = at + 1, None
        for place in range(at + 1, min(at + 1 + HEADER_REACH, len(lines))):
            other = OTHER_LINE.match(lines[place])
            if other:
                end = place + 1
                if other["word"].lower() in SUBJECT_WORDS:
                    subject = other["value"].strip(" *_")
            elif place - end >= 2 or HEADER_LINE.match(lines[place]):
                break
        if end > at + 1:
            name, email = _person(sender["who"])
            marked = any(
                FORWARD_MARK.search(line) for line in lines[max(at - 2, 0) : at]
            )
            found.append(Header(name, email, subject or "", marked, at, end))
    return found


def _person(text):
    """(name, address or '') of a header's value

    >>> _person('"Lin"<lin@qq.example>;'), _person("Ida [mailto:Ida@x.org]")
    (('Lin', 'lin@qq.example'), ('Ida', 'ida@x.org'))
    """
    text = unicodedata.normalize("NFKC", text)
    addresses = ADDRESS.findall(text)
    if not addresses:
        return text.strip(" \"'“”<>[]();,*_"), ""
    email = addresses[-1]
    name = text.partition(email)[0]
    name = name.replace("mailto:", "").strip(" \"'“”<>[]();,*_")
    return ("" if "@" in name else name), email.lower()
