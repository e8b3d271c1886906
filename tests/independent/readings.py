"""How the contract reads a value, once more: plainly, and without any code of the package.

Numbers are Python floats where the contract says "as doubles", instants are aware datetimes in UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

BLANKS = {chr(c) for c in (*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B))}
BLANKS |= {chr(c) for c in (0x2028, 0x2029, 0x202F, 0x205F, 0x3000)}


def trimmed(text: str) -> str:
    while text and text[0] in BLANKS:
        text = text[1:]
    while text and text[-1] in BLANKS:
        text = text[:-1]
    return text


def key(text: str) -> str:
    """The form in which names and texts are compared: one letter for one, without context."""
    return "".join(letter.lower()[0] for letter in trimmed(text))


def missing(value: Any) -> bool:
    if isinstance(value, float | Decimal):
        return value != value
    return value is None or (isinstance(value, str) and not trimmed(value))


def as_text(value: Any) -> str | None:
    """The text of a value as it stands, trimmed."""
    if missing(value):
        return None
    if isinstance(value, str):
        return trimmed(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return as_text(float(value))
    if isinstance(value, float):
        if value in (float("inf"), float("-inf")):
            return None
        # An integral number has no point; past 16 digits the shortest text is an exponent.
        return str(int(value)) if value == int(value) and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    assert isinstance(value, date)
    return value.isoformat()


def as_number(value: Any) -> float | None:
    if isinstance(value, bool) or missing(value):
        return None
    if isinstance(value, str):
        text = trimmed(value)
        if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text):
            return None
        number = float(text)
    elif isinstance(value, int | float | Decimal):
        number = float(value)
    else:
        return None
    return None if number in (float("inf"), float("-inf")) else number


def as_boolean(value: Any) -> bool | None:
    text = as_text(value)
    if text is None:
        return None
    if key(text) in ("true", "yes", "y", "t", "1", "on"):
        return True
    if key(text) in ("false", "no", "n", "f", "0", "off"):
        return False
    return None


def in_pattern(text: str, pattern: str) -> datetime | None:
    """A date in a declared pattern, read from left to right."""
    text, pattern = key(text), trimmed(pattern)
    got = {"hour": 0, "minute": 0, "second": 0}
    half = ""

    def digits(most: int, least: int) -> int | None:
        nonlocal text
        size = 0
        while size < most and text[size : size + 1] in tuple("0123456789"):
            size += 1
        if size < least:
            return None
        found, text = text[:size], text[size:]
        return int(found)

    fields = {
        "YYYY": ("year", 4, 4),
        "YY": ("year", 2, 2),
        "MM": ("month", 2, 2),
        "M": ("month", 2, 1),
        "DD": ("day", 2, 2),
        "D": ("day", 2, 1),
        "hh": ("hour", 2, 2),
        "h": ("hour", 2, 1),
        "mm": ("minute", 2, 2),
        "ss": ("second", 2, 2),
    }
    while pattern:
        if pattern.startswith("AM/PM"):
            half, text, pattern = text[:2], text[2:], pattern[5:]
            if half not in ("am", "pm"):
                return None
            continue
        if pattern.startswith("MMM"):
            if text[:3] not in MONTHS:
                return None
            got["month"], text, pattern = MONTHS.index(text[:3]) + 1, text[3:], pattern[3:]
            continue
        token = next((f for f in ("YYYY", *fields) if pattern.startswith(f)), "")
        if token:
            name, most, least = fields[token]
            number = digits(most, least)
            if number is None:
                return None
            got[name] = number + (2000 if token == "YY" else 0)
            pattern = pattern[len(token) :]
        else:
            if text[:1] != pattern[0].lower():
                return None
            text, pattern = text[1:], pattern[1:]
    if text:
        return None
    if half:
        if not 1 <= got["hour"] <= 12:
            return None
        got["hour"] = got["hour"] % 12 + (12 if half == "pm" else 0)
    try:
        return datetime(**got)  # type: ignore[arg-type]  # the names are datetime's
    except ValueError:
        return None


def in_iso(text: str) -> datetime | None:
    found = re.fullmatch(
        r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
        r"([Tt ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?([.,][0-9]+)?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?)?",
        trimmed(text),
    )
    if not found:
        return None
    day, rest, minutes, seconds, fraction, offset, _ = found.groups()
    if fraction and not seconds:
        return None
    try:
        moment = datetime.strptime(
            f"{day} {minutes or '00:00'}{seconds or ':00'}" if rest else f"{day} 00:00:00",
            "%Y-%m-%d %H:%M:%S",
        )
        if offset in ("Z", "z"):
            return moment.replace(tzinfo=UTC)
        if offset:
            off = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:].lstrip(":") or 0))
            return moment.replace(tzinfo=timezone(off if offset[0] == "+" else -off))
        return moment
    except ValueError:
        return None


def as_instant(value: Any, zone: tzinfo, pattern: str | None = None) -> datetime | None:
    """A date as an instant, truncated to the second; without an offset, in `zone`."""
    moment: datetime | None
    if missing(value) or isinstance(value, bool):
        return None
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)
    elif isinstance(value, str):
        moment = in_pattern(value, pattern) if pattern else None
        moment = moment or in_iso(value)
    else:
        moment = in_pattern(as_text(value) or "", pattern) if pattern else None
    if moment is None:
        return None
    moment = moment.replace(microsecond=0)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def words_of(text: str) -> list[str]:
    """The runs of letters and digits."""
    return "".join(c if c.isalnum() else " " for c in key(text)).split()


def holds_words(text: str, looked_for: str) -> bool:
    inside, wanted = words_of(text), words_of(looked_for)
    return any(
        inside[place : place + len(wanted)] == wanted
        for place in range(len(inside) - len(wanted) + 1)
    )


def like(text: str, pattern: str) -> bool:
    """`*` any run, `?` any one character: a table of which prefixes match which."""
    row = [True] + [False] * len(text)
    for sign in pattern:
        before = row
        if sign == "*":
            row = [any(before[: place + 1]) for place in range(len(text) + 1)]
        else:
            row = [False] + [
                before[place] and sign in ("?", text[place]) for place in range(len(text))
            ]
    return row[-1]
