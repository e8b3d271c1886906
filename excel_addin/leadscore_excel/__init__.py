"""Lead scoring in spreadsheets: the five functions, for any program that can call Python.

A grid goes in, a grid comes out; `functions` says what they give. What differs between spreadsheet
programs is a `Host`; one thin module an adapter, such as `xlwings_udfs`, makes one and hands over
what its program gives it. Importing this takes nothing along but the standard library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadscore_excel.functions import FUNCTIONS, check, explain, label, score, table
    from leadscore_excel.grid import CellError
    from leadscore_excel.host import Host

_HOMES = {
    "FUNCTIONS": "functions",
    "CellError": "grid",
    "Host": "host",
    "check": "functions",
    "explain": "functions",
    "label": "functions",
    "score": "functions",
    "table": "functions",
}

__all__ = ["FUNCTIONS", "CellError", "Host", "check", "explain", "label", "score", "table"]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'leadscore_excel' has no attribute {name!r}")
    value = getattr(import_module(f"leadscore_excel.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
