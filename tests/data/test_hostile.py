"""Input made to do harm, or damaged: bounded memory, and an error that says what is wrong."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest
from tests.data.support import MAIN, inline, needs, raw_workbook, read, write

from leadscore.data import LeadRow, workbook_guard
from leadscore.errors import DataError

HEADER = f'<row r="1">{inline("A1", "id")}{inline("B1", "a")}</row>'


def shared(ref: str, number: int) -> str:
    return f'<c r="{ref}" t="s"><v>{number}</v></c>'


def test_the_hand_made_workbook_is_fine(tmp_path):
    rows = f'{HEADER}<row r="2">{shared("A2", 0)}<c r="B2"><v>2</v></c></row>'
    path = raw_workbook(tmp_path / "b.xlsx", rows, "<si><t>k</t></si>")
    assert read(needs("a"), path) == [("k", (2,), [], ())]


def test_a_part_that_unpacks_to_gigabytes(tmp_path, monkeypatch):
    path = tmp_path / "bomb.xlsx"
    raw_workbook(path, HEADER)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet2.xml", "w") as part,
    ):
        for _ in range(100):
            part.write(b" " * (1 << 20))
    # It is refused by its directory: nothing is unpacked.
    monkeypatch.setattr("leadscore.data.workbook_guard._unpack", None)
    with pytest.raises(DataError, match="unpacked, the workbook is larger"):
        read(needs("a"), path)


def test_a_directory_that_lies_about_the_size(tmp_path):
    path = tmp_path / "liar.xlsx"
    raw_workbook(path, HEADER + " " * 5_000_000)
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
    true_size = struct.unpack_from("<I", data, at + 24)[0]
    assert true_size > 5_000_000
    struct.pack_into("<I", data, at + 24, 1000)
    path.write_bytes(data)
    with pytest.raises(DataError, match="larger than it says"):
        read(needs("a"), path)


def test_parts_that_overlap(tmp_path):
    path = tmp_path / "overlap.xlsx"
    raw_workbook(path, HEADER + " " * 100_000)
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 20, len(data))
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"overlap|damaged"):
        read(needs("a"), path)


def test_two_cells_far_apart(tmp_path):
    rows = f'{HEADER}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = raw_workbook(tmp_path / "wide.xlsx", rows)
    with pytest.raises(DataError, match="row 1,048,576 and column 16,384"):
        read(needs("a"), path)


def test_one_long_text_named_by_many_cells(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_guard, "TEXT_LIMIT", 50_000_000)
    strings = f"<si><t>id</t></si><si><t>{'x' * 1_000_000}</t></si><si><t>y</t></si>"

    def book(number: int) -> Path:
        cells = "".join(f'<row r="{n}">{shared(f"A{n}", number)}</row>' for n in range(2, 1000))
        return raw_workbook(tmp_path / "t.xlsx", HEADER + cells, strings)

    with pytest.raises(DataError, match="larger than"):
        read(needs("a"), book(1))
    assert len(read(needs("a"), book(2))) == 998


@pytest.mark.parametrize(
    "part",
    ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_multiply(tmp_path, part, encoding):
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    text = f'<?xml version="1.0" encoding="{encoding}"?>{laughs}<sst xmlns="{MAIN}">&b;</sst>'
    path = raw_workbook(tmp_path / "l.xlsx", HEADER, more={part: text.encode(encoding)})
    with pytest.raises(DataError, match=r"entities|UTF-16"):
        read(needs("a"), path)


@pytest.mark.parametrize("cut", [0, 10, 200, 700])
def test_damaged_workbooks(tmp_path, cut):
    whole = raw_workbook(tmp_path / "b.xlsx", HEADER).read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole[:cut])
    with pytest.raises(DataError, match="not an Excel workbook"):
        read(needs("a"), path)


def test_every_damaged_byte_is_an_error_or_changes_nothing(tmp_path):
    rows = "".join(
        f'<row r="{at}">{shared(f"A{at}", at - 2)}<c r="B{at}"><v>{at}</v></c></row>'
        for at in range(2, 6)
    )
    strings = "".join(f"<si><t>k{at}</t></si>" for at in range(4))
    path = raw_workbook(tmp_path / "b.xlsx", HEADER + rows, strings)
    whole = path.read_bytes()
    expected = [LeadRow(f"k{at}", (at + 2,), [], ()) for at in range(4)]
    assert read(needs("a"), path) == expected
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            found = read(needs("a"), path)
        except DataError:
            continue
        assert found == expected, f"byte {at} of {len(whole)}"


def test_a_zip_that_is_no_workbook(tmp_path):
    with zipfile.ZipFile(tmp_path / "z.xlsx", "w") as archive:
        archive.writestr("x.txt", "x")
    with pytest.raises(DataError, match="zip file, but not an Excel workbook"):
        read(needs("a"), tmp_path / "z.xlsx")


def test_json_nested_too_deeply(tmp_path):
    deep = '{"a":' * 200_000
    with pytest.raises(DataError, match="nested too deeply"):
        read(needs("a"), write(tmp_path / "x.json", f"[{deep}"))
    with pytest.raises(DataError, match="nested too deeply"):
        read(needs("a"), write(tmp_path / "x.jsonl", deep + "\n"))


@pytest.mark.parametrize("name", ["x.json", "x.jsonl"])
def test_one_json_value_without_end(tmp_path, name):
    with open(tmp_path / name, "w") as file:
        file.write('{"a": "' if name == "x.jsonl" else '[{"a": "')
        for _ in range(20):
            file.write("x" * 1_000_000)
    with pytest.raises(DataError, match="longer than"):
        read(needs("a"), tmp_path / name)


def test_json_with_a_new_column_in_every_record(tmp_path, monkeypatch):
    monkeypatch.setattr("leadscore.data.staging._MOST_COLUMNS", 50)
    lines = "".join(f'{{"k{n}": 1}}\n' for n in range(60))
    with pytest.raises(DataError, match="more than 50 columns"):
        read(needs("a"), write(tmp_path / "x.jsonl", lines))


def test_json_numbers_of_thousands_of_digits(tmp_path):
    with pytest.raises(DataError, match="thousands of digits"):
        read(needs("a"), write(tmp_path / "x.jsonl", f'{{"a": {"9" * 5000}}}\n'))
