"""Real exports, where they are at hand: in LEADSCORE_REAL_DATA, or beside the repository."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from tests.data.support import needs, read, read_and_report, rows_of

from leadscore.data import BrokenRowsError, open_tables

FOLDER = Path(
    os.environ.get("LEADSCORE_REAL_DATA") or Path(__file__).parents[2].parent / "shared" / "data"
)
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the real exports are not at hand; set LEADSCORE_REAL_DATA"
)
SCHOOL = FOLDER / "xeducation"
FORGE = FOLDER / "leadforge_42"
CRM = FOLDER / "crm_exports"


def by_python(path: Path) -> tuple[list[str], list[list[str]]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        escape = "\\" if path.name in BACKSLASHES else None
        header, *rows = csv.reader(file, escapechar=escape)
    return header, rows


def csv_files() -> list[Path]:
    return sorted(path for path in FOLDER.rglob("*.csv") if "broken" not in path.name)


BACKSLASHES = ("fakepagedata.csv", "fakepagehitdata.csv")
"""Exports of MySQL, where a quote inside quotes has a backslash before it."""


@pytest.mark.parametrize("path", csv_files(), ids=lambda path: path.name)
def test_every_file_is_read_as_python_reads_it(path):
    header, rows = by_python(path)
    with open_tables(needs(), path, keep_columns=True) as tables:
        assert list(tables.passthrough_columns) == [name.strip() for name in header]
        found = [row for batch in tables.passthrough() for row in batch]
    assert [[value or "" for value in row] for row in found] == rows


def test_the_38th_column():
    wanted = needs("TotalVisits", "Lead Source", "Last Notable Activity")
    plain = read(wanted, SCHOOL / "Leads.csv")
    assert read(wanted, SCHOOL / "Leads_38col_trailing_comma.csv") == plain
    assert len(plain) == 9240


def test_the_338_broken_rows(tmp_path):
    path = SCHOOL / "Leads_broken_quoting_338rows.csv"
    lines = path.read_bytes().decode().splitlines(keepends=True)
    broken = [at for at, line in enumerate(lines, 1) if line.startswith('"')]
    wanted = needs("TotalVisits", "Lead Source", "Specialization")
    with pytest.raises(BrokenRowsError, match="338 rows cannot be read") as caught:
        read(wanted, path)
    assert list(caught.value.lines) == broken
    rows, report = read_and_report(wanted, path, rejects=tmp_path / "r.csv")
    assert "338 rows" in report
    header, expected = by_python(path)
    good = [row for row in expected if len(row) == len(header)]
    at = header.index("Specialization")
    assert [(row.id, row.values[2] or "") for row in rows] == [(row[0], row[at]) for row in good]
    with open(tmp_path / "r.csv", encoding="utf-8", newline="") as file:
        assert file.read() == lines[0] + "".join(lines[number - 1] for number in broken)


def test_a_workbook_and_its_csv_agree():
    wanted = needs("Lead Source", "TotalVisits")
    book = read(wanted, FOLDER / "xeducation_Leads.xlsx")
    plain = read(wanted, SCHOOL / "Leads.csv")
    assert [row.id for row in book] == [row.id for row in plain]
    for one, other in zip(book, plain, strict=True):
        assert one.values[0] == other.values[0]
        assert one.values[1] == (None if other.values[1] is None else float(other.values[1]))


def test_an_excel_table_and_its_sheet_agree():
    wanted = needs("Organization", "Lead acquisition date")
    book = FOLDER / "aishwarya_CRM.xlsx"
    rows = read(wanted, f"{book}#Table1")
    assert len(rows) == 3000
    assert rows == read(wanted, book)


def test_three_tables_of_events():
    events = [
        (FORGE / "touches.csv", {"type": "touch_type"}),
        (FORGE / "sessions.csv", {"type": '"Session"'}),
        (FORGE / "sales_activities.csv", {"type": "activity_type"}),
    ]
    wanted = needs("lead_source", attributes=["touch_channel"])
    with open_tables(wanted, FORGE / "leads_with_label.csv", events) as tables:
        rows = rows_of(tables)
        assert tables.report.lines() == []
    assert len(rows) == 5000
    assert sum(len(row.events) for row in rows) == 38_724 + 10_012 + 20_679


def test_parquet_and_csv_agree_on_events():
    wanted = needs(events=True)
    mapping = {"type": "touch_type"}
    one = read(wanted, FORGE / "leads_with_label.csv", (FORGE / "touches.csv", mapping))
    other = read(
        wanted, FORGE / "tables/leads.parquet", (FORGE / "tables/touches.parquet", mapping)
    )

    def types(rows):
        return {row.id: [event[0] for event in row.events] for row in rows}

    assert types(one) == types(other)


def test_hubspot_joins_by_its_own_columns():
    folder = CRM / "hubspot_dummy"
    mapping = {"lead": "Associated Contact Email", "type": "Activity Type", "time": "Activity Date"}
    rows, report = read_and_report(
        needs("Job Title", attributes=["Call Outcome"]),
        folder / "hubspot_contacts.csv",
        (folder / "hubspot_activities.csv", mapping),
        id="Email",
    )
    assert report == ""
    assert (len(rows), sum(len(row.events) for row in rows)) == (950, 2000)


def test_marketo_has_a_mark_and_does_not_join():
    mapping = {"type": '"Click"', "time": "activity_date"}
    _, report = read_and_report(
        needs("email", events=True),
        CRM / "marketo/marketo_lead_data.csv",
        (CRM / "marketo/marketo_activity_click_email_data.csv", mapping),
    )
    assert "0 of 100 events matched a lead" in report
    assert "say lead=lead_id" in report
