"""Excel on Windows: xlwings' own way of importing and calling functions, with COM stood in for.

What cannot be shown so is listed in docs/excel.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.excel.support import EVENTS, EVENTS_MODEL, HEADERS, LEADS, LISTS, MODEL, ROWS, SCORES

import leadscore_excel as x

ROOT = Path(__file__).parents[2]
MISSING = {"missing": True}


def ranged(rows: Any) -> dict[str, Any]:
    return {"range": [list(row) for row in rows]}


LINES = ranged([line or None] for line in MODEL.splitlines())


def run(*calls: dict[str, Any]) -> dict[str, Any]:
    """What comes back for calls, through xlwings."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.excel.com_stub"],
        cwd=ROOT,
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def call(function: str, *arguments: Any, **more: Any) -> dict[str, Any]:
    return {"function": function, "arguments": arguments, **more}


@cache
def imported() -> dict[str, Any]:
    return run()


def test_excel_gets_the_five_functions() -> None:
    vba = imported()["vba"]
    for function in x.FUNCTIONS:
        names = ", ".join(
            f"Optional {argument.name}" if argument.optional else argument.name
            for argument in function.arguments
        )
        assert f"\nFunction {function.name}({names})\n" in vba
    assert vba.count("\nFunction ") == len(x.FUNCTIONS) == 5
    assert "Application.Volatile" not in vba


def test_excel_s_dialog_describes_them() -> None:
    told = {name.split("!")[1]: rest for name, *rest in imported()["told"]}
    for function in x.FUNCTIONS:
        about, category, arguments = told[function.name]
        assert category == "Leadscore"
        assert about == function.about
        assert arguments == [argument.about for argument in function.arguments]
        # What is longer, Excel cuts off.
        assert all(len(text) <= 255 for text in (about, *arguments))


def test_calls() -> None:
    grid = [list(row) for row in (HEADERS, *ROWS)]
    events_call = (ranged([[EVENTS_MODEL]]), ranged(LEADS), MISSING, ranged(EVENTS), ranged(LISTS),
                   {"date": "2026-01-31"})  # fmt: skip
    answers = run(
        call("LEADSCORE", LINES, ranged([HEADERS]), ranged(ROWS), MISSING, MISSING, MISSING),
        call("LEADSCORE", LINES, ranged(grid), *[MISSING] * 4),
        call("LEADSCORE", LINES, ranged([HEADERS]), ranged([ROWS[1]]), *[MISSING] * 3),
        call("LEADSCORE_LABEL", MODEL, ranged(grid), *[MISSING] * 4),
        call("LEADSCORE_TABLE", *events_call),
        call("LEADSCORE_EXPLAIN", LINES, ranged([HEADERS]), ranged([ROWS[0]]), *[MISSING] * 3),
        call("LEADSCORE_CHECK", LINES, ranged([HEADERS]), MISSING),
        call("LEADSCORE_CHECK", LINES, MISSING, MISSING),
        call("LEADSCORE", ranged([["n"]]), MISSING, *[MISSING] * 4),
    )["answers"]
    assert answers[0] == answers[1] == SCORES
    assert answers[2] == [[10.0]]
    assert answers[3] == [["Call"], ["Wait"], ["Wait"]]
    assert answers[4] == [
        ["score", "engagement", "excluded"],
        [19.0, 19.0, ""],
        [8.0, 8.0, ""],
        ["", "", 'exclude when in list "Competitors"'],
    ]
    assert answers[5][:3] == x.explain(MODEL, HEADERS, ROWS[0])[:3]
    assert answers[6] == answers[7] == [["OK"]]
    assert answers[8][0][0].startswith("LEADSCORE: 'n' is neither the text of a model")


def test_what_com_hands_over() -> None:
    model = (
        'score "S"\nproperties\n  seen: date\ngroup "G"\n  +1 if seen >= 2026-01-30T09:30\n'
        "  +2 if n is unknown\n  +4 if member is yes\n"
    )
    headers = ["id", "seen", "n", "member"]
    rows = [
        ["a", {"date": "2026-01-30T09:30"}, {"error": -2146826281}, True],
        ["b", 46052.5, {"error": -2146826246}, False],
        ["c", None, -2146826246.0, None],
    ]
    later = [["d", 44590.5, 1, True]]  # 46052.5 of the other date system
    answers = run(
        call("LEADSCORE", model, ranged([headers]), ranged(rows), *[MISSING] * 3),
        call("LEADSCORE", model, ranged([headers]), ranged(later), *[MISSING] * 3, date1904=True),
        call("LEADSCORE_EXPLAIN", model, ranged([headers]), ranged([rows[0]]), *[MISSING] * 3),
    )["answers"]
    assert answers[0] == [[7.0], [3.0], [0.0]]
    assert answers[1] == [[5.0]]
    assert ["note", "n is an error (#DIV/0!), taken as unknown", "", "", "", ""] in answers[2]


@pytest.mark.parametrize("cloud", ["", "https://d.docs.live.net/1234/Documents"])
def test_the_workbook_s_folder(tmp_path: Path, cloud: str) -> None:
    (tmp_path / "fit.score").write_text(MODEL, encoding="utf-8")
    arguments = ("fit.score", ranged([HEADERS]), ranged(ROWS), *[MISSING] * 3)
    here, elsewhere = run(
        call("LEADSCORE", *arguments, folder=str(tmp_path)),
        call("LEADSCORE", *arguments, folder=cloud),
    )["answers"]
    assert here == SCORES
    assert "no folder is allowed yet" in elsewhere[0][0]
