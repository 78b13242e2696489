"""Reports as phones send them, checked before anything is stored. Without Odoo."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .phone_clock import from_phone

KEY = re.compile(r"[\w-]{16,64}", re.ASCII)
CHANNELS = ("onsite", "visit", "phone", "online")
STATES = ("done", "not_met")
MAX_ID = 2**31 - 1
MAX_TEXT = 10_000
MAX_LINE = 300
MAX_PHOTOS = 10
MAX_PHOTO_SIZE = 5 * 1024 * 1024
"""Bytes; phones make them smaller before they send them."""


class InvalidReportError(ValueError):
    """Names what of a report no phone of ours would send."""


@dataclass(frozen=True)
class Report:
    """What stands in a report; older versions of the page leave things out."""

    key: str
    partner_id: int
    written: datetime
    channel: str = "visit"
    state: str = "done"
    checked_in: datetime | None = None
    opened: datetime | None = None
    served: datetime | None = None
    known: timedelta | None = None
    position: tuple | None = None
    company_id: int | None = None
    contact_id: int | None = None
    target_id: int | None = None
    planned_id: int | None = None
    summary: str = ""
    feeling: str | None = None
    promise: str = ""
    promise_date: date | None = None
    next_at: datetime | None = None
    next_topic: str = ""
    photos: tuple = ()
    again: bool = False


def read_key(values):
    """:raise InvalidReportError: no key by which a report can be told from another"""
    key = values.get("key") if isinstance(values, dict) else None
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise InvalidReportError("key")
    return key


def read_report(values):
    """
    >>> read_report({"key": "a" * 16, "partner": 7, "at": 1_792_000_000_000}).channel
    'visit'
    >>> read_report({"key": "a" * 16, "partner": "7", "at": 0})
    Traceback (most recent call last):
    ...
    phone_payload.InvalidReportError: partner

    :raise InvalidReportError: with the name of the value
    """
    feeling = values.get("feeling")
    return Report(
        key=read_key(values),
        partner_id=_id(values, "partner", required=True),
        written=_time(values, "at", required=True),
        channel=_choice(values, "channel", CHANNELS),
        state=_choice(values, "state", STATES) if values.get("state") else "done",
        checked_in=_time(values, "checked_in"),
        opened=_time(values, "opened"),
        served=_time(values, "served"),
        known=_offset(values),
        position=_position(values),
        company_id=_id(values, "company"),
        contact_id=_id(values, "contact"),
        target_id=_id(values, "target"),
        planned_id=_id(values, "planned"),
        summary=_text(values, "summary", MAX_TEXT),
        feeling=_choice(values, "feeling", tuple("12345")) if feeling else None,
        promise=_text(values, "promise", MAX_LINE),
        promise_date=_date(values, "promise_date"),
        next_at=_time(values, "next_at"),
        next_topic=_text(values, "next_topic", MAX_LINE),
        photos=_photos(values),
        again=values.get("again") is True,
    )


def _id(values, name, required=False):
    value = values.get(name)
    if not value and not required:
        return None
    if type(value) is not int or not 0 < value <= MAX_ID:
        raise InvalidReportError(name)
    return value


def _time(values, name, required=False):
    value = values.get(name)
    if value is None and not required:
        return None
    if type(value) not in (int, float) or not 0 <= value < 4e12:
        raise InvalidReportError(name)
    return from_phone(value)


def _offset(values):
    value = values.get("offset")
    if value is None:
        return None
    if type(value) not in (int, float) or not abs(value) < 4e12:
        raise InvalidReportError("offset")
    return timedelta(milliseconds=value)


def _choice(values, name, choices):
    value = values.get(name, choices[1] if name == "channel" else None)
    if value not in choices:
        raise InvalidReportError(name)
    return value


def _text(values, name, size):
    value = values.get(name) or ""
    if not isinstance(value, str):
        raise InvalidReportError(name)
    return value.replace("\0", "").strip()[:size]


def _date(values, name):
    value = values.get(name)
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidReportError(name) from None


def _position(values):
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if latitude is None or longitude is None:
        return None
    if any(
        type(value) not in (int, float) or not math.isfinite(value)
        for value in (latitude, longitude)
    ):
        raise InvalidReportError("position")
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise InvalidReportError("position")
    return float(latitude), float(longitude)


def _photos(values):
    """In base64; whether they are pictures is seen when they are filed."""
    photos = values.get("photos") or []
    if not isinstance(photos, list) or len(photos) > MAX_PHOTOS:
        raise InvalidReportError("photos")
    if not all(
        isinstance(photo, str) and len(photo) <= MAX_PHOTO_SIZE * 4 / 3 + 4
        for photo in photos
    ):
        raise InvalidReportError("photos")
    return tuple(photos)
