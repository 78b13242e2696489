"""Which figures of departments that rate each other may be shown. No ORM."""

from collections import Counter
from collections.abc import Mapping

from .satisfaction import ANONYMOUS_GROUP_SIZE, shown


def shown_cells(
    counts: Mapping[tuple, int], least: int = ANONYMOUS_GROUP_SIZE
) -> tuple[set, set]:
    """Cells (asking, rated) and totals of rated departments that may be shown beside
    the total of all. Those of fewer than ``least`` answers are hidden, and as many
    others that what is shown leaves no rest of fewer. A hidden total hides its cells,
    which would add up to it.

    >>> cells, totals = shown_cells(
    ...     {("A", "C"): 9, ("B", "C"): 7, ("D", "C"): 2, ("A", "B"): 5}
    ... )
    >>> sorted(cells), sorted(totals)
    ([('A', 'B'), ('A', 'C')], ['B', 'C'])
    """
    sums = Counter()
    for (_asking, rated), count in counts.items():
        sums[rated] += count
    totals = shown(sums, least)
    cells = set()
    for total in totals:
        row = {
            asking: count for (asking, rated), count in counts.items() if rated == total
        }
        cells |= {(asking, total) for asking in shown(row, least)}
    return cells, totals
