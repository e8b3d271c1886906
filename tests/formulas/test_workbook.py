"""What people do with a workbook: change points, sort, add rows, look at one lead."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import ironcalc
import openpyxl
import pytest
from click.testing import CliRunner
from tests.formulas.books import ERROR, in_ironcalc

import leadscore
from leadscore.cli.workbook import command
from leadscore.values.units import UNIT

TEXT = """score "Contacts"

group "Company" as fit limit 30
  +20 if industry is "SaaS"
  +10 if employees >= 50

group "Interest" as engagement
  +6 for each "Visit" in the last 30 days latest 2
  +2.5, +1 for each "Click"
  by count of "Visit"
    1:    +1
    >= 2: +3

labels
  "Call now" from 40 color green
  "Later"    below 40
"""
LEADS: list[dict[str, Any]] = [
    {"id": "a", "industry": "SaaS", "employees": 120},
    {"id": "B", "industry": "saas", "employees": None},
    {"id": "b", "industry": "=1+1", "employees": 10},
]
EVENTS: list[dict[str, Any]] = [
    {"id": "b", "event": "Click", "time": "2026-01-03"},
    {"id": "a", "event": "Visit", "time": "2026-01-02"},
    {"id": "a", "event": "Visit", "time": "2025-11-02"},
    {"id": "b", "event": "Click", "time": "2026-01-01"},
    {"id": "a", "event": "Visit", "time": "2026-01-20T10:00"},
]
AS_OF = "2026-01-31"


class Book:
    """A workbook that is open in a spreadsheet."""

    def __init__(self, path: Path) -> None:
        self.file = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        self.sheets = [one["name"] for one in self.file.get_worksheets_properties()]
        self.file.evaluate()

    def rows(self, sheet: str) -> list[list[Any]]:
        place = self.sheets.index(sheet)
        _, last_row, _, last_column = self.file.get_sheet_dimensions(place)
        return [
            [self.file.get_cell_value(place, row, column) for column in range(1, last_column + 1)]
            for row in range(1, last_row + 1)
        ]

    def put(self, sheet: str, row: int, column: int, value: str) -> None:
        self.file.set_user_input(self.sheets.index(sheet), row, column, value)
        self.file.evaluate()

    def column(self, name: str) -> list[Any]:
        header, *rows = self.rows("Leads")
        return [row[header.index(name)] for row in rows]

    def line(self, text: str) -> int:
        """The row of the sheet Model that has a text."""
        return next(n for n, row in enumerate(self.rows("Model"), 1) if row[1] == text)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    leadscore.loads(TEXT).to_workbook(path, LEADS, EVENTS, as_of=AS_OF)
    return path


def scores(text: str, as_of: str = AS_OF) -> list[float]:
    table = leadscore.loads(text).score_table(LEADS, EVENTS, as_of=as_of)
    return [float(value) for value in table.to_arrow()["score"].to_pylist()]


def test_scores_and_labels(path: Path) -> None:
    book = Book(path)
    assert book.column("score") == scores(TEXT)
    assert book.column("score") == [45, 20, 3.5]
    assert book.column("label") == ["Call now", "Later", "Later"]


@pytest.mark.parametrize(
    ("line", "column", "value", "old", "new"),
    [
        ('+20 if industry is "SaaS"', 3, "21.5", "+20 if", "+21.5 if"),
        ("event 2", 3, "-4", "+2.5, +1", "+2.5, -4"),
        ('group "Company" as fit limit 30', 5, "25", "limit 30", "limit 25"),
        (">= 2: +3", 3, "7", ">= 2: +3", ">= 2: +7"),
    ],
)
def test_points_and_limits_are_live(
    path: Path, line: str, column: int, value: str, old: str, new: str
) -> None:
    book = Book(path)
    texts = {str(row[1]): n for n, row in enumerate(book.rows("Model"), 1)}
    row = next(n for text, n in texts.items() if text.replace(" ", "") == line.replace(" ", ""))
    before = book.column("score")
    book.put("Model", row, column, value)
    assert book.column("score") == scores(TEXT.replace(old, new))
    assert book.column("score") != before


def test_bounds_of_labels_are_live(path: Path) -> None:
    book = Book(path)
    book.put("Model", book.line("Call now"), 4, "45.5")
    assert book.column("label") == ["", "Later", "Later"]


def test_the_as_of_is_live(path: Path) -> None:
    book = Book(path)
    book.put("Model", 3, 3, "46040.5")
    assert book.column("score") == scores(TEXT, "2026-01-18T12:00")


def test_points_that_are_none_are_an_error_for_whom_they_concern(path: Path) -> None:
    book = Book(path)
    book.put("Model", book.line('+20 if industry is "SaaS"'), 3, "many")
    assert book.column("score") == ["#N/A", "#N/A", 3.5]


def test_events_in_another_order_are_not_scored(path: Path) -> None:
    book = Book(path)
    rows = book.rows("Events")
    assert [row[1] for row in rows[1:]] == ["a", "a", "a", "b", "b"]
    book.put("Events", 2, 4, "46042")  # the first visit of `a` is now the latest
    assert book.column("score") == ["#N/A"] * 3
    assert book.rows("Check")[2][1] is False
    assert "Look at the sheet Check" in book.rows("Model")[3][1]


def test_events_under_the_last_are_seen_to_be_too_many(path: Path) -> None:
    book = Book(path)
    for column, value in enumerate(("3", "b", "Click", "46042"), 1):
        book.put("Events", 7, column, value)
    assert book.column("score") == ["#N/A"] * 3


def test_an_event_that_is_given_to_another_lead_is_noticed(path: Path) -> None:
    book = Book(path)
    book.put("Events", 5, 1, "2")  # from `b` to `B`; the numbers still ascend
    assert book.column("score") == ["#N/A"] * 3


def test_a_lead_that_is_changed_is_scored_anew(path: Path) -> None:
    book = Book(path)
    book.put("Leads", 3, 3, "Retail")
    book.put("Leads", 4, 4, "50")
    assert book.column("score") == [45, 0, 13.5]


def test_leads_in_another_order_keep_their_scores(path: Path) -> None:
    """As sorting puts them: the data moves, and formulas are alike in all rows."""
    book = Book(path)
    rows = book.rows("Leads")[1:]
    for place, row in enumerate(reversed(rows), 2):
        for column, value in enumerate(row[:4], 1):
            text = "" if value is None else str(value)
            book.put("Leads", place, column, f"'{text}" if text.startswith("=") else text)
    assert book.column("id") == ["b", "B", "a"]
    assert book.column("score") == [3.5, 20, 45]


def test_texts_stay_texts(tmp_path: Path) -> None:
    texts = ["=1+1", "+49 30", "-5 or so", "@home", "#N/A", "'quoted", "1e3x", "00123"]
    lines = "".join(f'  +{10**n} if note is "{text}"\n' for n, text in enumerate(texts[:5]))
    path = tmp_path / "book.xlsx"
    model = leadscore.loads(f'score "S"\ngroup "G"\n{lines}')
    model.to_workbook(path, [{"id": n, "note": text} for n, text in enumerate(texts)])
    sheet = openpyxl.load_workbook(path)["Leads"]
    cells = [row[2] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == texts
    assert all(cell.data_type == "s" for cell in cells)
    assert Book(path).column("score")[:4] == [1, 10, 100, 1000]


def test_hostile_texts(tmp_path: Path) -> None:
    """Of data: ids, values and names that no sheet can hold as they are, or that look like XML."""
    path = tmp_path / "book.xlsx"
    model = leadscore.loads(
        'score "=cmd()"\ngroup "<&>"\n  +1 if [a<b&"c"] is known\n  +2 if note is "x""&y<z"\n'
        'labels\n  "=1+1" from 2\n  "_x0041_" below 2\n'
    )
    rows = [
        {"id": "a\x01b", 'a<b&"c"': "\x02", "note": 'X"&Y<Z'},
        {"id": "=id", 'a<b&"c"': "_x0041_", "note": "\x0b\x00"},
        {"id": "c" * 300, 'a<b&"c"': "", "note": "l" * 30_000},
    ]
    model.to_workbook(path, rows)
    book = Book(path)
    single = [float(model.score(row, as_of=AS_OF).score or 0) for row in rows]
    assert book.column("score") == single
    assert book.column("label")[0] == "=1+1"


def test_a_value_that_no_cell_holds_is_refused(tmp_path: Path) -> None:
    model = leadscore.loads('score "S"\ngroup "G"\n  +1 if a is "x"\n')
    with pytest.raises(leadscore.DataError, match="32,767 characters"):
        model.to_workbook(tmp_path / "book.xlsx", [{"id": 1, "a": "y" * 40_000}])


def test_what_formulas_read_otherwise_is_held_and_not_stale(tmp_path: Path) -> None:
    """A capital sigma has two small letters, and İ has none that all spreadsheets agree on."""
    path = tmp_path / "book.xlsx"
    model = leadscore.loads(
        'score "S"\ngroup "G"\n  +1 if city is "ΣΊΣΥΦΟΣ"\n  +2 if city is "İzmir"\n'
    )
    model.to_workbook(path, [{"id": 1, "city": "Σίσυφος".upper()}, {"id": 2, "city": "İZMİR"}])
    book = Book(path)
    assert book.column("score") == [1, 2]
    book.put("Leads", 2, 3, "Athens")
    assert book.column("score") == ["#N/A", 2]


def test_the_receipt_of_the_lead_that_is_chosen(path: Path) -> None:
    book = Book(path)
    for number, id in enumerate(("a", "B", "b")):
        book.put("Receipt", 1, 2, id)
        rows = book.rows("Receipt")
        assert rows[2][1] == book.column("score")[number]
        points = {str(row[1]).strip(): row[2] for row in rows[8:]}
        receipt = leadscore.loads(TEXT).score(
            LEADS[number], [e for e in EVENTS if e["id"] == id], as_of=AS_OF
        )
        for group in receipt.receipt.groups:
            for rule in group.rules:
                assert round(Decimal(str(points[rule.rule])) * UNIT) == rule.points
        lost = [row[3] for row in rows[8:] if row[0] == "group"]
        limited = [float(one.limited) / UNIT for one in receipt.receipt.groups]
        assert lost == limited


def test_the_overview_counts_every_lead(path: Path) -> None:
    rows = Book(path).rows("Overview")
    assert rows[0][1] == 3
    assert sum(row[1] for row in rows[5:17]) == 3
    assert [row[:2] for row in rows[-2:]] == [["Call now", 1], ["Later", 2]]


def test_tables_formats_and_choices(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    assert set(book["Leads"].tables) == {"Leads"}
    assert book["Leads"].tables["Leads"].ref == "A1:H4"
    assert set(book["Events"].tables) == {"Events"}
    (colored,) = book["Leads"].conditional_formatting
    assert str(colored.sqref) == "F2:F4"
    (choice,) = book["Receipt"].data_validations.dataValidation
    assert choice.formula1 == "Leads!$B$2:$B$4"
    assert book.active is not None
    assert book.active.title == "Model"
    assert book["Leads_work"].sheet_state == "hidden"


UNSAYABLE = {
    "a = 9007199254740993": "15 digits",
    'a matches "x*a?b*y"': "? between two *",
    'a matches "?😀"': "count some signs",
}


@pytest.mark.parametrize("test", UNSAYABLE)
def test_what_formulas_cannot_say(test: str, tmp_path: Path) -> None:
    model = leadscore.loads(f'score "S"\ngroup "G"\n  +1 always\n  +5 if {test}\n')
    with pytest.raises(leadscore.ScoreError) as caught:
        model.to_workbook(tmp_path / "book.xlsx", [{"id": 1, "a": "x"}])
    (found,) = caught.value.diagnostics
    assert found.code == "T402"
    assert UNSAYABLE[test] in found.message
    text = model.source.text
    assert text[found.span.start : found.span.end].strip() == f"+5 if {test}"
    assert list(tmp_path.iterdir()) == []


def test_a_definition_that_cannot_be_said_is_pointed_at(tmp_path: Path) -> None:
    text = 'score "S"\ndefine odd as a = 9007199254740993\ngroup "G"\n  +1 if odd\n'
    with pytest.raises(leadscore.ScoreError) as caught:
        leadscore.loads(text).to_workbook(tmp_path / "book.xlsx", [{"id": 1, "a": "x"}])
    (found,) = caught.value.diagnostics
    assert text[found.span.start : found.span.end].startswith("define odd")


def test_an_average_of_many_digits_cannot_be_said(tmp_path: Path) -> None:
    model = leadscore.loads(
        'score "S"\ngroup "G"\n  by average of amount in "Sale"\n    >= 0.00001: +1\n'
    )
    event = {"id": 1, "event": "Sale", "time": "2026-01-01", "amount": 1}
    with pytest.raises(leadscore.ScoreError, match="T402"):
        model.to_workbook(tmp_path / "book.xlsx", [{"id": 1}], [event])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"path": "book.csv"}, "is an .xlsx file"),
        ({"leads": [], "path": "book.xlsx"}, "no rows"),
        ({"as_of": "1899-01-01"}, "from March 1900 to 2099"),
        ({"as_of": "2026-10-25T02:30+01:00", "time_zone": "Europe/Berlin"}, "show twice"),
    ],
)
def test_what_is_refused(given: dict[str, Any], said: str, tmp_path: Path) -> None:
    import pyarrow

    model = leadscore.loads('score "S"\ngroup "G"\n  +1 if a = 1\n')
    leads = given.get("leads", [{"id": 1, "a": 1}])
    if not leads:
        leads = pyarrow.table({"id": ["x"], "a": ["x"]}).slice(0, 0)
    rest = {key: value for key, value in given.items() if key not in ("path", "leads")}
    with pytest.raises(leadscore.DataError, match=said):
        model.to_workbook(tmp_path / given.get("path", "book.xlsx"), leads, **rest)
    assert list(tmp_path.iterdir()) == []


def test_points_past_what_is_exact_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    model = leadscore.loads('score "S"\ngroup "G"\n  +100000 for each 1 of deals\n')
    model.to_workbook(path, [{"id": 1, "deals": 39}, {"id": 2, "deals": 41}])
    first, second = in_ironcalc(path)
    assert (first["score"], second["score"]) == (3_900_000 * UNIT, ERROR)


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("m.score").write_text('score "S"\ngroup "G"\n  +5 if a = 1\n')
    Path("leads.csv").write_text("id,a\n1,1\n2,\n")
    result = CliRunner().invoke(
        command, ["m.score", "--leads", "leads.csv", "-o", "book.xlsx"], standalone_mode=False
    )
    assert result.exception is None
    assert "written: book.xlsx" in result.stderr
    assert Book(tmp_path / "book.xlsx").column("score") == [5, 0]
