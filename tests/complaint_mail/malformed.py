"""Mails as strangers, broken programs and attackers write them: a generator with a
seed, so that a failure comes again."""

import random

SUBJECTS = (
    b"Two jars broken",
    b"<script>alert(1)</script><img src=x onerror=alert(2)>",
    b"=?utf-8?B?5LiK5rW3?= broken",
    b"=?utf-8?Q?=FF=FE=00?=",
    b"=?nonsense-9?B?AAAA?=",
    b"=?utf-8?B?!!!?=",
    b"\xff\xfe raw bytes \xe4\xf6",
    b"nul \x00 inside",
    b"${7*7} {{ object.env }} %s %(x)s",
    b"long " * 2000,
    b"",
    b"\xf0\x9f\x92\x94 \xed\xa0\x80",
    b"'; DROP TABLE care_complaint; --",
)
SENDERS = (
    b"Zoe <zoe%d@quill.example.com>",
    b"zoe%d@quill.example.com",
    b"=?utf-8?Q?Zo=C3=AB?= <zoe%d@quill.example.com>",
    b'"Quill, Zoe" <zoe%d@quill.example.com>',
    b"\xff\xfe <zoe%d@quill.example.com>",
    b'"<script>x</script>" <zoe%d@quill.example.com>',
    b"Zoe \x00 <zoe%d@quill.example.com>",
    b"zoe%d@quill.example.com, other@quill.example.com",
    b"<zoe%d@quill.example.com",
    b"Zoe zoe%d@quill.example.com>",
    b'"' + b"a" * 3000 + b'" <zoe%d@quill.example.com>',
    b"Undisclosed <zoe%d@[127.0.0.1]>",
    b"nobody %d",
    b"",
)
CONTENT_TYPES = (
    b"text/plain",
    b"text/plain; charset=utf-8",
    b"text/plain; charset=nonsense-9",
    b"text/plain; charset=\xff",
    b"text/html; charset=utf-8",
    b"text/html; charset=utf-16",
    b"text/",
    b"/",
    b"*/*",
    b"binary/octet-stream",
    b"application/octet-stream; name*=utf-8''%ZZ",
    b"multipart/mixed",
    b"multipart/mixed; boundary=",
    b'multipart/alternative; boundary="""',
    b"message/rfc822",
    b"message/delivery-status",
    b"image/svg+xml; name=x.svg",
)
ENCODINGS = (b"7bit", b"8bit", b"base64", b"quoted-printable", b"x-uuencode", b"\xff")
BODIES = (
    b"They leak.",
    b"<p>They <b>leak</b><script>alert(1)</script></p>",
    b"<table>" * 500,
    b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><p>&a;</p>",
    b'<?xml version="1.0" encoding="utf-16"?><html><body>x</body></html>',
    b"<a href='javascript:alert(1)' onclick='x()'>y</a><iframe src='//e'></iframe>",
    b"=ZZ=9 =\n=",
    b"!!!! not base64 !!!!",
    b"\x00\x01\x02\xff\xfe",
    b"\xed\xa0\x80\xf0\x9f",
    b"",
    b"--",
    b"<![CDATA[",
    b"<style>@import 'http://e.example.org'</style><svg onload=alert(1)>",
)
NAMES = (
    b"photo.jpg",
    b"../../etc/passwd",
    b"<img src=x onerror=alert(1)>.html",
    b"a\x00b.pdf",
    b"x" * 600 + b".pdf",
    b"=?utf-8?B?5LiK?=.pdf",
    b"\xff\xfe",
    b"con.svg",
    b"",
)
MESSAGE_IDS = (
    b"<%d@malformed.example.com>",
    b"%d@malformed.example.com",
    b"<%d>",
    b"<%d@malformed.example.com> (comment",
    b"<%d@[x>",
    b"<%d@malformed\x00.example.com>",
    b"<" + b"y" * 3000 + b"%d@malformed.example.com>",
)
NOISE = (
    b"Date: yesterday, perhaps",
    b"Date: Tue, 99 Foo 9999 99:99:99 +9999",
    b"In-Reply-To: <>",
    b"In-Reply-To: \xff",
    b"References: " + b"<a@b> " * 500,
    b"Cc: ,,;<>@",
    b"Cc: \x00, chef@salon.example.com",
    b"Content-Disposition: attachment; filename*0*=utf-8''%FF; filename*1=",
    b"Content-Language: \xe4",
    b"MIME-Version: 0.9 (broken",
    b" folded: without a header",
    b"NoColonHere",
    b"X-Odd\xff: 1",
    b"Reply-To: @",
)


def mails(count, address, seed=20261126):
    """Yield so many raw mails to an address, no two with the same content"""
    draw = random.Random(seed)
    for number in range(count):
        yield mail(draw, number, address.encode())


def mail(draw, number, address):
    """The envelope stays whole, as a mail server has delivered it by that."""
    lines = [b"Delivered-To: " + address]
    if draw.random() < 0.95:
        lines.append(b"From: " + _numbered(draw.choice(SENDERS), number))
    lines.append(b"To: " + draw.choice((address, b"Care <" + address + b">")))
    lines.append(b"Subject: " + draw.choice(SUBJECTS))
    if draw.random() < 0.9:
        lines.append(b"Message-Id: " + _numbered(draw.choice(MESSAGE_IDS), number))
    lines += draw.sample(NOISE, draw.randrange(3))
    head, body = part(draw, number, depth=draw.choice((0, 0, 1, 1, 2)))
    raw = b"\n".join([*lines, *head]) + b"\n\n" + body
    if draw.random() < 0.5:
        raw = raw.replace(b"\n", b"\r\n")
    if draw.random() < 0.1:
        end = raw.find(b"\n\n" if b"\r\n" not in raw else b"\r\n\r\n") + 4
        raw = raw[: draw.randrange(min(end, len(raw)), len(raw) + 1)]
    return raw


def part(draw, number, depth):
    """(header lines, body) of a part; some say what they are not"""
    if depth and draw.random() < 0.8:
        return container(draw, number, depth)
    kind = draw.choice(CONTENT_TYPES)
    head = [b"Content-Type: " + kind] if draw.random() < 0.9 else []
    if draw.random() < 0.5:
        head.append(b"Content-Transfer-Encoding: " + draw.choice(ENCODINGS))
    if draw.random() < 0.3:
        head.append(
            b'Content-Disposition: attachment; filename="'
            + draw.choice(NAMES)
            + draw.choice((b'"', b""))
        )
    if draw.random() < 0.1:
        head.append(b"Content-Id: <" + draw.choice((b"x", b"\xff", b"")) + b">")
    return head, draw.choice(BODIES)


def container(draw, number, depth):
    boundary = draw.choice((b"b%d" % number, b"x", b"--", b"b"))
    kind = draw.choice((b"mixed", b"alternative", b"related", b"report", b"odd"))
    head = [b'Content-Type: multipart/%s; boundary="%s"' % (kind, boundary)]
    body = b"preamble\n"
    for _part in range(draw.randrange(4)):
        inner, content = part(draw, number, depth - 1)
        body += b"--" + boundary + b"\n" + b"\n".join(inner) + b"\n\n" + content + b"\n"
    if draw.random() < 0.7:
        body += b"--" + boundary + b"--\n"
    return head, body


def _numbered(text, number):
    return text.replace(b"%d", b"%d" % number)


def nested(depth, address):
    """Containers in containers, deeper than any program recurses"""
    head = (
        b"From: zoe@deep.example.com\nTo: "
        + address.encode()
        + b"\nSubject: Deep\nMessage-Id: <deep@malformed.example.com>\n"
    )
    body = b""
    for level in range(depth):
        body += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (
            level,
            level,
        )
    return head + body + b"Content-Type: text/plain\n\nThey leak.\n"
