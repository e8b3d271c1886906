"""The functions in the cells of Excel on Windows, through the open-source part of xlwings.

xlwings is told of this module by the setting `UDF MODULES` of a workbook, makes a function of VBA
of each function here, and calls it with what COM gives for the ranges. Elsewhere than on Windows,
its decorators do nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import xlwings as xw

from leadscore_excel.functions import FUNCTIONS, Function
from leadscore_excel.grid import Grid
from leadscore_excel.host import Host
from leadscore_excel.serials import DateSystem

CATEGORY = "Leadscore"
"""Under which Excel's dialog for functions lists them."""

_BY_NAME = {function.name: function for function in FUNCTIONS}


@dataclass(frozen=True, slots=True)
class Excel(Host):
    """Excel, which is asked through COM for what it does not hand over."""

    def workbook_folder(self) -> str | None:
        """The folder of the workbook with the formula; None in the cloud and before it is saved."""
        try:
            folder = str(xw.Book.caller().api.Path or "")
        except Exception:  # whatever COM says: the folders of the settings are left
            return None
        return folder if folder and "://" not in folder else None

    def date_system(self) -> DateSystem:
        """By the option of the workbook."""
        return "1904" if xw.Book.caller().api.Date1904 else "1900"


EXCEL = Excel(error_numbers=True)


def _udf(run: Callable[..., Grid]) -> Callable[..., Grid]:
    """Tell xlwings of a function: its texts, and that it takes and gives values as they are.

    What xlwings would make of them otherwise takes time, and turns cells with an error into
    empty ones.
    """
    function: Function = _BY_NAME[run.__name__]
    run.__doc__ = function.about
    for argument in function.arguments:
        run = xw.arg(argument.name, "raw", doc=argument.about)(run)
    # Not while the arguments are being typed in, where each key would be a call.
    told: Callable[..., Grid] = xw.func(category=CATEGORY, call_in_wizard=False)(xw.ret("raw")(run))
    return told


# The names of the functions and of their arguments are what Excel shows.


@_udf
def LEADSCORE(
    model: Any,
    headers: Any,
    rows: Any = None,
    events: Any = None,
    lists: Any = None,
    as_of: Any = None,
) -> Grid:
    return _BY_NAME["LEADSCORE"].run(model, headers, rows, events, lists, as_of, host=EXCEL)


@_udf
def LEADSCORE_LABEL(
    model: Any,
    headers: Any,
    rows: Any = None,
    events: Any = None,
    lists: Any = None,
    as_of: Any = None,
) -> Grid:
    return _BY_NAME["LEADSCORE_LABEL"].run(model, headers, rows, events, lists, as_of, host=EXCEL)


@_udf
def LEADSCORE_TABLE(
    model: Any,
    headers: Any,
    rows: Any = None,
    events: Any = None,
    lists: Any = None,
    as_of: Any = None,
) -> Grid:
    return _BY_NAME["LEADSCORE_TABLE"].run(model, headers, rows, events, lists, as_of, host=EXCEL)


@_udf
def LEADSCORE_EXPLAIN(
    model: Any,
    headers: Any,
    rows: Any = None,
    events: Any = None,
    lists: Any = None,
    as_of: Any = None,
) -> Grid:
    return _BY_NAME["LEADSCORE_EXPLAIN"].run(model, headers, rows, events, lists, as_of, host=EXCEL)


@_udf
def LEADSCORE_CHECK(model: Any, headers: Any = None, events: Any = None) -> Grid:
    return _BY_NAME["LEADSCORE_CHECK"].run(model, headers, events, host=EXCEL)
