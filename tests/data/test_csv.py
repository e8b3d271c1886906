"""Delimited text: what is sound arrives exactly, what is not is named line by line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.data.support import needs, read, read_and_report, write

from leadscore.data import BrokenRowsError, csv_source, text_file
from leadscore.data.csv_rows import BrokenRow, Rows, sniff_delimiter
from leadscore.data.text_file import scan
from leadscore.errors import DataError
from leadscore.values.text import trim

REUSED = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def sound(rows: list[list[str] | BrokenRow]) -> list[list[str]]:
    return [row for row in rows if not isinstance(row, BrokenRow)]


def exact(text: str, width: int, delimiter: str = ",") -> list[list[str] | BrokenRow]:
    rows = Rows(io.StringIO(text, newline=""), delimiter, "t.csv")
    rows.first()
    return list(rows.all(width))


# --- against Python's csv module ---------------------------------------------------------------

TEXTS = st.text(
    st.one_of(
        st.sampled_from('",;\n\r\t| a'), st.characters(codec="utf-8", exclude_characters="\0")
    ),
    max_size=8,
)
ROWS = st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=12)


@REUSED
@given(
    ROWS,
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_pythons_writer_writes_is_read_back(tmp_path, rows, delimiter, ending, how, encoding):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=ending, quoting=how)
    writer.writerow(["id", "b", "c"])
    if ending == "\n":  # then Python, before 3.13, does not quote a carriage return
        rows = [[value.replace("\r", "") for value in row] for row in rows]
    writer.writerows(rows)
    path = write(tmp_path / "t.csv", buffer.getvalue(), encoding)
    found = [
        (row.id or "", *(value or "" for value in row.values))
        for row in read(needs("b", "c"), path)
    ]
    assert found == [(trim(a), b, c) for a, b, c in rows]


WILD = st.text(st.sampled_from('ab",; \n\r'), max_size=60)


@REUSED
@given(WILD, st.integers(1, 3))
def test_on_any_text_duckdb_and_the_exact_reader_agree(tmp_path, text, width):
    """Where the fast path believes itself, the exact one finds the same rows and no broken ones."""
    path = write(tmp_path / "t.csv", ",".join("xyz"[:width]) + "\n" + text)
    fast: list[bool] = []

    def spy(self, columns, real=csv_source.CsvTable._scan_fast):
        found = real(self, columns)
        fast.append(found is not None)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_source.CsvTable, "_scan_fast", spy)
        wanted = needs(*"xyz"[:width])
        expected = exact(path.read_bytes().decode(), width)
        broken = [row.line for row in expected if isinstance(row, BrokenRow)]
        if broken:
            with pytest.raises(BrokenRowsError) as caught:
                read(wanted, path)
            assert list(caught.value.lines) == broken
        else:
            found = [list(row.values) for row in read(wanted, path)]
            assert found == [[value or None for value in row] for row in sound(expected)]
    assert fast


@pytest.mark.parametrize("blanks", ["", " ", "  ", "    ", " " * 100])
def test_blanks_before_a_quoted_field_are_no_part_of_it(tmp_path, blanks):
    path = write(tmp_path / "t.csv", f'id,b\n{blanks}"1",{blanks}"x, y"\n')
    assert [(row.id, *row.values) for row in read(needs("b"), path)] == [("1", "x, y")]


@pytest.mark.parametrize("chunk", range(1, 24))
def test_so_are_blanks_where_the_file_is_read_in_pieces(tmp_path, chunk, monkeypatch):
    monkeypatch.setattr(text_file, "_CHUNK", chunk)
    path = write(tmp_path / "t.csv", 'id,b\n1,a\n   "2",   "x, y"\n3,c\n')
    found = [(row.id, *row.values) for row in read(needs("b"), path)]
    assert found == [("1", "a"), ("2", "x, y"), ("3", "c")]


@REUSED
@given(st.text(st.sampled_from('ab",\n'), max_size=60), st.integers(2, 3))
def test_on_any_text_the_exact_reader_agrees_with_pythons(text, width):
    """Sound rows are Python's rows; spaces are left out, since there the two differ on purpose."""
    rows = exact("h\n" + text, width)
    try:
        theirs = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error:
        assert any(isinstance(row, BrokenRow) for row in rows)
        return
    ours_sound = all(not isinstance(row, BrokenRow) for row in rows)
    cut = [row if "".join(row[width:]).strip() else row[:width] for row in theirs]
    assert ours_sound == all(len(row) == width for row in cut)
    if ours_sound:
        assert rows == cut


# --- broken rows -------------------------------------------------------------------------------


def test_rows_wholly_in_quotes_are_named(tmp_path):
    lines = ["id,name,city"]
    for number in range(2, 402):
        row = f'{number},"Banking, Investment",Mumbai'
        lines.append('"' + row.replace('"', '""') + '"' if number % 10 == 0 else row)
    path = write(tmp_path / "leads.csv", "\r\n".join(lines) + "\r\n")
    with pytest.raises(BrokenRowsError) as caught:
        read(needs("name"), path)
    assert caught.value.lines == tuple(range(10, 402, 10))
    message = str(caught.value)
    assert "40 rows cannot be read, lines 10, 20, 30," in message
    assert message.count(", ") >= 39
    assert "390, 400.\n" in message
    assert "Line 10: the whole row stands in quotes" in message
    assert "--rejects" in message


def test_rejects_keep_the_raw_rows_and_the_rest_is_read(tmp_path):
    path = write(
        tmp_path / "leads.csv",
        'id,a,b\r\n1,x,y\r\n2,too few\r\n3,"multi\r\nline",z\r\n'
        '"4,""q"",x"\r\n5,a,b,c\r\n6,"p,q\r\n7,a,b',
    )
    out = tmp_path / "rejects.csv"
    rows, report = read_and_report(needs("a", "b"), path, rejects=out)
    assert [(row.id, *row.values) for row in rows] == [
        ("1", "x", "y"),
        ("3", "multi\r\nline", "z"),
        ("7", "a", "b"),
    ]
    assert out.read_bytes().decode() == (
        'id,a,b\r\n2,too few\r\n"4,""q"",x"\r\n5,a,b,c\r\n6,"p,q\r\n'
    )
    assert "4 rows cannot be read and are not scored (lines 3, 6, 7, 8)" in report


def test_rejects_of_a_second_table_go_to_a_file_beside(tmp_path):
    leads = write(tmp_path / "leads.csv", "id,a\n1,x\n2\n")
    events = write(tmp_path / "touches.csv", "lead_id,event,time\n1,Call\n1,Call,2026-01-01\n")
    out = tmp_path / "rejects.csv"
    rows = read(needs("a", events=True), leads, events, rejects=out)
    assert rows[0].events == [("Call", "2026-01-01")]
    assert out.read_text() == "id,a\n2\n"
    assert (tmp_path / "rejects-touches.csv").read_text() == "lead_id,event,time\n1,Call\n"


def test_without_broken_rows_an_old_rejects_file_does_not_mislead(tmp_path):
    out = write(tmp_path / "rejects.csv", "old")
    read(needs("a"), write(tmp_path / "leads.csv", "id,a\n1,x\n"), rejects=out)
    assert out.read_text() == ""


def test_rejects_never_overwrite_an_input(tmp_path):
    path = write(tmp_path / "leads.csv", "id,a\n1\n")
    with pytest.raises(DataError, match="one of the inputs"):
        read(needs("a"), path, rejects=path)
    assert path.read_text() == "id,a\n1\n"


def test_an_unclosed_quote_costs_one_line_not_the_rest(tmp_path):
    body = "".join(f"{n},x,y\n" for n in range(3, 50_000))
    path = write(tmp_path / "leads.csv", f'id,a,b\n1,x,y\n2,"oops,y\n{body}')
    with pytest.raises(BrokenRowsError, match="a quote is opened and never closed") as caught:
        read(needs("a"), path)
    assert caught.value.lines == (3,)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1", "it has 1 field where the header has 3"),
        ("1,2,3,4", "it has 4 fields where the header has 3"),
        ('1,"a"b,c', "after the closing quote of a field comes 'b,c'"),
    ],
)
def test_reasons(tmp_path, row, reason):
    path = write(tmp_path / "leads.csv", f"id,a,b\n{row}\n")
    with pytest.raises(BrokenRowsError) as caught:
        read(needs("a"), path)
    assert reason in str(caught.value)
    assert caught.value.lines == (2,)


# --- what real exports do ----------------------------------------------------------------------


def test_text_stays_as_it_is(tmp_path):
    values = ["007", "NULL", "NA", "nan", "1e5", "2026-01-31", "true", "-", "3,5", " x "]
    body = "".join(f'{at},"{value}"\n' for at, value in enumerate(values))
    path = write(tmp_path / "leads.csv", "id,a\n" + body)
    assert [row.values[0] for row in read(needs("a"), path)] == values


def test_a_trailing_comma_is_an_unnamed_column(tmp_path):
    path = write(tmp_path / "leads.csv", "id,a,\r\n1,x,\r\n2,y,z\r\n")
    assert [row.values for row in read(needs("a"), path)] == [("x",), ("y",)]


def test_empty_fields_past_the_header_are_nothing(tmp_path):
    path = write(tmp_path / "leads.csv", "id,a\n1,x,,\n2,y\n")
    assert [row.values for row in read(needs("a"), path)] == [("x",), ("y",)]


def test_spaces_after_separators(tmp_path):
    path = write(tmp_path / "leads.csv", 'id, First Name , "a"\n 1, Ann, "x, y"\n')
    rows = read(needs("first name", "a"), path)
    assert rows == [("1", (" Ann", "x, y"), [], ())]


def test_a_quote_inside_an_unquoted_field_is_itself(tmp_path):
    path = write(tmp_path / "leads.csv", 'id,size\n1,5" pipe\n2,6" pipe\n3,"7"" pipe"\n')
    assert [row.values[0] for row in read(needs("size"), path)] == ['5" pipe', '6" pipe', '7" pipe']


def test_double_names_the_first_is_used_and_said(tmp_path):
    path = write(tmp_path / "leads.csv", "id,City,city\n1,Rome,Oslo\n")
    rows, report = read_and_report(needs("city"), path)
    assert rows[0].values == ("Rome",)
    assert "2 columns are named 'City'; the first one is used" in report


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [("a,b;c,d", ","), ("a;b", ";"), ("a\tb,c\td", "\t"), ('"a,b,c"|d', "|"), ("alone", ",")],
)
def test_the_separator_is_found_in_the_header(header, delimiter):
    assert sniff_delimiter(header) == delimiter


def test_a_tsv_is_separated_by_tabs_only(tmp_path):
    path = write(tmp_path / "leads.tsv", "id\ta,b,c\n1\tx\n")
    assert read(needs("a,b,c"), path)[0].values == ("x",)


def test_excels_separator_line(tmp_path):
    path = write(tmp_path / "leads.csv", "sep=;\r\nid;a,b,c\r\n1;x\r\n")
    assert read(needs("a,b,c"), path)[0].values == ("x",)


def test_blank_lines_are_no_rows(tmp_path):
    path = write(tmp_path / "leads.csv", '\n\nid,a\n\n1,"x\n\ny"\n\n\n2,z\n\n')
    assert [row.values for row in read(needs("a"), path)] == [("x\n\ny",), ("z",)]


def test_a_header_alone_is_no_leads(tmp_path):
    assert read(needs("a"), write(tmp_path / "leads.csv", "id,a\n")) == []


def test_a_header_over_two_lines(tmp_path):
    path = write(tmp_path / "leads.csv", 'id,"Number of\nEmployees"\n1,12\n2\n')
    with pytest.raises(BrokenRowsError) as caught:
        read(needs("Number of\nEmployees"), path)
    assert caught.value.lines == (4,)


def test_old_mac_line_breaks(tmp_path):
    path = write(tmp_path / "leads.csv", "id,a\r1,x\r2,y\r")
    assert [row.values[0] for row in read(needs("a"), path)] == ["x", "y"]


def test_quotes_with_backslashes_as_mysql_writes_them(tmp_path):
    body = '1,"a:\\"b, c\\";\\\\",x\n2,plain,"C:\\\\"\n'
    path = write(tmp_path / "leads.csv", "id,a,b\n" + body)
    rows, report = read_and_report(needs("a", "b"), path)
    assert [row.values for row in rows] == [('a:"b, c";\\', "x"), ("plain", "C:\\")]
    assert "with a backslash" in report


def test_a_backslash_at_the_end_of_a_field_is_itself(tmp_path):
    path = write(tmp_path / "leads.csv", 'id,a,b\n1,"C:\\",x\n2,"D:\\\\","y"\n')
    rows, report = read_and_report(needs("a", "b"), path)
    assert [row.values for row in rows] == [("C:\\", "x"), ("D:\\\\", "y")]
    assert report == ""


# --- files that are no such text ---------------------------------------------------------------


def test_an_empty_file(tmp_path):
    with pytest.raises(DataError, match="the file is empty"):
        read(needs("a"), write(tmp_path / "leads.csv", "\n \n"))


def test_windows_1252_says_line_and_remedy(tmp_path):
    path = write(tmp_path / "leads.csv", "id,a\n1,x\n2,Müller\n", "cp1252")
    with pytest.raises(DataError, match=r"line 3: the byte 0xFC is not UTF-8.*Windows-1252"):
        read(needs("a"), path)


def test_a_character_cut_between_pieces_is_no_error(tmp_path, monkeypatch):
    monkeypatch.setattr("leadscore.data.text_file._CHUNK", 7)
    text = 'id,a\r\n1,äöü€😀\r\n\r\n2,"ß\r\n\r\n""ß"""\r\n' * 5
    facts = scan(write(tmp_path / "t.csv", text), "t.csv")
    assert (facts.rows, facts.quotes, facts.sound) == (15, True, True)


@REUSED
@given(st.text(st.sampled_from('a"\n,'), max_size=40), st.integers(1, 9))
def test_rows_are_counted_alike_in_pieces_of_any_size(tmp_path, text, size):
    path = write(tmp_path / "t.csv", text)
    with pytest.MonkeyPatch.context() as patch:
        whole = scan(path, "t.csv")
        patch.setattr("leadscore.data.text_file._CHUNK", size)
        assert scan(path, "t.csv") == whole


def test_nul_characters_are_refused(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_bytes(b"id,a\n1,x\n2,\0\n")
    with pytest.raises(DataError, match="line 3: there is a NUL character"):
        read(needs("a"), path)


def test_utf16_cut_off(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_bytes("id,a\n1,x\n".encode("utf-16") + b"\0")
    with pytest.raises(DataError, match="UTF-16"):
        read(needs("a"), path)


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"PAR1", b"\x1f\x8b"])
def test_other_files_under_the_wrong_name(tmp_path, start):
    path = tmp_path / "leads.csv"
    path.write_bytes(start + b"\0" * 100)
    with pytest.raises(DataError, match="not text"):
        read(needs("a"), path)


def test_a_line_without_end(tmp_path):
    path = write(tmp_path / "leads.csv", "id,a\n1,x\n2," + "x" * 5_000_000)
    with pytest.raises(DataError, match="line 3: the line is longer than"):
        read(needs("a"), path)


@pytest.mark.parametrize("name", ["a*b.csv", "a?b.csv", "[ab].csv", "it's 1;--.csv", "k=v.csv"])
def test_names_of_files_are_taken_literally(tmp_path, name):
    write(tmp_path / "axb.csv", "id,a\nwrong,wrong\n")
    write(tmp_path / "a.csv", "id,a\nwrong,wrong\n")
    assert read(needs("a"), write(tmp_path / name, "id,a\n1,x\n")) == [("1", ("x",), [], ())]


@pytest.mark.parametrize("name", ["https://example.com/x.csv", "s3://bucket/x.parquet"])
def test_addresses_are_refused(name):
    with pytest.raises(DataError, match="network"):
        read(needs("a"), name)


def test_hostile_names_and_values(tmp_path):
    name = 'x"); DROP TABLE leads; --'
    value = "'; DROP TABLE leads; --<script>=cmd()"
    buffer = io.StringIO()
    csv.writer(buffer).writerows([[name, "a'b"], [value, value]])
    rows = read(needs(name, "a'b"), write(tmp_path / "leads.csv", buffer.getvalue()))
    assert rows == [(value, (value, value), [], ())]


def test_no_file_and_no_such_ending(tmp_path: Path):
    with pytest.raises(DataError, match="there is no such file"):
        read(needs("a"), tmp_path / "none.csv")
    with pytest.raises(DataError, match=r"ends in \.pdf"):
        read(needs("a"), write(tmp_path / "x.pdf", ""))
    with pytest.raises(DataError, match="folder"):
        read(needs("a"), tmp_path)
