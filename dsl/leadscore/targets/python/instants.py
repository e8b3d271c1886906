"""Instants of ISO 8601 text in UTC, put together of parts that were read before.

Times of events are hardly ever the same twice, but the hours that they lie in are.
"""

from __future__ import annotations

from datetime import UTC
from functools import cache
from typing import NamedTuple

from leadscore.values.dates import date_of, iso, seconds_of

MOST_HOURS = 50_000
"""Hours that are remembered; past it, all are forgotten."""


class _Hours(dict[str, int]):
    """The first second of each hour that was met as ``YYYY-MM-DDThh``, with a T or a space."""

    def __missing__(self, text: str) -> int:
        moment = iso(f"{text}:00:00") if len(text) == 13 and text[10] in "T " else None
        if moment is None:
            raise KeyError(text)
        second = seconds_of(moment, UTC)
        if len(self) >= MOST_HOURS:
            self.clear()
        self[text] = second
        return second


class Clock(NamedTuple):
    """What the second of ``2026-01-31T09:30:00`` is added up from.

    ``hours[text[:13]] + minutes[text[13:]]``; a KeyError where the text has another form, which
    `values.dates.date_of` may know, or none.
    """

    hours: dict[str, int]
    minutes: dict[str, int]


@cache
def utc_clock() -> Clock:
    """For texts whose times are in UTC where they have no offset. Made when first asked for."""
    minutes = {
        f":{minute:02}{second}{offset}": minute * 60 + int(second[1:] or 0)
        for minute in range(60)
        for second in ("", *(f":{second:02}" for second in range(60)))
        for offset in ("", "Z", "+00:00")
    }
    return Clock(_Hours(), minutes)


def in_utc(text: str) -> int | None:
    """The second of trimmed ISO 8601 text, in UTC where it has no offset; None where it is none."""
    hours, minutes = utc_clock()
    try:
        return hours[text[:13]] + minutes[text[13:]]
    except KeyError:
        return date_of(text, UTC)
