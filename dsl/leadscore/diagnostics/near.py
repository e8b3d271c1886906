"""The word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import islice

_LONGEST = 48
"""Longer names are not compared: the time grows with the square of the length."""
_MOST = 500
"""Of longer lists the first ones are looked at."""
_DIGITS = str.maketrans("OIL", "011")


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


def nearest_code(text: str, names: Mapping[str, str]) -> str | None:
    """The code that `text` is nearly, or whose name it nearly is; `names` are by code."""
    code = text.upper()
    slip = code[:1] + code[1:].translate(_DIGITS)  # letters that look like digits
    if slip in names:
        return slip
    codes = {name: each for each, name in names.items()}
    name = nearest(text.lower(), codes)
    return nearest(code, names) if name is None else codes[name]
