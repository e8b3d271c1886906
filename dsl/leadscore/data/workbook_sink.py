"""Results as a workbook: the input's columns and ours, labels in their colors, no formulas."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from leadscore.columns import count
from leadscore.data.sinks import Beside, Writer, is_number, plain_text
from leadscore.errors import DataError

ROW_LIMIT = 1_048_576
"""Rows of a sheet, the header among them."""
COLUMN_LIMIT = 16_384
TEXT_LIMIT = 32_767
"""Characters of a cell."""
FILLS = {
    "blue": "BDD7EE",
    "gray": "D9D9D9",
    "green": "C6E0B4",
    "magenta": "F4B0E0",
    "orange": "F8CBAD",
    "purple": "D9C3EE",
    "red": "F4B0B0",
    "yellow": "FFE699",
}
"""The colors of labels, light enough for black text."""

_HEADER_FILL = "404040"
_EXACT = 10**15
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
"""Of a text in a column that is known to hold numbers."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_TAKEN_FOR_ERRORS = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))


def check_size(path: Path, columns: int, rows: int | None) -> None:
    """Raise a DataError where a sheet cannot hold so many rows or columns."""
    if (rows or 0) + 1 > ROW_LIMIT or columns > COLUMN_LIMIT:
        raise DataError(
            f"{path}: a sheet holds {ROW_LIMIT - 1:,} rows and {COLUMN_LIMIT:,} columns; these "
            f"are {count(rows or 0, 'row')} and {count(columns, 'column')}. Write .csv or "
            ".parquet."
        )


_LOOKED_AT = 200
"""Rows whose texts decide how wide a column is."""
_NARROWEST, _WIDEST = 8, 48


class WorkbookWriter(Writer):
    """See :func:`leadscore.data.sinks.open_writer`; memory does not grow with the rows."""

    def __init__(
        self,
        beside: Beside,
        columns: Sequence[str],
        numbers: Collection[int],
        colors: Mapping[str, Mapping[str, str]],
    ) -> None:
        super().__init__(columns)
        self._beside = beside
        self._numbers = frozenset(numbers)
        self._cut = 0
        try:
            self._begin(colors)
        except BaseException:
            self.discard()
            raise

    def _begin(self, colors: Mapping[str, Mapping[str, str]]) -> None:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import PatternFill

        self._cell = WriteOnlyCell
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("Scores")
        self._sheet.freeze_panes = "B2"  # the id and the header stay in sight
        self._begun = False
        self._fills = [
            {
                label: PatternFill("solid", start_color=FILLS[color], end_color=FILLS[color])
                for label, color in colors.get(name, {}).items()
            }
            for name in self.columns
        ]

    def _header(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write the header, with columns as wide as it and the first rows ask for."""
        from openpyxl.styles import Font, PatternFill
        from openpyxl.utils import get_column_letter

        self._begun = True
        header = []
        for at, name in enumerate(self.columns):
            texts = [name, *(plain_text(row[at]) for row in rows[:_LOOKED_AT])]
            width = min(max(map(len, texts)) + 2, _WIDEST)
            letter = get_column_letter(at + 1)
            self._sheet.column_dimensions[letter].width = max(width, _NARROWEST)
            cell = self._text_cell(name)
            cell.font = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
            cell.fill = PatternFill("solid", start_color=_HEADER_FILL, end_color=_HEADER_FILL)
            header.append(cell)
        self._sheet.append(header)

    def _write(self, rows: Sequence[Sequence[Any]]) -> None:
        check_size(self._beside.given, len(self._fills), self.rows + len(rows))
        if not self._begun:
            self._header(rows)
        fills = self._fills
        for row in rows:
            cells = [self._value(value) for value in row]
            for at in self._numbers:
                cells[at] = self._number(row[at], cells[at])
            for at, fill in enumerate(fills):
                if fill and row[at] in fill:
                    cells[at] = self._text_cell(row[at])
                    cells[at].fill = fill[row[at]]
            self._sheet.append(cells)

    def _number(self, value: object, cell: Any) -> Any:
        """The cell of a column of numbers: that of the number that a text is, or else `cell`."""
        if isinstance(value, str) and _PLAIN_NUMBER.fullmatch(value):
            return self._double(float(value)) if "." in value else int(value)
        return cell

    def _double(self, value: float) -> Any:
        """A cell with all digits: openpyxl writes sixteen, and a double may take seventeen."""
        if float(f"{value:.16g}") == value:
            return value
        cell: Any = self._cell(self._sheet, 0.0)
        cell._value = repr(value)  # it writes the text of a number as it is
        return cell

    def _value(self, value: object) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Decimal | int | float):
            if isinstance(value, int) and abs(value) >= _EXACT:
                return self._text(str(value))  # a cell keeps fifteen digits
            return self._double(float(value) + 0.0) if is_number(value) else None  # no -0.0
        if isinstance(value, dt.datetime):
            if value.tzinfo is not None or value.year < 1900:
                return value.isoformat()
            return value
        if isinstance(value, dt.date):
            return value if value.year >= 1900 else value.isoformat()
        return self._text(plain_text(value))

    def _text(self, text: str) -> Any:
        """`text` as it goes to openpyxl, which by itself would make formulas of some texts."""
        if text.startswith("=") or text in _TAKEN_FOR_ERRORS:
            return self._text_cell(text)
        return self._escaped(text)

    def _text_cell(self, text: str) -> Any:
        cell = self._cell(self._sheet, value=self._escaped(text))
        cell.data_type = "s"  # whatever the text made openpyxl guess
        return cell

    def _escaped(self, text: str) -> str:
        """`text` with what XML cannot hold written as Excel writes it, ``_x0001_``."""
        if len(text) > TEXT_LIMIT:
            self._cut += 1
            text = text[: TEXT_LIMIT - 1] + "…"
        if "_x" in text:
            text = _LOOKS_ESCAPED.sub("_x005F_", text)
        if _FORBIDDEN.search(text):
            text = _FORBIDDEN.sub(_escape, text)
        return text

    def finish(self) -> None:
        """See :meth:`Writer.finish`."""
        from openpyxl.utils import get_column_letter

        if not self._begun:
            self._header(())
        last = get_column_letter(max(len(self.columns), 1))
        self._sheet.auto_filter.ref = f"A1:{last}{self.rows + 1}"
        self._book.save(self._beside.part)
        self._beside.finish()
        if self._cut:
            self.notes.append(
                f"{self._beside.given}: {count(self._cut, 'text')} longer than the "
                f"{TEXT_LIMIT:,} characters of a cell {'was' if self._cut == 1 else 'were'} cut."
            )

    def discard(self) -> None:
        """See :meth:`Writer.discard`."""
        sheet = getattr(self, "_sheet", None)
        if sheet is not None:
            # Its rows wait in a file of openpyxl's, which saving would have removed.
            with contextlib.suppress(Exception):
                sheet.close()
            with contextlib.suppress(Exception):
                sheet._writer.cleanup()
        self._beside.discard()


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\ufffd" if code >= 0xD800 else f"_x{code:04X}_"
