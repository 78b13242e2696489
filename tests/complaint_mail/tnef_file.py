"""Makes ``winmail.dat`` files as Outlook does."""

import struct

TEXT, RENDERING, DATA, TITLE, PROPERTIES, ATTACHMENT, CODEPAGE = (
    *(0x800C, 0x9002, 0x800F, 0x8010, 0x9003, 0x9005, 0x9007),
)
STRING, BINARY = 0x1E, 0x102
HTML_BODY, RTF_BODY, LONG_NAME, CONTENT_ID = 0x1013, 0x1009, 0x3707, 0x3712


def winmail(*objects):
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(objects)


def piece(name, data, level=1, kind=6):
    head = struct.pack("<BHHI", level, name, kind, len(data))
    return head + data + struct.pack("<H", sum(data) % 65536)


def properties(*values):
    """:param values: (kind, name, bytes)"""
    packed = b"".join(
        struct.pack("<HHII", kind, name, 1, len(value))
        + value
        + b"\0" * (-len(value) % 4)
        for kind, name, value in values
    )
    return struct.pack("<I", len(values)) + packed


def codepage(number=1252):
    return piece(CODEPAGE, struct.pack("<II", number, 0))


def text_body(text):
    return piece(TEXT, text.encode() + b"\0", kind=7 + 0x100)


def html_body(html):
    return piece(PROPERTIES, properties((BINARY, HTML_BODY, html.encode())))


def rtf_body(content=b"LZFu compressed"):
    return piece(PROPERTIES, properties((BINARY, RTF_BODY, content)))


def attached(name, content, cid=None):
    values = [(STRING, LONG_NAME, name.encode() + b"\0")]
    if cid:
        values.append((STRING, CONTENT_ID, cid.encode() + b"\0"))
    return b"".join(
        (
            piece(RENDERING, b"\0" * 14, 2),
            piece(TITLE, b"SHORT~1.TXT\0", 2),
            piece(DATA, content, 2),
            piece(ATTACHMENT, properties(*values), 2),
        )
    )
