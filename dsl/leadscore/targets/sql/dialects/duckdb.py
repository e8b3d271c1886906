"""DuckDB 2: what the bulk engine runs.

DuckDB evaluates a function of one column once for each entry of a dictionary, wherever a text
column comes as one; so templates name one column, as often as they like, and no subquery. It does
not do so for functions that may raise, to which `regexp_full_match`, `regexp_replace` and
`translate` belong: some hundred times as much work on the types of events. `regexp_extract`
is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from leadscore.targets.sql.dialect import ColumnKind, Dialect, Period, Unsayable
from leadscore.targets.sql.query import near_tree
from leadscore.values.number import FALSE_WORDS, TRUE_WORDS
from leadscore.values.text import WHITE_SPACE
from leadscore.values.units import UNIT

_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MINUTE = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_USUAL_ISO = f"{_DAY}(?:[T ]{_MINUTE}:[0-5][0-9])?"
"""The forms that a cast takes as they are."""
_ISO = (
    f"{_DAY}(?:[Tt ]{_MINUTE}(?::[0-5][0-9](?:[.,][0-9]+)?)?"
    "(?:[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?)?"
)
_EXACT = 2**53
"""Every whole number up to it, either way, is a double."""
_DIGITS_15 = 10**15
"""A decimal of so many digits is the shortest text of the double that is nearest to it."""
_LONGEST_PATTERN = 10_000
"""RE2 refuses some that are six times as long, and long ones take long on long texts."""
_CONTROL = re.compile(r"[\x01-\x1f]")
_PERIOD_SECONDS: dict[Period, int] = {"hour": 3600, "day": 86400, "week": 7 * 86400}
_YEAR_1 = 62135596800
"""Seconds from 0001-01-01, a Monday, to 1970."""
_BEFORE = _YEAR_1 + 146097 * 86400
"""400 years more, a whole number of weeks: no local time is before it, so division rounds down."""


class DuckDb(Dialect):
    """DuckDB; the conditions and readings of all texts are linear in their length."""

    name: ClassVar[str] = "duckdb"
    title: ClassVar[str] = "DuckDB"
    looks_codes_up: ClassVar[bool] = True

    def string(self, text: str) -> str:
        """See `Dialect.string`; control characters are escaped, so that lines stay lines."""
        if _CONTROL.search(text) is None:
            return super().string(text)
        plain = text.replace("\\", "\\\\").replace("'", "''")
        escaped = _CONTROL.sub(lambda found: "\\x" + format(ord(found[0]), "02X"), plain)
        return f"E'{escaped}'"

    def double(self, value: float) -> str:
        """See `Dialect.double`. Without an exponent it would be a DECIMAL."""
        digits = repr(value)
        literal = digits if "e" in digits else f"{digits}e0"
        return f"({literal})" if digits.startswith("-") else literal

    def as_text(self, x: str) -> str:
        """See `Dialect.as_text`."""
        return f"CAST({x} AS VARCHAR)"

    def trim(self, x: str) -> str:
        """See `Dialect.trim`.

        Trimming by a set of characters is slow, and nearly no text needs it: those that begin with
        a visible character of ASCII and do not end with white space. Where none of a batch does,
        NULLs included, the column is handed on as it is: a dictionary stays one.
        """
        white = self.string(WHITE_SPACE)
        suspect = f"contains({white}, {x}[-1]) OR {x} NOT BETWEEN '!' AND '~~'"
        return f"CASE WHEN {suspect} THEN nullif(trim({x}, {white}), '') ELSE {x} END"

    def lower(self, x: str) -> str:
        """See `Dialect.lower`; DuckDB's own goes letter by letter, and agrees in all of them."""
        return f"lower({x})"

    def words(self, folded: str) -> str:
        """See `Dialect.words`."""
        simple = _fits(folded, r"[\p{L}\p{N}]+(?: [\p{L}\p{N}]+)*")
        # A single space between two words is no match: each match costs much more than a letter.
        between = r"[^\p{L}\p{N} ][^\p{L}\p{N}]*| [^\p{L}\p{N}]+"
        cut = f"regexp_replace(' ' || {folded} || ' ', '{between}', ' ', 'g')"
        # Where there is no word, a space is left.
        return (
            f"CASE WHEN {simple} THEN ' ' || {folded} || ' ' "
            f"WHEN {folded} IS NOT NULL THEN coalesce(nullif({cut}, ' '), '') END"
        )

    def matches(self, x: str, pattern: str) -> str:
        """See `Dialect.matches`.

        Raises Unsayable for a pattern of more than 10,000 characters.
        """
        if len(pattern) > _LONGEST_PATTERN:
            raise Unsayable(
                f"A pattern of {len(pattern):,} characters is too long for DuckDB; "
                f"it takes {_LONGEST_PATTERN:,}."
            )
        if not {"?", "_", "%"}.intersection(pattern):
            # Without `_` and an escape, LIKE looks for one part after the other.
            return f"{x} LIKE {self.string(pattern.replace('*', '%'))}"
        regex = "".join(".*" if c == "*" else "." if c == "?" else _escaped(c) for c in pattern)
        return _fits(x, f"(?s:{regex})")

    def text_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect.text_of`."""
        match kind:
            case "text":
                return x
            case "double":
                return (
                    f"CASE WHEN abs({x}) < 1e16 AND {x} = trunc({x}) "
                    # TRY: DuckDB may convert a whole dictionary, whatever rows the case is for.
                    f"THEN CAST(TRY_CAST({x} AS BIGINT) AS VARCHAR) "
                    f"WHEN isfinite({x}) THEN CAST({x} AS VARCHAR) END"
                )
            case "timestamp":
                return _to_the_second(x)
            case "instant":
                # Not its own text, which is in the zone of the session.
                return _to_the_second(f"make_timestamp(epoch_us({x}))")
            case "integer" | "boolean" | "date":
                return f"CAST({x} AS VARCHAR)"

    def number_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect.number_of`. Casts also read `.5`, `1.`, `1_000`, `- 1` and `inf`."""
        match kind:
            case "text":
                return (
                    f"CASE WHEN {_fits(x, _NUMBER)} THEN {_finite(f'TRY_CAST({x} AS DOUBLE)')} END"
                )
            case "integer":
                return f"CAST({x} AS DOUBLE)"
            case "double":
                return _finite(x)
            case "boolean" | "date" | "timestamp" | "instant":
                return "CAST(NULL AS DOUBLE)"

    def boolean_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect.boolean_of`."""
        match kind:
            case "text":
                yes, no = (
                    ", ".join(map(self.string, sorted(words)))
                    for words in (TRUE_WORDS, FALSE_WORDS)
                )
                return f"CASE WHEN {x} IN ({yes}) THEN true WHEN {x} IN ({no}) THEN false END"
            case "integer" | "double":
                return f"CASE WHEN {x} = 1 THEN true WHEN {x} = 0 THEN false END"
            case "boolean":
                return x
            case "date" | "timestamp" | "instant":
                return "CAST(NULL AS BOOLEAN)"

    def local_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect.local_of`."""
        if kind == "date":
            return f"({x} - DATE '1970-01-01') * 86400"
        return self.second_of(x)

    def second_of(self, x: str) -> str:
        """See `Dialect.second_of`."""
        return f"((epoch_us({x}) + {_BEFORE * 1000000}) // 1000000 - {_BEFORE})"

    def civil(self, year: str, month: str, day: str, hour: str, minute: str, second: str) -> str:
        """See `Dialect.civil`; by arithmetic, since `make_timestamp` raises on 30 February."""
        leap = f"{year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0)"
        exists = (
            f"{year} >= 1 AND {month} BETWEEN 1 AND 12 AND {day} >= 1 AND ({day} <= 28 "
            f"OR {day} <= 30 AND {month} <> 2 OR {day} = 31 AND {month} IN (1, 3, 5, 7, 8, 10, 12) "
            f"OR {day} = 29 AND {leap}) AND {hour} <= 23 AND {minute} <= 59 AND {second} <= 59"
        )
        # Years that begin in March, so that the leap day is the last; whole years since year 0.
        march = f"({year} - CASE WHEN {month} <= 2 THEN 1 ELSE 0 END)"
        days = (
            f"(365 * {march} + {march} // 4 - {march} // 100 + {march} // 400 "
            f"+ (153 * (({month} + 9) % 12) + 2) // 5 + {day} - 719469)"
        )
        return (
            f"CASE WHEN {exists} THEN {days} * 86400 + {hour} * 3600 + {minute} * 60 + {second} END"
        )

    def integer(self, x: str) -> str:
        """See `Dialect.integer`."""
        return f"TRY_CAST({x} AS BIGINT)"

    def fits(self, x: str, regex: str) -> str:
        """See `Dialect.fits`."""
        if re.fullmatch(regex, ""):
            # What is found of a text that does not fit is '', and so it is of '', which fits.
            return f"{_whole(x, regex)} = {x}"
        return _fits(x, regex)

    def found(self, x: str, regex: str) -> str:
        """See `Dialect.found`."""
        return _whole(x, regex, group=1)

    def iso_local(self, x: str) -> str | None:
        """See `Dialect.iso_local`.

        The cast knows the calendar, but takes 24:00, the year 0 and many other forms.
        """
        usual = self.second_of(f"TRY_CAST({x} AS TIMESTAMP)")
        stated = f"CASE WHEN substring({x}, 17, 1) = ':' THEN left({x}, 19) ELSE left({x}, 16) END"
        other = self.second_of(f"TRY_CAST(replace({stated}, 't', 'T') AS TIMESTAMP)")
        return (
            f"CASE WHEN {x} < '0001' THEN NULL WHEN {_fits(x, _USUAL_ISO)} THEN {usual} "
            f"WHEN {_fits(x, _ISO)} THEN {other} END"
        )

    def iso_offset(self, x: str) -> str | None:
        """See `Dialect.iso_offset`; of what is no date, some number or NULL."""

        def east(sign: int, minutes: str) -> str:
            hours = f"TRY_CAST(substring({x}, {sign + 1}, 2) AS BIGINT) * 3600"
            size = f"({hours} + {minutes})" if minutes else hours
            return (
                f"WHEN substring({x}, {sign}, 1) = '+' THEN {size} "
                f"WHEN substring({x}, {sign}, 1) = '-' THEN -{size}"
            )

        minutes = f"TRY_CAST(substring({x}, -2) AS BIGINT) * 60"
        # Most times end in their seconds, or are dates: they are looked at no further.
        return (
            f"CASE WHEN length({x}) < 17 OR length({x}) = 19 AND substring({x}, 17, 1) = ':' "
            f"THEN NULL WHEN substring({x}, -1) IN ('Z', 'z') THEN 0 "
            f"{east(-6, minutes)} {east(-5, minutes)} {east(-3, '')} END"
        )

    def step(self, x: str, starts: Sequence[int], values: Sequence[int]) -> str:
        """See `Dialect.step`; a list is slow to search and quick to plan."""
        passed = f"len(list_filter([{', '.join(map(str, starts))}], lambda s: s <= {x}))"
        far = f"[{', '.join(map(str, values))}][1 + {passed}]"
        return near_tree(x, starts, values, far)

    def divide(self, a: str, b: str) -> str:
        """See `Dialect.divide`."""
        return f"({a} // {b})"

    def wide(self, x: str) -> str:
        """See `Dialect.wide`."""
        return f"CAST({x} AS HUGEINT)"

    def floor(self, x: str) -> str:
        """See `Dialect.floor`."""
        return f"TRY_CAST(floor({x}) AS BIGINT)"

    def narrow(self, x: str) -> str:
        """See `Dialect.narrow`."""
        return f"CAST({x} AS BIGINT)"

    def points(self, units: str) -> str:
        """See `Dialect.points`."""
        # A quotient of two exact doubles is the nearest; past 2^53 the digits are read instead.
        return (
            f"CASE WHEN {units} BETWEEN -{_EXACT} AND {_EXACT} THEN {units} / {UNIT}e0 "
            f"ELSE CAST(CAST({units} AS VARCHAR) || 'e-7' AS DOUBLE) END"
        )

    def decimal_text(self, units: str) -> str:
        """See `Dialect.decimal_text`."""
        text = f"CAST(CAST({units} AS DECIMAL(38,0)) * 0.0000001 AS VARCHAR)"
        return (
            f"CASE WHEN {units} % {UNIT} = 0 THEN CAST({units} // {UNIT} AS VARCHAR) "
            # Not of numbers below 0.0001, whose text has an exponent.
            f"WHEN {units} BETWEEN 1000 AND {_DIGITS_15} "
            f"OR {units} BETWEEN -{_DIGITS_15} AND -1000 "
            f"THEN CAST({units} / {UNIT}e0 AS VARCHAR) ELSE rtrim({text}, '0') END"
        )

    def now(self) -> str:
        """See `Dialect.now`."""
        return "(epoch_us(now()) // 1000000)"

    def since(self, x: str, kind: ColumnKind, second: int) -> str | None:
        """See `Dialect.since`."""
        if kind not in ("date", "timestamp", "instant") or second < -_YEAR_1:
            return None
        name = {"date": "DATE", "timestamp": "TIMESTAMP", "instant": "TIMESTAMPTZ"}[kind]
        moment = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M:%S+00")
        return f"{x} >= CAST('{moment}' AS {name})"

    def period(self, local: str, period: Period) -> str:
        """See `Dialect.period`."""
        if seconds := _PERIOD_SECONDS.get(period):
            return f"(({local} + {_BEFORE}) // {seconds})"
        return f"date_diff('{period}', DATE '0001-01-01', make_timestamp({local} * 1000000))"

    def sum(self, x: str) -> str:
        """See `Dialect.sum`; `sum` itself adds up in 128 bits, which takes twice the memory."""
        return f"sum_no_overflow({x})"

    def sum_if(self, x: str, condition: str) -> str:
        """See `Dialect.sum_if`."""
        return f"coalesce({self.sum(f'CASE WHEN {condition} THEN {x} END')}, 0)"

    def place(self, x: str, texts: Sequence[str]) -> str:
        """See `Dialect.place`; a `CASE` would be gone through for every row of a dictionary."""
        return f"coalesce(list_position([{', '.join(map(self.string, texts))}], {x}), 0)"

    def numbers(self, many: int, name: str) -> str:
        """See `Dialect.numbers`; of 32 bits, as a sum of literals is."""
        return f"(select CAST(range AS INTEGER) as {name} from range({many})) numbers"

    def wide_sum_if(self, x: str, condition: str) -> str:
        """See `Dialect.wide_sum_if`; DuckDB sums integers of all widths as HUGEINT.

        With FILTER, `x` would be worked out for all rows.
        """
        return f"coalesce(sum(CASE WHEN {condition} THEN {x} END), 0)"


def _whole(x: str, regex: str, group: int = 0) -> str:
    """A group of `regex`, where it fits the whole of `x`; else ''."""
    quoted = rf"\A(?:{regex})\z".replace("'", "''")
    return f"regexp_extract({x}, '{quoted}', {group})"


def _fits(x: str, regex: str) -> str:
    """Whether the whole of `x` fits `regex`, which does not fit ''."""
    return f"{_whole(x, regex)} <> ''"


def _finite(double: str) -> str:
    return f"CASE WHEN isfinite({double}) THEN {double} END"


def _to_the_second(timestamp: str) -> str:
    # Of the years 1 to 9999 the text always begins so.
    size = len("0001-01-01 00:00:00")
    return f"replace(left(CAST({timestamp} AS VARCHAR), {size}), ' ', 'T')"


def _escaped(character: str) -> str:
    return f"\\{character}" if character.isascii() and not character.isalnum() else character
