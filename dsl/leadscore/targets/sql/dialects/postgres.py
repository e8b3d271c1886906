"""PostgreSQL 13 and later, with ICU (all usual builds have it) and a database in UTF-8.

A text that a template gives has the collation "C", and so have the columns of later queries that
hold it: it is compared by its characters alone, whatever the database or the user's column says.
Casts raise on what they cannot read, so each stands behind a CASE that lets nothing else through.
"""

from __future__ import annotations

from typing import ClassVar, assert_never

from leadscore.targets.sql.dialect import ColumnKind, Dialect, Period, Unsayable
from leadscore.targets.sql.dialects.products import ordinary
from leadscore.values.number import FALSE_WORDS, TRUE_WORDS
from leadscore.values.text import WHITE_SPACE

_DIGITS = r"[+-]?[0-9]+(?:\.[0-9]+)?"
_NUMBER = rf"^{_DIGITS}(?:[eE][+-]?[0-9]+)?$"
_SMALL_NUMBER = r"^[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?$"
"""Numbers that no cast can find too large or too small: nearly all that there are."""

_OTHER_NUMBERS = (
    "\xb2\xb3\xb9\xbc-\xbe\u09f4-\u09f9\u0b72-\u0b77\u0bf0-\u0bf2\u0c78-\u0c7e\u0d58-\u0d5e"
    "\u0d70-\u0d78\u0f2a-\u0f33\u1369-\u137c\u16ee-\u16f0\u17f0-\u17f9\u19da\u2070\u2074-\u2079"
    "\u2080-\u2089\u2150-\u2182\u2185-\u2189\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u2cfd\u3007"
    "\u3021-\u3029\u3038-\u303a\u3192-\u3195\u3220-\u3229\u3248-\u324f\u3251-\u325f\u3280-\u3289"
    "\u32b1-\u32bf\ua6e6-\ua6ef\ua830-\ua835\U00010107-\U00010133\U00010140-\U00010178"
    "\U0001018a\U0001018b\U000102e1-\U000102fb\U00010320-\U00010323\U00010341\U0001034a"
    "\U000103d1-\U000103d5\U00010858-\U0001085f\U00010879-\U0001087f\U000108a7-\U000108af"
    "\U000108fb-\U000108ff\U00010916-\U0001091b\U000109bc\U000109bd\U000109c0-\U000109cf"
    "\U000109d2-\U000109ff\U00010a40-\U00010a48\U00010a7d\U00010a7e\U00010a9d-\U00010a9f"
    "\U00010aeb-\U00010aef\U00010b58-\U00010b5f\U00010b78-\U00010b7f\U00010ba9-\U00010baf"
    "\U00010cfa-\U00010cff\U00010e60-\U00010e7e\U00010f1d-\U00010f26\U00010f51-\U00010f54"
    "\U00010fc5-\U00010fcb\U00011052-\U00011065\U000111e1-\U000111f4\U0001173a\U0001173b"
    "\U000118ea-\U000118f2\U00011c5a-\U00011c6c\U00011fc0-\U00011fd4\U00012400-\U0001246e"
    "\U00016b5b-\U00016b61\U00016e80-\U00016e96\U0001d2c0-\U0001d2d3\U0001d2e0-\U0001d2f3"
    "\U0001d360-\U0001d378\U0001e8c7-\U0001e8cf\U0001ec71-\U0001ecab\U0001ecad-\U0001ecaf"
    "\U0001ecb1-\U0001ecb4\U0001ed01-\U0001ed2d\U0001ed2f-\U0001ed3d\U0001f100-\U0001f10c"
)
"""As a regular expression has it in brackets: the letters and digits of the language that are of
Unicode's categories Nl and No (Unicode 15). `[[:alnum:]]` has those of L and Nd only."""

_NUL = "\0"
"""The one character that no text of PostgreSQL holds."""
_DATES = "BETWEEN '0001-01-01' AND '9999-12-31'"
_DAYS = 146097
"""Days in 400 years, a whole number of weeks."""
_BEFORE = 62135596800 + _DAYS * 86400
"""Seconds from 400 years before 0001-01-01, a Monday, to 1970: no local time is before it, so
that division, which goes towards zero, rounds down."""
_PERIOD_SECONDS: dict[Period, int] = {"hour": 3600, "day": 86400, "week": 7 * 86400}


class Postgres(Dialect):
    """PostgreSQL, whatever the settings of the session.

    But the text of a double needs `extra_float_digits` above 0, as it is unless somebody sets it.
    """

    name: ClassVar[str] = "postgres"
    title: ClassVar[str] = "PostgreSQL"
    materialized: ClassVar[str] = "materialized "
    """Else a column of one select is put in wherever the next ones name it, and computed anew."""

    def identifier(self, name: str) -> str:
        """See `Dialect.identifier`."""
        _without_nul(name)
        return super().identifier(name)

    def string(self, text: str) -> str:
        """See `Dialect.string`; an escape string where `standard_conforming_strings` matters."""
        _without_nul(text)
        if "\\" not in text:
            return super().string(text)
        return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def double(self, value: float) -> str:
        """See `Dialect.double`; `1.5` by itself is a decimal number."""
        return f"double precision '{value!r}'"

    def as_text(self, x: str) -> str:
        """See `Dialect.as_text`."""
        return f'(CAST({x} AS text) COLLATE "C")'

    def trim(self, x: str) -> str:
        """See `Dialect.trim`; the cast is for columns of text by other names, such as citext."""
        space = _escape_string(WHITE_SPACE)
        return f"""nullif(btrim(CAST({x} AS text) COLLATE "C", {space}), '')"""

    def lower(self, x: str) -> str:
        """See `Dialect.lower`; most collations know ASCII only, or one language."""
        letters = f"translate({x}, 'İΣ', 'iσ')"
        return f"""(lower({letters} COLLATE "und-x-icu") COLLATE "C")"""

    def words(self, folded: str) -> str:
        """See `Dialect.words`."""
        others = f"'[^[:alnum:]{_OTHER_NUMBERS}]+'"
        spaced = f"""(' ' || {folded} || ' ') COLLATE "und-x-icu\""""
        words = f"""regexp_replace({spaced}, {others}, ' ', 'g') COLLATE "C\""""
        return f"coalesce(nullif({words}, ' '), left({folded}, 0))"

    def contains(self, x: str, part: str) -> str:
        """See `Dialect.contains`."""
        if _NUL in part:
            return _never(x)
        return f"(strpos({x}, {self.string(part)}) > 0)"

    def starts(self, x: str, part: str) -> str:
        """See `Dialect.starts`."""
        return _never(x) if _NUL in part else super().starts(x, part)

    def ends(self, x: str, part: str) -> str:
        """See `Dialect.ends`."""
        if _NUL in part:
            return _never(x)
        return f"(right({x}, {len(part)}) = {self.string(part)})"

    def matches(self, x: str, pattern: str) -> str:
        """See `Dialect.matches`.

        PostgreSQL's LIKE gives up as soon as a part between stars is nowhere in the rest, so that
        it tries each part at each place once; its `_` is a whole character, a line break too.
        """
        if _NUL in pattern:
            return _never(x)
        like = "".join({"*": "%", "?": "_"}.get(c, f"!{c}" if c in "!%_" else c) for c in pattern)
        return f"({x} LIKE {self.string(like)} ESCAPE '!')"

    def precedes(self, left: str, operator: str, right: str) -> str:
        """See `Dialect.precedes`."""
        return f"""(({left}) COLLATE "C" {operator} ({right}) COLLATE "C")"""

    def text_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect.text_of`."""
        match kind:
            case "text":
                return x
            case "double":
                text = _double_text(x)
            case "date":
                text = f"CASE WHEN {x} {_DATES} THEN to_char({x}, 'YYYY-MM-DD') END"
            case "timestamp":
                text = _time_text(x, x)
            case "instant":
                text = _time_text(x, f"{x} AT TIME ZONE 'UTC'", "+00")
            case "integer" | "boolean":
                text = f"CAST({x} AS text)"
            case _:
                assert_never(kind)
        return f'({text} COLLATE "C")'

    def number_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect.number_of`."""
        match kind:
            case "text":
                return _number_of_text(x)
            case "integer":
                return f"CAST({x} AS double precision)"
            case "double":
                return f"CASE WHEN {_finite(x)} THEN {x} END"
            case "boolean" | "date" | "timestamp" | "instant":
                return "CAST(NULL AS double precision)"

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
                return "CAST(NULL AS boolean)"

    def local_of(self, x: str, kind: ColumnKind) -> str:
        """See `Dialect.local_of`; what is outside of the years 1 to 9999 is unknown."""
        if kind == "date":
            days = f"CAST({x} - DATE '1970-01-01' AS bigint)"
            return f"CASE WHEN {x} {_DATES} THEN {days} * 86400 END"
        return f"CASE WHEN {_in_years(x)} THEN {_epoch(x)} END"

    def second_of(self, x: str) -> str:
        """See `Dialect.second_of`; what is outside of the years 1 to 9999 is unknown."""
        return f"CASE WHEN {_in_years(x, '+00')} THEN {_epoch(x)} END"

    def civil(self, year: str, month: str, day: str, hour: str, minute: str, second: str) -> str:
        """See `Dialect.civil`; `make_date` raises where there is no such day."""
        leap = f"{year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0)"
        exists = (
            f"{year} BETWEEN 1 AND 9999 AND {month} BETWEEN 1 AND 12 AND {day} BETWEEN 1 AND "
            f"CASE WHEN {month} IN (4, 6, 9, 11) THEN 30 WHEN {month} <> 2 THEN 31 "
            f"WHEN {leap} THEN 29 ELSE 28 END "
            f"AND {hour} <= 23 AND {minute} <= 59 AND {second} <= 59"
        )
        date = ", ".join(f"CAST({part} AS integer)" for part in (year, month, day))
        return (
            f"CASE WHEN {exists} THEN CAST(make_date({date}) - DATE '1970-01-01' AS bigint) "
            f"* 86400 + {hour} * 3600 + {minute} * 60 + {second} END"
        )

    def integer(self, x: str) -> str:
        """See `Dialect.integer`; NULL for any other text.

        In which order the conditions of a query are looked at is the server's to choose.
        """
        return f"CASE WHEN {x} ~ '^[0-9]{{1,4}}$' THEN CAST({x} AS bigint) END"

    def fits(self, x: str, regex: str) -> str:
        """See `Dialect.fits`."""
        return f"({x} ~ {self.string(f'^(?:{regex})$')})"

    def found(self, x: str, regex: str) -> str:
        """See `Dialect.found`."""
        return f"substring({x}, {self.string(f'^(?:{regex})$')})"

    def divide(self, a: str, b: str) -> str:
        """See `Dialect.divide`; of wide numbers, `/` would give decimals."""
        return f"((({a}) - ({a}) % ({b})) / ({b}))"

    def scale(self, factor: float, x: str) -> str:
        """See `Dialect.scale`; PostgreSQL raises where a product is too large or too small."""
        product = f"{self.double(factor)} * {x}"
        if factor == 0:
            return f"({product})"
        lowest, highest = ordinary(factor)
        if abs(factor) > 1:
            return (
                f"CASE WHEN abs({x}) <= {self.double(highest)} THEN {product} "
                f"WHEN {x} > 0 THEN {_infinity(factor)} WHEN {x} < 0 THEN {_infinity(-factor)} END"
            )
        zero = self.double(0.0)
        return f"CASE WHEN abs({x}) < {self.double(lowest)} THEN {zero} ELSE {product} END"

    def wide(self, x: str) -> str:
        """See `Dialect.wide`."""
        return f"CAST({x} AS numeric)"

    def floor(self, x: str) -> str:
        """See `Dialect.floor`; NULL for a larger one."""
        return f"CASE WHEN abs({x}) < {self.double(2.0**63)} THEN CAST(floor({x}) AS bigint) END"

    def narrow(self, x: str) -> str:
        """See `Dialect.narrow`."""
        return f"CAST({x} AS bigint)"

    def points(self, units: str) -> str:
        """See `Dialect.points`; a decimal number is exact, and its cast reads its digits."""
        return f"CAST(({units}) * 0.0000001 AS double precision)"

    def decimal_text(self, units: str) -> str:
        """See `Dialect.decimal_text`."""
        return f'(CAST(trim_scale(({units}) * 0.0000001) AS text) COLLATE "C")'

    def now(self) -> str:
        """See `Dialect.now`. The transaction may have begun long before."""
        return _epoch("statement_timestamp()")

    def period(self, local: str, period: Period) -> str:
        """See `Dialect.period`."""
        if seconds := _PERIOD_SECONDS.get(period):
            return f"((({local}) + {_BEFORE}) / {seconds})"
        days = f"CAST((({local}) + {_BEFORE}) / 86400 AS integer) - {_DAYS}"
        date = f"(DATE '0001-01-01' + ({days}))"
        year = f"extract(year FROM {date})"
        match period:
            case "month":
                index = f"{year} * 12 + extract(month FROM {date})"
            case "quarter":
                index = f"{year} * 4 + extract(quarter FROM {date})"
            case _:  # the year
                index = year
        return f"CAST({index} AS bigint)"

    def sum(self, x: str) -> str:
        """See `Dialect.sum`; its sum of integers is a decimal number."""
        return f"CAST(sum({x}) AS bigint)"

    def sum_if(self, x: str, condition: str) -> str:
        """See `Dialect.sum_if`."""
        return f"CAST(coalesce(sum({x}) FILTER (WHERE {condition}), 0) AS bigint)"

    def wide_sum_if(self, x: str, condition: str) -> str:
        """See `Dialect.wide_sum_if`."""
        return f"CAST(coalesce(sum({x}) FILTER (WHERE {condition}), 0) AS numeric)"


def _without_nul(text: str) -> None:
    if _NUL in text:
        raise Unsayable("PostgreSQL has no text with the character U+0000.")


def _never(x: str) -> str:
    """What is true of no text that PostgreSQL can have."""
    return f"CASE WHEN {x} IS NOT NULL THEN false END"


def _escape_string(text: str) -> str:
    """A literal in ASCII: blanks of many kinds cannot be told apart otherwise."""
    return "E'" + "".join(c if " " < c < "\x7f" else f"\\u{ord(c):04X}" for c in text) + "'"


def _finite(x: str) -> str:
    # PostgreSQL holds NaN to be greater than infinity.
    return f"abs({x}) < double precision 'Infinity'"


def _infinity(sign: float) -> str:
    return f"double precision '{'-' if sign < 0 else ''}Infinity'"


def _in_years(x: str, offset: str = "") -> str:
    return f"{x} >= '0001-01-01 00:00:00{offset}' AND {x} < '10000-01-01 00:00:00{offset}'"


def _time_text(x: str, local: str, offset: str = "") -> str:
    form = """'YYYY-MM-DD"T"HH24:MI:SS'"""
    return f"CASE WHEN {_in_years(x, offset)} THEN to_char({local}, {form}) END"


def _epoch(time: str) -> str:
    # date_trunc goes down, before 1970 too; a cast of the seconds alone would round them.
    return f"CAST(extract(epoch FROM date_trunc('second', {time})) AS bigint)"


def _double_text(x: str) -> str:
    """Python's `repr`, but whole numbers without a point.

    The server's own text has the shortest digits that read back, but shuns decimals right between
    two doubles, such as 1e23; there are such from 2^54 to 10^39. There the decimals of 15 and 16
    digits are tried first: no two of 15 read as the same double, so that one that reads back is the
    shortest, with zeros at its end.
    """
    own = f"CAST({x} AS text)"
    tried = [f"to_char({x}, '9.{'9' * (digits - 1)}EEEE')" for digits in (15, 16)]
    reads = [f"WHEN CAST({text} AS double precision) = {x} THEN {text}" for text in tried]
    digits = f"CASE {' '.join(reads)} ELSE {own} END"
    return (
        f"CASE WHEN abs({x}) < 1e16 AND {x} = trunc({x}) "
        f"THEN CAST(CAST({x} AS bigint) AS text) "
        f"WHEN abs({x}) >= 1e-4 AND abs({x}) < 1e16 THEN CAST(CAST({own} AS numeric) AS text) "
        f"WHEN abs({x}) >= 1e16 AND abs({x}) < 1e40 "
        f"THEN regexp_replace(ltrim({digits}), E'\\\\.?0*e', 'e') "
        f"WHEN {_finite(x)} THEN {own} END"
    )


def _number_of_text(x: str) -> str:
    """The number of a trimmed text.

    The cast to a double rounds right, but raises where the result is infinite or, without being
    zero, is read as 0. The path language of JSON says beforehand whether it will. Which of the two
    it is, the power of ten of the first digit that is not 0 tells: how many digits stand before the
    point, or else how many zeros behind it, and the exponent, of which eighteen digits are more
    than a text is long.
    """
    cast = f"CAST({x} AS double precision)"
    readable = f"jsonb_path_exists(to_jsonb({x}), '$.double()', '{{}}', true)"
    before = f"length(substring({x}, '^[+-]?0*([0-9]*)'))"
    behind = rf"length(substring({x}, E'^[+-]?0+\\.(0*)'))"
    exponent = f"substring({x}, '[eE]([+-]?)')"
    size = f"substring({x}, '[eE][+-]?0*([0-9]{{1,18}})')"
    power = f"CAST({exponent} || {size} AS bigint)"
    tiny = f"{before} - coalesce({behind}, 0) + coalesce({power}, 0) < 0"
    return (
        f"CASE WHEN {x} ~ {_regex(_SMALL_NUMBER)} THEN {cast} "
        f"WHEN {x} ~ {_regex(_NUMBER)} THEN "
        f"CASE WHEN {readable} THEN {cast} WHEN {tiny} THEN {Postgres().double(0.0)} END END"
    )


def _regex(expression: str) -> str:
    return Postgres().string(expression)
