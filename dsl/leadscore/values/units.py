"""Points in exact units of 1/10,000,000, and their decimal form."""

from __future__ import annotations

from decimal import Decimal

UNIT = 10_000_000
"""Units in one point."""
THOUSANDTH = 10_000
"""Units in the smallest part of a point that a model can state."""
MAX_UNITS = 2**63 - 1
"""A sum past this, either way, is an error."""


def units_of(points: Decimal) -> int:
    """`points` (at most seven decimals) in units."""
    return int(points.scaleb(7))


def decimal_text(units: int) -> str:
    """The exact decimal of `units`: ``66``, ``12.5``, ``-0.0000001``."""
    sign = "-" if units < 0 else ""
    whole, part = divmod(abs(units), UNIT)
    return f"{sign}{whole}.{part:07d}".rstrip("0") if part else f"{sign}{whole}"


def plain(value: Decimal | str | None) -> str:
    """An output as text: a decimal without an exponent, nothing for None."""
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else value


def decimal_of(units: int) -> Decimal:
    """The exact decimal of `units`, without trailing zeros and without an exponent."""
    whole, part = divmod(units, UNIT)
    return Decimal(decimal_text(units)) if part else Decimal(whole)
