"""The functions give the digits of the Python target: on the conformance cases, on the examples."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.cases import Case, cases
from tests.examples.stories import EXAMPLES
from tests.excel.support import fits_cells, grid_of

import leadscore
import leadscore_excel
from leadscore.columns import ID_COLUMNS, find_any
from leadscore.outputs import NUMBERS
from leadscore.values.text import fold

CASES = [case for case in cases() if "error" not in case.expect]
FAILING = [case for case in cases() if "error" in case.expect]


def sheet_of(case: Case, model: leadscore.Model) -> tuple[Any, Any, Any, Any]:
    """Headers with rows, events and lists of a case, as a sheet has them: no column is missing."""
    name = next(name for name in ID_COLUMNS if find_any(list(case.lead), [name]) is None)
    lead = {name: "the lead", **case.lead}
    folded = set(map(fold, lead))
    needed = [
        need.name
        for need in model.needs.properties
        if folded.isdisjoint(map(fold, need.sources or (need.name,)))
    ]
    leads = grid_of([lead], needed)
    # An id under the name that the leads' has, whatever other ids the case has.
    events = [{"lead_id": None, **event} for event in case.events]
    lists = [[name, "list"], *(["the lead", entry] for entry in case.lists)]
    attributes = [need.name for need in model.needs.attributes]
    rows: list[dict[str, Any]] = [
        {name: "the lead", **{fold(key): value for key, value in event.items() if key != "lead_id"}}
        for event in events
    ]
    have = {fold(key) for row in rows for key in row}
    table = grid_of(
        rows or [{name: None, "event": None, "time": None}],
        [one for one in attributes if fold(one) not in have],
    )
    return leads, None, table, lists


def settled(case: Case, config_file: Path) -> None:
    config_file.write_text(f'folders = []\ntime_zone = "{case.time_zone}"\n', encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_conformance_case(case: Case, config_file: Path) -> None:
    settled(case, config_file)
    model = leadscore.loads(case.model)
    sheet = sheet_of(case, model)
    grid = leadscore_excel.table(case.model, *sheet, case.as_of)
    assert fits_cells(grid), grid
    assert len(grid) == 2, grid
    got = dict(zip(grid[0], grid[1], strict=True))
    for name, expected in case.expect.items():
        if name in NUMBERS:
            assert got.get(name) == (float(expected) if expected else ""), name
        elif isinstance(expected, str):
            assert got.get(name, "") == expected, name
    assert leadscore_excel.score(case.model, *sheet, case.as_of) == [[got["score"]]]
    assert fits_cells(leadscore_excel.explain(case.model, *sheet, case.as_of))


@pytest.mark.parametrize("case", FAILING, ids=lambda case: case.id)
def test_a_sum_past_64_bits_is_a_text_in_its_row(case: Case, config_file: Path) -> None:
    settled(case, config_file)
    leads, rows, events, lists = sheet_of(case, leadscore.loads(case.model))
    leads = [*leads, [None] * len(leads[0])]  # an empty row, which has nothing to do with it
    grid = leadscore_excel.score(case.model, leads, rows, events, lists, case.as_of)
    assert len(grid) == 2
    assert re.fullmatch(r"LEADSCORE: .*lead the lead cannot be scored.*64 bits.*", str(grid[0][0]))
    assert grid[1] == [""]


def csv_grid(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


STORIES = [
    "01-first-model",
    "03-plus-and-minus",
    "04-six-steps",
    "05-three-times-fifteen",
    "06-gitlab",
    "07-eloqua",
    "09-win-back",
    "10-product-usage",
]
"""Those of one model, and of tables that one range each can hold."""


@pytest.mark.parametrize("name", STORIES)
def test_example(name: str) -> None:
    folder = EXAMPLES / name
    readme = (folder / "README.md").read_text(encoding="utf-8")
    as_of = re.search(r"--as-of (\S+)", readme)
    assert as_of is not None
    tables: dict[str, Any] = defaultdict(lambda: None)
    for path in folder.glob("*.csv"):
        tables[path.stem] = csv_grid(path)
    lines = [[line] for line in (folder / "model.score").read_text(encoding="utf-8").split("\n")]
    grid = leadscore_excel.table(
        lines, tables["leads"], None, tables["events"], tables["lists"], as_of[1]
    )
    header, *rows = tables["scores"]
    shown = [name for name in grid[0] if name in header]
    assert shown == grid[0]
    assert len(rows) == len(grid) - 1
    for row, got in zip(rows, grid[1:], strict=True):
        expected = dict(zip(header, row, strict=True))
        for output, cell in zip(grid[0], got, strict=True):
            text = expected[str(output)]
            assert cell == (float(text) if output in NUMBERS and text else text), (row, output)


def test_the_example_of_hubspot_with_three_models() -> None:
    folder = EXAMPLES / "02-hubspot"
    leads, events, lists = (csv_grid(folder / f"{n}.csv") for n in ("leads", "events", "lists"))
    readme = (folder / "README.md").read_text(encoding="utf-8")
    as_of = re.search(r"--as-of (\S+)", readme)
    assert as_of is not None
    for stem in ("fit", "engagement", "combined"):
        text = (folder / f"{stem}.score").read_text(encoding="utf-8")
        model = leadscore.loads(text)
        names = leads[0]
        expected = []
        for row in leads[1:]:
            own = [dict(zip(events[0], e, strict=True)) for e in events[1:] if e[0] == row[0]]
            member = [entry for id, entry in lists[1:] if id == row[0]]
            result = model.score(dict(zip(names, row, strict=True)), own, member, as_of[1])
            expected.append(["" if result.score is None else float(result.score)])
        grid = leadscore_excel.score(text, leads, None, events, lists, as_of[1])
        assert grid == expected, stem
