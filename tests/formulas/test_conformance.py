"""The conformance cases as workbooks: never another number than the other targets give.

Points are compared in whole units. A cell may be an error in place of a number only where the
points have more digits than spreadsheets compare, or where a single sign of a text that
spreadsheets count as two is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from tests.conformance.cases import Case
from tests.formulas.books import (
    ERROR,
    ID,
    OUTPUTS,
    Key,
    Row,
    in_ironcalc,
    in_libreoffice,
    inputs,
    tables,
)

import leadscore
from leadscore.outputs import NUMBERS
from leadscore.targets.formulas.grid import MOST
from leadscore.values.units import UNIT

TABLES = tables()

UNSAYABLE = {"numbers-6-0.1 + 0.2 is not 0.3"}
"""The first cases of the models that have a line that formulas cannot say."""

LEFT_OUT = {
    "text-6-a letter outside the basic plane is one letter",
    "text-7-by code point, not by UTF-16 unit",
    # What it adds up is past what is exact; what comes of it is not.
    "overflow_exact-5-totals: large and still inside",
}
"""Cases that are #N/A."""


def write(key: Key, group: list[Case], path: Path) -> None:
    model = leadscore.loads(key[0])
    leads, events, lists = inputs(group)
    model.to_workbook(
        path, leads, events, lists, as_of=key[1], id=ID, time_zone=key[2], allow_missing=True
    )


def differences(group: list[Case], rows: list[Row]) -> Iterator[str]:
    assert len(rows) == len(group)
    for case, row in zip(group, rows, strict=True):
        if "error" in case.expect or case.id in LEFT_OUT:
            if row["score"] != ERROR:
                yield f"{case.id}: {row['score']} in place of an error"
            continue
        for name, expected in case.expect.items():
            if name not in OUTPUTS:
                continue
            wanted: int | str = expected
            if name in NUMBERS and expected:
                wanted = int(Decimal(expected) * UNIT)
            found = row.get(name, "")
            past = isinstance(wanted, int) and abs(wanted) > MOST // 100
            if found != wanted and not (past and found == ERROR):
                yield f"{case.id}: {name} is {found}, and not {wanted}"


@pytest.mark.parametrize("key", TABLES, ids=lambda key: TABLES[key][0].id)
def test_in_ironcalc(key: Key, tmp_path: Path) -> None:
    group = TABLES[key]
    path = tmp_path / "book.xlsx"
    if group[0].id in UNSAYABLE:
        with pytest.raises(leadscore.ScoreError, match="T402"):
            write(key, group, path)
        return
    write(key, group, path)
    assert list(differences(group, in_ironcalc(path))) == []


@pytest.mark.needs_tool("soffice")
def test_in_libreoffice(tmp_path: Path) -> None:
    """All of them in one run of the office, which takes its time to start."""
    keys = [key for key in TABLES if TABLES[key][0].id not in UNSAYABLE]
    paths = [tmp_path / f"{number}.xlsx" for number in range(len(keys))]
    for key, path in zip(keys, paths, strict=True):
        write(key, TABLES[key], path)
    wrong = [
        text
        for key, rows in zip(keys, in_libreoffice(paths), strict=True)
        for text in differences(TABLES[key], rows)
    ]
    assert wrong == []
