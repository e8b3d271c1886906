"""What differs between spreadsheet programs, for one call."""

from __future__ import annotations

from dataclasses import dataclass

from leadscore_excel.serials import DateSystem


@dataclass(frozen=True, slots=True)
class Host:
    """A spreadsheet program that gives lists of lists, and knows nothing of the workbook.

    Adapters override the methods, which are called only where a call needs to know, since asking
    a program about its workbook can cost more than scoring a row.
    """

    error_numbers: bool = False
    """Whether cells with an error arrive as whole numbers such as -2146826246: Excel through COM,
    where real numbers never are whole ones."""

    def workbook_folder(self) -> str | None:
        """The folder of the workbook that calls, where it is one of this machine."""
        return None

    def date_system(self) -> DateSystem:
        """How the workbook counts days."""
        return "1900"
