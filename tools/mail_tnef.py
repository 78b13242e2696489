"""``winmail.dat``, in which Outlook wraps text and files of a mail (TNEF). Plain
values, no ORM. Needs the library ``tnefparse``; without it the file stays as it is."""

import logging
import struct
from typing import NamedTuple

_logger = logging.getLogger(__name__)

TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
SIGNATURE = b"\x78\x9f\x3e\x22"
MOST_OBJECTS = 1_000
MOST_FILES = 100
MOST_COPIED = 4_000_000_000
"""Bytes: the library copies the rest of the file for each object."""
MAPI_OBJECTS = (0x9003, 0x9005)
RECIPIENTS = 0x9004
CONTENT_ID = 0x3712
SIZES = {0x02: 2, 0x0B: 2, 0x03: 4, 0x04: 4, 0x0A: 4, 0x48: 16}
SIZES |= dict.fromkeys((0x05, 0x06, 0x07, 0x14, 0x40), 8)
LONG = (0x1E, 0x1F, 0x0D, 0x102, 0x00)
MULTI_VALUE = 0x1000
NAMED = 0x8000


class Unpacked(NamedTuple):
    html: str
    text: str
    files: list
    """[(name, bytes, content id or '')]"""
    complete: bool
    """False: it holds a text that only Outlook can read"""


def is_tnef(name, content):
    """
    >>> is_tnef("winmail.dat", SIGNATURE), is_tnef("list.dat", b"1;2")
    (True, False)
    """
    return isinstance(content, bytes) and content.startswith(SIGNATURE)


def unpack(content):
    """What a ``winmail.dat`` holds.

    :return: :class:`Unpacked`, or None if the library is missing or the file broken

    >>> unpack(b"nothing of the kind") is None
    True
    """
    try:
        from tnefparse import TNEF  # noqa: PLC0415
    except ImportError:
        return None
    try:
        _check(content)
        tnef = TNEF(content, do_checksum=False)
        html, text = _decoded(tnef.htmlbody), _decoded(tnef.body)
        files = [_file(attachment) for attachment in tnef.attachments]
    except Exception:
        _logger.info("A winmail.dat is broken", exc_info=True)
        return None
    if len(files) > MOST_FILES or not (html or text or files):
        return None
    complete = bool(html.strip() or text.strip()) or not tnef.has_body()
    return Unpacked(html, text, files, complete)


def _file(attachment):
    ids = [prop.data for prop in attachment.mapi_attrs if prop.name == CONTENT_ID]
    return (
        _decoded(attachment.long_filename()).strip("\0 ") or "attachment",
        bytes(attachment.data),
        _decoded(ids[0]).strip("<>\0 ") if ids else "",
    )


def _decoded(value):
    """Text of bytes or str, without the zero at its end"""
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError:
            value = value.decode("gb18030" if _is_gb(value) else "cp1252", "replace")
    return (value or "").rstrip("\0")


def _is_gb(value):
    try:
        value.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


# ------------------------------------------------------------
# Before the library reads it
# ------------------------------------------------------------


def _check(content):
    """The library believes each count that a file names, and would loop for hours.

    :raise ValueError, struct.error: the file is cut off, or names impossible counts
    """
    if not content.startswith(SIGNATURE):
        raise ValueError("Not TNEF")
    place, objects = 6, 0
    while place + 12 < len(content):
        name, _kind, length = struct.unpack_from("<HHI", content, place + 1)
        start, end = place + 9, place + 9 + length
        if end + 2 > len(content):
            raise ValueError("Cut off")
        if name in MAPI_OBJECTS:
            _check_properties(content, start, end)
        elif name == RECIPIENTS:
            _check_recipients(content, start, end)
        place = end + 2
        objects += 1
        if objects > MOST_OBJECTS or objects * len(content) > MOST_COPIED:
            raise ValueError("Too many objects")


def _check_recipients(content, start, end):
    (rows,) = struct.unpack_from("<I", content, start)
    place = start + 4
    for _row in range(rows):
        if place >= end:
            raise ValueError("Fewer recipients than named")
        place = _check_properties(content, place, end)


def _check_properties(content, place, end):
    """:return: the place behind them"""
    (count,) = struct.unpack_from("<I", content, place)
    place += 4
    for _property in range(count):
        if place + 4 > end:
            raise ValueError("Fewer properties than named")
        kind, name = struct.unpack_from("<HH", content, place)
        place = _behind_name(content, place + 4) if name >= NAMED else place + 4
        place = _behind_values(content, place, end, kind)
    return place


def _behind_name(content, place):
    kind, value = struct.unpack_from("<II", content, place + 16)
    return place + 24 + (_padded(value) if kind else 0)


def _behind_values(content, place, end, kind):
    count = 1
    base = kind & ~MULTI_VALUE
    if kind & MULTI_VALUE or base in LONG:
        (count,) = struct.unpack_from("<I", content, place)
        place += 4
    if base in SIZES:
        place += count * SIZES[base]
        if SIZES[base] == 2 and count % 2:
            place += 2
    elif base in LONG:
        for _value in range(count):
            if place + 4 > end:
                raise ValueError("Fewer values than named")
            (length,) = struct.unpack_from("<I", content, place)
            place += 4 + _padded(length)
    elif base != 1:
        raise ValueError(f"Unknown property type {kind:#x}")
    if place > end:
        raise ValueError("A value is longer than its property")
    return place


def _padded(length):
    return length + -length % 4
