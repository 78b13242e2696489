"""Positions in a printed chart of importance × satisfaction. No ORM."""

from collections.abc import Iterable, Mapping
from math import cos, hypot, pi, sin

SIZE = 300
EDGE = 34
DOT = 4.5
LABEL = 16
"""Room that a number takes"""
RINGS = 9


def quadrants(dimensions: Iterable[Mapping]) -> dict:
    """Where points are, importance to the right and satisfaction upwards. A point is
    where its figures are; only its number moves away from other points and numbers.

    :param dimensions: with ``importance`` and ``satisfaction`` (0–100, or None) and
        ``ratio``

    >>> chart = quadrants([{"importance": 50, "satisfaction": 100, "ratio": 2}])
    >>> point, = chart["points"]
    >>> point["x"], point["y"], point["urgent"], point["led"]
    (150.0, 34.0, False, False)
    """
    span = SIZE - 2 * EDGE
    points = [
        {
            "number": number,
            "x": EDGE + span * row["importance"] / 100,
            "y": SIZE - EDGE - span * row["satisfaction"] / 100,
            "urgent": row["importance"] >= 50
            and row["ratio"] is not None
            and row["ratio"] < 1,
        }
        for number, row in enumerate(dimensions, 1)
        if row["importance"] is not None and row["satisfaction"] is not None
    ]
    _place_numbers(points)
    return {
        "size": SIZE,
        "edge": EDGE,
        "span": span,
        "middle": EDGE + span / 2,
        "points": points,
    }


def _place_numbers(points):
    """As ``placeLabels`` on the page of results: on the first free place on rings
    around the point, with a line to it where that is far."""
    taken = [(point["x"], point["y"], LABEL / 2 + DOT) for point in points]
    for point in points:
        x, y = next(
            (
                place
                for place in _rings(point["x"], point["y"])
                if all(LABEL / 2 < value < SIZE - LABEL / 2 for value in place)
                and all(
                    hypot(place[0] - other_x, place[1] - other_y) >= room
                    for other_x, other_y, room in taken
                )
            ),
            (point["x"], point["y"] - LABEL),
        )
        taken.append((x, y, LABEL))
        far = hypot(x - point["x"], y - point["y"]) > LABEL
        point.update(label_x=x, label_y=y, led=far)


def _rings(x, y):
    for ring in range(1, RINGS + 1):
        for turn in range(8 * ring):
            angle = turn * 2 * pi / (8 * ring) - pi / 2
            away = ring * LABEL * 0.8
            yield x + away * cos(angle), y + away * sin(angle)
