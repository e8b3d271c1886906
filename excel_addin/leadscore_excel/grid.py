"""What hosts hand over, as rows of cells; and cells as values of the language.

A range comes as a list of lists, a list (one row, or one column), a tuple, an array, or a single
value; nothing as None, an empty text, or a null of JavaScript. A cell is cleaned only where it is
read: of 20 columns, a model may look at five.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from leadscore.values.text import WHITE_SPACE, normal, text_of

Row = Sequence[Any]
Value = str | bool | int | float | date | datetime | None
Cell = str | int | float
"""What goes out: no None, no booleans, no dates; a float is finite."""
Grid = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that holds an error, or what is no value of a cell; `text` is what it shows."""

    text: str


_NAMES = {
    2000: "#NULL!",
    2007: "#DIV/0!",
    2015: "#VALUE!",
    2023: "#REF!",
    2029: "#NAME?",
    2036: "#NUM!",
    2042: "#N/A",
    2043: "#GETTING_DATA",
    2045: "#SPILL!",
    2046: "#CONNECT!",
    2047: "#BLOCKED!",
    2048: "#UNKNOWN!",
    2049: "#FIELD!",
    2050: "#CALC!",
    2051: "#BUSY!",
    2222: "#PYTHON!",
}
"""Excel's errors by their number, without the 0x800A0000 of COM above it."""
_NUMBERS = {number - 2146828288: name for number, name in _NAMES.items()}
ERROR_TEXTS = frozenset((*_NAMES.values(), *(f"Err:{number}" for number in range(501, 541))))
"""Errors as texts: those of Excel and LibreOffice."""
_ERRORS = frozenset((*ERROR_TEXTS, *_NUMBERS))

_NO_DAY = date(1899, 12, 30)
"""The day that Excel's COM gives to a time of day alone."""

_SCALARS = frozenset((str, int, float, bool, type(None)))
_NULLS = frozenset(("JsNull", "JsUndefined"))
_ROWS = frozenset((list, tuple))


def as_rows(value: Any, width: int | None = None) -> list[Row]:
    """The rows of a range, all of one width; [] for nothing.

    A flat list is one row; a column where `width`, the number of columns that is expected, is 1.
    """
    value = _plain_range(value)
    if not isinstance(value, (list, tuple)):
        return [] if is_nothing(value) else [(value,)]
    if not value:
        return []
    if set(map(type, value)) <= _ROWS:
        rows = list(value)
    else:
        rows = [_plain_range(item) for item in value]
        if not any(isinstance(row, (list, tuple)) for row in rows):
            return [(item,) for item in rows] if width == 1 else [tuple(rows)]
        rows = [row if isinstance(row, (list, tuple)) else (row,) for row in rows]
    widths = set(map(len, rows))
    if len(widths) > 1:
        widest = max(widths)
        rows = [(*row, *(None,) * (widest - len(row))) for row in rows]
    return [] if widths == {0} else rows


def _plain_range(value: Any) -> Any:
    """An array of a library, or a list of JavaScript, as lists; anything else as it is."""
    if type(value) in _SCALARS:
        return value
    for name in ("to_py", "tolist"):
        convert = getattr(value, name, None)
        if callable(convert) and not isinstance(value, type):
            return convert()
    return value


def is_nothing(value: Any) -> bool:
    """Whether a value is what hosts give for an argument that was left out, or an empty cell."""
    return (
        value is None
        or (type(value) is str and not value.strip(WHITE_SPACE))
        or type(value).__name__ in _NULLS
    )


def is_blank(row: Row) -> bool:
    """Whether nothing stands in any cell of a row."""
    return all(map(is_nothing, row))


def clean(value: Any, *, error_numbers: bool) -> Value | CellError:
    """The value of one cell; see `Host.error_numbers`."""
    kind = type(value)
    if kind is str:
        return CellError(value) if value in ERROR_TEXTS else value
    if kind is int:
        if error_numbers and value in _NUMBERS:
            return CellError(_NUMBERS[value])
        return int(value)
    if kind is float:
        return value if value == value else None
    if kind is bool or value is None:
        return value  # type: ignore[no-any-return]  # as above
    if kind is CellError:
        return value  # type: ignore[no-any-return]
    if kind.__name__ in _NULLS:
        return None
    try:
        return _odd(value, error_numbers)
    except Exception:  # whatever an object of another library does when it is looked at
        return CellError(f"a value of type {kind.__name__}")


def _odd(value: Any, error_numbers: bool) -> Value | CellError:
    """The value of a cell of a type that few hosts give."""
    if isinstance(value, dict):  # Office's way of writing errors and linked values
        inner = value.get("basicValue")
        if isinstance(inner, dict):
            return CellError("a record")
        return clean(inner, error_numbers=error_numbers)
    if isinstance(value, datetime):
        if value.replace(tzinfo=None).date() == _NO_DAY:
            return value.time().isoformat("seconds")
        if type(value).__module__ == "pywintypes":
            # COM's dates say UTC and mean the sheet's own time, rounded to some microsecond.
            local = value.replace(tzinfo=None) + timedelta(microseconds=500)
            milliseconds = local.microsecond // 1000 * 1000
            return datetime(*local.timetuple()[:6], milliseconds)
        found = normal(value)
        return found if isinstance(found, datetime) else None
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, (str, bool, int, float, Decimal, date)) or hasattr(value, "item"):
        found = normal(value)
        if isinstance(found, (bool, int, float, date)) or found is None:
            return found
        return clean(str(found), error_numbers=False)
    return CellError(f"a value of type {type(value).__name__}")


@dataclass(frozen=True, slots=True)
class Column:
    """The values of a column, and the errors in it by row; where one is, the value is None."""

    values: Sequence[Value]
    errors: dict[int, str]


NO_ERRORS: dict[int, str] = {}


def clean_column(cells: Sequence[Any], *, error_numbers: bool) -> Column:
    """Clean the cells of a column; nearly always they are clean already, and are only looked at."""
    kinds = set(map(type, cells))
    if kinds <= _SCALARS:
        suspects = _ERRORS if error_numbers else ERROR_TEXTS
        if (not error_numbers and str not in kinds) or suspects.isdisjoint(cells):
            return Column(cells, NO_ERRORS)
    values: list[Value] = []
    errors: dict[int, str] = {}
    for row, cell in enumerate(cells):
        value = clean(cell, error_numbers=error_numbers)
        if isinstance(value, CellError):
            errors[row] = value.text
            value = None
        values.append(value)
    return Column(values, errors)


def texts(row: Row) -> list[str]:
    """The texts of the cells of a header row; of an error or an empty cell, ''."""
    out = []
    for cell in row:
        value = clean(cell, error_numbers=True)
        out.append("" if isinstance(value, CellError) else text_of(normal(value)) or "")
    return out


_BROKEN = {code: "\ufffd" for code in (*range(0xD800, 0xE000), *range(32)) if code not in (9, 10)}
"""What no cell can hold, and what some hosts cannot even be told."""
_CELL = 32_767
"""Characters that a cell of Excel holds."""


def out_text(text: str) -> str:
    """A text as a cell can hold it."""
    if text.isprintable():
        return text[:_CELL]
    return text.translate(_BROKEN)[:_CELL]
