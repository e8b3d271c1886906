"""The word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

_LONGEST = 48
"""Longer names are not compared: the time grows with the square of the length."""
_MOST = 500
"""Of longer lists the first ones are looked at."""


def nearest(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The candidate that `word` is nearly; None where it is near none.

    Two letters in the wrong order count as nearer than any other slip. The time is bounded
    whatever the names are.
    """
    if len(word) > _LONGEST:
        return None
    some = [name for name in islice(candidates, _MOST) if len(name) <= _LONGEST]
    letters = sorted(word)
    swapped = [name for name in some if len(name) == len(word) and sorted(name) == letters]
    close = swapped or get_close_matches(word, some, 1, cutoff)
    return close[0] if close else None
