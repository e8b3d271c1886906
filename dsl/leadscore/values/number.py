"""Numbers and yes/no."""

from __future__ import annotations

import math
import re
from typing import Any

from leadscore.values.text import WHITE_SPACE, fold, text_of

# The decimal text of the language: ASCII digits, no thousands separators, no bare point.
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?").fullmatch

TRUE_WORDS = frozenset(("true", "yes", "y", "t", "1", "on"))
FALSE_WORDS = frozenset(("false", "no", "n", "f", "0", "off"))


def number_of(value: Any) -> float | None:
    """The finite IEEE double of a value of `text.normal`, or None.

    Texts are read as ``[+-] digits [. digits] [e [+-] digits]``; booleans and dates are no
    numbers.
    """
    kind = type(value)
    if kind is str:
        trimmed = value.strip(WHITE_SPACE)
        if _DECIMAL(trimmed) is None:
            return None
        number = float(trimmed)
        return number if -math.inf < number < math.inf else None
    if kind is float:
        return value if -math.inf < value < math.inf else None
    if kind is int:
        try:
            return float(value)
        except OverflowError:
            return None
    return None


def boolean_of(value: Any) -> bool | None:
    """Whether a value of `text.normal` says yes (True) or no (False); None where neither."""
    if type(value) is bool:
        return value
    if isinstance(value, (int, float)):
        return None if value not in (0, 1) else bool(value)
    text = text_of(value)
    if text is None:
        return None
    text = fold(text)
    return True if text in TRUE_WORDS else False if text in FALSE_WORDS else None


def ten_thousandths(number: float) -> int | None:
    """`number` as a double times 10,000, rounded half away from zero; None past 64 bits."""
    scaled = abs(number * 10000.0)
    if not scaled < 2.0**63:
        return None
    whole = math.floor(scaled)
    if scaled - whole >= 0.5:
        whole += 1
    return -whole if number < 0 else whole
