"""The file of a workbook of formulas, written with openpyxl."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadscore.outputs import label_colors
from leadscore.targets.formulas.book import CHECK, LEAD_WORK, Part
from leadscore.targets.formulas.grid import FIRST_ROW, ROW, Grid, letters, quoted
from leadscore.targets.formulas.readings import (
    LONGEST,
    Cell,
    Held,
    holdable,
    local_seconds,
    serial,
)
from leadscore.targets.formulas.sheet import HEAD, NAME, Line
from leadscore.targets.formulas.zones import END, ZoneTable
from leadscore.targets.formulas.zones import NAME as ZONE
from leadscore.values.units import UNIT

if TYPE_CHECKING:
    from leadscore.model import Model
    from leadscore.workbook import Contents, DataSheet

RECEIPT, OVERVIEW = "Receipt", "Overview"
BINS = 12

_EDITABLE = "FFF8DC"
_HEADER = "404040"
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def save(path: Path, model: Model, contents: Contents) -> None:
    """Write the workbook; overwrites the file."""
    _Writer(model, contents).save(path)


class _Writer:
    def __init__(self, model: Model, contents: Contents) -> None:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font, PatternFill

        self._model = model
        self._contents = contents
        self._file = Workbook(write_only=True)
        self._cell_type = WriteOnlyCell
        self._bold = Font(name="Calibri", size=11, bold=True)
        self._title_font = Font(name="Calibri", size=16, bold=True)
        self._white = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
        self._gray = Font(name="Calibri", size=11, color="808080")
        self._dark = PatternFill("solid", start_color=_HEADER, end_color=_HEADER)
        self._edit = PatternFill("solid", start_color=_EDITABLE, end_color=_EDITABLE)
        self._outputs = [name for name, _ in contents.book.outputs]
        leads = contents.leads
        self._last = FIRST_ROW + len(leads.rows) - 1
        self._places = {
            name: letters(len(leads.header) + number)
            for number, name in enumerate(self._outputs, 1)
        }

    def save(self, path: Path) -> None:
        contents, book = self._contents, self._contents.book
        # Helper columns come first, so that programs that compute sheet by sheet find running
        # counters done when leads ask for them.
        if book.events is not None and contents.events is not None:
            self._grid(book.events, contents.events)
        if book.lists is not None and contents.lists is not None:
            self._grid(book.lists, contents.lists)
        self._grid(book.leads, contents.leads)
        if book.zone is not None:
            self._zone_sheet(book.zone)
        hidden = len(self._file.worksheets)
        self._model_sheet()
        self._leads_sheet()
        self._receipt_sheet()
        self._overview_sheet()
        for sheet in (contents.events, contents.lists):
            if sheet is not None:
                self._data_sheet(sheet, ())
        self._check_sheet()
        self._file.active = hidden
        self._file.calculation.fullCalcOnLoad = True
        self._file.save(path)

    # Cells

    def _sheet(self, name: str) -> Any:
        from openpyxl.worksheet.properties import PageSetupProperties

        sheet = self._file.create_sheet(name)
        sheet.page_setup.orientation = "landscape"
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToHeight = 0  # as many pages as it takes, each as wide as the sheet
        return sheet

    def _cell(self, sheet: Any, value: Any, font: Any = None, fill: Any = None) -> Any:
        cell = self._cell_type(sheet, value=value)
        if font is not None:
            cell.font = font
        if fill is not None:
            cell.fill = fill
        return cell

    def _text(self, sheet: Any, text: str, font: Any = None) -> Any:
        """A cell with a text that stays one, whatever it begins with."""
        text = holdable(text)[:LONGEST]
        cell = self._cell(sheet, _LOOKS_ESCAPED.sub("_x005F_", text), font)
        cell.data_type = "s"
        if text[:1] in ("=", "+", "-", "@"):
            cell.quotePrefix = True  # so that it is still a text after somebody edited it
        return cell

    def _formula(
        self, sheet: Any, formula: str, format: str | None = None, font: Any = None
    ) -> Any:
        cell = self._cell(sheet, f"={formula}", font)
        if format is not None:
            cell.number_format = format
        return cell

    def _header(self, sheet: Any, names: tuple[str, ...]) -> list[Any]:
        found = []
        for name in names:
            cell = self._text(sheet, name, self._white)
            cell.fill = self._dark
            found.append(cell)
        return found

    def _datum(self, sheet: Any, cell: Cell) -> Any:
        match cell.kind:
            case "blank":
                return None
            case "text":
                return self._text(sheet, str(cell.value))
            case "number":
                assert isinstance(cell.value, int | float)
                return self._number(sheet, cell.value)
            case _:
                found = self._cell(sheet, cell.value)
                whole = isinstance(cell.value, int)
                found.number_format = "yyyy-mm-dd" if whole else "yyyy-mm-dd hh:mm:ss"
                return found

    # Sheets that run beside the data

    def _grid(self, grid: Grid, data: DataSheet) -> None:
        sheet = self._sheet(grid.name)
        sheet.sheet_state = "hidden"
        sheet.freeze_panes = "B2"
        sheet.append(self._header(sheet, tuple(column.title for column in grid.columns)))
        names = [letters(number) for number in range(1, len(grid.columns) + 1)]
        held = data.held
        rows = {row for row, _ in held}
        for row in range(grid.rows):
            number = FIRST_ROW + row
            cells: list[Any] = ["=" + column.at(number) for column in grid.columns]
            if row in rows:
                for place, name in enumerate(names):
                    found = held.get((row, name))
                    if found is not None:
                        cells[place] = self._held(sheet, found, number)
            sheet.append(cells)

    def _held(self, sheet: Any, held: Held, row: int) -> Any:
        if held.formula is not None:
            return "=" + held.formula.replace(ROW, str(row))
        if isinstance(held.value, str):
            return self._text(sheet, held.value)
        return self._number(sheet, held.value)

    def _number(self, sheet: Any, value: float) -> Any:
        """A cell with all digits: openpyxl writes sixteen, and a double may take seventeen."""
        if float(f"{value:.16g}") == value:
            return value
        cell = self._cell(sheet, 0.0)
        cell._value = repr(value)  # it writes the text of a number as it is
        return cell

    def _zone_sheet(self, table: ZoneTable) -> None:
        sheet = self._sheet(ZONE)
        sheet.sheet_state = "hidden"
        names = ("from local second", "offset", "from second", "offset")
        sheet.append(self._header(sheet, names))
        for local, instant in zip(table.local, table.instants, strict=True):
            sheet.append([*local, *instant])
        sheet.append([END, self._formula(sheet, "NA()"), END, self._formula(sheet, "NA()")])

    # Data

    def _data_sheet(self, data: DataSheet, outputs: tuple[tuple[str, str], ...]) -> Any:
        from openpyxl.worksheet.filters import AutoFilter
        from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

        sheet = self._sheet(data.name)
        sheet.freeze_panes = "C2"
        header = (*data.header, *(name for name, _ in outputs))
        for number, name in enumerate(header, 1):
            width = max(
                [
                    len(name),
                    *(
                        len(str(row[number - 1].value or ""))
                        for row in data.rows[:100]
                        if number <= len(row)
                    ),
                ]
            )
            sheet.column_dimensions[letters(number)].width = min(max(width + 3, 8), 40)
        sheet.append(self._header(sheet, header))
        for place, row in enumerate(data.rows):
            number = FIRST_ROW + place
            cells = [self._datum(sheet, cell) for cell in row]
            for _, formula in outputs:
                text = formula.replace(ROW, str(number))
                cells.append(self._formula(sheet, text))
            sheet.append(cells)
        last = FIRST_ROW + max(len(data.rows), 1) - 1
        table = Table(displayName=data.name, ref=f"A1:{letters(len(header))}{last}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        table.tableColumns = [
            TableColumn(id=number, name=name) for number, name in enumerate(header, 1)
        ]
        table.autoFilter = AutoFilter(ref=table.ref)
        sheet.tables.add(table)
        return sheet

    def _leads_sheet(self) -> None:
        from openpyxl.styles import PatternFill

        from leadscore.data.workbook_sink import FILLS

        sheet = self._data_sheet(self._contents.leads, self._contents.book.outputs)
        colors = label_colors(self._model.plan)
        for name in ("label", "fit_label", "engagement_label"):
            if name not in self._places:
                continue
            column = self._places[name]
            for title, color in colors.items():
                fill = PatternFill("solid", start_color=FILLS[color], end_color=FILLS[color])
                rule = _rule(f"EXACT({column}{FIRST_ROW},{quoted(title)})", fill)
                reach = f"{column}{FIRST_ROW}:{column}{self._last}"
                sheet.conditional_formatting.add(reach, rule)

    # The model

    def _model_sheet(self) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        sheet = self._sheet(NAME)
        for column, width in zip("ABCDEF", (12, 70, 20, 12, 12, 30), strict=True):
            sheet.column_dimensions[column].width = width
        for column in "HIJK":
            sheet.column_dimensions[column].hidden = True
        sheet.freeze_panes = f"A{HEAD + 1}"
        plan = self._model.plan
        contents = self._contents
        moment = self._cell(sheet, serial(contents.as_of, contents.zone), self._bold, self._edit)
        moment.number_format = "yyyy-mm-dd hh:mm:ss"
        table = contents.book.zone
        seconds = local_seconds("C3") if table is None else table.to_instant("I3")
        local = None if table is None else self._formula(sheet, local_seconds("C3"))
        fine = f"AND({','.join(f'{CHECK}!$B${2 + n}' for n in range(len(self._checks)))})"
        wrong = f"Look at the sheet {CHECK}: rows were added, taken away or sorted."
        state = f'IF({fine},"The formulas suit the data.",{quoted(wrong)})'
        sheet.append([self._text(sheet, plan.name, self._title_font)])
        sheet.append([self._text(sheet, plan.description or "", self._gray)])
        sheet.append(
            [None, self._text(sheet, f"As of ({contents.zone}; =NOW() follows the clock)"), moment]
            + [None] * 4
            + [self._formula(sheet, seconds), local]
        )
        sheet.append([None, self._formula(sheet, state)])
        note = "Numbers on this ground can be changed: all scores follow."
        sheet.append([None, self._cell(sheet, note, self._gray, self._edit)])
        sheet.append(self._header(sheet, ("", "what", "points", "at least", "at most", "")))
        lines = self._contents.book.model.lines
        for place, line in enumerate(lines):
            sheet.append(self._line(sheet, line, HEAD + 1 + place))
        # By a conditional format: some programs take an empty cell that has a format for 0.
        reach = [f"C{row}" for row, line in enumerate(lines, HEAD + 1) if line.points is not None]
        reach += [f"D{row}:E{row}" for row, line in enumerate(lines, HEAD + 1) if line.bounded]
        rule = _rule("TRUE", self._edit)
        for start in range(0, len(reach), 50):
            sheet.conditional_formatting.add(" ".join(reach[start : start + 50]), rule)
        last = HEAD + max(len(lines), 1)
        decimals = "ROUND(C{0}*1000,0)=C{0}*1000".format(HEAD + 1)
        most = contents.book.model.most_points
        points = DataValidation(
            type="custom",
            formula1=f"AND(ISNUMBER(C{HEAD + 1}),ABS(C{HEAD + 1})<={most},{decimals})",
            showErrorMessage=True,
            errorTitle="Points",
            error=f"Points are numbers of at most {most:,}, with at most three decimals.",
        )
        points.add(f"C{HEAD + 1}:C{last}")
        sheet.data_validations.append(points)

    @property
    def _checks(self) -> tuple[Any, ...]:
        return self._contents.book.checks

    def _line(self, sheet: Any, line: Line, row: int) -> list[Any]:
        def number(units: int | None) -> Any:
            return None if units is None else _points(units)

        bold = line.kind in ("group", "sum")
        text = line.title if line.title is not None else line.text
        names = {"case": "", "sum": "total", "bound": "", "track": "fast track"}
        low = None if line.limit is None else line.limit.low
        high = None if line.limit is None else line.limit.high
        cells = [
            self._text(sheet, names.get(line.kind, line.kind), self._gray),
            self._text(sheet, text, self._bold if bold else None),
            number(line.points),
            number(low),
            number(high),
            self._text(sheet, line.note, self._gray),
            None,
        ]
        for formula in self._contents.book.model.unit_formulas(row):
            cells.append(self._formula(sheet, formula) if formula else None)
        return cells

    # One lead

    def _receipt_sheet(self) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        sheet = self._sheet(RECEIPT)
        for column, width in zip("ABCD", (24, 80, 14, 14), strict=True):
            sheet.column_dimensions[column].width = width
        leads = self._contents.leads
        reach = f"Leads!$B${FIRST_ROW}:$B${self._last}"
        chosen = leads.rows[0][1].value
        cell = self._text(sheet, str(chosen or ""), self._bold)
        cell.fill = self._edit
        cell.number_format = "@"  # so that an id of digits that is chosen stays a text
        found = f"MATCH(1,{self._contents.book.leads.there(self._contents.book.chosen)},0)+1"
        sheet.append([self._text(sheet, "Lead", self._bold), cell])
        row = self._formula(sheet, found, None, self._gray)
        sheet.append([self._text(sheet, "row of the lead", self._gray), row])
        number = 2
        for name in self._outputs:
            number += 1
            column = self._places[name]
            value = f"INDEX(Leads!${column}$1:${column}${self._last},$B$2)"
            sheet.append([self._text(sheet, name), self._formula(sheet, value)])
        sheet.append([])
        sheet.append(self._header(sheet, ("", "what", "points", "lost to limits")))
        parts = self._contents.book.parts
        first = number + 3
        places = {part.row: first + place for place, part in enumerate(parts)}
        for part in parts:
            sheet.append(self._part(sheet, part, places))
        validation = DataValidation(type="list", formula1=reach, allow_blank=False)
        validation.add("B1")
        sheet.data_validations.append(validation)

    def _part(self, sheet: Any, part: Part, places: Mapping[int, int]) -> list[Any]:
        """A row of the receipt; `places` are the rows of the parts there."""
        line = self._contents.book.model.lines[part.row - HEAD - 1]
        column = part.reference.removesuffix(ROW)
        there = f"{LEAD_WORK}!${column}$1:${column}${self._last}"
        bold = self._bold if part.level < 2 else None
        indent = "    " if part.level == 2 else ""
        names = {0: "total", 1: "group", 2: ""}
        # Who is excluded has no points: `B3` is the score.
        points = self._formula(sheet, f'IF($B$3="","",INDEX({there},$B$2)/{UNIT})', None, bold)
        label = self._text(sheet, names[part.level], self._gray)
        cells = [label, self._text(sheet, indent + line.text, bold), points]
        if part.level < 2:
            inside = "+".join(f"N(C{places[row]})" for row in part.inside) or "0"
            lost = f'IF($B$3="","",ROUND({inside}-N(C{places[part.row]}),7))'
            if len(lost) < 8_000:
                cells.append(self._formula(sheet, lost, None, self._gray))
        return cells

    # All leads

    def _overview_sheet(self) -> None:
        from openpyxl.chart import BarChart, Reference

        sheet = self._sheet(OVERVIEW)
        sheet.column_dimensions["A"].width = 22
        column = self._places["score"]
        scores = f"Leads!${column}${FIRST_ROW}:${column}${self._last}"
        sheet.append(
            [self._text(sheet, "Leads with a score"), self._formula(sheet, f"COUNT({scores})")]
        )
        sheet.append([self._text(sheet, "Lowest score"), self._formula(sheet, f"MIN({scores})")])
        sheet.append([self._text(sheet, "Highest score"), self._formula(sheet, f"MAX({scores})")])
        sheet.append([])
        sheet.append(self._header(sheet, ("score from", "leads")))
        first = 6
        for place in range(BINS):
            row = first + place
            start = f"$B$2+($B$3-$B$2)*{place}/{BINS}"
            below = f'COUNTIF({scores},">="&A{row})'
            above = f'COUNTIF({scores},">="&A{row + 1})' if place < BINS - 1 else "0"
            sheet.append(
                [self._formula(sheet, start, "0.##"), self._formula(sheet, f"{below}-{above}")]
            )
        chart = BarChart()
        chart.title = "Leads by score"
        chart.legend = None
        chart.gapWidth = 10
        end = first + BINS - 1
        chart.add_data(Reference(sheet, min_col=2, min_row=first, max_row=end))
        chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=end))
        chart.x_axis.delete = chart.y_axis.delete = False
        sheet.append([])
        if "label" in self._places:
            labels = self._places["label"]
            there = f"Leads!${labels}${FIRST_ROW}:${labels}${self._last}"
            sheet.append(self._header(sheet, ("label", "leads")))
            for title in self._titles():
                count = f"SUMPRODUCT(--({there}={quoted(title)}))"
                sheet.append([self._text(sheet, title), self._formula(sheet, count)])
        sheet.add_chart(chart, "D2")

    def _titles(self) -> Iterator[str]:
        plan = self._model.plan
        labels = dict(plan.labels).get("score", ())
        titles = [track.title for track in plan.fast_tracks] + [one.title for one in labels]
        yield from dict.fromkeys(titles)

    def _check_sheet(self) -> None:
        sheet = self._sheet(CHECK)
        sheet.column_dimensions["A"].width = 70
        sheet.append(self._header(sheet, ("what", "fine")))
        for check in self._checks:
            text = self._text(sheet, check.text)
            sheet.append([text, self._formula(sheet, check.formula)])
        note = (
            "Where this says FALSE, points of events and lists are #N/A: write the workbook anew "
            "with leadscore workbook."
        )
        sheet.append([self._text(sheet, note, self._gray)])


def _rule(formula: str, fill: Any) -> Any:
    """A conditional format: the fill where the formula holds."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles.differential import DifferentialStyle

    return Rule(type="expression", formula=[formula], dxf=DifferentialStyle(fill=fill))


def _points(units: int) -> float | int:
    whole, rest = divmod(units, UNIT)
    return units / UNIT if rest else whole
