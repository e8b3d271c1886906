"""Values of data as literals of the language: what is read back is the same to every rule.

A text is compared trimmed and folded, and can be read as a number, a date or yes and no; so a
literal stands for a value where its text is the same. Where a shorter kind of literal (`120` for
the text "120") does not say exactly that, the value is written as a text, which always does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from leadscore.plan import terms as t
from leadscore.syntax.grammar import keywords
from leadscore.targets.python.runtime import in_zone
from leadscore.values.dates import date_of, iso, pattern_reader, seconds_of
from leadscore.values.text import fold, text_of, trim

_BARE = re.compile(r"[^\W\d]\w*").fullmatch
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2})?").fullmatch
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?").fullmatch
_LONGEST_NUMBER = 40
"""Digits of a number that is written as one; 1e300 is not."""
_BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"


@dataclass(frozen=True, slots=True)
class Clock:
    """How instants are written in a test, whose times are UTC: as the clock of `shown` shows them.

    `data` is the zone of times without an offset in the data.
    """

    data: tzinfo
    shown: tzinfo

    @property
    def local(self) -> Callable[[int], datetime]:
        """From a second to what the clock shows."""
        return in_zone(self.shown)


def quoted(text: str) -> str:
    """A text in quotes. What cannot stand in one (see `cleaned`) must be out of it."""
    return '"' + text.replace('"', '""') + '"'


def cleaned(text: str) -> str:
    """`text` without what cannot stand in a text of one line, or in a file at all.

    A line break becomes a blank; other control characters, and halves of surrogate pairs, become
    U+FFFD.
    """
    if text.isprintable():
        return text
    return "".join(
        " "
        if char in _BREAKS
        else "\ufffd"
        if char != "\t" and unicodedata.category(char) in ("Cc", "Cs")
        else char
        for char in text
    )


def name_of(name: str) -> str:
    """A name, in brackets where it needs them."""
    if _BARE(name) and name not in keywords():
        return name
    return "[" + name.replace("]", "]]") + "]"


def moment(instant: datetime) -> str:
    """A date with its time; the seconds only where there are some."""
    short = instant.second == 0
    return instant.replace(tzinfo=None).isoformat(timespec="minutes" if short else "seconds")


def day_or_moment(instant: datetime) -> str:
    """A date, with its time unless that is 00:00: as `as of` and `on` take it."""
    text = moment(instant)
    return text.removesuffix("T00:00")


def literal(value: Any, spec: t.PropertySpec | None, clock: Clock) -> str:
    """The literal of a value of `values.text.normal` that is not None.

    `spec` is of the property that it is of; None for an attribute of an event. Texts are not yet
    `cleaned`.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return _timed(clock.local(seconds_of(value, clock.data)))
    if isinstance(value, date):
        return value.isoformat()
    text = trim(text_of(value) or "")
    if isinstance(value, (int, float)):
        return _number(text) or quoted(text)
    return _of_text(text, spec, clock)


def _timed(instant: datetime) -> str:
    """A date-time, whose text has the seconds as the language's text of it does."""
    return instant.isoformat(timespec="seconds")


def _number(text: str) -> str | None:
    """The number whose text is `text`; None where no number is, or it is very long."""
    if _DECIMAL(text) is None:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if abs(number.adjusted()) > _LONGEST_NUMBER:
        return None
    written = f"{number:f}"
    read: int | float = float(number)
    if number == number.to_integral_value():
        read = int(number)
    return written if len(written) <= _LONGEST_NUMBER and text_of(read) == text else None


def _of_text(text: str, spec: t.PropertySpec | None, clock: Clock) -> str:
    kind = spec.kind if spec is not None else None
    pattern = spec.pattern if spec is not None else None
    if kind in ("number", None) and (number := _number(text)) is not None:
        return number
    if kind == "boolean" and fold(text) in ("true", "false"):
        return "yes" if fold(text) == "true" else "no"
    if kind in ("date", None):
        written = _date(text, kind, pattern, clock)
        if written is not None:
            return written
    return quoted(text)


def _date(text: str, kind: str | None, pattern: str | None, clock: Clock) -> str | None:
    """The date that a text stands for, where it is one to every rule; None: a text says it."""
    read = iso(text)
    apart = read is not None and read.tzinfo is not None and clock.shown is not UTC
    if clock.data == clock.shown and not apart:  # the clock shows what the data says
        return text if read is not None and pattern is None and _DATE(text) else None
    if kind is None and (read is None or len(text) == 10):
        return None
    reader = pattern_reader(pattern) if pattern is not None else None
    second = date_of(text, clock.data, reader)
    return None if second is None else day_or_moment(clock.local(second))
