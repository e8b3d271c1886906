"""The workbook that `leadscore addin install` makes for Excel on Windows: an example that works.

It is made of the empty workbook that xlwings brings along, since that refers to the add-in of
xlwings, through which the functions are called; so it is of the user's own xlwings, and nothing of
it is distributed here.
"""

from __future__ import annotations

import sys
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from leadscore.errors import DataError

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MODULE = "leadscore_excel.xlwings_udfs"
CONF = "xlwings.conf"
"""The sheet in which xlwings looks for the settings of a workbook."""

MODEL = """\
# Change a line, and every score that depends on it changes too.
score "Who to call" for contacts

group "Who they are" as fit
  +20 if industry is any of "Software", "SaaS"
  +10 if employees >= 50

group "What they did" as engagement
  +15 for each "Demo" in the last 90 days
  +8 for each "Visit" where url contains "/pricing" latest 3 decay 50% every 30 days

labels
  "Call now" from 40
  "Later" below 40
"""
LEADS: tuple[tuple[str | int, ...], ...] = (
    ("id", "name", "industry", "employees"),
    (1, "Eva Lindqvist", "SaaS", 120),
    (2, "Tom Okafor", "Retail", 40),
    (3, "Ana Prieto", "Software", 15),
    (4, "Jun Mori", "Manufacturing", 800),
    (5, "Lea Novak", "SaaS", 60),
)
EVENTS: tuple[tuple[str | int | datetime, ...], ...] = (
    ("lead_id", "event", "time", "url"),
    (1, "Demo", datetime(2026, 1, 12, 10), ""),
    (1, "Visit", datetime(2025, 12, 20, 9, 30), "/pricing"),
    (1, "Visit", datetime(2026, 1, 29, 16, 5), "/pricing"),
    (2, "Visit", datetime(2026, 1, 30, 11), "/pricing"),
    (4, "Visit", datetime(2026, 1, 30, 14), "/jobs"),
    (5, "Demo", datetime(2025, 10, 1, 15), ""),
    (5, "Visit", datetime(2026, 1, 25, 8, 45), "/pricing/teams"),
)
AS_OF = datetime(2026, 1, 31)

_LINES = 40
"""Rows of the sheet Model that the formulas look at: room for more lines than there are."""
_ABOUT = (
    "Lead scores in Excel",
    "",
    "1. If a yellow bar says that macros are disabled, click Enable Content.",
    "2. On the tab xlwings of the ribbon, click Import Functions.",
    "3. Press Ctrl+Alt+F9, which computes everything anew.",
    "",
    "The sheet Leads then has a score and a label beside each lead, by the model on the sheet "
    "Model. Where it says #NAME?, step 2 is missing.",
    "The sheet Why shows the points of one lead. Change its number there.",
    "Change a line of the model, for example +20 to +50, and see the scores change.",
    "",
    "The time of the evaluation is on the sheet Model. Write =NOW() there to follow the clock.",
    "The sheet xlwings.conf names the Python of this computer. On another one, correct it there.",
)


def template() -> Path:
    """The empty workbook of the xlwings that is installed. Raises DataError where there is none."""
    found = find_spec("xlwings")  # not imported: on Windows, that starts to talk to Excel
    places = list(found.submodule_search_locations or ()) if found is not None else []
    if not places:
        raise DataError(
            "xlwings is not installed, through which Excel on Windows calls Python. Install it "
            "with: pip install 'leadscore[excel]'. (For the settings alone: --no-workbook.)"
        )
    path = Path(places[0]) / "quickstart.xlsm"
    if not path.is_file():
        raise DataError(
            f"{path.parent}: this xlwings has no quickstart.xlsm. Install another version of it: "
            "pip install --upgrade xlwings."
        )
    return path


def make(path: Path, interpreter: str = sys.executable) -> None:
    """Write the workbook. `interpreter` is the Python that Excel is to start.

    Raises DataError where there is no xlwings, and OSError where the file cannot be written.
    """
    from openpyxl import load_workbook

    book = load_workbook(template(), keep_vba=True)
    # Both sheets that are there stay, under other names: their macros refer to them.
    start, conf = book.worksheets
    start.title = "Start"
    _write_start(start)
    conf.title = CONF
    _write_conf(conf, interpreter)
    _write_model(book.create_sheet("Model", 1))
    _write_leads(book.create_sheet("Leads", 2))
    _write_why(book.create_sheet("Why", 3))
    _write_events(book.create_sheet("Events", 4))
    _compute_on_load(book)
    book.save(path)


def _compute_on_load(book: Workbook) -> None:
    from openpyxl.workbook.properties import CalcProperties

    book.calculation = CalcProperties(fullCalcOnLoad=True)


def _write_start(sheet: Worksheet) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width = 100
    for row, text in enumerate(_ABOUT, 1):
        cell = sheet.cell(row, 1, text or None)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = Font(bold=True, size=14)


def _write_conf(sheet: Worksheet, interpreter: str) -> None:
    sheet.delete_rows(1, sheet.max_row)
    # The folder of a workbook must not bring Python modules along: it can be a stranger's.
    rows = (
        ("Interpreter_Win", interpreter),
        ("UDF Modules", MODULE),
        ("Add_Workbook_to_Pythonpath", "false"),
    )
    for row in rows:
        sheet.append(row)
    sheet.column_dimensions["A"].width = 30
    sheet.column_dimensions["B"].width = 80


def _write_model(sheet: Worksheet) -> None:
    from openpyxl.styles import Font

    lines = MODEL.splitlines()
    for row in range(1, _LINES + 1):
        cell = sheet.cell(row, 1, lines[row - 1] or None if row <= len(lines) else None)
        cell.number_format = "@"  # or Excel takes a line that starts with + for a formula
        cell.font = Font(name="Consolas")
    sheet.column_dimensions["A"].width = 90
    sheet.column_dimensions["C"].width = 60
    sheet["C1"], sheet["C3"] = "Check of the model and of the sheets", "As of"
    for place in ("C1", "C3"):
        sheet[place].font = Font(bold=True)
    sheet["C2"] = f"=LEADSCORE_CHECK({_model()},{_leads_header()},{_events()})"
    sheet["C4"] = AS_OF
    sheet["C4"].number_format = "yyyy-mm-dd"
    sheet["C4"].alignment = _left()


def _write_leads(sheet: Worksheet) -> None:
    from openpyxl.worksheet.formula import ArrayFormula

    for row in LEADS:
        sheet.append(row)
    _as_table(sheet, "Leads", LEADS)
    # Beside the table, not in it, where nothing may spill.
    place = f"F1:I{len(LEADS)}"
    formula = f"=LEADSCORE_TABLE({_model()},{_leads()},,{_events()},,{_as_of()})"
    sheet["F1"] = ArrayFormula(place, formula)
    for column, width in zip("ABCDEFGHI", (6, 18, 16, 12, 3, 10, 12, 8, 14), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.column_dimensions["E"].width = 12


def _write_why(sheet: Worksheet) -> None:
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import Font
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.formula import ArrayFormula

    last = len(LEADS)
    sheet["A1"], sheet["B1"] = "The lead's id", 1
    sheet["A1"].font = Font(bold=True)
    sheet["B1"].alignment = _left()
    choice = DataValidation("list", f"=Leads!$A$2:$A${last}", allow_blank=False)
    sheet.add_data_validation(choice)
    choice.add("B1")
    row = f"INDEX(Leads!$A$2:$D${last},MATCH($B$1,Leads!$A$2:$A${last},0),0)"
    formula = f"=LEADSCORE_EXPLAIN({_model()},{_leads_header()},{row},{_events()},,{_as_of()})"
    place = "A3:F25"
    sheet["A3"] = ArrayFormula(place, formula)
    # The receipt can be shorter than the place for it; Excel then shows #N/A in the rest.
    hidden = DifferentialStyle(font=Font(color="FFFFFFFF"))
    sheet.conditional_formatting.add(
        place, Rule(type="expression", formula=["ISNA(A3)"], dxf=hidden)
    )
    for column, width in zip("ABCDEF", (18, 80, 10, 10, 10, 10), strict=True):
        sheet.column_dimensions[column].width = width


def _write_events(sheet: Worksheet) -> None:
    for row in EVENTS:
        sheet.append(row)
    for cells in sheet.iter_rows(min_row=2, min_col=3, max_col=3):
        cells[0].number_format = "yyyy-mm-dd hh:mm"
    _as_table(sheet, "Events", EVENTS)
    for column, width in zip("ABCD", (10, 12, 18, 18), strict=True):
        sheet.column_dimensions[column].width = width


def _as_table(sheet: Worksheet, name: str, rows: tuple[tuple[object, ...], ...]) -> None:
    from openpyxl.worksheet.table import Table, TableStyleInfo

    table = Table(displayName=name, ref=f"A1:D{len(rows)}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(table)
    sheet.freeze_panes = "A2"


def _left() -> object:
    from openpyxl.styles import Alignment

    return Alignment(horizontal="left")


def _model() -> str:
    return f"Model!$A$1:$A${_LINES}"


def _as_of() -> str:
    return "Model!$C$4"


def _leads_header() -> str:
    return "Leads!$A$1:$D$1"


def _leads() -> str:
    return f"Leads!$A$1:$D${len(LEADS)}"


def _events() -> str:
    return f"Events!$A$1:$D${len(EVENTS)}"
