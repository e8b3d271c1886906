"""A spreadsheet's dates: numbers of days, with the time of day as their fraction."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

DateSystem = Literal["1900", "1904", "calc"]
"""What day 1 is. `1900`: Excel's, with a 29 February 1900 that never was; `1904`: Excel's other
one, an option of the workbook; `calc`: LibreOffice's, as `1900` from March 1900 on."""

_EPOCHS = {
    "1900": datetime(1899, 12, 30),
    "1904": datetime(1904, 1, 1),
    "calc": datetime(1899, 12, 30),
}
_NEVER = 60
"""The day of Excel's 1900 system that no calendar has."""
_FIRST = 1.0
"""Smaller numbers are a time of day, a blank that became 0, or no date at all."""
_MILLISECONDS = 86_400_000


def date_of_serial(number: float, system: DateSystem) -> date | datetime | None:
    """The local date of a serial number, with its time of day where it has one.

    To the millisecond, as spreadsheets show it, since the fraction of 10:30 is not exact. None
    where the number is none of a date: a time of day alone, a day that never was, past 9999.
    """
    if not _FIRST <= number < 2_958_466:  # also of NaN
        return None
    day = int(number)
    shift = 0
    if system == "1900":
        if day == _NEVER:
            return None
        shift = 1 if day < _NEVER else 0
    milliseconds = round((number - day) * _MILLISECONDS)
    try:
        moment = _EPOCHS[system] + timedelta(days=day + shift, milliseconds=milliseconds)
    except OverflowError:
        return None
    return moment if milliseconds else moment.date()
