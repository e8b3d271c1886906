"""The sheet `Model`: what people read and change, and where formulas find it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from leadscore.plan import terms as t
from leadscore.targets.formulas.grid import MOST
from leadscore.values.units import THOUSANDTH, UNIT

NAME = "Model"
AS_OF = "$H$3"
"""The cell of the as-of instant, in seconds."""
HEAD = 6
"""The row of the header; the model stands below it."""

Kind = Literal["group", "rule", "case", "sum", "label", "bound", "track", "scope"]

MOST_POINTS = 100_000
"""That a line of the language may have."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet. Points and limits are in units."""

    kind: Kind
    text: str
    points: int | None = None
    limit: t.Limit | None = None
    limited: bool = False
    """Whether the row has places for limits."""
    title: str | None = None
    note: str = ""

    @property
    def bounded(self) -> bool:
        """Whether the row has places for a limit, or for the bounds of a label."""
        return self.limited or self.kind in ("label", "bound")


@dataclass(slots=True)
class ModelSheet:
    """The rows, and the references to them."""

    capacity: int
    """Units that a rule or a limit may give at most."""
    lines: list[Line] = field(default_factory=list)

    @property
    def most_points(self) -> int:
        """Points that a line may have, either way."""
        return max(1, min(MOST_POINTS, self.capacity // UNIT))

    def add(self, line: Line) -> int:
        """The row of a line that is put at the end."""
        self.lines.append(line)
        return HEAD + len(self.lines)

    @staticmethod
    def title(row: int) -> str:
        """The text of a label."""
        return f"{NAME}!$B${row}"

    @staticmethod
    def points(row: int, last: int | None = None) -> str:
        """The points of a row, or of several, in units."""
        return f"{NAME}!$H${row}" + (f":$H${last}" if last is not None else "")

    @staticmethod
    def running(row: int, last: int) -> str:
        """The points of the first row, of the first two, and so on."""
        return f"{NAME}!$K${row}:$K${last}"

    @staticmethod
    def low(row: int) -> str:
        """The least that a limit lets through, or the bound that a label starts at; in units."""
        return f"{NAME}!$I${row}"

    @staticmethod
    def high(row: int) -> str:
        """The most that a limit lets through, or the bound that a label stays below; in units."""
        return f"{NAME}!$J${row}"

    def clamped(self, row: int, units: str) -> str:
        """A number of units within the limits of a row."""
        return f"MIN(MAX({units},{self.low(row)}),{self.high(row)})"

    def unit_formulas(self, row: int) -> tuple[str, str, str, str]:
        """The formulas of columns H to K: points, the two limits, and the running points."""
        line = self.lines[row - HEAD - 1]
        points = low = high = total = ""
        if line.points is not None:
            # To the thousandth: what somebody types with more places is no point of the language.
            points = (
                f"IF(ISNUMBER(C{row}),IF(ABS(C{row})<={self.most_points},"
                f"ROUND(C{row}*1000,0)*{THOUSANDTH},NA()),NA())"
            )
            above = f"K{row - 1}" if _follows(self.lines, row) else "0"
            total = f"{above}+H{row}"
        if line.limited:
            low = self._limit(f"D{row}", -MOST, self.capacity, -MOST)
            high = self._limit(f"E{row}", -self.capacity, MOST, MOST)
        elif line.bounded:
            low = self._limit(f"D{row}", -MOST, MOST, -2 * MOST)
            high = self._limit(f"E{row}", -MOST, MOST, 2 * MOST)
        return points, low, high, total

    @staticmethod
    def _limit(cell: str, least: int, most: int, none: int) -> str:
        units = f"ROUND({cell}*1000,0)*{THOUSANDTH}"
        inside = f"AND({cell}*{UNIT}>={least},{cell}*{UNIT}<={most})"
        return f'IF({cell}="",{none},IF(ISNUMBER({cell}),IF({inside},{units},NA()),NA()))'


def _follows(lines: Sequence[Line], row: int) -> bool:
    """Whether the row is not the first of the cases of a rule."""
    place = row - HEAD - 1
    return place > 0 and lines[place].kind == "case" and lines[place - 1].kind == "case"
