"""The same table from every format and every frame; typed cells stay typed."""

from __future__ import annotations

import datetime as dt
import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.table import Table as ExcelTable
from tests.data.support import needs, read, read_and_report, rows_of, write

from leadscore.data import BrokenRowsError, open_tables, open_writer
from leadscore.errors import DataError

UTC = dt.UTC
VALUES: dict[str, list[Any]] = {
    "text": ["007", 'Müller, "A"\n', None],
    "whole": [1, -(2**62), None],
    "real": [0.1, 1e300, None],
    "flag": [True, False, None],
    "day": [dt.date(2026, 1, 31), dt.date(1, 1, 1), None],
    "moment": [dt.datetime(2026, 1, 31, 9, 30, 5), dt.datetime(1970, 1, 1), None],
}
TABLE = pa.table({"id": ["a", "b", "c"], **VALUES})
EXPECTED = [tuple(values[at] for values in VALUES.values()) for at in range(3)]


def sources(folder: Path) -> dict[str, Any]:
    pq.write_table(TABLE, folder / "t.parquet")
    with duckdb.connect(str(folder / "t.duckdb")) as connection:
        connection.register("given", TABLE)
        connection.execute("CREATE TABLE leads AS FROM given; CREATE TABLE other AS SELECT 1 id")
    return {
        "arrow": TABLE,
        "reader": TABLE.to_reader(),
        "batch": TABLE.to_batches()[0],
        "parquet": folder / "t.parquet",
        "duckdb": f"{folder / 't.duckdb'}#leads",
        "polars": pl.from_arrow(TABLE),
        "relation": duckdb.from_arrow(TABLE),
        "pandas": TABLE.to_pandas(types_mapper=pd.ArrowDtype),
        "records": TABLE.to_pylist(),
    }


NAMES = ["arrow", "reader", "batch", "parquet", "duckdb", "polars", "relation", "pandas", "records"]


@pytest.mark.parametrize("name", NAMES)
def test_typed_tables(tmp_path, name):
    rows = read(needs(*VALUES), sources(tmp_path)[name])
    assert [row.id for row in rows] == ["a", "b", "c"]
    assert [row.values for row in rows] == EXPECTED


def test_every_type_of_arrow_becomes_one_of_seven():
    moment = dt.datetime(2026, 1, 31, 9, tzinfo=UTC)
    columns = {
        "nano": (pa.array([1], pa.timestamp("ns")), dt.datetime(1970, 1, 1)),
        "zone": (pa.array([moment], pa.timestamp("s", "Europe/Berlin")), moment),
        "small": (pa.array([5], pa.uint8()), 5),
        "huge": (pa.array([2**64 - 1], pa.uint64()), str(2**64 - 1)),
        "dict": (pa.array(["x"]).dictionary_encode(), "x"),
        "list": (pa.array([["a", "b"]]), '["a","b"]'),
        "record": (pa.array([{"k": 1}]), '{"k":1}'),
        "money": (pa.array([Decimal("12.50")], pa.decimal128(10, 2)), 12.5),
        "long": (
            pa.array([Decimal("1234567890123456789.10")], pa.decimal128(30, 2)),
            "1234567890123456789.1",
        ),
        "key": (pa.array([Decimal(12)], pa.decimal128(18, 0)), 12),
        "time": (pa.array([dt.time(9, 30)]), "09:30:00"),
        "none": (pa.nulls(1), None),
        "single": (pa.array([0.5], pa.float32()), 0.5),
        "view": (pa.array(["v"], pa.string_view()), "v"),
    }
    table = pa.table({name: array for name, (array, _) in columns.items()})
    found = read(needs(*columns), table, id="key")[0]
    assert found.id == "12"
    assert found.values == tuple(value for _, value in columns.values())
    assert found.values[1].utcoffset() == dt.timedelta(0)


def test_dates_that_no_calendar_has_are_counted():
    days = pa.array([2**30, 0, -(2**30)], pa.int32()).cast(pa.date32())
    with open_tables(needs("day"), pa.table({"id": [1, 2, 3], "day": days})) as tables:
        assert [row.values[0] for row in rows_of(tables)] == [None, dt.date(1970, 1, 1), None]
        entry = tables.report.unreadable["day", "date"]
        assert entry.count == 2
        assert "BC" in entry.example


FIRST, LAST = dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59)
DAYS = [dt.date(1, 1, 1), dt.date(9999, 12, 31), None]
MOMENTS = [FIRST, LAST, None]
INSTANTS = [FIRST.replace(tzinfo=UTC), LAST.replace(tzinfo=UTC), None]
EDGES: dict[str, tuple[list[Any], Any]] = {
    "day": (DAYS, pa.date32()),
    "ms_day": (DAYS, pa.date64()),
    **{unit: (MOMENTS, pa.timestamp(unit)) for unit in ("s", "ms", "us")},
    **{f"{unit}_zone": (INSTANTS, pa.timestamp(unit, "UTC")) for unit in ("s", "ms", "us")},
    **{f"{unit}_east": (INSTANTS, pa.timestamp(unit, "Asia/Tokyo")) for unit in ("s", "ms", "us")},
}


@pytest.fixture(params=["Asia/Tokyo", "America/New_York"])
def machine_zone(request, monkeypatch):
    """The machine stands far from UTC."""
    monkeypatch.setenv("TZ", request.param)
    if hasattr(time, "tzset"):
        time.tzset()
    yield
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.mark.usefixtures("machine_zone")
def test_the_first_and_the_last_day_of_the_calendar(tmp_path):
    columns = {"id": pa.array(["a", "b", "c"])}
    for name, (values, kind) in EDGES.items():
        plain = kind if getattr(kind, "tz", None) is None else pa.timestamp(kind.unit, "UTC")
        columns[name] = pa.array(values, plain).cast(kind)
    table = pa.table(columns)
    pq.write_table(table, tmp_path / "t.parquet")
    with duckdb.connect(str(tmp_path / "t.duckdb")) as connection:
        connection.register("given", table)
        connection.execute("CREATE TABLE leads AS FROM given")
    with open_tables(needs(*EDGES), table) as tables:
        tables.make_rows()
        for column in tables.connection.cursor().sql("FROM leads").to_arrow_reader().schema.types:
            assert getattr(column, "tz", None) in (None, "UTC")
    for source in (table, table.to_reader(), tmp_path / "t.parquet", tmp_path / "t.duckdb"):
        rows, report = read_and_report(needs(*EDGES), source)
        for at, row in enumerate(rows):
            assert dict(zip(EDGES, row.values, strict=True)) == {
                name: values[at] for name, (values, _) in EDGES.items()
            }
        assert "date" not in report
        offsets = {value.utcoffset() for value in rows[1].values if getattr(value, "tzinfo", None)}
        assert offsets == {dt.timedelta(0)}


def test_the_last_day_in_a_workbook_in_records_and_in_frames(tmp_path):
    book = openpyxl.Workbook()
    days = [dt.date(9999, 12, 31), dt.date(1900, 3, 1)]
    for row in (["id", "day", "mixed"], [1, days[0], days[0]], [2, days[1], "x"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "b.xlsx")
    rows = read(needs("day", "mixed"), tmp_path / "b.xlsx")
    assert [str(row.values[0])[:10] for row in rows] == ["9999-12-31", "1900-03-01"]
    assert rows[0].values[1][:10] == "9999-12-31"
    cases: list[list[Any]] = [DAYS[:2], MOMENTS[:2], INSTANTS[:2]]
    for edges in cases:
        records: list[dict[str, Any]] = [
            {"id": at, "d": value, "m": value} for at, value in enumerate(edges)
        ]
        records.append({"id": 2, "d": None, "m": "x"})
        for source in (records, pd.DataFrame(records, dtype=object)):
            found = [row.values for row in read(needs("d", "m"), source)]
            assert [pair[0] for pair in found] == [*edges, None]
            assert [pair[1] for pair in found] == [*(value.isoformat() for value in edges), "x"]


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
@pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
def test_times_past_the_calendar_are_unknown_and_counted(unit, zone):
    past = {"s": 1, "ms": 1_000, "us": 1_000_000}[unit]
    seconds = [-62_135_596_801, 253_402_300_800, 2**40, 0]
    moments = pa.array([second * past for second in seconds]).cast(pa.timestamp(unit, zone))
    table = pa.table({"id": [1, 2, 3, 4], "t": moments, "e": moments, "type": ["x"] * 4})
    with open_tables(needs("t", attributes=["e"]), table, [(table, {"time": "t"})]) as tables:
        rows = rows_of(tables)
        epoch = dt.datetime(1970, 1, 1, tzinfo=UTC if zone else None)
        assert [row.values for row in rows] == [(None,), (None,), (None,), (epoch,)]
        assert [row.events for row in rows] == [
            [("x", moment, moment)] for moment in (None, None, None, epoch)
        ]
        assert tables.report.unreadable["t", "date"].count == 3


def test_seconds_that_no_time_stamp_holds():
    moments = pa.array([2**62, -(2**62), 0]).cast(pa.timestamp("s"))
    table = pa.table({"id": [1, 2, 3], "t": moments})
    with open_tables(needs("t"), table) as tables:
        assert [row.values[0] for row in rows_of(tables)] == [None, None, dt.datetime(1970, 1, 1)]
        assert tables.report.unreadable["t", "date"].count == 2


def test_python_times_that_utc_has_no_date_for():
    east, west = (dt.timezone(dt.timedelta(hours=hours)) for hours in (2, -2))
    given = [dt.datetime(1, 1, 1, tzinfo=east), LAST.replace(tzinfo=west), INSTANTS[0]]
    with open_tables(needs("t"), [{"id": n, "t": t} for n, t in enumerate(given)]) as tables:
        assert [row.values[0] for row in rows_of(tables)] == [None, None, INSTANTS[0]]
        assert tables.report.unreadable["t", "date"].count == 2
    mixed = [{"id": n, "t": t} for n, t in enumerate([*given, "x"])]
    assert [row.values[0] for row in read(needs("t"), mixed)] == [
        "0001-01-01T00:00:00+02:00",
        "9999-12-31T23:59:59-02:00",
        "0001-01-01T00:00:00+00:00",
        "x",
    ]


def test_times_in_mixed_columns_are_iso_to_the_second():
    berlin = dt.timezone(dt.timedelta(hours=1))
    naive = dt.datetime(2026, 1, 31, 9, 30, 5, 999_999)
    given = [naive, naive.replace(tzinfo=berlin), naive.replace(microsecond=0), "2026-01-31T1:2.5"]
    expected = [
        "2026-01-31T09:30:05",
        "2026-01-31T08:30:05+00:00",
        "2026-01-31T09:30:05",
        "2026-01-31T1:2.5",
    ]
    records = [{"id": at, "t": value} for at, value in enumerate(given)]
    for source in (records, pd.DataFrame(records)):
        assert [row.values[0] for row in read(needs("t"), source)] == expected
    # alone, they keep what they have
    for value in (naive, naive.replace(tzinfo=berlin)):
        assert read(needs("t"), [{"id": 1, "t": value}])[0].values == (value,)
    stamp = pd.Timestamp("2026-01-31 09:30:05.123456789", tz="UTC")
    assert read(needs("t"), [{"id": 1, "t": stamp}, {"id": 2, "t": 5}])[0].values == (
        "2026-01-31T09:30:05+00:00",
    )
    # tables of events of several types meet in text by SQL
    tables = [
        pa.table({"lead_id": ["0"], "event": ["x"], "time": [value]})
        for value in (naive, naive.replace(tzinfo=berlin), naive.date(), "x")
    ]
    found = read(needs(events=True), [{"id": 0}], tables)[0].events
    assert [time for _, time in found] == [*expected[:2], "2026-01-31", "x"]


def test_labels_of_an_enum_are_no_types(tmp_path):
    labels = ["MAP(", "STRUCT(x]", "a]", "DECIMAL(3,2)"]
    with duckdb.connect(str(tmp_path / "e.duckdb")) as connection:
        quoted = ", ".join(f"'{label}'" for label in labels)
        connection.execute(f"CREATE TYPE e AS ENUM ({quoted})")
        connection.execute(
            f"CREATE TABLE t AS SELECT l AS id, CAST(l AS e) AS e, [CAST(l AS e)] AS many, "
            f"{{'k': 1}} AS record, MAP {{'k': 1}} AS map FROM unnest([{quoted}]) AS u(l)"
        )
    rows = read(needs("e", "many", "record", "map"), tmp_path / "e.duckdb")
    assert [row.values for row in rows] == [
        (label, f'["{label}"]', '{"k":1}', '{"k":1}') for label in labels
    ]


def test_frames_with_double_empty_and_odd_names():
    table = pa.Table.from_arrays(
        [pa.array([1]), pa.array([2]), pa.array([3])], names=["x", "", "x"]
    )
    assert read(needs("x"), table, id="x")[0].values == (1,)
    frame = pd.DataFrame([[1, 2, 3]], columns=["id", "id", 7])
    assert read(needs("7"), frame)[0] == ("1", (3,), [], ())


def test_pandas_columns_of_several_types_become_text():
    frame = pd.DataFrame(
        {
            "id": [1, 2, 3],
            "m": [1.0, "x", dt.date(2026, 1, 31)],
            "n": [1, None, 3],
            "c": pd.Categorical(["a", "b", "a"]),
            "t": pd.DatetimeIndex(["2026-01-31 09:30", "NaT", "2026-02-01 00:00"]),
        },
        index=[7, 8, 9],
    )
    rows = read(needs("m", "n", "c", "t"), frame)
    assert [row.values[0] for row in rows] == ["1", "x", "2026-01-31"]
    assert rows[0].values[1:] == (1.0, "a", dt.datetime(2026, 1, 31, 9, 30))
    assert rows[1].values[3] is None


# --- random tables through every format --------------------------------------------------------

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(CELLS, CELLS), max_size=8),
    st.sampled_from(["csv", "tsv", "json", "jsonl", "parquet", "xlsx"]),
)
def test_what_we_write_we_read(tmp_path, cells, ending):
    path = tmp_path / f"t.{ending}"
    rows = [(f"k{at}", *pair) for at, pair in enumerate(cells)]
    with open_writer(path, ["id", "a", "b"]) as writer:
        writer.write(rows)
    if ending in ("json", "jsonl") and not rows:
        return
    found = [tuple(value or "" for value in row.values) for row in read(needs("a", "b"), path)]
    if ending == "xlsx":  # which has no U+FFFE and U+FFFF, and may lose outer white space
        lost = str.maketrans({"\ufffe": "\ufffd", "\uffff": "\ufffd"})
        cells = [tuple(value.translate(lost).strip() for value in pair) for pair in cells]
        found = [tuple(value.strip() for value in pair) for pair in found]
    assert found == cells


# --- JSON --------------------------------------------------------------------------------------


def test_json_keeps_types_and_finds_all_columns(tmp_path):
    records = [
        {"id": 1, "n": 1, "m": 1, "s": "1"},
        {"id": 2, "n": 2.5, "m": "x", "late": [1, {"a": 2}]},
        {"id": 3, "n": None, "m": True, "late": "z"},
    ]
    expected = [
        (1.0, "1", "1", None),
        (2.5, "x", None, '[1, {"a": 2}]'),
        (None, "true", None, "z"),
    ]
    texts = {
        "a.json": json.dumps(records),
        "b.json": json.dumps(records, indent=2),
        "c.json": "\n".join(map(json.dumps, records)),
        "d.jsonl": "\n\n".join(map(json.dumps, records)),
        "e.ndjson": "\r\n".join(map(json.dumps, records)) + "\r\n",
    }
    for name, text in texts.items():
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            rows = read(needs("n", "m", "s", "late"), write(tmp_path / name, text, encoding))
            assert [row.values for row in rows] == expected, name
            assert [row.id for row in rows] == ["1", "2", "3"]


def test_json_text_is_not_made_a_date_or_a_number(tmp_path):
    path = write(tmp_path / "x.json", '[{"id": "007", "d": "2026-01-31", "n": "1e5"}]')
    assert read(needs("d", "n"), path) == [("007", ("2026-01-31", "1e5"), [], ())]


def test_json_numbers_past_64_bits_keep_their_digits(tmp_path):
    path = write(tmp_path / "x.jsonl", '{"id": 123456789012345678901234567890}\n{"id": 1e400}\n')
    assert [row.id for row in read(needs(), path)] == ["123456789012345678901234567890", None]


def test_whole_numbers_that_no_double_holds_stay_exact(tmp_path):
    path = write(tmp_path / "x.jsonl", '{"id": 9007199254740993, "n": 0.5}\n{"id": 0.5}\n')
    assert [row.id for row in read(needs("n"), path)] == ["9007199254740993", "0.5"]


def test_broken_lines_of_jsonl_are_named(tmp_path):
    lines = ['{"id": 1, "a": "x"}', '{"id": 2, "a": }', "", "[1]", '{"id": 3, "a": "y"}', '{"id"']
    path = write(tmp_path / "x.jsonl", "\n".join(lines))
    with pytest.raises(BrokenRowsError, match="Line 2: it is not JSON: Expecting value") as caught:
        read(needs("a"), path)
    assert caught.value.lines == (2, 4, 6)
    rows, report = read_and_report(needs("a"), path, rejects=tmp_path / "out.jsonl")
    assert [row.values for row in rows] == [("x",), ("y",)]
    assert (tmp_path / "out.jsonl").read_text() == '{"id": 2, "a": }\n[1]\n{"id"\n'
    assert "3 rows cannot be read and are not scored (lines 2, 4, 6)" in report


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[{"id": 1},\n{"id": 2', "line 2.*not JSON"),
        ('[{"id": 1},\n{"id": 2}', "breaks off"),
        ('[{"id": 1}\n{"id": 2}]', "line 2.*comma is missing"),
        ('[{"id": 1},\n{id: 2}]', "line 2.*not JSON"),
        ('[{"id": 1}]\n[]', "line 2.*more text"),
        ('"just text"', "list of objects"),
        ("", "list of objects"),
    ],
)
def test_json_that_breaks_says_where(tmp_path, text, words):
    with pytest.raises(DataError, match=words):
        read(needs(), write(tmp_path / "x.json", text))


def test_records_longer_than_a_piece(tmp_path, monkeypatch):
    monkeypatch.setattr("leadscore.data.json_source._CHUNK", 5)
    records = [{"id": n, "a": "x" * n + '"\\é'} for n in range(30)]
    path = write(tmp_path / "x.json", json.dumps(records))
    assert [row.values[0] for row in read(needs("a"), path)] == [r["a"] for r in records]


def test_half_a_character_does_not_crash(tmp_path):
    path = write(tmp_path / "x.json", '[{"id": "1", "a": "\\ud83d!"}]')
    assert read(needs("a"), path)[0].values == ("?!",)


# --- DuckDB files ------------------------------------------------------------------------------


def test_database_files(tmp_path):
    path = tmp_path / "b.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("""CREATE TABLE "We""ird t" AS SELECT 1 AS id, 2 AS "a""b" """)
    assert read(needs('a"b'), path)[0].values == (2,)
    assert read(needs('a"b'), f'{path}#we"IRD T')[0].values == (2,)
    with pytest.raises(DataError, match=r'There are: We"ird t'):
        read(needs("a"), f"{path}#none")
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 3 AS id")
    assert read(needs(), f"{path}#s.t")[0].id == "3"
    with pytest.raises(DataError, match="name one of the tables"):
        read(needs(), path)


def test_a_view_in_a_database_reads_no_other_files(tmp_path):
    secret = write(tmp_path / "secret.csv", "id,a\n1,secret\n")
    with duckdb.connect(str(tmp_path / "v.duckdb")) as connection:
        connection.execute(f"CREATE VIEW leads AS SELECT * FROM read_csv('{secret}')")
    with pytest.raises(DataError, match=r"Permission|permission|cannot be read"):
        read(needs("a"), tmp_path / "v.duckdb")


@pytest.mark.parametrize("name", ["x.parquet", "x.duckdb"])
def test_files_that_are_not_what_they_say(tmp_path, name):
    with pytest.raises(DataError, match="cannot be read"):
        read(needs("a"), write(tmp_path / name, "id,a\n1,x\n" * 100))


# --- workbooks ---------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path):
    made = openpyxl.Workbook()
    notes = made.worksheets[0]
    notes.title = "Notes"
    notes.sheet_state = "hidden"
    sheet = made.create_sheet("My Leads")
    sheet["B3"], sheet["C3"], sheet["D3"], sheet["E3"], sheet["F3"] = "id", "n", "day", "x", 2024
    rows = [
        (1, 2.5, dt.date(2026, 1, 31), "#N/A", True),
        (None, None, None, None, None),
        (12345678901234, 3, dt.datetime(2026, 1, 31, 9, 30), "=1+1", None),
        ("A", 4, None, dt.timedelta(hours=36), None),
    ]
    for at, row in enumerate(rows, 4):
        for column, value in zip("BCDEF", row, strict=True):
            sheet[f"{column}{at}"] = value
    table = ExcelTable(displayName="Points", ref="H1:I3")
    cells: dict[str, str | int] = {"H1": "id", "I1": "p", "H2": "k", "I2": 7, "H3": "l", "I3": 8}
    for ref, text in cells.items():
        notes[ref] = text
    notes.add_table(table)
    made.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def test_a_sheet_with_typed_cells(book):
    rows, report = read_and_report(needs("n", "day", "x", "2024"), book)
    assert [(row.id, *row.values) for row in rows] == [
        ("1", 2.5, dt.datetime(2026, 1, 31), None, True),
        ("12345678901234", 3.0, dt.datetime(2026, 1, 31, 9, 30), None, None),
        ("A", 4.0, None, 1.5, None),
    ]
    assert "1 cell of x holds an error such as #N/A and counts as unknown" in report
    assert "1 formula was never computed" in report


def test_sheets_and_excel_tables_by_name(book):
    assert [row.values for row in read(needs("p"), f"{book}#points")] == [(7,), (8,)]
    assert len(read(needs("n"), f"{book}#my leads")) == 3
    with pytest.raises(DataError, match="There are: Notes, My Leads, Points"):
        read(needs("n"), f"{book}#nope")


def test_an_empty_sheet(tmp_path):
    openpyxl.Workbook().save(tmp_path / "e.xlsx")
    with pytest.raises(DataError, match="empty"):
        read(needs("a"), tmp_path / "e.xlsx")


def test_unnamed_header_cells(tmp_path):
    made = openpyxl.Workbook()
    for row in (["id", None, "a"], [1, "lost", 2]):
        made.worksheets[0].append(row)
    made.save(tmp_path / "u.xlsx")
    with open_tables(needs("a"), tmp_path / "u.xlsx", keep_columns=True) as tables:
        assert tables.passthrough_columns == ("id", "", "a")
        assert rows_of(tables)[0].values == (2,)
