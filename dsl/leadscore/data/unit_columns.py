"""Points in columns of Arrow: whole units of 1/10,000,000, exact decimals, nearest doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadscore.values.units import UNIT

if TYPE_CHECKING:
    import pyarrow as pa

UNITS = {b"leadscore": b"units"}
"""The metadata of a field that holds points, as 64-bit integers of 1/10,000,000 of a point."""

_EXACT = 2**53
"""A double holds every whole number up to here, either way."""


def is_units(field: pa.Field) -> bool:
    """Whether a column holds points in units."""
    return UNITS.items() <= (field.metadata or {}).items()


def decimal_texts(units: pa.Array) -> pa.Array:
    """The exact decimals of points in units, as large_string: ``66``, ``12.5``; null stays null.

    As `leadscore.values.units.decimal_text`, for all integers of 64 bits.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = pa.large_string()
    none, minus, point = (pa.scalar(text, kind) for text in ("", "-", "."))
    whole = pc.divide(units, UNIT)  # toward zero, so that both parts have the sign of the number
    part = pc.abs(pc.subtract(units, pc.multiply(whole, UNIT)))
    digits = pc.utf8_slice_codeunits(pc.add(part, UNIT).cast(kind), 1)
    return pc.binary_join_element_wise(
        pc.if_else(pc.less(units, 0), minus, none),
        pc.abs(whole).cast(kind),
        pc.if_else(pc.equal(part, 0), none, point),
        pc.ascii_rtrim(digits, "0"),
        none,  # between them
    )


def nearest_doubles(units: pa.Array) -> pa.Array:
    """Points in units as doubles, each the nearest to the exact value; null stays null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    # Where both are exact, their quotient is the double that is nearest to it.
    doubles = pc.divide(units.cast(pa.float64(), safe=False), float(UNIT))
    large = pc.or_(pc.greater(units, _EXACT), pc.less(units, -_EXACT))
    if not pc.any(large).as_py():
        return doubles
    # Python divides whole numbers of any size so that the result is the nearest.
    exact = [value / UNIT for value in units.filter(large).to_pylist()]
    return pc.replace_with_mask(doubles, large, pa.array(exact, pa.float64()))
