"""Columns: how wide the cells become that stand under each other."""

from __future__ import annotations

from collections.abc import Sequence

REACH = 26
"""Blanks that a cell is filled up with, at the most. Farther apart, the eye loses the line."""
POINTS_REACH = 4
"""The same for the points of rules: `+5` and `+26.25` stand in one column."""


def column_widths(widths: Sequence[int], reach: int) -> list[int]:
    """The width of the column that each of some cells belongs to.

    Cells of about the same width share a column, which is as wide as its widest. A cell that is
    more than `reach` narrower than that has its place in a narrower column.
    """
    columns: dict[int, int] = {}
    column = 0
    for width in sorted(set(widths), reverse=True):
        if not columns or column - width > reach:
            column = width
        columns[width] = column
    return [columns[width] for width in widths]
