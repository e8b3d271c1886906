"""Workbooks of formulas, computed by real spreadsheets."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import ironcalc
import openpyxl
from tests.conformance.cases import Case, cases

from leadscore.outputs import NUMBERS
from leadscore.values.text import fold
from leadscore.values.units import UNIT

ERROR = "error"

Row = dict[str, int | str]
"""The outputs of a lead: points in whole units, texts, `ERROR` for #N/A and its like."""


def in_ironcalc(path: Path) -> list[Row]:
    """The outputs of all leads, in their order, as IronCalc computes them."""
    book = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    book.evaluate()
    names = [sheet["name"] for sheet in book.get_worksheets_properties()]
    sheet = names.index("Leads")
    first, last = 1, book.get_sheet_dimensions(sheet)
    rows = []
    for row in range(2, last[1] + 1):
        found = {}
        for column in range(first, last[3] + 1):
            title = book.get_cell_value(sheet, 1, column)
            found[str(title)] = book.get_cell_value(sheet, row, column)
        rows.append(found)
    return [_outputs(row) for row in rows]


def in_libreoffice(paths: list[Path]) -> list[list[Row]]:
    """The same of several workbooks, as LibreOffice computes them; they are in one folder."""
    folder = paths[0].parent
    out = folder / "computed"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'office').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(out),
            *map(str, paths),
        ],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return [read_computed(out / path.name) for path in paths]


def read_computed(path: Path) -> list[Row]:
    """The outputs of all leads from the values that a spreadsheet saved."""
    sheet = openpyxl.load_workbook(path, data_only=True)["Leads"]
    header, *rows = sheet.iter_rows(values_only=True)
    return [_outputs(dict(zip(map(str, header), row, strict=True))) for row in rows]


def _outputs(row: dict[str, Any]) -> Row:
    found: Row = {}
    for name in OUTPUTS:
        value = row.get(name)
        if name not in row:
            continue
        if isinstance(value, str) and value.startswith("#"):
            found[name] = ERROR
        elif name in NUMBERS and not isinstance(value, str) and value is not None:
            units = round(value * UNIT)
            assert abs(value * UNIT - units) < 0.5
            found[name] = units
        else:
            found[name] = "" if value is None else str(value)
    return found


OUTPUTS = (
    "score",
    "label",
    "fit",
    "fit_label",
    "engagement",
    "engagement_label",
    "matrix",
    "fast_track",
    "excluded",
)

Key = tuple[str, str, str, tuple[str, ...]]


def tables() -> dict[Key, list[Case]]:
    """The conformance cases that one workbook can hold together."""
    groups: dict[Key, list[Case]] = defaultdict(list)
    for case in cases():
        columns = tuple(sorted(case.lead)) if " from " in case.model else ()
        groups[case.model, case.as_of, case.time_zone, columns].append(case)
    return groups


ID = "lead of the case"


def inputs(group: list[Case]) -> tuple[list[Any], list[Any] | None, list[Any] | None]:
    """Leads, events and lists of cases."""
    leads: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    lists: list[dict[str, Any]] = []
    for number, case in enumerate(group):
        own = f"case {number}"
        leads.append({ID: own, **case.lead})
        for event in case.events:
            row = {fold(name): value for name, value in event.items()}
            events.append({ID: own, "event": None, "time": None, **row})
        lists += [{ID: own, "list": name} for name in case.lists]
    return leads, events or None, lists or None
