"""BigQuery, written from its documentation and the published sources of GoogleSQL; not run here.

Where a comment says what a function does, the sources of GoogleSQL are where that is from. Columns
are taken to be without a collation, as they are unless a table says otherwise.
"""

from __future__ import annotations

from typing import ClassVar

from leadscore.targets.sql.dialect import ColumnKind, Dialect, Period
from leadscore.values.number import FALSE_WORDS, TRUE_WORDS
from leadscore.values.text import WHITE_SPACE
from leadscore.values.units import UNIT

_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_EXACT = 2**53
"""Every whole number up to it, either way, is a double."""
_DAYS = 719162 + 146097
"""Days from 400 years before 0001-01-01, a Monday, to 1970."""
_BEFORE = _DAYS * 86400
"""No local time is before it, so that division, which goes towards zero, rounds down."""
_PERIOD_SECONDS: dict[Period, int] = {"hour": 3600, "day": 86400, "week": 7 * 86400}


class BigQuery(Dialect):
    """GoogleSQL, as BigQuery has it."""

    name: ClassVar[str] = "bigquery"
    title: ClassVar[str] = "BigQuery"
    ran: ClassVar[bool] = False

    def identifier(self, name: str) -> str:
        """See `Dialect.identifier`."""
        return f"`{_escaped(name, '`')}`"

    def string(self, text: str) -> str:
        """See `Dialect.string`; a literal has backslash escapes, and no line breaks."""
        return f"'{_escaped(text, _QUOTE)}'"

    def double(self, value: float) -> str:
        """See `Dialect.double`; a literal with a point or an exponent is one."""
        literal = repr(value)
        return f"({literal})" if literal.startswith("-") else literal

    def as_text(self, x: str) -> str:
        """See `Dialect.as_text`."""
        return f"CAST({x} AS STRING)"

    def trim(self, x: str) -> str:
        """See `Dialect.trim`."""
        return f"NULLIF(TRIM({x}, {self.string(WHITE_SPACE)}), '')"

    def lower(self, x: str) -> str:
        """See `Dialect.lower`; LOWER is ICU's, which looks at the letters around a sigma."""
        return f"LOWER(TRANSLATE({x}, 'İΣ', 'iσ'))"

    def words(self, folded: str) -> str:
        """See `Dialect.words`."""
        cut = self.string(r"[^\pL\pN]+")
        words = f"REGEXP_REPLACE(CONCAT(' ', {folded}, ' '), {cut}, ' ')"
        return f"COALESCE(NULLIF({words}, ' '), LEFT({folded}, 0))"

    def contains(self, x: str, part: str) -> str:
        """See `Dialect.contains`; CONTAINS_SUBSTR would fold and normalize."""
        if not part:
            return f"CASE WHEN {x} IS NOT NULL THEN TRUE END"
        return f"(STRPOS({x}, {self.string(part)}) > 0)"

    def matches(self, x: str, pattern: str) -> str:
        """See `Dialect.matches`; the expressions are RE2's, which never backtracks."""
        regex = "".join({"*": ".*", "?": "."}.get(c, _literal(c)) for c in pattern)
        return f"REGEXP_CONTAINS({x}, {self.string(_whole(regex))})"

    def text_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect.text_of`."""
        match kind:
            case "text":
                return x
            case "double":
                return _double_text(x)
            case "date":
                return f"FORMAT_DATE('%E4Y-%m-%d', {x})"
            case "timestamp":
                return f"FORMAT_DATETIME('%E4Y-%m-%dT%H:%M:%S', {x})"
            case "instant":
                return f"FORMAT_TIMESTAMP('%E4Y-%m-%dT%H:%M:%S', {x}, 'UTC')"
            case "integer" | "boolean":
                return f"CAST({x} AS STRING)"

    def number_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect.number_of`.

        A cast reads more (`.5`, `inf`, hexadecimal digits). It gives infinity for what is too
        large, and 0 for what is too small.
        """
        match kind:
            case "text":
                double = f"NULLIF(SAFE_CAST({x} AS FLOAT64), {_infinity(1)})"
                double = f"NULLIF({double}, {_infinity(-1)})"
                return f"CASE WHEN {self.fits(x, _NUMBER)} THEN {double} END"
            case "integer":
                return f"CAST({x} AS FLOAT64)"
            case "double":
                return f"CASE WHEN NOT IS_NAN({x}) AND NOT IS_INF({x}) THEN {x} END"
            case "boolean" | "date" | "timestamp" | "instant":
                return "CAST(NULL AS FLOAT64)"

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
                return "CAST(NULL AS BOOL)"

    def local_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect.local_of`; a DATETIME is what has no zone."""
        if kind == "date":
            return f"(UNIX_DATE({x}) * 86400)"
        return f"UNIX_SECONDS(TIMESTAMP({x}, 'UTC'))"

    def second_of(self, x: str) -> str:
        """See `Dialect.second_of`; UNIX_SECONDS rounds down."""
        return f"UNIX_SECONDS({x})"

    def civil(self, year: str, month: str, day: str, hour: str, minute: str, second: str) -> str:
        """See `Dialect.civil`; a SAFE function is NULL where it would raise."""
        days = f"UNIX_DATE(SAFE.DATE({year}, {month}, {day}))"
        return (
            f"CASE WHEN {hour} <= 23 AND {minute} <= 59 AND {second} <= 59 "
            f"THEN {days} * 86400 + {hour} * 3600 + {minute} * 60 + {second} END"
        )

    def part(self, x: str, start: int, length: int) -> str:
        """See `Dialect.part`."""
        return f"SUBSTR({x}, {start}, {length})"

    def integer(self, x: str) -> str:
        """See `Dialect.integer`."""
        return f"SAFE_CAST({x} AS INT64)"

    def fits(self, x: str, regex: str) -> str:
        """See `Dialect.fits`."""
        return f"REGEXP_CONTAINS({x}, {self.string(_whole(regex))})"

    def found(self, x: str, regex: str) -> str:
        """See `Dialect.found`; it takes one capturing group, and no more."""
        return f"REGEXP_EXTRACT({x}, {self.string(_whole(regex))})"

    def divide(self, a: str, b: str) -> str:
        """See `Dialect.divide`; `/` would make doubles."""
        return f"DIV({a}, {b})"

    def scale(self, factor: float, x: str) -> str:
        """See `Dialect.scale`; a product past the doubles raises, and SAFE_MULTIPLY gives NULL."""
        up, down = _infinity(factor), _infinity(-factor)
        past = f"CASE WHEN {x} > 0 THEN {up} WHEN {x} < 0 THEN {down} END"
        return f"COALESCE(SAFE_MULTIPLY({self.double(factor)}, {x}), {past})"

    def wide(self, x: str) -> str:
        """See `Dialect.wide`; it has 38 digits before the point."""
        return f"CAST({x} AS BIGNUMERIC)"

    def floor(self, x: str) -> str:
        """See `Dialect.floor`."""
        return f"SAFE_CAST(FLOOR({x}) AS INT64)"

    def narrow(self, x: str) -> str:
        """See `Dialect.narrow`."""
        return f"CAST({x} AS INT64)"

    def points(self, units: str) -> str:
        """See `Dialect.points`."""
        # A quotient of two exact doubles is the nearest; past 2^53 the digits are read instead.
        return (
            f"CASE WHEN {units} BETWEEN -{_EXACT} AND {_EXACT} THEN {units} / {UNIT} "
            f"ELSE CAST(CONCAT(CAST({units} AS STRING), 'e-7') AS FLOAT64) END"
        )

    def decimal_text(self, units: str) -> str:
        """See `Dialect.decimal_text`; the absolute value of the lowest integer would raise."""
        sign = f"CASE WHEN {units} < 0 THEN '-' ELSE '' END"
        whole = f"CAST(ABS(DIV({units}, {UNIT})) AS STRING)"
        rest = f"LPAD(CAST(ABS(MOD({units}, {UNIT})) AS STRING), 7, '0')"
        return f"RTRIM(RTRIM(CONCAT({sign}, {whole}, '.', {rest}), '0'), '.')"

    def now(self) -> str:
        """See `Dialect.now`."""
        return "UNIX_SECONDS(CURRENT_TIMESTAMP())"

    def period(self, local: str, period: Period) -> str:
        """See `Dialect.period`."""
        if seconds := _PERIOD_SECONDS.get(period):
            return f"DIV({local} + {_BEFORE}, {seconds})"
        date = f"SAFE.DATE_FROM_UNIX_DATE(DIV({local} + {_BEFORE}, 86400) - {_DAYS})"
        year = f"EXTRACT(YEAR FROM {date})"
        match period:
            case "month":
                return f"({year} * 12 + EXTRACT(MONTH FROM {date}))"
            case "quarter":
                return f"({year} * 4 + EXTRACT(QUARTER FROM {date}))"
            case _:  # the year
                return year

    def count_if(self, condition: str) -> str:
        """See `Dialect.count_if`."""
        return f"COUNTIF({condition})"

    def max_if(self, x: str, condition: str) -> str:
        """See `Dialect.max_if`."""
        return f"MAX(IF({condition}, {x}, NULL))"

    def min_if(self, x: str, condition: str) -> str:
        """See `Dialect.min_if`."""
        return f"MIN(IF({condition}, {x}, NULL))"

    def distinct_if(self, x: str, condition: str) -> str:
        """See `Dialect.distinct_if`."""
        return f"COUNT(DISTINCT IF({condition}, {x}, NULL))"

    def sum_if(self, x: str, condition: str) -> str:
        """See `Dialect.sum_if`."""
        return f"COALESCE(SUM(IF({condition}, {x}, NULL)), 0)"

    def wide_sum_if(self, x: str, condition: str) -> str:
        """See `Dialect.wide_sum_if`; a sum of INT64 would raise past 64 bits."""
        return f"COALESCE(SUM(IF({condition}, {self.wide(x)}, NULL)), {self.wide('0')})"


_QUOTE = "'"


def _escaped(text: str, quote: str) -> str:
    """`text` as it stands between two of `quote`; what cannot be seen by its number."""
    return "".join(
        f"\\{c}"
        if c in ("\\", quote)
        else c
        if c.isprintable()
        else f"\\u{ord(c):04x}"
        if ord(c) < 0x10000
        else f"\\U{ord(c):08x}"
        for c in text
    )


def _whole(regex: str) -> str:
    return rf"(?s)\A(?:{regex})\z"


def _literal(character: str) -> str:
    """A character as it stands in an expression of RE2."""
    escaped = character.isascii() and character.isprintable() and not character.isalnum()
    return f"\\{character}" if escaped else character


def _infinity(sign: float) -> str:
    return f"CAST('{'-' if sign < 0 else ''}inf' AS FLOAT64)"


def _double_text(x: str) -> str:
    """Python's `repr`, but whole numbers without a point.

    A cast to text has 15 digits, or else 17, so each number of digits is tried. The shortest that
    reads back is the decimal nearest to the double; but where the double is a power of two, those
    that read as it reach further up than down, and it can be the one above, of 16 digits.
    """
    tried = [f"FORMAT('%.{digits}e', {x})" for digits in range(17)]
    last = tried.pop()
    sixteen = f"CAST(REPLACE(SUBSTR(FORMAT('%.16e', ABS({x})), 1, 17), '.', '') AS INT64)"
    digits = f"CAST({sixteen} + 1 AS STRING)"
    above = (
        f"CONCAT(IF({x} < 0, '-', ''), SUBSTR({digits}, 1, 1), '.', SUBSTR({digits}, 2), "
        f"SUBSTR({last}, STRPOS({last}, 'e')))"
    )
    reads = " ".join(
        f"WHEN SAFE_CAST({text} AS FLOAT64) = {x} THEN {text}" for text in (*tried, above)
    )
    positional = f"ABS({x}) >= 1e-4 AND ABS({x}) < 1e16"
    return (
        f"CASE WHEN ABS({x}) < 1e16 AND {x} = TRUNC({x}) THEN CAST(CAST({x} AS INT64) AS STRING) "
        f"WHEN {x} IS NULL OR IS_NAN({x}) OR IS_INF({x}) THEN NULL ELSE ("
        f"SELECT IF({positional}, CAST(CAST(leadscore_digits AS BIGNUMERIC) AS STRING), "
        f"leadscore_digits) FROM UNNEST([CASE {reads} ELSE {last} END]) AS leadscore_digits) END"
    )
