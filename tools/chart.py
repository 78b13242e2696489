"""Positions in a printed chart of importance × satisfaction. No ORM."""

from collections.abc import Iterable, Mapping

SIZE = 300
EDGE = 34
NEAR = 13
"""Numbers of points closer than this would cover each other."""


def quadrants(dimensions: Iterable[Mapping]) -> dict:
    """Where points are, importance to the right and satisfaction upwards. A point is
    where its figures are; only its number moves away from those of others.

    :param dimensions: with ``importance`` and ``satisfaction`` (0–100, or None) and
        ``ratio``

    >>> chart = quadrants([{"importance": 50, "satisfaction": 100, "ratio": 2}])
    >>> point, = chart["points"]
    >>> point["x"], point["y"], point["urgent"]
    (150.0, 34.0, False)
    """
    span = SIZE - 2 * EDGE
    points = []
    for number, row in enumerate(dimensions, 1):
        if row["importance"] is None or row["satisfaction"] is None:
            continue
        points.append(
            {
                "number": number,
                "x": EDGE + span * row["importance"] / 100,
                "y": SIZE - EDGE - span * row["satisfaction"] / 100,
                "urgent": row["importance"] >= 50
                and row["ratio"] is not None
                and row["ratio"] < 1,
            }
        )
    taken = []
    for point in points:
        x, y = point["x"] + 9, point["y"] - 6
        while any(
            abs(x - other_x) < NEAR and abs(y - other_y) < NEAR
            for other_x, other_y in taken
        ):
            x += NEAR
        taken.append((x, y))
        point["label_x"], point["label_y"] = x, y
    return {
        "size": SIZE,
        "edge": EDGE,
        "span": span,
        "middle": EDGE + span / 2,
        "points": points,
    }
