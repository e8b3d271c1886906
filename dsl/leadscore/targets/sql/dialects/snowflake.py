"""Snowflake, written from its documentation alone; not run here.

Snowflake has one type of integers, of 38 digits. What its documentation does not say, and could be
otherwise, is: that a text is read as the nearest double; that ranges of characters in an expression
are those of Unicode; and that the lower case of texts is that of Unicode, letter by letter.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from typing import ClassVar

from leadscore.targets.sql.dialect import ColumnKind, Dialect, Period, Unsayable
from leadscore.targets.sql.dialects.products import ordinary
from leadscore.values.number import FALSE_WORDS, TRUE_WORDS
from leadscore.values.text import WHITE_SPACE
from leadscore.values.units import UNIT

_NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
_EXACT = 2**53
"""Every whole number up to it, either way, is a double."""
_INTEGER = "NUMBER(38, 0)"
_EPOCH = "'1970-01-01 00:00:00'::TIMESTAMP_NTZ"
_DAYS = 719162 + 146097
"""Days from 400 years before 0001-01-01, a Monday, to 1970."""
_BEFORE = _DAYS * 86400
"""No local time is before it, so that nothing below 0 is divided."""
_PERIOD_SECONDS: dict[Period, int] = {"hour": 3600, "day": 86400, "week": 7 * 86400}


class Snowflake(Dialect):
    """Snowflake. Its text of a FLOAT has not all digits, and nothing else is documented to."""

    name: ClassVar[str] = "snowflake"
    title: ClassVar[str] = "Snowflake"
    ran: ClassVar[bool] = False

    def string(self, text: str) -> str:
        """See `Dialect.string`; a literal has backslash escapes."""
        escaped = text.replace("\\", "\\\\").replace("'", "''")
        return "'" + "".join(c if c.isprintable() else _by_number(c) for c in escaped) + "'"

    def double(self, value: float) -> str:
        """See `Dialect.double`; `1.5` by itself is a decimal number."""
        return f"'{value!r}'::FLOAT"

    def as_text(self, x: str) -> str:
        """See `Dialect.as_text`."""
        return f"TO_VARCHAR({x})"

    def trim(self, x: str) -> str:
        """See `Dialect.trim`."""
        return f"NULLIF(TRIM({x}, {self.string(WHITE_SPACE)}), '')"

    def lower(self, x: str) -> str:
        """See `Dialect.lower`."""
        return f"LOWER(TRANSLATE({x}, 'İΣ', 'iσ'))"

    def words(self, folded: str) -> str:
        """See `Dialect.words`; `[[:alnum:]]` is of ASCII, and there is no class of letters."""
        spaced = f"' ' || {folded} || ' '"
        words = f"REGEXP_REPLACE({spaced}, {self.string(f'[^{_letters_and_digits()}]+')}, ' ')"
        return f"COALESCE(NULLIF({words}, ' '), LEFT({folded}, 0))"

    def contains(self, x: str, part: str) -> str:
        """See `Dialect.contains`."""
        return f"CONTAINS({x}, {self.string(part)})" if part else _known(x)

    def starts(self, x: str, part: str) -> str:
        """See `Dialect.starts`."""
        return f"STARTSWITH({x}, {self.string(part)})" if part else _known(x)

    def ends(self, x: str, part: str) -> str:
        """See `Dialect.ends`."""
        return f"ENDSWITH({x}, {self.string(part)})" if part else _known(x)

    def matches(self, x: str, pattern: str) -> str:
        """See `Dialect.matches`; the wildcards of LIKE take line breaks too."""
        like = "".join({"*": "%", "?": "_"}.get(c, f"!{c}" if c in "!%_" else c) for c in pattern)
        return f"({x} LIKE {self.string(like)} ESCAPE '!')"

    def text_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect.text_of`; raises `Unsayable` for a double."""
        match kind:
            case "text":
                return x
            case "double":
                raise Unsayable(
                    "Snowflake does not say how to write all digits of a FLOAT, so that such a "
                    "column cannot be read as text; compare it as a number, or make it a NUMBER "
                    "or VARCHAR first."
                )
            case "date":
                return f"TO_VARCHAR({x}, 'YYYY-MM-DD')"
            case "timestamp":
                return f"""TO_VARCHAR({x}, 'YYYY-MM-DD"T"HH24:MI:SS')"""
            case "instant":
                return self.text_of(_in_utc(x), "timestamp")
            case "integer" | "boolean":
                return f"TO_VARCHAR({x})"

    def number_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect.number_of`. The conversion also reads `inf` and `nan`; NaN equals itself."""
        match kind:
            case "text":
                return (
                    f"CASE WHEN {self.fits(x, _NUMBER)} THEN {_finite(f'TRY_TO_DOUBLE({x})')} END"
                )
            case "integer":
                return f"CAST({x} AS FLOAT)"
            case "double":
                return f"NULLIF({_finite(x)}, 'nan'::FLOAT)"
            case "boolean" | "date" | "timestamp" | "instant":
                return "CAST(NULL AS FLOAT)"

    def boolean_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect.boolean_of`."""
        match kind:
            case "text":
                yes, no = (
                    ", ".join(map(self.string, sorted(words)))
                    for words in (TRUE_WORDS, FALSE_WORDS)
                )
                return f"CASE WHEN {x} IN ({yes}) THEN TRUE WHEN {x} IN ({no}) THEN FALSE END"
            case "integer" | "double":
                return f"CASE WHEN {x} = 1 THEN TRUE WHEN {x} = 0 THEN FALSE END"
            case "boolean":
                return x
            case "date" | "timestamp" | "instant":
                return "CAST(NULL AS BOOLEAN)"

    def local_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect.local_of`; a difference counts the seconds that begin in between."""
        if kind == "date":
            return f"(DATEDIFF('day', '1970-01-01'::DATE, {x}) * 86400)"
        return f"DATEDIFF('second', {_EPOCH}, {x})"

    def second_of(self, x: str) -> str:
        """See `Dialect.second_of`."""
        return self.local_of(_in_utc(x), "timestamp")

    def civil(self, year: str, month: str, day: str, hour: str, minute: str, second: str) -> str:
        """See `Dialect.civil`; of 30 February DATE_FROM_PARTS makes 1 or 2 March."""
        date = f"DATE_FROM_PARTS({year}, {month}, {day})"
        return (
            f"CASE WHEN {year} BETWEEN 1 AND 9999 AND {month} BETWEEN 1 AND 12 "
            f"AND {day} BETWEEN 1 AND 31 AND DAYOFMONTH({date}) = {day} "
            f"AND {hour} <= 23 AND {minute} <= 59 AND {second} <= 59 "
            f"THEN {self.local_of(date, 'date')} + {hour} * 3600 + {minute} * 60 + {second} END"
        )

    def part(self, x: str, start: int, length: int) -> str:
        """See `Dialect.part`."""
        return f"SUBSTR({x}, {start}, {length})"

    def integer(self, x: str) -> str:
        """See `Dialect.integer`."""
        return f"TRY_TO_NUMBER({x})"

    def fits(self, x: str, regex: str) -> str:
        """See `Dialect.fits`; REGEXP_LIKE is about the whole of a text by itself."""
        return f"REGEXP_LIKE({x}, {self.string(_posix(regex)[0])})"

    def found(self, x: str, regex: str) -> str:
        """See `Dialect.found`."""
        posix, group = _posix(regex)
        return f"REGEXP_SUBSTR({x}, {self.string(f'^({posix})$')}, 1, 1, 'e', {group + 1})"

    def divide(self, a: str, b: str) -> str:
        """See `Dialect.divide`.

        `/` rounds to six decimals, so what is left over goes first; the quotient, with those six,
        has to be of at most 38 digits.
        """
        return f"CAST((({a}) - MOD({a}, {b})) / ({b}) AS {_INTEGER})"

    def scale(self, factor: float, x: str) -> str:
        """See `Dialect.scale`; it is not documented what a product past the doubles gives."""
        product = f"{self.double(factor)} * {x}"
        if abs(factor) <= 1:
            return f"({product})"
        _, highest = ordinary(factor)
        up, down = _infinity(factor), _infinity(-factor)
        return (
            f"CASE WHEN ABS({x}) <= {self.double(highest)} THEN {product} "
            f"WHEN {x} > 0 THEN {up} WHEN {x} < 0 THEN {down} END"
        )

    def wide(self, x: str) -> str:
        """See `Dialect.wide`."""
        return f"CAST({x} AS {_INTEGER})"

    def floor(self, x: str) -> str:
        """See `Dialect.floor`."""
        below = f"ABS({x}) < {self.double(2.0**63)}"
        return f"CASE WHEN {below} THEN CAST(FLOOR({x}) AS {_INTEGER}) END"

    def narrow(self, x: str) -> str:
        """See `Dialect.narrow`; there is but one type."""
        return self.wide(x)

    def points(self, units: str) -> str:
        """See `Dialect.points`."""
        # A quotient of two exact doubles is the nearest; past 2^53 the digits are read instead.
        return (
            f"CASE WHEN {units} BETWEEN -{_EXACT} AND {_EXACT} "
            f"THEN CAST({units} AS FLOAT) / {self.double(float(UNIT))} "
            f"ELSE TO_DOUBLE(TO_VARCHAR({units}) || 'e-7') END"
        )

    def decimal_text(self, units: str) -> str:
        """See `Dialect.decimal_text`."""
        sign = f"IFF({units} < 0, '-', '')"
        whole = f"TO_VARCHAR({self.divide(f'ABS({units})', str(UNIT))})"
        rest = f"LPAD(TO_VARCHAR(MOD(ABS({units}), {UNIT})), 7, '0')"
        return f"RTRIM(RTRIM({sign} || {whole} || '.' || {rest}, '0'), '.')"

    def now(self) -> str:
        """See `Dialect.now`."""
        return self.second_of("CURRENT_TIMESTAMP()")

    def period(self, local: str, period: Period) -> str:
        """See `Dialect.period`."""
        since = f"({local} + {_BEFORE})"
        if seconds := _PERIOD_SECONDS.get(period):
            return self.divide(since, str(seconds))
        date = f"DATEADD('day', {self.divide(since, '86400')} - {_DAYS}, '1970-01-01'::DATE)"
        match period:
            case "month":
                return f"(YEAR({date}) * 12 + MONTH({date}))"
            case "quarter":
                return f"(YEAR({date}) * 4 + QUARTER({date}))"
            case _:  # the year
                return f"YEAR({date})"

    def count_if(self, condition: str) -> str:
        """See `Dialect.count_if`."""
        return f"COUNT_IF({condition})"

    def max_if(self, x: str, condition: str) -> str:
        """See `Dialect.max_if`."""
        return f"MAX(IFF({condition}, {x}, NULL))"

    def min_if(self, x: str, condition: str) -> str:
        """See `Dialect.min_if`."""
        return f"MIN(IFF({condition}, {x}, NULL))"

    def distinct_if(self, x: str, condition: str) -> str:
        """See `Dialect.distinct_if`."""
        return f"COUNT(DISTINCT IFF({condition}, {x}, NULL))"

    def sum_if(self, x: str, condition: str) -> str:
        """See `Dialect.sum_if`."""
        return f"COALESCE(SUM(IFF({condition}, {x}, NULL)), 0)"

    def wide_sum_if(self, x: str, condition: str) -> str:
        """See `Dialect.wide_sum_if`."""
        return self.sum_if(x, condition)

    def both(self, a: str, b: str) -> str:
        """See `Dialect.both`."""
        return f"BITAND({a}, {b})"

    def bits(self, x: str, start: int, many: int) -> str:
        """See `Dialect.bits`."""
        return f"BITAND(BITSHIFTRIGHT({x}, {start}), {2**many - 1})"


def _by_number(character: str) -> str:
    # What cannot be seen is written so only where there is an escape: up to U+FFFF.
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else character


def _known(x: str) -> str:
    """What is true of every text; of an empty one the documentation says nothing."""
    return f"CASE WHEN {x} IS NOT NULL THEN TRUE END"


def _infinity(sign: float) -> str:
    return f"'{'-' if sign < 0 else ''}inf'::FLOAT"


def _finite(double: str) -> str:
    return f"NULLIF(NULLIF({double}, {_infinity(1)}), {_infinity(-1)})"


def _in_utc(x: str) -> str:
    return f"CAST(CONVERT_TIMEZONE('UTC', {x}) AS TIMESTAMP_NTZ)"


def _posix(regex: str) -> tuple[str, int]:
    """`regex` without groups that do not capture, which are not documented to exist.

    And the number of the one group that did capture, from 1; 0 where none did.
    """
    out: list[str] = []
    groups = capturing = 0
    at, in_class = 0, False
    while at < len(regex):
        step = 2 if regex[at] == "\\" else 1
        piece = regex[at : at + step]
        if in_class:
            in_class = piece != "]"
        elif piece == "[":
            in_class = True
        elif piece == "(":
            groups += 1
            if regex.startswith("(?:", at):
                step = 3
            else:
                capturing = groups
        out.append(piece)
        at += step
    return "".join(out), capturing


@cache
def _letters_and_digits() -> str:
    """All letters and digits, as ranges of an expression; those that this Python knows."""
    ranges: list[list[int]] = []
    for point in range(sys.maxunicode + 1):
        if unicodedata.category(chr(point))[0] in "LN":
            if ranges and ranges[-1][1] == point - 1:
                ranges[-1][1] = point
            else:
                ranges.append([point, point])
    return "".join(chr(low) if low == high else f"{chr(low)}-{chr(high)}" for low, high in ranges)
