"""Writers: exact digits, nothing half-written, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import stat
import sys
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data.support import needs, write

from leadscore.data import open_tables, open_writer, sinks, workbook_sink
from leadscore.data.sinks import decimal_text
from leadscore.data.unit_columns import UNITS, decimal_texts, nearest_doubles
from leadscore.errors import DataError
from leadscore.values import units

ENDINGS = ["csv", "tsv", "json", "jsonl", "parquet", "xlsx"]
COLUMNS = ["id", "score", "label"]
ROWS = [("1", Decimal("66.0000000"), "Warm"), ("2", Decimal("-12.50"), None), (None, None, "é\n")]


def put(path, rows=ROWS, columns=COLUMNS, **options):
    with open_writer(path, columns, **options) as writer:
        for row in rows:
            writer.write([row])
    return path


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("66", "66"),
        ("66.0000000", "66"),
        ("12.50", "12.5"),
        ("1E+1", "10"),
        ("1E-7", "0.0000001"),
        ("-0.0", "0"),
        ("100", "100"),
        ("-922337203685.4775808", "-922337203685.4775808"),
    ],
)
def test_numbers_are_plain_digits(number, text):
    assert decimal_text(Decimal(number)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=7))
def test_the_digits_are_the_number(number):
    text = decimal_text(number)
    assert Decimal(text) == number
    assert "E" not in text
    assert text == "0" or not text.endswith(".")


def test_csv(tmp_path):
    assert put(tmp_path / "o.csv").read_bytes().decode() == (
        'id,score,label\n1,66,Warm\n2,-12.5,\n,,"é\n"\n'
    )


def test_json(tmp_path):
    text = put(tmp_path / "o.json").read_text(encoding="utf-8")
    assert '"score": 66,' in text
    assert json.loads(text) == [
        {"id": "1", "score": 66, "label": "Warm"},
        {"id": "2", "score": -12.5, "label": None},
        {"id": None, "score": None, "label": "é\n"},
    ]
    lines = put(tmp_path / "o.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == json.loads(text)
    assert put(tmp_path / "e.json", []).read_text() == "[]\n"


def test_parquet(tmp_path):
    table = pq.read_table(put(tmp_path / "o.parquet"))
    assert [str(kind) for kind in table.schema.types] == ["string", "double", "string"]
    assert table.column("score").to_pylist() == [66.0, -12.5, None]
    columns = ["id", "a_fit", "x"]
    table = pq.read_table(put(tmp_path / "p.parquet", [("1", Decimal(1), 2)], columns))
    assert table.to_pylist() == [{"id": "1", "a_fit": 1.0, "x": "2"}]


def test_xlsx_has_colors_and_the_inputs_columns(tmp_path):
    columns = ["id", "n", "day", *COLUMNS[1:]]
    rows = [
        ("007", "12.5", dt.date(2026, 1, 31), Decimal("66.5"), "Warm"),
        ("-8", "-4.50", "12", None, "8"),
        ("9", None, "1e5", None, "9"),
        (2**60, True, None, Decimal(0), None),
    ]
    colors = {"label": {"Warm": "yellow"}}
    path = put(tmp_path / "o.xlsx", rows, columns, kept=3, kept_numbers=[1, 4], colors=colors)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        columns,
        ["007", 12.5, dt.datetime(2026, 1, 31), 66.5, "Warm"],
        ["-8", -4.5, "12", None, "8"],
        ["9", None, "1e5", None, "9"],
        [str(2**60), True, None, 0, None],
    ]
    assert sheet["A1"].font.bold
    assert sheet["E2"].fill.start_color.rgb[2:] == workbook_sink.FILLS["yellow"]
    assert sheet["E3"].fill.fill_type is None
    assert sheet.freeze_panes == "B2"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "=cmd|' /C calc'!A0", "#N/A"])
def test_a_spreadsheet_runs_nothing(tmp_path, text):
    path = put(tmp_path / "o.xlsx", [(text, None, text)], [text, "score", "label"], kept=1)
    for row in openpyxl.load_workbook(path).worksheets[0].iter_rows():
        for cell in (row[0], *row[2:]):
            assert cell.data_type == "s"
    # ids have to arrive as they were, to be joined on
    assert put(tmp_path / "o.csv", [(text, None, None)]).read_text() == (
        f"id,score,label\n{text},,\n"
    )


def test_a_column_of_numbers_holds_nothing_else(tmp_path):
    columns = {
        "id": ["1", "2", "3"],
        "money": ["12.50", None, "-3"],
        "phone": ["-4", "007", "5"],
        "plus": ["+4", "5", "6"],
        "long": ["1234567890123456", "1", "2"],
        "most": ["123456789012.345", " ", "0"],
        "zero": ["-0.0", "1", "2"],
        "exponent": ["1e5", "1", "2"],
        "spaced": ["1 ", "2", "3"],
        "blank": [None, "", " "],
        "late": ["1", "2", "x"],
        "point": ["1.", ".5", "1"],
        "other": ["\u0661", "1", "2"],
    }
    with open(tmp_path / "l.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([columns, *zip(*columns.values(), strict=True)])
    with open_tables(needs(), tmp_path / "l.csv", keep_columns=True) as tables:
        names = tables.passthrough_columns
        assert {names[at] for at in tables.passthrough_numbers} == {"money", "most", "blank"}
        rows = [row for batch in tables.passthrough() for row in batch]
        options = {"kept": len(names), "kept_numbers": tables.passthrough_numbers}
    path = put(tmp_path / "o.xlsx", rows, names, **options)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    found = {name: list(values) for name, *values in sheet.iter_cols(values_only=True)}
    assert found["money"] == [12.5, None, -3]
    assert found["most"] == [123456789012.345, " ", 0]
    assert found["phone"] == columns["phone"]
    written = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    assert {**written, "money": 0, "most": 0} == {**found, "money": 0, "most": 0}


def test_numbers_are_told_past_the_first_rows(tmp_path):
    lines = "".join(f"{at},{at},{at}\n" for at in range(10_000))
    path = write(tmp_path / "l.csv", f"id,a,b\n{lines}x,007,8\n")
    with open_tables(needs(), path, keep_columns=True) as tables:
        assert tables.passthrough_numbers == {2}
    with open_tables(needs(), path) as tables:
        assert tables.passthrough_numbers == frozenset()
    typed = [{"b": 1, "id": "5", "c": "6"}]
    with open_tables(needs(), typed, keep_columns=True) as tables:
        assert tables.passthrough_numbers == {2}


def test_a_cell_holds_no_more(tmp_path):
    with open_writer(tmp_path / "o.xlsx", ["id"]) as writer:
        writer.write([("x" * 40_000,)])
    assert writer.notes[0].endswith("1 text longer than the 32,767 characters of a cell was cut.")
    assert len(openpyxl.load_workbook(tmp_path / "o.xlsx").worksheets[0]["A2"].value) == 32_767


def test_more_rows_than_a_sheet_has(tmp_path, monkeypatch):
    with pytest.raises(DataError, match="1,048,575 rows"):
        open_writer(tmp_path / "o.xlsx", COLUMNS, rows=1_048_576)
    monkeypatch.setattr(workbook_sink, "ROW_LIMIT", 3)
    with pytest.raises(DataError, match=r"Write \.csv"):
        put(tmp_path / "o.xlsx")
    assert os.listdir(tmp_path) == []


# --- columns ------------------------------------------------------------------------------------

INTEGERS = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-(10**9), 10**9),
    st.integers(-(10**11), 10**11).map(lambda thousandths: thousandths * units.THOUSANDTH),
    st.sampled_from([-(2**63), 2**63 - 1, -1, 1, 0, *(2**53 + n for n in range(-2, 3))]),
)
TEXTS = st.text(
    st.sampled_from(['"', ",", "\t", "\r", "\n", " ", "\\", "\x00", "\x7f", "a", "é", "😀"])
)
AMOUNTS = st.lists(st.none() | INTEGERS, max_size=8)
NAMES = ["id", 'a "fit"', "label"]


def batch_of(ids, amounts, labels):
    """A batch as engines hand it over; its own names do not matter."""
    schema = pa.schema(
        [("a", pa.string()), pa.field("b", pa.int64(), metadata=UNITS), ("c", pa.large_string())]
    )
    arrays = [
        pa.array(values, field.type)
        for values, field in zip((ids, amounts, labels), schema, strict=True)
    ]
    return pa.record_batch(arrays, schema=schema)


def put_both(tmp_path, ending, batch, rows, columns=NAMES, **options):
    """What comes of a batch, and of the same values as rows."""
    with open_writer(tmp_path / f"b.{ending}", columns, **options) as writer:
        writer.write_table(batch)
        writer.write_table(batch)
    assert writer.rows == 2 * len(rows)
    with open_writer(tmp_path / f"r.{ending}", columns, **options) as writer:
        writer.write([*rows, *rows])
    assert writer.rows == 2 * len(rows)
    return tmp_path / f"b.{ending}", tmp_path / f"r.{ending}"


@given(AMOUNTS)
def test_units_as_decimals(amounts):
    found = decimal_texts(pa.array(amounts, pa.int64())).to_pylist()
    assert found == [None if value is None else units.decimal_text(value) for value in amounts]


@given(AMOUNTS)
def test_units_as_the_nearest_doubles(amounts):
    found = nearest_doubles(pa.array(amounts, pa.int64())).to_pylist()
    assert found == [
        None if value is None else float(Decimal(value).scaleb(-7)) for value in amounts
    ]
    assert "-0.0" not in map(str, found)


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl"])
@given(st.lists(st.tuples(st.none() | TEXTS, st.none() | INTEGERS, st.none() | TEXTS), max_size=6))
def test_columns_give_the_bytes_that_rows_give(tmp_path_factory, ending, rows):
    batch = batch_of(*([row[at] for row in rows] for at in range(3)))
    exact = [
        (id, None if amount is None else units.decimal_of(amount), label)
        for id, amount, label in rows
    ]
    folder = tmp_path_factory.mktemp("out")
    columns, plain = put_both(folder, ending, batch, exact)
    assert columns.read_bytes() == plain.read_bytes()


@given(st.lists(st.none() | TEXTS, max_size=6))
def test_one_column_leaves_no_blank_lines(texts):
    batch = pa.record_batch([pa.array(texts, pa.string())], ["id"])
    columns, rows = io.StringIO(), io.StringIO()
    with open_writer(columns, ["id"]) as writer:
        writer.write_table(batch)
    with open_writer(rows, ["id"]) as writer:
        writer.write([(text,) for text in texts])
    assert columns.getvalue() == rows.getvalue()


@pytest.mark.parametrize("ending", ["parquet", "xlsx"])
def test_columns_in_files_that_are_not_text(tmp_path, ending):
    amounts = [-125_000_000, None, 2**63 - 1, 10**15 + 1]
    labels = ["Warm", None, "=1+1", "é\n"]
    batch = batch_of(["1", "2", None, "4"], amounts, labels)
    rows = [
        (id, None if amount is None else units.decimal_of(amount), label)
        for id, amount, label in zip(["1", "2", None, "4"], amounts, labels, strict=True)
    ]
    options = {"numbers": [NAMES[1]], "colors": {"label": {"Warm": "red"}}}
    found: list[object] = []
    for path in put_both(tmp_path, ending, batch, rows, **options):
        if ending == "parquet":
            table = pq.read_table(path)
            found.append((table.schema, table.to_pylist()))
        else:
            sheet = openpyxl.load_workbook(path).worksheets[0]
            found.append(
                [
                    [(cell.value, cell.data_type, cell.fill.start_color.rgb) for cell in row]
                    for row in sheet.iter_rows()
                ]
            )
    assert found[0] == found[1]


@pytest.mark.parametrize("ending", ENDINGS)
def test_columns_of_any_kind(tmp_path, ending):
    columns = {
        "text": pa.array(["a", '"', None]).dictionary_encode(),
        "view": pa.array(["a", "\r", None], pa.string_view()),
        "whole": pa.array([1, -(2**40), None]),
        "score": pa.array([0.1, -0.0, float("nan")]),
        "decimal": pa.array([Decimal("1.50"), Decimal(0), None], pa.decimal128(9, 2)),
        "yes": pa.array([True, False, None]),
        "day": pa.array([dt.date(2026, 1, 31), None, None]),
        "nothing": pa.nulls(3),
    }
    batch = pa.record_batch(list(columns.values()), list(columns))
    rows = list(zip(*(column.to_pylist() for column in columns.values()), strict=True))
    paths = put_both(tmp_path, ending, batch, rows, list(columns))
    if ending == "parquet":
        first, second = (pq.read_table(path).to_pylist() for path in paths)
        assert str(first[1]["score"]) == "0.0"
        assert first == second
    elif ending == "xlsx":
        first, second = (
            list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
            for path in paths
        )
        assert first == second
    else:
        assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("ending", ENDINGS)
def test_rows_and_long_columns_keep_their_order(tmp_path, ending, monkeypatch):
    monkeypatch.setattr(sinks, "_PART", 3)
    ids = [str(number) for number in range(10)]
    path = tmp_path / f"o.{ending}"
    with open_writer(path, NAMES) as writer:
        writer.write([("first", None, None)])
        writer.write_table(batch_of(ids, [None] * 10, ids).slice(1))
        writer.write_table(batch_of([], [], []))
        writer.write([("last", None, None)])
    assert writer.rows == 11
    found = {
        "csv": lambda: [row["id"] for row in csv.DictReader(path.read_text().splitlines())],
        "tsv": lambda: [
            row["id"] for row in csv.DictReader(path.read_text().splitlines(), delimiter="\t")
        ],
        "json": lambda: [row["id"] for row in json.loads(path.read_text())],
        "jsonl": lambda: [json.loads(line)["id"] for line in path.read_text().splitlines()],
        "parquet": lambda: pq.read_table(path).column("id").to_pylist(),
        "xlsx": lambda: [cell.value for cell in openpyxl.load_workbook(path).worksheets[0]["A"]][
            1:
        ],
    }
    assert found[ending]() == ["first", *ids[1:], "last"]


def test_small_batches_become_large_row_groups(tmp_path):
    path = tmp_path / "o.parquet"
    batch = batch_of(["x"] * 10_000, [1] * 10_000, [None] * 10_000)
    with open_writer(path, NAMES, numbers=[]) as writer:
        for _ in range(10):
            writer.write_table(batch)
    groups = pq.ParquetFile(path).metadata
    assert [groups.row_group(at).num_rows for at in range(groups.num_row_groups)] == [
        70_000,
        30_000,
    ]


@pytest.mark.parametrize("ending", ENDINGS)
def test_other_columns_than_those_of_the_output(tmp_path, ending):
    path = tmp_path / f"o.{ending}"
    with (
        pytest.raises(ValueError, match="3 columns for 2"),
        open_writer(path, ["id", "score"]) as writer,
    ):
        writer.write_table(batch_of(["1"], [1], ["x"]))
    assert os.listdir(tmp_path) == []


# --- nothing half-written ----------------------------------------------------------------------


def write_and_fail(writer, error):
    writer.write(ROWS)
    raise error


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("error", [KeyboardInterrupt, DataError])
def test_an_error_leaves_what_was_there(tmp_path, ending, error):
    path = write(tmp_path / f"o.{ending}", "old")
    with pytest.raises(error), open_writer(path, COLUMNS) as writer:
        write_and_fail(writer, error)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_is_in_its_place_only_at_the_end(tmp_path, ending):
    path = tmp_path / f"o.{ending}"
    with open_writer(path, COLUMNS) as writer:
        writer.write(ROWS)
        assert not path.exists()
    assert os.listdir(tmp_path) == [path.name]
    assert writer.rows == 3


def test_a_link_stays_a_link_and_permissions_are_those_of_new_files(tmp_path):
    if sys.platform == "win32":
        pytest.skip("links and permissions are other things on Windows")
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    put(link)
    assert link.is_symlink()
    assert target.read_text().startswith("id,")
    plain = tmp_path / "plain"
    plain.write_text("")
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_an_input_is_never_overwritten(tmp_path):
    path = write(tmp_path / "leads.csv", "id\n1\n")
    os.link(path, tmp_path / "same.csv")
    for name in ("leads.csv", "same.csv"):
        with pytest.raises(DataError, match="one of the inputs"):
            open_writer(tmp_path / name, COLUMNS, inputs=[path])
    assert path.read_text() == "id\n1\n"
    assert len(os.listdir(tmp_path)) == 2


def test_places_that_cannot_be_written_to(tmp_path):
    with pytest.raises(DataError, match="cannot be written"):
        open_writer(tmp_path / "none" / "o.csv", COLUMNS)
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(DataError, match="folder"):
        open_writer(tmp_path / "d.csv", COLUMNS)
    with pytest.raises(DataError, match=r"ends in \.xls"):
        open_writer(tmp_path / "o.xls", COLUMNS)


def test_standard_output(capsys):
    for target in (None, "-"):
        put(target)
    assert capsys.readouterr().out == 2 * 'id,score,label\n1,66,Warm\n2,-12.5,\n,,"é\n"\n'
    file = io.StringIO()
    put(file, format="jsonl", rows=ROWS[:1])
    assert file.getvalue() == '{"id": "1", "score": 66, "label": "Warm"}\n'
    with pytest.raises(DataError, match="parquet cannot be written to standard output"):
        open_writer(None, COLUMNS, format="parquet")


def test_numbers_of_seventeen_digits_keep_them_in_workbooks(tmp_path):
    values = [10.000000000000002, 0.1 + 0.2, 1.5, 2.0**53, 1e-300, -5e-324]
    path = put(tmp_path / "out.xlsx", [(value,) for value in values], ["x"])
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == values
