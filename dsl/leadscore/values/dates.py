"""Dates and times, as whole seconds since 1970-01-01T00:00 UTC."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any, NamedTuple

from leadscore.values.text import WHITE_SPACE, fold, text_of

_EPOCH = datetime(1970, 1, 1)

_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?"
    r"(?:([Zz])|([+-])([0-9]{2})(?::?([0-9]{2}))?)?)?"
).fullmatch

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

Reader = Callable[[str], datetime | None]


def zone(name: str) -> tzinfo:
    """The time zone of an IANA name; raises ValueError that says so where there is none."""
    if name.upper() in ("UTC", "Z", "ETC/UTC"):
        return UTC
    from zoneinfo import ZoneInfo  # with what it takes along a millisecond, for nothing in UTC

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(
            f"{name!r} is not a time zone; use a name such as Europe/Berlin or UTC"
        ) from error


def seconds_of(moment: datetime, zone: tzinfo) -> int:
    """The instant of `moment`, to the second (fractions cut off); without an offset, in `zone`.

    A local time that occurs twice is its first occurrence; one that is skipped is read with the
    offset from before the gap.
    """
    zoned = moment.tzinfo
    age = (moment if zoned is None else moment.replace(tzinfo=None)) - _EPOCH
    local = age.days * 86400 + age.seconds
    if zoned is None:
        if zone is UTC:
            return local
        moment = moment.replace(tzinfo=zone, fold=0)
    offset = moment.utcoffset()
    return local if offset is None else local - (offset.days * 86400 + offset.seconds)


def midnight(day: date, zone: tzinfo) -> int:
    """The instant at which `day` begins in `zone`."""
    return seconds_of(datetime(day.year, day.month, day.day), zone)


def end_of_day(day: date, zone: tzinfo) -> int:
    """The first instant after `day` in `zone`."""
    if day == date.max:
        return midnight(day, zone) + 86400
    return midnight(day + timedelta(days=1), zone)


def iso(text: str) -> datetime | None:
    """The date or date-time of trimmed ISO 8601 `text`, fractions of a second cut off."""
    size = len(text)
    try:
        if size >= 10 and text[4] == "-" and text[7] == "-":
            # The forms that almost all data has, by the reader written in C.
            if size == 10:
                return datetime.fromisoformat(text) if text.isascii() else None
            if (
                size == 19
                and text[10] in "T "
                and text[13] == ":"
                and text[16] == ":"
                and text[11:13] != "24"  # which Python takes from 3.14 on
                and text.isascii()
            ):
                return datetime.fromisoformat(text)
        found = _ISO(text)
        if found is None:
            return None
        year, month, day, hour, minute, second, utc, sign, off_hour, off_minute = found.groups()
        offset: tzinfo | None = None
        if utc:
            offset = UTC
        elif sign:
            if int(off_minute or 0) > 59:
                return None
            span = timedelta(hours=int(off_hour), minutes=int(off_minute or 0))
            offset = timezone(span if sign == "+" else -span)
        return datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=offset,
        )
    except ValueError:
        return None


_TOKEN = re.compile(r"YYYY|YY|MMM|MM|M|DD|D|hh|h|mm|ss|AM/PM|.", re.DOTALL)
_FIELDS = {
    "YYYY": ("year", "[0-9]{4}"),
    "YY": ("year", "[0-9]{2}"),
    "MMM": ("month", "|".join(MONTHS)),
    "MM": ("month", "[0-9]{2}"),
    "M": ("month", "[0-9]{1,2}"),
    "DD": ("day", "[0-9]{2}"),
    "D": ("day", "[0-9]{1,2}"),
    "hh": ("hour", "[0-9]{2}"),
    "h": ("hour", "[0-9]{1,2}"),
    "mm": ("minute", "[0-9]{2}"),
    "ss": ("second", "[0-9]{2}"),
    "AM/PM": ("half", "am|pm"),
}


class PatternPart(NamedTuple):
    """A part of a date pattern: a field with the regular expression of its text, or a literal."""

    token: str
    field: str
    """``year``, ``month``, ``day``, ``hour``, ``minute``, ``second``, ``half``; '' of a literal."""
    regex: str
    literal: str
    """The folded text, where it is no field."""


def pattern_parts(pattern: str) -> tuple[PatternPart, ...]:
    """The parts of a declared date pattern, such as ``D.M.YYYY h:mm``; of folded text.

    Raises ValueError with a sentence where the pattern is not one: an unknown letter, a field
    twice, or no year, month and day.
    """
    parts: list[PatternPart] = []
    fields: list[str] = []
    for token in _TOKEN.findall(pattern.strip(WHITE_SPACE)):
        if token in _FIELDS:
            name, expression = _FIELDS[token]
            if name in fields:
                raise ValueError(f"the {name} stands twice in the pattern")
            fields.append(name)
            parts.append(PatternPart(token, name, expression, ""))
        elif token.isalpha() and token not in "TZ":
            raise ValueError(
                f"`{token}` is no part of a date pattern; "
                "use YYYY YY M MM MMM D DD h hh mm ss AM/PM"
            )
        else:
            literal = token if token.isspace() else fold(token)
            parts.append(PatternPart("", "", re.escape(literal), literal))
    lacking = [name for name in ("year", "month", "day") if name not in fields]
    if lacking:
        raise ValueError(f"the pattern has no {lacking[0]}")
    if "half" in fields and "hour" not in fields:
        raise ValueError("the pattern has AM/PM but no hour")
    return tuple(parts)


def pattern_reader(pattern: str) -> Reader:
    """A reader of texts in a declared date pattern; raises as `pattern_parts` does."""
    parts = pattern_parts(pattern)
    fields = [part.field for part in parts if part.field]
    tokens = {part.token for part in parts}
    match = re.compile(
        "".join(f"({part.regex})" if part.field else part.regex for part in parts)
    ).fullmatch
    short_year = "YY" in tokens
    named_month = "MMM" in tokens

    def read(text: str) -> datetime | None:
        found = match(fold(text))
        if found is None:
            return None
        got = dict(zip(fields, found.groups(), strict=True))
        year = int(got["year"]) + (2000 if short_year else 0)
        month = MONTHS.index(got["month"]) + 1 if named_month else int(got["month"])
        hour = int(got.get("hour", 0))
        if "half" in got:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if got["half"] == "pm" else 0)
        try:
            return datetime(
                year,
                month,
                int(got["day"]),
                hour,
                int(got.get("minute", 0)),
                int(got.get("second", 0)),
            )
        except ValueError:
            return None

    return read


def date_of(value: Any, zone: tzinfo, pattern: Reader | None = None) -> int | None:
    """The instant of a value of `text.normal`, in seconds, or None where it is no date.

    A date without a time is its midnight. Texts are tried in the declared `pattern`, then as
    ISO 8601.
    """
    kind = type(value)
    if kind is str:
        trimmed = value.strip(WHITE_SPACE)
        moment = pattern(trimmed) if pattern is not None else None
        if moment is None:
            moment = iso(trimmed)
        return None if moment is None else seconds_of(moment, zone)
    if isinstance(value, datetime):
        return seconds_of(value, zone)
    if isinstance(value, date):
        return midnight(value, zone)
    if pattern is not None and value is not None and not isinstance(value, bool):
        # A column of numbers such as 20260131 with the pattern YYYYMMDD.
        text = text_of(value)
        moment = pattern(text) if text else None
        return None if moment is None else seconds_of(moment, zone)
    return None


def as_of_seconds(value: Any, zone: tzinfo) -> int:
    """The as-of instant of a call: a text, a date or a date-time; None means now.

    Raises ValueError with a sentence where it cannot be read.
    """
    if value is None:
        return int(datetime.now(UTC).timestamp())
    instant = date_of(value, zone)
    if instant is None:
        raise ValueError(
            f"the as-of time {str(value)[:60]!r} is not a date; "
            "write it as 2026-01-31 or 2026-01-31T09:30"
        )
    return instant
