"""The seven types that values travel in, and how others become one of them, in SQL.

Values travel untyped: text stays text, a typed cell stays typed, and reading either as a number
or a date is the language's. But engines must agree on what a column holds, so whatever a file or
a frame has becomes one of seven: text, whole number (64 bits), double, boolean, date, time stamp
(without zone) and instant (UTC).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from leadscore.values.text import WHITE_SPACE

TEXT = "VARCHAR"
INTEGER = "BIGINT"
DOUBLE = "DOUBLE"
BOOLEAN = "BOOLEAN"
DATE = "DATE"
TIMESTAMP = "TIMESTAMP"
INSTANT = "TIMESTAMP WITH TIME ZONE"

_SMALL_INTEGERS = frozenset(
    ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
)
_BIG_INTEGERS = frozenset(("UBIGINT", "HUGEINT", "UHUGEINT", "BIGNUM"))
_SAME = frozenset((TEXT, INTEGER, DOUBLE, BOOLEAN))
_STAMPS = frozenset((TIMESTAMP, "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"))
_INSTANTS = frozenset((INSTANT, "TIMESTAMP_TZ", "TIMESTAMPTZ", "TIMESTAMPTZ_NS"))
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_NESTED = re.compile(r"(?:STRUCT|MAP|UNION)\(.*|.*\]", re.DOTALL)
"""Matched against the whole: the labels of an ENUM, which stand in its type, may say anything."""
_DOUBLE_DIGITS = 15
"""Every decimal of so many digits survives in a double."""


def plain(expression: str, given: str) -> tuple[str, str]:
    """An SQL expression of the DuckDB type `given`, as one of the seven; and which one.

    Decimals of more digits than a double keeps, and whole numbers past 64 bits, become text with
    all their digits, which the language reads as the same number. Lists and records become JSON
    text. A date before year 1 or after year 9999 is NULL; `odd_dates` finds it.
    """
    if given in _SAME:
        return expression, given
    if given in _SMALL_INTEGERS:
        return f"CAST({expression} AS {INTEGER})", INTEGER
    if given in _BIG_INTEGERS:
        return f"CAST({expression} AS {TEXT})", TEXT
    if given == "FLOAT":
        return f"CAST({expression} AS {DOUBLE})", DOUBLE
    if decimal := _DECIMAL.fullmatch(given):
        return _plain_decimal(expression, int(decimal[1]), int(decimal[2]))
    if given == DATE:
        return _dated(expression, DATE), DATE
    if given in _STAMPS:
        return _dated(f"TRY_CAST({expression} AS {TIMESTAMP})", TIMESTAMP), TIMESTAMP
    if given in _INSTANTS or given.startswith(INSTANT):
        return _dated(f"TRY_CAST({expression} AS {INSTANT})", INSTANT), INSTANT
    if _NESTED.fullmatch(given):
        return f"CAST(to_json({expression}) AS {TEXT})", TEXT
    return f"CAST({expression} AS {TEXT})", TEXT


def has_places(given: str) -> bool:
    """Whether a type of DuckDB is of decimals with digits after the point."""
    decimal = _DECIMAL.fullmatch(given)
    return decimal is not None and int(decimal[2]) > 0


@dataclass(frozen=True, slots=True)
class OddDates:
    """How to look for the dates of a column that no calendar has, all in SQL."""

    where: str
    """True of rows with such a date; where DuckDB has statistics, it answers without reading."""
    text: str
    """The text of such a date; NULL for all others."""
    none: str
    """The column's expression for where there are none, without the look at each value."""


def odd_dates(expression: str, given: str) -> OddDates | None:
    """How to find dates before year 1, after 9999 or infinite, which `plain` turns into NULL.

    None where the DuckDB type `given` has no such dates.
    """
    converted, kind = plain(expression, given)
    if kind not in (DATE, TIMESTAMP, INSTANT):
        return None
    lost = f"{converted} IS NULL AND {expression} IS NOT NULL"
    where = (
        f"{expression} < {_first(kind)} OR {expression} >= {_past_last(kind)}"
        if given == kind
        else lost
    )
    # Not the text of the value as it is: of seconds that no time stamp holds, DuckDB has none.
    text = f"CAST(TRY_CAST({expression} AS {kind}) AS {TEXT})"
    return OddDates(
        where,
        f"CASE WHEN {lost} THEN coalesce({text}, 'far past year 9999') END",
        expression if given == kind else f"CAST({expression} AS {kind})",
    )


def common(kinds: Iterable[str]) -> str:
    """The type that holds the values of columns of these types without changing them."""
    found = set(kinds)
    if len(found) == 1:
        return found.pop()
    if found == {DATE, TIMESTAMP}:
        return TIMESTAMP
    return TEXT


def converted(expression: str, kind: str, wanted: str) -> str:
    """An SQL expression of one of the seven types as another, to which `common` led."""
    if kind == wanted:
        return expression
    if wanted == TEXT:
        return as_text(expression, kind)
    return f"CAST({expression} AS {wanted})"


def as_text(expression: str, kind: str) -> str:
    """SQL for the text of a value, as the language writes it ("Types", Text).

    A number's is the shortest that reads back, without a point where it is whole; a boolean's
    ``true`` or ``false``; a date's ISO 8601 to the second, with ``+00:00`` after an instant's,
    which could not be told from a local time without it.
    """
    text = f"CAST({expression} AS {TEXT})"
    if kind == TEXT:
        return expression
    if kind == DOUBLE:
        return (
            f"CASE WHEN {expression} = trunc({expression}) AND abs({expression}) < 1e16 "
            # TRY: DuckDB may convert a whole dictionary, whatever rows the case is for.
            f"THEN CAST(TRY_CAST({expression} AS {INTEGER}) AS {TEXT}) ELSE {text} END"
        )
    if kind == TIMESTAMP:
        return _to_the_second(text)
    if kind == INSTANT:  # the connection's zone is UTC
        return f"{_to_the_second(text)} || '+00:00'"
    return text


def only_numbers(column: str) -> str:
    """SQL over a text column: whether all of it that is not blank is plain numbers.

    Such as a cell of a spreadsheet holds without changing one: no leading zero or plus, no minus
    before zero, at most fifteen digits. NULL where all of it is blank.
    """
    return (
        f"bool_and(regexp_full_match({column}, '-?(0|[1-9][0-9]*)([.][0-9]+)?') "
        f"AND NOT regexp_full_match({column}, '-0([.]0+)?') "
        f"AND length(translate({column}, '-.', '')) <= 15) "
        f"FILTER (trim({column}, '{WHITE_SPACE}') <> '')"
    )


def as_id(expression: str, kind: str) -> str:
    """SQL for an id: text, trimmed, with its case; NULL where there is none."""
    text = as_text(expression, kind)
    # Trimming by a set of characters costs ten times this look at both ends, and nearly no id
    # needs it.
    return (
        f"CASE WHEN {text} BETWEEN '!' AND '~~' AND right({text}, 1) BETWEEN '!' AND '~' "
        f"THEN {text} ELSE nullif(trim({text}, '{WHITE_SPACE}'), '') END"
    )


def _plain_decimal(expression: str, digits: int, places: int) -> tuple[str, str]:
    if places == 0 and digits <= 18:
        return f"CAST({expression} AS {INTEGER})", INTEGER
    if digits <= _DOUBLE_DIGITS:
        # Through text, which is read to the nearest double; a division might miss it.
        return f"CAST(CAST({expression} AS {TEXT}) AS {DOUBLE})", DOUBLE
    text = f"CAST({expression} AS {TEXT})"
    return (text if places == 0 else f"rtrim(rtrim({text}, '0'), '.')"), TEXT


def _to_the_second(text: str) -> str:
    # Of the years 1 to 9999, the only ones here, the text always begins so.
    return f"replace(left({text}, {len('0001-01-01 00:00:00')}), ' ', 'T')"


def _dated(expression: str, kind: str) -> str:
    # What Python's own types hold: values are handed out as those, instants in UTC.
    return (
        f"CASE WHEN isfinite({expression}) AND {expression} >= {_first(kind)} "
        f"AND {expression} < {_past_last(kind)} THEN {expression} END"
    )


def _first(kind: str) -> str:
    return f"CAST('0001-01-01' AS {kind})"


def _past_last(kind: str) -> str:
    return f"CAST('10000-01-01' AS {kind})"
