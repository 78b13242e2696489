"""Random samples that come out the same on any machine. No ORM."""

from collections.abc import Iterable
from fractions import Fraction
from hashlib import sha256


def order(seed: str, ids: Iterable[int]) -> list[int]:
    """``ids`` shuffled: always alike for the same seed and the same set of ids."""
    return sorted(
        ids, key=lambda item: (sha256(f"{seed}:{item}".encode()).digest(), item)
    )


def share(seed: str, ids: Iterable[int], percent: float) -> list[int]:
    """A sample of ``percent`` of ``ids``, rounded half up, but one at least where
    there are any and ``percent`` is above 0.

    >>> len(share("a", range(30), 10)), len(share("a", range(3), 10))
    (3, 1)
    """
    shuffled = order(seed, ids)
    if percent <= 0:
        return []
    size = int(Fraction(str(percent)) * len(shuffled) / 100 + Fraction(1, 2))
    return shuffled[: max(size, 1)]
