"""Excel workbooks: one sheet, or one Excel Table, as a table of typed cells."""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from leadscore.columns import count, listed
from leadscore.data.arguments import Place
from leadscore.data.source import Opening, Relation, staged
from leadscore.data.staging import Stage, travelling
from leadscore.data.workbook_guard import SheetFacts, column_letters, inspect
from leadscore.errors import DataError
from leadscore.values.text import fold, trim

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_OFFICE = "officeDocument/2006/relationships}id"


def open_workbook(place: Place, opening: Opening) -> Relation:
    """Read one sheet or Excel Table into the store.

    Without a part, the first sheet that is not hidden. The first row that is not empty holds the
    names; empty rows are no rows. Whole numbers are integers, dates dates. Cells with an error
    are unknown, and counted in the notes.

    Raises:
        DataError: the file is no workbook, not a safe one, or has no such sheet.
    """
    label = place.given
    sheets = inspect(place.path, label)
    with _opened(place) as book:
        sheet_name, header, rows, first_column = _find(book, place)
        notes = _notes(_facts(place, sheets, sheet_name), header, first_column, label)
        stage = Stage(opening.store, header, label)
        stage.fill(rows, opening.progress)
    return staged(stage, opening.store, label, notes)


def _opened(place: Place) -> CalamineWorkbook:
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        return load_workbook(str(place.path), load_tables=True)
    except PasswordError:
        raise DataError(
            f"{place.given}: the workbook is protected by a password; save it without one."
        ) from None
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(f"{place.given}: the workbook cannot be read: {error}.") from error
    except BaseException as error:
        if not _is_panic(error):
            raise
        raise _damaged(place.given) from error


def _is_panic(error: BaseException) -> bool:
    """Whether it is a failure inside the reader's compiled code, which is no `Exception`."""
    return type(error).__name__ == "PanicException"


def _damaged(label: str) -> DataError:
    return DataError(
        f"{label}: the workbook is damaged and cannot be read. Open it in Excel and save it "
        "anew, or save the sheet as .csv."
    )


RowsOfCells = Iterator[Sequence[object]]


def _find(book: CalamineWorkbook, place: Place) -> tuple[str, list[str], RowsOfCells, int]:
    """The sheet's name, the header, the rows, and the number of the first column, from 0."""
    from python_calamine import CalamineError

    try:
        part = place.part
        sheet = _sheet_name(book, part)
        if sheet is None and part is not None:
            table = _match(book.table_names or [], part)
            if table is not None:
                return _table(book, table)
            known = [*book.sheet_names, *(book.table_names or [])]
            raise DataError(
                f"{place.given}: there is no sheet and no Excel Table named {part!r}. "
                f"There are: {listed(known)}."
            )
        if sheet is None:
            raise DataError(f"{place.given}: there is no sheet with cells in the workbook.")
        return _sheet(book, sheet, place)
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(f"{place.given}: the workbook cannot be read: {error}.") from error
    except DataError:
        raise
    except BaseException as error:
        if not _is_panic(error):
            raise
        raise _damaged(place.given) from error


def _sheet_name(book: CalamineWorkbook, part: str | None) -> str | None:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    kept = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if part is not None:
        return _match([sheet.name for sheet in kept], part)
    shown = [sheet for sheet in kept if sheet.visible == SheetVisibleEnum.Visible]
    return next((sheet.name for sheet in shown or kept), None)


def _match(names: Sequence[str], wanted: str) -> str | None:
    if wanted in names:
        return wanted
    return next((name for name in names if fold(name) == fold(wanted)), None)


def _table(book: CalamineWorkbook, name: str) -> tuple[str, list[str], RowsOfCells, int]:
    table = book.get_table_by_name(name)
    start = table.start
    rows = table.to_python() if start is not None else []
    return table.sheet, list(table.columns), _cells(iter(rows)), start[1] if start else 0


def _sheet(
    book: CalamineWorkbook, name: str, place: Place
) -> tuple[str, list[str], RowsOfCells, int]:
    sheet = book.get_sheet_by_name(name)
    rows = sheet.iter_rows()
    header: Sequence[object] = next((row for row in rows if any(cell != "" for cell in row)), [])
    if not header:
        raise DataError(
            f"{place.given}: the sheet {name!r} is empty; a row with the names of columns is "
            "needed."
        )
    names = [travelling(cell)[1] or "" for cell in header]
    start = sheet.start
    return name, names, _cells(rows), start[1] if start else 0


def _cells(rows: Iterator[Sequence[object]]) -> RowsOfCells:
    """The rows that are not empty, with blank cells as "" and spans of time in days."""
    day = dt.timedelta(days=1)
    for row in rows:
        if any(cell != "" for cell in row):
            if dt.timedelta in map(type, row):
                row = [cell / day if isinstance(cell, dt.timedelta) else cell for cell in row]
            yield row


def _notes(
    facts: SheetFacts | None, header: Sequence[str], first_column: int, label: str
) -> list[str]:
    if facts is None:
        return []
    notes = []
    for at, name in enumerate(header):
        errors = facts.errors.get(column_letters(first_column + at + 1), 0)
        if errors:
            shown = trim(name) or f"column {column_letters(first_column + at + 1)}"
            verb = "holds" if errors == 1 else "hold"
            notes.append(
                f"{label}: {count(errors, 'cell')} of {shown} {verb} an error such as #N/A and "
                f"{'counts' if errors == 1 else 'count'} as unknown."
            )
    if facts.blank_formulas:
        many = facts.blank_formulas
        notes.append(
            f"{label}: {count(many, 'formula')} {'was' if many == 1 else 'were'} never computed "
            "and may count as unknown. Open the workbook in Excel or LibreOffice and save it."
        )
    return notes


def _facts(place: Place, sheets: dict[str, SheetFacts], name: str) -> SheetFacts | None:
    """The facts of the sheet named `name`, found through the workbook's own directory."""
    try:
        with zipfile.ZipFile(place.path) as archive:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError) as error:
        raise DataError(f"{place.given}: the workbook is damaged: {error}.") from error
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for element in book.iter():
        if element.tag.endswith("}sheet") and element.get("name") == name:
            key: Any = next(
                (value for key, value in element.items() if key.endswith(_OFFICE)), None
            )
            target = targets.get(key, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return sheets.get(part)
    return None
