"""What the tests of the spreadsheet functions share: grids, and what may come out of a function."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from leadscore_excel.config import Config
from leadscore_excel.grid import Grid
from leadscore_excel.host import Host
from leadscore_excel.serials import DateSystem

MODEL = """\
score "Fit" for contacts

group "Company" as fit
  +20 if industry is any of "Software", "SaaS"
  +10 if employees >= 50

labels
  "Call" from 25
  "Wait" below 25
"""
HEADERS = ("id", "industry", "employees")
ROWS = (("a", "SaaS", 120.0), ("b", "Retail", 80.0), ("c", "Software", 3.0))
SCORES = [[30.0], [10.0], [20.0]]

EVENTS_MODEL = """\
score "Interest" for contacts

exclude when in list "Competitors"

group "Interest" as engagement limit 40
  +15 for each "Demo"
  +8 for each "Visit" where url contains "/pricing" latest 3 decay 50% every 30 days
"""
LEADS = (("id", "name"), ("1", "Eva"), ("2", "Tom"), ("3", "Ana"))
EVENTS = (
    ("lead_id", "type", "time", "url"),
    ("1", "Demo", "2026-01-12", None),
    ("1", "Visit", "2025-12-20", "/pricing"),
    ("2", "Visit", "2026-01-30", "/pricing"),
)
LISTS = (("lead_id", "list"), ("3", "Competitors"))
AS_OF = "2026-01-31"


@dataclass(frozen=True, slots=True)
class Sheet(Host):
    """A host whose workbook is in `folder` and counts days by `system`."""

    folder: str | None = None
    system: DateSystem = "1900"

    def workbook_folder(self) -> str | None:
        return self.folder

    def date_system(self) -> DateSystem:
        return self.system


def fits_cells(grid: Grid) -> bool:
    """Whether a grid is one that every host can take: full, and of texts and finite numbers."""
    return (
        type(grid) is list
        and "this should not happen" not in str(grid)
        and bool(grid)
        and bool(grid[0])
        and len({len(row) for row in grid}) == 1
        and all(_fits(cell) for row in grid for cell in row)
    )


def _fits(cell: object) -> bool:
    if type(cell) is str:
        cell.encode("utf-8")
        return len(cell) <= 32_767 and "\x00" not in cell
    return type(cell) in (int, float) and math.isfinite(cell)  # type: ignore[arg-type]


def trouble(grid: Grid) -> str:
    """The text of a grid that is one cell of trouble."""
    assert fits_cells(grid)
    assert len(grid) == len(grid[0]) == 1, grid
    (text,) = grid[0]
    assert isinstance(text, str)
    assert text.startswith("LEADSCORE: "), text
    return text


def in_zone(name: str | tzinfo) -> Config:
    """A configuration with a time zone, and no folders."""
    return Config((), time_zone=str(name))


def grid_of(records: Sequence[Mapping[str, Any]], columns: Iterable[str] = ()) -> list[list[Any]]:
    """Records as a range: their keys, then `columns` that none of them has, above their values."""
    names = list(dict.fromkeys([*(key for record in records for key in record), *columns]))
    return [names, *([record.get(name) for name in names] for record in records)]
