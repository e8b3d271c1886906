"""Workbooks of examples: all outputs of all leads are those of `leadscore score`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.formulas.books import in_ironcalc

import leadscore
from leadscore.data import parse_events_argument
from leadscore.outputs import NUMBERS
from leadscore.values.units import UNIT

EXAMPLES = Path(__file__).parents[2] / "examples"
LEADFORGE = (
    "touches.csv:type=touch_type",
    "sessions.csv:type=session_type",
    "sales_activities.csv:type=activity_type",
)


@pytest.mark.parametrize(
    ("folder", "file", "events", "lists", "as_of"),
    [
        ("02-hubspot", "combined", ("events.csv",), "lists.csv", "2026-01-31"),
        ("09-win-back", "model", ("events.csv",), "lists.csv", "2026-01-31"),
        ("11-leadforge", "model", LEADFORGE, None, "2024-03-01"),
    ],
)
def test_example(
    folder: str, file: str, events: tuple[str, ...], lists: str | None, as_of: str, tmp_path: Path
) -> None:
    here = EXAMPLES / folder
    model = leadscore.load(here / f"{file}.score")
    given: tuple[str, Any, str | None] = (
        str(here / "leads.csv"),
        [parse_events_argument(str(here / one)) for one in events],
        None if lists is None else str(here / lists),
    )
    path = tmp_path / "book.xlsx"
    model.to_workbook(path, *given, as_of=as_of)
    wanted = model.score_table(*given, as_of=as_of).to_arrow().to_pylist()
    found = in_ironcalc(path)
    assert len(found) == len(wanted) > 50
    for row, expected in zip(found, wanted, strict=True):
        for name, value in row.items():
            exact = expected[name]
            if exact is None:
                exact = ""
            elif name in NUMBERS:
                exact = round(exact * UNIT)
            assert value == exact, (name, row)
