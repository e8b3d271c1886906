"""xlwings' own way of calling functions, on any machine: pywin32, which is COM, is stood in for.

What is stood in for is what lies below xlwings: the modules of pywin32, and the objects of Excel
that VBA hands over (a range with its `Value`, a workbook). The rest is xlwings as it is. It is run
as a program, since it makes the process believe that it is on Windows:

    python -m tests.excel.com_stub < calls.json

`calls.json` has a list of {"function", "arguments", "folder", "date1904"}; an argument is
{"range": [[…]]}, {"missing": true} or a value. Answers: what goes back to VBA for each, and the
VBA that xlwings writes.
"""

from __future__ import annotations

import contextlib
import ctypes
import datetime as dt
import io
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

MISSING = -2147352572
"""What VBA hands over for an argument that was left out."""
_RANGE = "{00020846-0000-0000-C000-000000000046}"


class ComError(Exception):
    """pywin32's error."""


class ComDate(dt.datetime):
    """pywin32's date-times: they say UTC, and mean the sheet's own time."""


ComDate.__module__ = "pywintypes"


def stand_in() -> None:
    """Put modules in place of pywin32's, and let Python say that this is Windows."""
    names = (
        "pywintypes", "pythoncom", "win32api", "win32con", "win32gui", "win32process",
        "win32timezone", "win32event", "win32com", "win32com.client", "win32com.client.gencache",
        "win32com.server", "win32com.server.dispatcher", "win32com.server.policy",
        "win32com.server.util",
    )  # fmt: skip
    for name in names:
        module = MagicMock(name=name)
        module.__name__ = name
        module.__path__ = []
        sys.modules[name] = module
    pywintypes, pythoncom = sys.modules["pywintypes"], sys.modules["pythoncom"]
    pywintypes.com_error = pywintypes.error = ComError  # type: ignore[attr-defined]
    pywintypes.TimeType = ComDate  # type: ignore[attr-defined]
    pywintypes.IID = str  # type: ignore[attr-defined]
    pythoncom.ole_error = pythoncom.com_error = ComError  # type: ignore[attr-defined]
    pythoncom.__file__ = "pythoncom.dll"
    client = sys.modules["win32com.client"]
    for name in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass"):
        setattr(client, name, type(name, (), {}))
    client.Dispatch = lambda thing, *rest, **more: thing  # type: ignore[attr-defined]
    sys.modules["win32com"].client = client  # type: ignore[attr-defined]
    for name in ("PyDLL", "oledll", "windll"):
        setattr(ctypes, name, MagicMock(name=name))
    sys.platform = "win32"


class ComRange:
    """A range as Excel hands it over: `Value` is a tuple of tuples, or of one cell its value."""

    def __init__(self, rows: list[list[Any]]) -> None:
        self._rows = tuple(tuple(map(com_value, row)) for row in rows)
        self.Worksheet = MagicMock()
        self.Row = self.Column = 1
        self.Rows, self.Columns = MagicMock(), MagicMock()
        self.Rows.Count, self.Columns.Count = len(rows), len(rows[0])
        self._oleobj_ = MagicMock()
        self._oleobj_.GetTypeInfo().GetTypeAttr().iid = _RANGE

    @property
    def Value(self) -> Any:
        return self._rows[0][0] if len(self._rows) == len(self._rows[0]) == 1 else self._rows


def com_value(value: Any) -> Any:
    """A cell's value: numbers are floats, {"date": …} is a date, {"error": …} a whole number."""
    match value:
        case {"date": text}:
            moment = dt.datetime.fromisoformat(text)
            return ComDate(*moment.timetuple()[:6], tzinfo=dt.UTC)
        case {"error": int(number)}:
            return number
        case bool():
            return value
        case int() | float():
            return float(value)
    return value


def argument(given: Any) -> Any:
    """An argument of a call, as VBA hands it over."""
    match given:
        case {"range": rows}:
            return ComRange(rows)
        case {"missing": True}:
            return MISSING
    return com_value(given)


class Workbook:
    """The workbook that a formula stands in; with what xlwings does to it in an import."""

    Name = "Book.xlsm"
    FullName = "C:\\Book.xlsm"

    def __init__(self, folder: str, date1904: bool) -> None:
        self.Path = folder
        self.Date1904 = date1904
        self.Application = MagicMock()
        self.Application.Version = "16.0"
        self.Sheets = self.Worksheets = MagicMock()
        self.Worksheets.Count = 0
        self.VBProject = MagicMock()
        self.vba = ""
        self.VBProject.VBComponents.Import = self._keep

    def _keep(self, path: str) -> None:
        self.vba = Path(path).read_text(encoding="utf-8")


def main() -> None:
    """Answer the calls on standard input."""
    calls = json.load(sys.stdin)
    stand_in()
    os.environ.setdefault("TEMP", tempfile.gettempdir())
    import xlwings
    from xlwings.udfs import call_udf, import_udfs

    assert "excel" in [engine.name for engine in xlwings.engines]
    module = "leadscore_excel.xlwings_udfs"
    book = Workbook("", False)
    with contextlib.redirect_stdout(io.StringIO()):
        import_udfs(module, book)
    told = [(call.args[0], call.kwargs) for call in book.Application.MacroOptions.call_args_list]
    answers = []
    for call in calls:
        here = Workbook(call.get("folder", ""), call.get("date1904", False))
        given = tuple(map(argument, call["arguments"]))
        answers.append(call_udf(module, call["function"], given, here, ComRange([[None]])))
    sys.stdout.write(
        json.dumps(
            {
                "answers": answers,
                "vba": book.vba,
                "told": [
                    [name, more["Description"], more["Category"], more["ArgumentDescriptions"]]
                    for name, more in told
                ],
            }
        )
    )
    sys.stdout.flush()
    os._exit(0)  # xlwings' own farewell looks for processes of Windows


if __name__ == "__main__":
    main()
