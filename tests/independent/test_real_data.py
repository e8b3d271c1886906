"""Real files: every lead's outputs against a function that was written by hand.

The data is looked for in the folder that the variable LEADSCORE_REAL_DATA names, then beside the
repository. A part of leadforge_42, which may be passed on, is among the examples and always there.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.independent.real import leadforge, xeducation

import leadscore
from leadscore.values.units import UNIT

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def places() -> Iterator[Path]:
    if "LEADSCORE_REAL_DATA" in os.environ:
        yield Path(os.environ["LEADSCORE_REAL_DATA"])
    yield ROOT.parent / "shared" / "data"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def check(wanted: dict[str, Any], result: leadscore.Result, who: str, factor: int) -> None:
    """`wanted` has its points in `factor`ths of a point."""
    for name, value in wanted.items():
        found = getattr(result, name)
        if isinstance(value, int):
            assert found is not None, (who, name)
            assert Decimal(found) * factor == value, (who, name)
        else:
            assert found == value, (who, name)


def check_table(table: Any, wanted: list[dict[str, Any]], factor: int) -> None:
    rows = table.to_arrow().to_pylist()
    assert len(rows) == len(wanted)
    for number, (row, expected) in enumerate(zip(rows, wanted, strict=True)):
        for name, value in expected.items():
            # A score of a table is the double nearest to the exact value.
            exact = value / factor if isinstance(value, int) else value
            assert row[name] == exact, (number, name)


# X Education


@pytest.fixture(scope="module")
def school() -> Path:
    for place in places():
        if (place / "xeducation" / "Leads.csv").is_file():
            return place / "xeducation" / "Leads.csv"
    pytest.skip("the leads of X Education, which may not be passed on, are not on this machine")


@pytest.fixture(scope="module")
def school_model() -> leadscore.Model:
    return leadscore.load(HERE / "real" / "xeducation.score")


def test_xeducation_one_by_one(school: Path, school_model: leadscore.Model) -> None:
    for number, row in enumerate(rows_of(school), 2):
        result = school_model.score(row, as_of="2026-01-31")
        check(xeducation.score(row), result, f"line {number}", 1000)


def test_xeducation_as_a_table(school: Path, school_model: leadscore.Model) -> None:
    table = school_model.score_table(school, as_of="2026-01-31")
    check_table(table, [xeducation.score(row) for row in rows_of(school)], 1000)


# leadforge_42

MAPPINGS = {
    "touches.csv": "touch",
    "sessions.csv": "session",
    "sales_activities.csv": "activity",
}


@pytest.fixture(scope="module", params=["the example", "all leads"])
def forge(request: pytest.FixtureRequest) -> Path:
    """The folder of the example, which is a part of leadforge_42, and the one of all its leads."""
    if request.param == "the example":
        return next((ROOT / "examples").glob("*/touches.csv")).parent
    for place in places():
        if (place / "leadforge_42" / "touches.csv").is_file():
            return place / "leadforge_42"
    pytest.skip("all leads of leadforge_42 are not on this machine; its part in the examples is")


def leads_of(folder: Path) -> Path:
    return next(folder.glob("leads*.csv"))


@pytest.fixture(scope="module")
def forge_model() -> leadscore.Model:
    return leadscore.load(HERE / "real" / "leadforge.score")


Histories = dict[str, tuple[list[dict[str, str]], ...]]


@pytest.fixture(scope="module")
def histories(forge: Path) -> Histories:
    """The rows of each lead in the three files."""
    found: Histories = defaultdict(lambda: ([], [], []))
    for place, name in enumerate(MAPPINGS):
        for row in rows_of(forge / name):
            found[row["lead_id"]][place].append(row)
    return found


@pytest.fixture(scope="module")
def forge_wanted(forge: Path, histories: Histories) -> list[dict[str, Any]]:
    return [
        leadforge.score(lead, leadforge.events_of(*histories[lead["lead_id"]]))
        for lead in rows_of(leads_of(forge))
    ]


def test_leadforge_one_by_one(
    forge: Path,
    forge_model: leadscore.Model,
    histories: Histories,
    forge_wanted: list[dict[str, Any]],
) -> None:
    for lead, wanted in zip(rows_of(leads_of(forge)), forge_wanted, strict=True):
        events = [
            {**row, "event": row[f"{prefix}_type"], "time": row[f"{prefix}_timestamp"]}
            for prefix, rows in zip(MAPPINGS.values(), histories[lead["lead_id"]], strict=True)
            for row in rows
        ]
        result = forge_model.score(lead, events, as_of=leadforge.AS_OF)
        check(wanted, result, lead["lead_id"], UNIT)


def test_leadforge_as_tables(
    forge: Path, forge_model: leadscore.Model, forge_wanted: list[dict[str, Any]]
) -> None:
    events = [
        (forge / name, {"lead": "lead_id", "type": f"{prefix}_type", "time": f"{prefix}_timestamp"})
        for name, prefix in MAPPINGS.items()
    ]
    table = forge_model.score_table(leads_of(forge), events, as_of=leadforge.AS_OF, id="lead_id")
    check_table(table, forge_wanted, UNIT)
