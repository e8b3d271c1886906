"""Spark SQL, version 4 (also with ANSI mode off).

What is peculiar about it:

- With ANSI mode, a cast, a date or an integer that does not fit raises an error: `try_cast`, and
  dates that are built of parts already known to be good.
- Literals of text process backslashes, and `${…}` in a query, wherever it stands, is replaced by
  a setting or a variable of the environment before the query is parsed.
- Regular expressions are those of Java, which backtrack: quantifiers are possessive and groups
  atomic where a text could make them slow.
- Functions of TIMESTAMP look at the session's time zone. Only those are used that do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from leadscore.targets.sql.dialect import ColumnKind, Dialect, Period
from leadscore.targets.sql.query import near_tree
from leadscore.values.number import FALSE_WORDS, TRUE_WORDS
from leadscore.values.text import WHITE_SPACE

_DAYS_BEFORE_1970 = 719_528
"""Days from 0000-01-01 to 1970-01-01: with them, no time of the years 1 to 9999 is negative."""

_YEAR_1 = -62_135_596_800
"""The second at which the year 1 begins."""

_EXACT = 2**53
"""Up to it every integer is a double."""


class Spark(Dialect):
    """Spark SQL."""

    name: ClassVar[str] = "spark"
    title: ClassVar[str] = "Spark SQL"
    joins_types = True

    # Names and literals

    def identifier(self, name: str) -> str:
        """See `Dialect`. Only in a literal can the dollar of `${` be escaped."""
        quoted = "`" + name.replace("`", "``") + "`"
        return f"IDENTIFIER({self.string(quoted)})" if "${" in name else quoted

    def string(self, text: str) -> str:
        """See `Dialect`; what does not print is escaped, so that a query can be read."""
        return "'" + _UNSAFE.sub(_escaped, text) + "'"

    def double(self, value: float) -> str:
        """See `Dialect`."""
        literal = f"{value!r}D"
        return f"({literal})" if literal.startswith("-") else literal

    def as_text(self, x: str) -> str:
        """See `Dialect`."""
        return f"CAST({x} AS STRING)"

    def shortest(self, x: str) -> str:
        """See `Dialect`."""
        digits = f"trim(TRAILING '.' FROM trim(TRAILING '0' FROM {x}))"
        return f"CASE WHEN {x} LIKE '%.%' THEN {digits} ELSE {x} END"

    # Texts

    def trim(self, x: str) -> str:
        """See `Dialect`."""
        # Trimming by a set of characters costs ten times this look at the first and last byte,
        # and nearly no text needs it. What is outside of ASCII may be white space or not.
        last = f"substring(CAST({x} AS BINARY), -1)"
        return (
            f"CASE WHEN {x} BETWEEN '!' AND '~~' AND {last} BETWEEN X'21' AND X'7E' THEN {x} "
            f"ELSE nullif(trim(BOTH {self.string(WHITE_SPACE)} FROM {x}), '') END"
        )

    def lower(self, x: str) -> str:
        """See `Dialect`. Spark itself makes two characters of U+0130, and final sigmas."""
        return f"lower(replace(replace({x}, 'İ', 'i'), 'Σ', 'σ'))"

    def words(self, folded: str) -> str:
        """See `Dialect`."""
        some = self.string(r"[\p{L}\p{N}]")
        others = self.string(r"[^\p{L}\p{N}]++")
        return (
            f"CASE WHEN {folded} RLIKE {some} "
            f"THEN regexp_replace(concat(' ', {folded}, ' '), {others}, ' ') "
            f"WHEN {folded} IS NOT NULL THEN '' END"
        )

    def starts(self, x: str, part: str) -> str:
        """See `Dialect`."""
        return f"startswith({x}, {self.string(part)})"

    def ends(self, x: str, part: str) -> str:
        """See `Dialect`."""
        return f"endswith({x}, {self.string(part)})"

    def matches(self, x: str, pattern: str) -> str:
        """See `Dialect`.

        LIKE would become a regular expression that backtracks over every star. Here each part
        between stars is found where it first stands, and an atomic group holds it there.
        """
        first, *more = pattern.split("*")
        if "?" not in pattern:
            if not more:
                return f"{x} = {self.string(pattern)}"
            *middle, last = more
            inner = [part for part in middle if part]
            if not inner:
                size = len((first + last).encode())
                tests = [f"octet_length({x}) >= {size}"] if not size or (first and last) else []
                tests += [self.starts(x, first)] if first else []
                tests += [self.ends(x, last)] if last else []
                return tests[0] if len(tests) == 1 else f"({' AND '.join(tests)})"
            if len(inner) == 1 and not first and not last:
                return self.contains(x, inner[0])
        regex = rf"(?s)\A{_wild(first)}"
        if more:
            *middle, last = more
            regex += "".join(f"(?>.*?{_wild(part)})" for part in middle if part)
            regex += rf".*{_wild(last)}\z" if last else ""
        else:
            regex += r"\z"
        return f"{x} RLIKE {self.string(regex)}"

    # Readings

    def text_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect`."""
        match kind:
            case "text":
                return x
            case "integer" | "boolean" | "date":
                return f"CAST({x} AS STRING)"
            case "double":
                return self._text_of_double(x)
            case "timestamp":
                return f"replace(substring(CAST({x} AS STRING), 1, 19), ' ', 'T')"
            case "instant":
                return self._text_of_second(f"unix_seconds({x})")

    def number_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect`."""
        match kind:
            case "text":
                decimal = self.string(r"\A[+-]?[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?\z")
                number = f"CASE WHEN {x} RLIKE {decimal} THEN try_cast({x} AS DOUBLE) END"
                return f"nullif(nullif({number}, {_INFINITY}), -{_INFINITY})"
            case "integer":
                return f"CAST({x} AS DOUBLE)"
            case "double":
                return f"CASE WHEN abs({x}) < {_INFINITY} THEN {x} END"
            case _:
                return "CAST(NULL AS DOUBLE)"

    def boolean_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect`."""
        match kind:
            case "boolean":
                return x
            case "text":
                true = ", ".join(self.string(word) for word in sorted(TRUE_WORDS))
                false = ", ".join(self.string(word) for word in sorted(FALSE_WORDS))
                return f"CASE WHEN {x} IN ({true}) THEN true WHEN {x} IN ({false}) THEN false END"
            case "integer" | "double":
                return f"CASE WHEN {x} = 1 THEN true WHEN {x} = 0 THEN false END"
            case _:
                return "CAST(NULL AS BOOLEAN)"

    def local_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect`. Of a TIMESTAMP_NTZ; most functions would cast it by the session's zone."""
        if kind == "date":
            return f"(CAST(unix_date({x}) AS BIGINT) * 86400)"
        return (
            f"(CAST(unix_date(CAST({x} AS DATE)) AS BIGINT) * 86400 "
            f"+ hour({x}) * 3600 + minute({x}) * 60 + second({x}))"
        )

    def second_of(self, x: str) -> str:
        """See `Dialect`."""
        return f"unix_seconds({x})"

    def civil(self, year: str, month: str, day: str, hour: str, minute: str, second: str) -> str:
        """See `Dialect`."""
        first = (
            f"make_date(CAST(CASE WHEN {year} BETWEEN 1 AND 9999 THEN {year} END AS INT), "
            f"CAST(CASE WHEN {month} BETWEEN 1 AND 12 THEN {month} END AS INT), 1)"
        )
        return (
            f"CASE WHEN {day} BETWEEN 1 AND day(last_day({first})) AND {hour} BETWEEN 0 AND 23 "
            f"AND {minute} BETWEEN 0 AND 59 AND {second} BETWEEN 0 AND 59 "
            f"THEN CAST(unix_date({first}) + {day} - 1 AS BIGINT) * 86400 "
            f"+ {hour} * 3600 + {minute} * 60 + {second} END"
        )

    def integer(self, x: str) -> str:
        """See `Dialect`."""
        return f"try_cast({x} AS BIGINT)"

    def fits(self, x: str, regex: str) -> str:
        """See `Dialect`."""
        return f"{x} RLIKE {self.string(_whole(regex))}"

    def found(self, x: str, regex: str) -> str:
        """See `Dialect`."""
        return f"regexp_extract({x}, {self.string(_whole(regex))}, 1)"

    def iso_local(self, x: str) -> str | None:
        """See `Dialect`."""
        day = f"CAST(unix_date(try_cast(substring({x}, 1, 10) AS DATE)) AS BIGINT)"

        def two(start: int) -> str:
            return f"coalesce(try_cast(substring({x}, {start}, 2) AS INT), 0)"

        second = f"CASE WHEN substring({x}, 17, 1) = ':' THEN {two(18)} ELSE 0 END"
        return (
            f"CASE WHEN {x} RLIKE {self.string(_ISO)} "
            f"THEN {day} * 86400 + {two(12)} * 3600 + {two(15)} * 60 + {second} END"
        )

    def iso_offset(self, x: str) -> str | None:
        """See `Dialect`. From the end: `+01:00`, `+0100`, `+01`."""

        def stated(length: int, minutes: str) -> str:
            sign = f"substring({x}, -{length}, 1)"
            hours = f"try_cast(substring({x}, -{length - 1}, 2) AS INT)"
            east = f"CASE {sign} WHEN '-' THEN -1 ELSE 1 END"
            return f"WHEN {sign} IN ('+', '-') THEN {east} * ({hours} * 3600{minutes})"

        minutes = f" + try_cast(substring({x}, -2) AS INT) * 60"
        return (
            f"CASE WHEN NOT length({x}) > 16 THEN NULL "
            f"WHEN substring({x}, -1) IN ('Z', 'z') THEN 0 "
            f"{stated(6, minutes)} {stated(5, minutes)} {stated(3, '')} END"
        )

    def step(self, x: str, starts: Sequence[int], values: Sequence[int]) -> str:
        """See `Dialect`; an array is slow to search and quick to plan."""
        passed = f"size(filter(array({', '.join(map(str, starts))}), ls_s -> ls_s <= {x}))"
        far = f"element_at(array({', '.join(map(str, values))}), 1 + {passed})"
        return near_tree(x, starts, values, far)

    # Numbers

    def divide(self, a: str, b: str) -> str:
        """See `Dialect`."""
        return f"({a} div {b})"

    def wide(self, x: str) -> str:
        """See `Dialect`."""
        return f"CAST({x} AS DECIMAL(38, 0))"

    def floor(self, x: str) -> str:
        """See `Dialect`. Spark's own gives a BIGINT, and raises where there is none."""
        return f"CASE WHEN abs({x}) < {float(2**63)!r}D THEN floor({x}) END"

    def narrow(self, x: str) -> str:
        """See `Dialect`."""
        return f"try_cast({x} AS BIGINT)"

    def points(self, units: str) -> str:
        """See `Dialect`. Both are rounded once: doubles that are exact, or an exact decimal."""
        return (
            f"CASE WHEN {units} BETWEEN -{_EXACT} AND {_EXACT} "
            f"THEN CAST({units} AS DOUBLE) / 1e7D "
            f"ELSE CAST(CAST({units} AS DECIMAL(19, 0)) * 0.0000001BD AS DOUBLE) END"
        )

    def decimal_text(self, units: str) -> str:
        """See `Dialect`. The quotient is negated, not the number: -2^63 has no opposite."""
        part = f"lpad(CAST(abs({units} % 10000000) AS STRING), 7, '0')"
        return (
            f"concat(CASE WHEN {units} < 0 THEN '-' ELSE '' END, "
            f"CAST(abs({units} div 10000000) AS STRING), "
            f"CASE WHEN {units} % 10000000 = 0 THEN '' "
            f"ELSE concat('.', trim(TRAILING '0' FROM {part})) END)"
        )

    # Time

    def now(self) -> str:
        """See `Dialect`."""
        return "unix_seconds(current_timestamp())"

    def since(self, x: str, kind: ColumnKind, second: int) -> str | None:
        """See `Dialect`. Literals that do not look at the session's time zone."""
        if second < _YEAR_1:
            return None
        moment = datetime.fromtimestamp(second, UTC).replace(tzinfo=None)
        match kind:
            case "date":
                return f"{x} >= DATE '{moment.date()}'"
            case "timestamp":
                return f"{x} >= TIMESTAMP_NTZ '{moment}'"
            case "instant":
                return f"{x} >= TIMESTAMP '{moment} UTC'"
            case _:
                return None

    def period(self, local: str, period: Period) -> str:
        """See `Dialect`."""
        days = f"(({local} + {_DAYS_BEFORE_1970 * 86400}) div 86400)"
        date = f"date_from_unix_date(CAST({days} - {_DAYS_BEFORE_1970} AS INT))"
        match period:
            case "hour":
                return f"(({local} + {_DAYS_BEFORE_1970 * 86400}) div 3600)"
            case "day":
                return days
            case "week":  # 0000-01-01 was a Saturday
                return f"(({days} + 5) div 7)"
            case "month":
                return f"(year({date}) * 12 + month({date}))"
            case "quarter":
                return f"(year({date}) * 4 + quarter({date}))"
            case "year":
                return f"year({date})"

    # Aggregates

    def sum_if(self, x: str, condition: str) -> str:
        """See `Dialect`."""
        return f"coalesce(sum({x}) FILTER (WHERE {condition}), 0)"

    def wide_sum_if(self, x: str, condition: str) -> str:
        """See `Dialect`."""
        return f"coalesce(sum({self.wide(x)}) FILTER (WHERE {condition}), {self.wide('0')})"

    # Bits

    def bits(self, x: str, start: int, many: int) -> str:
        """See `Dialect`."""
        return f"shiftright({x}, {start}) & {2**many - 1}"

    # Parts of `text_of`

    def _text_of_second(self, second: str) -> str:
        """ISO 8601 of UTC seconds; `from_unixtime` would be in the session's time zone."""
        shifted = f"({second} + {_DAYS_BEFORE_1970 * 86400})"
        day = f"date_from_unix_date(CAST({shifted} div 86400 - {_DAYS_BEFORE_1970} AS INT))"

        def two(number: str) -> str:
            return f"lpad(CAST({number} AS STRING), 2, '0')"

        hour = two(f"{shifted} % 86400 div 3600")
        minute = two(f"{shifted} % 3600 div 60")
        return (
            f"concat(CAST({day} AS STRING), 'T', {hour}, ':', {minute}, "
            f"':', {two(f'{shifted} % 60')})"
        )

    def _text_of_double(self, x: str) -> str:
        """The text of a double: three quick ways for those that people type, and one for the rest.

        Java's own digits always read back, but up to version 18 they are not always the fewest.
        They are where there are at most 15: two such numbers never read as the same double.
        """
        plain = f"CAST({x} AS STRING)"
        return (
            f"CASE WHEN NOT abs({x}) < {_INFINITY} THEN CAST(NULL AS STRING) "
            f"WHEN abs({x}) < 1e16D AND {x} % 1 = 0 THEN CAST(CAST({x} AS BIGINT) AS STRING) "
            f"WHEN abs({x}) >= 0.001D AND abs({x}) < 1e7D AND length({plain}) <= 16 "
            f"AND {plain} NOT LIKE '%0' THEN {plain} "
            f"WHEN {x} IS NOT NULL THEN {_shortest(x)} END"
        )


_INFINITY = "CAST('Infinity' AS DOUBLE)"

# A date of ISO 8601, with or without a time and an offset; which days there are, a cast knows.
_ISO = (
    r"\A(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]++)?)?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?)?\z"
)

# A quote, a backslash, the dollar of `${`, and what does not print.
_UNSAFE = re.compile(r"['\\]|\$(?=\{)|[^ -~\w]")


def _escaped(found: re.Match[str]) -> str:
    char = found[0]
    if char in "'\\":
        return "\\" + char
    if char != "$" and char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _wild(part: str) -> str:
    """The Java regular expression of a part of a pattern, without stars."""
    return "".join(
        "." if char == "?" else char if not char.isascii() or char.isalnum() else "\\" + char
        for char in part
    )


def _whole(regex: str) -> str:
    return rf"\A(?:{regex})\z"


def _let(name: str, value: str, body: str) -> str:
    """`body`, in which `name` is `value`: a lambda is the one way to compute a value once."""
    return f"element_at(transform(array({value}), {name} -> {body}), 1)"


def _shortest(x: str) -> str:
    """Python's `repr` of a double that is no integer or at least 1e16, on any version of Java.

    The double is taken apart exactly (`%a`), as an integer times a power of two. One power after
    the other goes into 35 decimal digits and an exponent, which is exact for all that could lie
    halfway between two results. Of the decimals of 15 digits beside it (that may end in zeros; of
    1 digit where doubles are less dense, below 2^-1022), 16 and 17, the first that reads back is
    it, the nearer of two first.
    """
    hexadecimal = "format_string('%a', ls_x)"
    significand = (
        f"CAST(conv(concat(substring({hexadecimal}, 3, 1), rpad(regexp_extract({hexadecimal}, "
        f"'[.]([0-9a-f]+)p', 1), 13, '0')), 16, 10) AS DECIMAL(38, 0))"
    )
    power = f"(CAST(regexp_extract({hexadecimal}, 'p(-?[0-9]+)', 1) AS INT) - 52)"
    # Four powers of two a step, so that a product stays within 38 digits.
    steps = "sequence(0, CAST(abs(ls_p) div 4 AS INT))"
    left = "least(4, abs(ls_p) - 4 * ls_i)"
    factor = (
        f"CASE WHEN ls_p < 0 THEN element_at(array(1, 5, 25, 125, 625), {left} + 1) "
        f"ELSE element_at(array(1, 2, 4, 8, 16), {left} + 1) END"
    )
    exponent = f"ls_a.e - CASE WHEN ls_p < 0 THEN {left} ELSE 0 END"
    product = _let(
        "ls_m",
        f"CAST(ls_a.m * {factor} AS DECIMAL(38, 0))",
        f"CASE WHEN ls_m < 1e35BD THEN named_struct('m', ls_m, 'e', {exponent}) ELSE named_struct("
        f"'m', CAST((ls_m - ls_m % 1000) * 0.001BD AS DECIMAL(38, 0)), 'e', {exponent} + 3) END",
    )
    decimal = (
        f"aggregate({steps}, named_struct('m', {significand}, 'e', 0), (ls_a, ls_i) -> {product})"
    )
    # `d`: the digits, filled up with zeros; `e`: the power of ten of the first.
    digits = _let(
        "ls_v",
        decimal,
        "named_struct('d', rpad(CAST(ls_v.m AS STRING), 40, '0'), "
        "'e', ls_v.e + length(CAST(ls_v.m AS STRING)) - 1)",
    )
    rest = "substring(ls_d.d, ls_n + 1)"
    half = "rpad('5', 40 - ls_n, '0')"
    odd = "CAST(substring(ls_d.d, ls_n, 1) AS INT) % 2 = 1"
    low = "CAST(substring(ls_d.d, 1, ls_n) AS BIGINT)"
    up = f"CASE WHEN {rest} > {half} OR {rest} = {half} AND {odd} THEN 1 ELSE 0 END"
    candidates = (
        "flatten(transform(sequence(CASE WHEN ls_x < 2.3e-308D THEN 1 ELSE 15 END, 17), ls_n -> "
        f"transform(array({up}, 1 - {up}), ls_u -> "
        f"named_struct('d', {low} + ls_u, 'e', ls_d.e - ls_n + 1))))"
    )
    reads = "CAST(concat(CAST(ls_c.d AS STRING), 'E', CAST(ls_c.e AS STRING)) AS DOUBLE) = ls_x"
    chosen = f"element_at(filter({candidates}, ls_c -> {reads}), 1)"
    # `d`: the digits without zeros at the end; `e`: the power of ten of the first.
    shortest = _let(
        "ls_f",
        chosen,
        "named_struct('d', trim(TRAILING '0' FROM CAST(ls_f.d AS STRING)), "
        "'e', ls_f.e + length(CAST(ls_f.d AS STRING)) - 1)",
    )
    form = (
        "CASE WHEN ls_s.e BETWEEN 0 AND 15 "
        "THEN concat(substring(ls_s.d, 1, ls_s.e + 1), '.', substring(ls_s.d, ls_s.e + 2)) "
        "WHEN ls_s.e BETWEEN -4 AND -1 THEN concat('0.', repeat('0', -1 - ls_s.e), ls_s.d) "
        "ELSE concat(substring(ls_s.d, 1, 1), "
        "CASE WHEN length(ls_s.d) > 1 THEN concat('.', substring(ls_s.d, 2)) ELSE '' END, 'e', "
        "CASE WHEN ls_s.e < 0 THEN '-' ELSE '+' END, CASE WHEN abs(ls_s.e) < 10 THEN '0' "
        "ELSE '' END, CAST(abs(ls_s.e) AS STRING)) END"
    )
    text = _let("ls_s", shortest, form)
    text = _let("ls_x", f"abs({x})", _let("ls_p", power, _let("ls_d", digits, text)))
    return f"concat(CASE WHEN {x} < 0 THEN '-' ELSE '' END, {text})"
