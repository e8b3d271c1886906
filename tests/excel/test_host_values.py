"""What each host hands over for the same sheet, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.excel.support import AS_OF, Sheet, fits_cells

import leadscore_excel as x
from leadscore_excel.grid import ERROR_TEXTS, CellError, as_rows, clean, clean_column
from leadscore_excel.host import Host
from leadscore_excel.serials import date_of_serial

MODEL = """\
score "All types"

properties
  seen: date
  born: date "D.M.YYYY"
  closed: date "YYYYMMDD"
  member: boolean

group "G"
  +1 if name is "eva"
  +2 if amount >= 1200.5
  +4 if member is yes
  +8 if seen is within the last 2 days
  +16 if born >= 1990-05-17
  +32 if closed = 2026-01-30
  +64 if nothing is unknown
  +128 if renewal > 2026-06-01
"""
HEADERS = ["name", "amount", "member", "seen", "born", "closed", "nothing", "renewal"]
ALL = [[255.0]]


class JsNull:
    """What Pyodide gives for a null of JavaScript, by its name."""


class JsProxy:
    """An array of JavaScript in Pyodide."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def to_py(self) -> Any:
        return self._value


# pywin32's dates are a class of its own, whose instances say UTC and mean local time.
ComDate = type("datetime", (dt.datetime,), {"__module__": "pywintypes"})


def com_date(*fields: int) -> Any:
    return ComDate(*fields, tzinfo=dt.UTC)


COM = Host(error_numbers=True)
HOSTS: dict[str, tuple[Any, Host]] = {
    "Excel through COM": (
        (
            "Eva ",
            Decimal("1200.5"),
            True,
            com_date(2026, 1, 30, 10, 29, 59, 999_600),
            com_date(1990, 5, 17),
            20260130.0,
            None,
            com_date(2026, 6, 2),
        ),
        COM,
    ),
    "Excel through COM, an error": (
        ("Eva", 1200.5, True, 46052.4375, 33010.0, 20260130.0, -2146826246, 46175.0),
        COM,
    ),
    "Office": (("Eva", 1200.5, True, 46052.4375, 33010, 20260130, "", 46175), Host()),
    "Office, an error": (
        ("eva", 1200.5, True, 46052.4375, "17.5.1990", 46052, "#N/A", 46175),
        Host(),
    ),
    "Pyodide": ((JsProxy(["Eva", 1200.5, True, 46052, 33010, 46052, JsNull(), 46175])), Host()),
    "Calc": (("Eva", 1200.5, 1.0, 46052.0, 33010.0, 46052.0, "", 46175.0), Sheet(system="calc")),
    "Excel with 1904": (
        ("Eva", 1200.5, True, 44590.0, 31548.0, 44590.0, None, 44713.0),
        Sheet(system="1904"),
    ),
    "xlwings' own types": (
        (
            "Eva",
            1200.5,
            True,
            dt.datetime(2026, 1, 30, 10, 30),
            dt.datetime(1990, 5, 17),
            dt.date(2026, 1, 30),
            None,
            dt.datetime(2026, 6, 2),
        ),
        Host(),
    ),
    "openpyxl, as text": (
        ("EVA", "1200.5", "yes", "2026-01-30", "17.5.1990", "20260130", " ", "2026-06-02"),
        Host(),
    ),
    "numpy": (
        np.array(
            ["Eva", np.float64(1200.5), np.bool_(True), np.datetime64("2026-01-30"), 33010,
             np.int64(46052), None, pd.Timestamp("2026-06-02")],
            dtype=object,
        ),
        Host(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTS)
def test_host(name: str) -> None:
    row, host = HOSTS[name]
    assert x.score(MODEL, HEADERS, row, None, None, AS_OF, host=host) == ALL
    inside = [HEADERS, row]
    assert x.score(MODEL, inside, None, None, None, AS_OF, host=host) == ALL


def test_a_number_is_a_day_only_where_the_model_reads_a_date() -> None:
    model = (
        'score "S"\ngroup "G"\n  +1 if a >= 46000\n  +2 if b is "46052"\n  +4 if c < 2026-02-01\n'
    )
    assert x.score(model, ["a", "b", "c"], [46052.0, 46052.0, 46052.0]) == [[7.0]]


def test_two_dates_that_are_compared_are_both_days_or_neither() -> None:
    model = 'score "S"\ngroup "G"\n  +1 if a < b\n  +2 if a is more than 1 day ago\n'
    assert x.score(model, ["a", "b"], [46052.0, "2026-01-31"], None, None, AS_OF) == [[1.0]]
    assert x.score(model, ["a", "b"], ["2026-01-29", 46053.5], None, None, AS_OF) == [[3.0]]
    assert x.score(model, ["a", "b"], ["2026-01-29", 46000.0], None, None, AS_OF) == [[2.0]]
    # Without any date in the model they are numbers, which give the same.
    model = 'score "S"\ngroup "G"\n  +1 if a < b\n'
    assert x.score(model, ["a", "b"], [46052.0, 46052.5], None, None, AS_OF) == [[1.0]]


def test_dates_of_events_and_their_attributes() -> None:
    model = (
        'score "S"\ngroup "G"\n  +1 for each "Demo" in the last 7 days\n'
        '  +10 for each "Demo" where due > 2026-02-01\n'
        '  +100 for each "Demo" where seats >= 46000\n'
    )
    events: list[list[Any]] = [["id", "event", "time", "due", "seats"]]
    events += [["1", "Demo", 46050.25, 46060.0, 46060.0], ["1", "Demo", 46000.0, 46000.0, 5.0]]
    assert x.score(model, [["id"], ["1"]], None, events, None, 46053.0) == [[111.0]]


def test_a_time_that_is_no_day_is_not_seen_and_is_said() -> None:
    model = 'score "S"\ngroup "G"\n  +1 for each "Demo"\n'
    events = [["id", "event", "time"], ["1", "Demo", -3.0], ["1", "Demo", 0.5], ["1", "Demo", True]]
    grid = x.explain(model, ["id"], ["1"], events, None, AS_OF)
    assert grid[1][5] == 0.0
    assert "3 events without a time that can be read (such as '-3')" in str(grid[-1][1])


def test_a_day_is_never_read_by_the_pattern_of_texts(config_file: Path) -> None:
    model = (
        'score "S"\nproperties\n  seen: date "YYYY-DD-MM"\ngroup "G"\n  +1 if seen = 2026-02-01\n'
        '  +2 for each "Demo" since 2026-02-01\n'
    )
    config_file.write_text('time_zone = "UTC"\ntime_pattern = "YYYY-DD-MM"\n', encoding="utf-8")
    events = [["id", "event", "time"], ["1", "Demo", 46054.0], ["2", "Demo", "2026-01-02"]]
    for seen in (46054.0, dt.date(2026, 2, 1), com_date(2026, 2, 1), "2026-01-02"):
        rows = [["1", seen], ["2", seen]]
        grid = x.score(model, ["id", "seen"], rows, events, None, 46060.0)
        assert grid == [[3.0], [3.0]], seen


def test_the_text_of_a_day() -> None:
    model = (
        'score "S"\ngroup "G"\n  +1 if a > 2026-01-01 and a starts with "2026-01-30"\n'
        '  +2 if a is "2026-01-30"\n  +4 if a is "2026-01-30t09:30:00"\n'
    )
    rows = [[46052.0], [46052 + 9.5 / 24], [dt.date(2026, 1, 30)]]
    assert x.score(model, "a", rows) == [[3.0], [5.0], [3.0]]


# Cells


@pytest.mark.parametrize("text", sorted(ERROR_TEXTS))
def test_an_error_as_text_is_unknown(text: str) -> None:
    assert clean(text, error_numbers=False) == CellError(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (-2146826288, "#NULL!"),
        (-2146826281, "#DIV/0!"),
        (-2146826273, "#VALUE!"),
        (-2146826265, "#REF!"),
        (-2146826259, "#NAME?"),
        (-2146826252, "#NUM!"),
        (-2146826246, "#N/A"),
    ],
)
def test_an_error_of_com_is_a_whole_number(number: int, text: str) -> None:
    assert clean(number, error_numbers=True) == CellError(text)
    assert clean(number, error_numbers=False) == number
    assert clean(float(number), error_numbers=True) == number, "a real number"
    column = clean_column([1.0, number, None, float(number)], error_numbers=True)
    assert list(column.values) == [1.0, None, None, float(number)]
    assert column.errors == {1: text}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ({"type": "Error", "basicType": "Error", "basicValue": "#SPILL!"}, CellError("#SPILL!")),
        ({"type": "FormattedNumber", "basicValue": 3.5}, 3.5),
        ({"type": "Entity"}, None),
        (float("nan"), None),
        (pd.NaT, None),
        (JsNull(), None),
        (dt.time(9, 30), "09:30:00"),
        (com_date(1899, 12, 30, 9, 30), "09:30:00"),  # so COM hands a time of day over
        (dt.datetime(1899, 12, 30, 9, 30), "09:30:00"),
        (np.str_("#N/A"), CellError("#N/A")),
        (object, CellError("a value of type type")),
        (b"bytes", CellError("a value of type bytes")),
        ({1, 2}, CellError("a value of type set")),
        ([1, 2], CellError("a value of type list")),
        (1j, CellError("a value of type complex")),
    ],
)
def test_an_odd_cell(cell: Any, value: Any) -> None:
    assert clean(cell, error_numbers=False) == value


def test_a_cell_that_raises_when_it_is_looked_at_is_an_error() -> None:
    class Bad(int):
        def __float__(self) -> float:
            raise RuntimeError("no")

        __int__ = __index__ = __float__  # type: ignore[assignment]

        def __eq__(self, other: object) -> bool:
            raise RuntimeError("no")

        __hash__ = int.__hash__

    grid = x.explain('score "S"\ngroup "G"\n  +1 if a is unknown\n', ["id", "a"], ["1", Bad(3)])
    assert fits_cells(grid)
    assert ["note", "a is an error (a value of type Bad), taken as unknown", *[""] * 4] in grid


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        (None, []),
        ("", []),
        (" ", []),
        (JsNull(), []),
        ([], []),
        ([[]], []),
        ((), []),
        (0.0, [(0.0,)]),
        (False, [(False,)]),
        ("a", [("a",)]),
        (["a", "b"], [("a", "b")]),
        ((("a", "b"),), [("a", "b")]),
        ([["a"], ["b", "c"]], [("a", None), ("b", "c")]),
        (["a", ["b", "c"]], [("a", None), ("b", "c")]),
        (np.array([[1.0, 2.0]]), [(1.0, 2.0)]),
        (JsProxy([["a"], ["b"]]), [("a",), ("b",)]),
        (JsProxy([JsProxy(["a", "b"])]), [("a", "b")]),
        ([None, None], [(None, None)]),
    ],
)
def test_ranges(given: Any, rows: Any) -> None:
    assert [tuple(row) for row in as_rows(given)] == rows


def test_no_time_of_day_is_off_by_a_second() -> None:
    start = dt.datetime(2026, 1, 31)
    for second in range(0, 86400, 7):
        expected = start + dt.timedelta(seconds=second)
        found = date_of_serial(46053 + second / 86400, "1900")
        assert found == (expected if second else start.date()), second


def test_serial_numbers() -> None:
    date, moment = dt.date, dt.datetime
    for number, system, found in (
        (1.0, "1900", date(1900, 1, 1)),
        (59.0, "1900", date(1900, 2, 28)),
        (60.0, "1900", None),  # the 29 February that never was
        (61.0, "1900", date(1900, 3, 1)),
        (60.0, "calc", date(1900, 2, 28)),
        (2.0, "calc", date(1900, 1, 1)),
        (1.0, "1904", date(1904, 1, 2)),
        (0.5, "1904", None),  # noon, of no day
        (46053.0, "1900", date(2026, 1, 31)),
        (46053.0 - 1462, "1904", date(2026, 1, 31)),
        (46053.0, "calc", date(2026, 1, 31)),
        (46053.4375, "1900", moment(2026, 1, 31, 10, 30)),
        # 9:30 has no exact fraction: neither a second too early nor one too late.
        (46053 + 9.5 / 24, "1900", moment(2026, 1, 31, 9, 30)),
        (2958465.0, "1900", date(9999, 12, 31)),
        (2958466.0, "1900", None),
        (2958465.9999999999, "1900", None),
        (0.5, "1900", None),
        (-1.0, "1904", None),
        (float("nan"), "1900", None),
        (float("inf"), "1900", None),
    ):
        assert date_of_serial(number, system) == found, (number, system)  # type: ignore[arg-type]
