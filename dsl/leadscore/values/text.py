"""Text: trimming, folding, the text of a typed value, words and wildcards."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

# The characters with the Unicode property White_Space. Python's own str.strip() also takes
# U+001C to U+001F, which other engines do not.
WHITE_SPACE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)

_WORD = re.compile(r"[^\W_]+")


def trim(text: str) -> str:
    """`text` without the Unicode white space around it."""
    return text.strip(WHITE_SPACE)


def lower(text: str) -> str:
    """`text` in lower case letter by letter: no context, and one letter for one.

    ``str.lower`` differs in two letters: it makes two characters of U+0130, and it looks at the
    neighbours of a capital sigma.
    """
    if not text.isascii():
        text = text.replace("\u0130", "i").replace("\u03a3", "\u03c3")
    return text.lower()


def fold(text: str) -> str:
    """The form in which texts are compared: trimmed and in lower case."""
    return lower(text.strip(WHITE_SPACE))


def normal(value: Any) -> Any:
    """`value` as None, str, bool, int, float, date or datetime.

    None stands for a missing value of any library (NaN, NaT, NA, null) and for blank text.
    Decimals become numbers; scalars of array libraries become Python's.
    """
    kind = type(value)
    if kind is str:
        return value if value.strip(WHITE_SPACE) else None
    if kind is int or kind is bool or value is None:
        return value
    if kind is float:
        return value if value == value else None
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None
        number = float(value)
        # Whole ones that 64 bits hold are whole numbers, as readers of tables have them.
        return int(value) if abs(value) < 10**18 and value == int(value) else number
    try:
        if value != value:
            return None
    except (TypeError, ValueError):
        return None  # pandas.NA has no truth value
    if isinstance(value, (str, bool, int, float)):
        base = next(t for t in (str, bool, int, float) if isinstance(value, t))
        return normal(base(value))
    if isinstance(value, (date, datetime)):
        return value
    if kind.__name__ == "datetime64":  # of numpy; finer units than Python's come as integers
        value = value.astype("datetime64[us]")
    item = getattr(value, "item", None)
    if callable(item):
        plain = item()
        if type(plain) is not kind:
            return normal(plain)
    return normal(str(value))


def text_of(value: Any) -> str | None:
    """The text of a value of :func:`normal`, trimmed; None where there is none.

    A number's text is the shortest that reads back (an integral one has no point), a boolean's
    ``true`` or ``false``, a date's ISO 8601 to the second (one with an offset in UTC).
    """
    kind = type(value)
    if kind is str:
        return value.strip(WHITE_SPACE) or None
    if value is None:
        return None
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        try:
            return str(value)
        except ValueError:  # past Python's bound on digits, and past any double
            return None
    if kind is float:
        if value != value or value in (float("inf"), float("-inf")):
            return None
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime):
        return _in_utc(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return text_of(normal(value))


def _in_utc(moment: datetime) -> datetime:
    """`moment` without an offset: in UTC where it had one."""
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:  # it leads out of the years 1 to 9999
        return moment.replace(tzinfo=None)


def words(text: str) -> str:
    """The words of folded `text`, each with one space before it and one after the last.

    A word is a run of letters and digits. ``words(a) in words(b)`` says whether `b` holds the
    words of `a` in a row.
    """
    found = _WORD.findall(text)
    return f" {' '.join(found)} " if found else ""


def wildcard(pattern: str) -> Callable[[str], bool]:
    """A test of folded text against folded `pattern`: ``*`` any run, ``?`` any one character.

    The time is linear in the text for each part between stars; nothing backtracks.
    """
    parts = pattern.split("*")
    if len(parts) == 1:
        whole = _fixed(pattern)
        return lambda text: len(text) == len(pattern) and whole(text, 0) is not None
    first, *middle, last = parts
    head, tail = _fixed(first), _fixed(last)
    inner = [(_search(part), len(part)) for part in middle if part]
    shortest = sum(len(part) for part in parts)

    def matches(text: str) -> bool:
        if len(text) < shortest or head(text, 0) is None:
            return False
        end = len(text) - len(last)
        if tail(text, end) is None:
            return False
        at = len(first)
        for search, size in inner:
            at = search(text, at)
            if at < 0 or at + size > end:
                return False
            at += size
        return at <= end

    return matches


def _fixed(part: str) -> Callable[[str, int], object]:
    """A test whether the part, of fixed length, stands at a place."""
    if "?" not in part:
        return lambda text, at: True if text.startswith(part, at) else None
    return re.compile(re.escape(part).replace(r"\?", "."), re.DOTALL).match


def _search(part: str) -> Callable[[str, int], int]:
    """The first place at or after another where the part, of fixed length, stands; else -1."""
    if "?" not in part:
        return lambda text, at: text.find(part, at)
    search = re.compile(re.escape(part).replace(r"\?", "."), re.DOTALL).search

    def find(text: str, at: int) -> int:
        found = search(text, at)
        return -1 if found is None else found.start()

    return find
