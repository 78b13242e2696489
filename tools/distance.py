"""Distance of two positions on the earth. No ORM."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_RADIUS = 6_371_008.8
"""Mean radius, in meters"""


class Position(NamedTuple):
    """In degrees; 0, 0 stands for an unknown position, as in Odoo."""

    latitude: float
    longitude: float

    @property
    def is_known(self) -> bool:
        return bool(self.latitude or self.longitude)


def meters(here: Position, there: Position) -> float:
    """Along the surface, by the haversine formula: within 0.5 % of the true distance.

    >>> bund, pearl_tower = Position(31.2400, 121.4900), Position(31.2397, 121.4998)
    >>> round(meters(bund, pearl_tower))
    932
    """
    lower, upper = radians(here.latitude), radians(there.latitude)
    east = radians(there.longitude - here.longitude)
    chord = sin((upper - lower) / 2) ** 2 + cos(lower) * cos(upper) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS * asin(sqrt(min(chord, 1.0)))


def nearest(here: Position, places: list[Position]) -> float | None:
    """Meters to the nearest place whose position is known, None without any."""
    if not here.is_known:
        return None
    return min(
        (meters(here, place) for place in places if place.is_known), default=None
    )
