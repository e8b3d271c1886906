"""What each primitive of a dialect must give, odd inputs included.

Expected values come from `leadscore.values`, from Python's own types, or are written by hand; never
from a dialect. A vector is a table of inputs with some expressions over it, all of which are
evaluated in one query: queries are slow in some engines, rows in none.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.sql.inputs import (
    BOOLEAN_TEXTS,
    DATE_TEXTS,
    DATES,
    DIVIDENDS,
    DIVISORS,
    DOUBLES,
    EQUAL,
    FACTORS,
    FIELDS,
    FITTING,
    FOLDED,
    INTEGERS,
    KINDS,
    NUMBER_TEXTS,
    ODD_TEXTS,
    PACKED,
    PARTS,
    PATTERNED,
    PATTERNS,
    REGEXES,
    SPACED,
    TIMES,
    TRIMMED,
    UNITS,
    seconds,
)
from tests.sql.runners import Columns

from leadscore.targets.sql import dates as date_sql
from leadscore.targets.sql.dialect import ColumnKind, Dialect, Period
from leadscore.values import dates as date_values
from leadscore.values import number, text, units

Write = Callable[[Dialect], str]


@dataclass(frozen=True, slots=True)
class Case:
    """An expression over the columns of its vector, and its value for each row."""

    label: str
    write: Write
    expected: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Vector:
    """A table of inputs and what expressions over it give."""

    name: str
    columns: Columns
    cases: tuple[Case, ...]


def _over(
    name: str,
    kind: ColumnKind,
    values: Sequence[Any],
    *cases: tuple[str, Write, Callable[[Any], Any]],
) -> Vector:
    """A vector over one column `x`: of NULL, every primitive of one argument gives NULL."""
    rows = [None, *values]
    return Vector(
        name,
        {"x": (kind, rows)},
        tuple(
            Case(label, write, [None if x is None else python(x) for x in rows])
            for label, write, python in cases
        ),
    )


# Texts


def texts() -> Iterator[Vector]:
    """Trimming, folding, cutting, searching, comparing."""
    yield _over("trim", "text", SPACED, ("trim", lambda d: d.trim("x"), text.text_of))
    # Folding comes after trimming, but nothing is to depend on it.
    everything = sorted({*SPACED, *TRIMMED})
    yield _over("lower", "text", everything, ("lower", lambda d: d.lower("x"), text.lower))
    yield _over("words", "text", FOLDED, ("words", lambda d: d.words("x"), text.words))
    yield _over(
        "parts",
        "text",
        FOLDED,
        *(
            (f"{what} {part!r}", _searching(what, part), _found(what, part))
            for part in PARTS
            for what in ("contains", "starts", "ends")
        ),
    )
    yield _over(
        "matches",
        "text",
        [*FOLDED, "abab", "aba", "aaa", "aaaa", "a\nb", "ab" * 3000, "a" * 5001, "?" * 300],
        *(
            (f"matches {pattern[:20]!r}", _matching(pattern), text.wildcard(pattern))
            for pattern in PATTERNS
        ),
    )
    pairs = list(itertools.product(EQUAL, repeat=2))
    yield Vector(
        "order",
        {"a": ("text", [a for a, _ in pairs]), "b": ("text", [b for _, b in pairs])},
        (
            Case("=", lambda d: "a = b", [a == b for a, b in pairs]),
            Case("<", lambda d: d.precedes("a", "<", "b"), [a < b for a, b in pairs]),
            Case("<=", lambda d: d.precedes("a", "<=", "b"), [a <= b for a, b in pairs]),
            Case(">", lambda d: d.precedes("a", ">", "b"), [a > b for a, b in pairs]),
            Case(">=", lambda d: d.precedes("a", ">=", "b"), [a >= b for a, b in pairs]),
        ),
    )
    yield _over(
        "part",
        "text",
        ["", "a", "2026-01-31", "日本語日本語", "🚀🚀🚀", "e\u0301a\u0301", "123"],
        *(
            (f"part {start} {length}", _cutting(start, length), _part(start, length))
            for start, length in ((1, 1), (1, 2), (2, 2), (6, 2), (9, 2), (1, 4), (20, 2))
        ),
    )


def literals() -> Iterator[Vector]:
    """Texts of a model, as SQL: what comes out is what was put in, and it ends where it should."""
    known = [x for x in SPACED if "\x00" not in x]
    decimals = {"1.50": "1.5", "100.00": "100", "0.00": "0", "-2.250": "-2.25", "100": "100"}
    yield Vector(
        "shortest",
        {"x": ("text", [*decimals, None])},
        (Case("shortest", lambda d: d.shortest("x"), [*decimals.values(), None]),),
    )
    yield Vector(
        "string",
        {"x": ("integer", [1])},
        tuple(Case(repr(x[:20]), _literal(x), [x]) for x in known),
    )
    names = [x for x in known if 0 < len(x.encode()) <= 60 and x.strip() == x]
    yield Vector(
        "identifier",
        {"x": ("integer", [1])},
        tuple(Case(repr(x), _named(x), [7]) for x in dict.fromkeys(map(str.lower, names))),
    )


def _searching(what: str, part: str) -> Write:
    return lambda d: str(getattr(d, what)("x", part))


def _found(what: str, part: str) -> Callable[[str], bool]:
    match what:
        case "contains":
            return lambda x: part in x
        case "starts":
            return lambda x: x.startswith(part)
        case _:
            return lambda x: x.endswith(part)


def _matching(pattern: str) -> Write:
    return lambda d: d.matches("x", pattern)


def _cutting(start: int, length: int) -> Write:
    return lambda d: d.part("x", start, length)


def _part(start: int, length: int) -> Callable[[str], str]:
    return lambda x: x[start - 1 : start - 1 + length]


def _literal(value: str) -> Write:
    return lambda d: d.string(value)


def _named(name: str) -> Write:
    def write(d: Dialect) -> str:
        column = d.identifier(name)
        return f"(SELECT max({column}) FROM (SELECT 7 AS {column}) AS q)"

    return write


# Readings


def readings() -> Iterator[Vector]:
    """Texts and typed columns as text, number, yes or no, and time."""
    yield _over(
        "readings of text",
        "text",
        _trimmed(*TRIMMED, *NUMBER_TEXTS),
        ("text", lambda d: d.text_of("x", "text"), text.text_of),
        ("number", lambda d: d.number_of("x", "text"), number.number_of),
    )
    yield _over(
        "yes or no of text",
        "text",
        _trimmed(*FOLDED, *BOOLEAN_TEXTS),
        ("boolean", lambda d: d.boolean_of("x", "text"), number.boolean_of),
    )
    for kind, values in KINDS.items():
        cases: list[tuple[str, Write, Callable[[Any], Any]]] = [
            ("text", _reading("text_of", kind), text.text_of),
            ("number", _reading("number_of", kind), _number_of),
            ("boolean", _reading("boolean_of", kind), number.boolean_of),
        ]
        if kind in ("date", "timestamp"):
            cases.append(("local", _reading("local_of", kind), seconds))
        if kind == "instant":
            cases.append(("second", lambda d: d.second_of("x"), seconds))
        yield _over(f"readings of {kind}", kind, values, *cases)


def _trimmed(*texts: str) -> list[str]:
    """As readings get them, which come after `trim`."""
    return sorted({found for x in texts if (found := text.text_of(x)) is not None})


def _reading(method: str, kind: ColumnKind) -> Write:
    return lambda d: str(getattr(d, method)("x", kind))


def _number_of(value: Any) -> float | None:
    # NaN is a missing value before anything is read.
    return number.number_of(text.normal(value))


def dates() -> Iterator[Vector]:
    """What reads dates from texts, and the texts: with a primitive of the dialect where it has
    one, and in the way that all dialects share."""
    moments = {x: date_values.iso(x) for x in _trimmed(*DATE_TEXTS, *TRIMMED, *NUMBER_TEXTS)}
    yield _over(
        "ISO dates",
        "text",
        list(moments),
        ("local", _iso_local, lambda x: _local(moments[x])),
        ("shared local", lambda d: date_sql.iso_local(d, "x"), lambda x: _local(moments[x])),
        # Of what is no date the offset may be anything.
        (
            "offset",
            lambda d: f"case when {_iso_local(d)} is not null then {_iso_offset(d)} end",
            lambda x: _offset(moments[x]),
        ),
        (
            "shared offset",
            lambda d: (
                f"case when {_iso_local(d)} is not null then {date_sql.iso_offset(d, 'x')} end"
            ),
            lambda x: _offset(moments[x]),
        ),
    )
    yield _over(
        "dates in a pattern",
        "text",
        _trimmed(*itertools.chain(*PATTERNED.values()), *DATES, *map(text.fold, ODD_TEXTS)),
        *((pattern, _patterned(pattern), _by_pattern(pattern)) for pattern in PATTERNED),
    )
    fields = [(*day, *clock) for day in FIELDS for clock in TIMES]
    names = ("f1", "f2", "f3", "f4", "f5", "f6")
    yield Vector(
        "civil",
        {
            name: ("integer", [*column, None])
            for name, column in zip(names, zip(*fields, strict=True), strict=True)
        },
        (
            Case("civil", lambda d: d.civil(*names), [*map(civil, fields), None]),
            Case(
                "civil of literals",
                lambda d: d.civil("2026", "2", "30", "0", "0", "0"),
                [None] * (len(fields) + 1),
            ),
            Case(
                "civil at midnight",
                lambda d: d.civil("f1", "f2", "f3", "0", "0", "0"),
                [*(civil((*each[:3], 0, 0, 0)) for each in fields), None],
            ),
        ),
    )
    yield _over(
        "integer",
        "text",
        ["", "0", "00", "0000", "1", "01", "08", "09", "0009", "31", "2026", "9999"],
        ("integer", lambda d: d.integer("x"), lambda x: int(x) if x else None),
    )
    yield _over(
        "fits",
        "text",
        FITTING,
        *((f"fits {regex}", _fitting(regex), _fits(regex)) for regex in REGEXES),
    )
    # '' and NULL are the same here: so is the reading of either.
    yield _over(
        "found",
        "text",
        FITTING,
        *((f"found {regex}", _finding(regex), _first_group(regex)) for regex in REGEXES),
    )


def civil(fields: Sequence[int]) -> int | None:
    """Local seconds of a year, month, day, hour, minute and second, as Python has them."""
    year, month, day, hour, minute, second = fields
    try:
        return seconds(datetime(year, month, day, hour, minute, second))
    except ValueError:
        return None


def _iso_local(d: Dialect) -> str:
    return d.iso_local("x") or date_sql.iso_local(d, "x")


def _iso_offset(d: Dialect) -> str:
    return d.iso_offset("x") or date_sql.iso_offset(d, "x")


def _local(moment: datetime | None) -> int | None:
    return None if moment is None else seconds(moment)


def _offset(moment: datetime | None) -> int | None:
    offset = None if moment is None else moment.utcoffset()
    return None if offset is None else offset // timedelta(seconds=1)


def _patterned(pattern: str) -> Write:
    return lambda d: date_sql.pattern_local(d, "x", pattern)


def _by_pattern(pattern: str) -> Callable[[str], int | None]:
    read = date_values.pattern_reader(pattern)
    return lambda x: _local(read(x))


def _fitting(regex: str) -> Write:
    return lambda d: d.fits("x", regex)


def _fits(regex: str) -> Callable[[str], bool]:
    match = re.compile(regex).fullmatch
    return lambda x: match(x) is not None


def _finding(regex: str) -> Write:
    return lambda d: f"nullif({d.found('x', regex)}, '')"


def _first_group(regex: str) -> Callable[[str], str | None]:
    match = re.compile(regex).fullmatch
    return lambda x: (found[1] or None) if (found := match(x)) else None


# Numbers


def numbers() -> Iterator[Vector]:
    """Literals, arithmetic and the forms that points take."""
    finite = [*DOUBLES, *(-x for x in DOUBLES)]
    yield Vector(
        "double",
        {"x": ("double", [1.5])},
        tuple(
            case
            for value in finite
            for case in (
                Case(repr(value), _double(value), [value]),
                Case(f"1.5 - {value!r}", _minus(value), [1.5 - value]),
                Case(f"1.5 > {value!r}", _above(value), [value < 1.5]),
            )
        ),
    )
    yield _over(
        "scale",
        "double",
        finite,
        *((f"scale {factor}", _scaling(factor), _scaled(factor)) for factor in FACTORS),
    )
    pairs = list(itertools.product(DIVIDENDS, DIVISORS))
    big = 10**18
    yield Vector(
        "divide",
        {
            "a": ("integer", [*(a for a, _ in pairs), None, 1]),
            "b": ("integer", [*(b for _, b in pairs), 1, None]),
        },
        (
            Case("a // b", lambda d: d.divide("a", "b"), [*(a // b for a, b in pairs), None, None]),
            Case(
                "wide",
                lambda d: f"{d.wide('a')} * {d.wide(str(big))}",
                [*(a * big for a, _ in pairs), None, big],
            ),
            Case(
                "wide a // b",
                # The quotient has 64 bits; the dividend has more.
                lambda d: d.divide(
                    f"({d.wide('a')} * {d.wide('b')} + {d.wide('b')} - {d.wide('1')})", d.wide("b")
                ),
                [*(a for a, _ in pairs), None, None],
            ),
            Case(
                "wide comparison",
                lambda d: f"{d.wide('a')} * {d.wide('b')} >= {d.wide('b')} * {d.wide(str(big))}",
                [*(a * b >= b * big for a, b in pairs), None, None],
            ),
            Case("narrow", lambda d: d.narrow(d.wide("a")), [*(a for a, _ in pairs), None, 1]),
        ),
    )
    below = [x for x in finite if abs(x) < 2.0**63]
    close = [math.nextafter(x, up) for x in (1.0, 2.0, 2.0**52, 1e15) for up in (0.0, math.inf)]
    yield _over(
        "floor",
        "double",
        [*below, *close, *(-x for x in close), math.nextafter(2.0**63, 0.0)],
        ("floor", lambda d: d.floor("x"), math.floor),
    )
    yield _over(
        "points",
        "integer",
        [*UNITS, *INTEGERS],
        # Python divides integers to the nearest double.
        ("points", lambda d: d.points("x"), lambda x: x / units.UNIT),
        ("decimal text", lambda d: d.decimal_text("x"), units.decimal_text),
    )


def bits() -> Iterator[Vector]:
    """Counters that are packed into 64-bit integers, none of which is below 0."""
    pairs = list(itertools.product(PACKED, repeat=2))
    a, b = (tuple(column) for column in zip(*pairs, strict=True))
    yield Vector(
        "both",
        {"a": ("integer", [*a, None, 1]), "b": ("integer", [*b, 1, None])},
        (
            Case("a & b", lambda d: d.both("a", "b"), [*(x & y for x, y in pairs), None, None]),
            Case(
                "a & b & literal",
                lambda d: d.both(d.both("a", "b"), str(2**62 + 2**33 + 5)),
                [*(x & y & (2**62 + 2**33 + 5) for x, y in pairs), None, None],
            ),
        ),
    )
    yield _over(
        "bits",
        "integer",
        PACKED,
        *(
            (f"bits {start} {many}", _unpacking(start, many), _unpacked(start, many))
            for start, many in (
                (0, 1),
                (0, 15),
                (0, 62),
                (15, 15),
                (31, 1),
                (32, 31),
                (45, 15),
                (62, 1),
            )
        ),
    )


def _unpacking(start: int, many: int) -> Write:
    return lambda d: d.bits("x", start, many)


def _unpacked(start: int, many: int) -> Callable[[int], int]:
    return lambda x: (x >> start) & (2**many - 1)


def _double(value: float) -> Write:
    return lambda d: d.double(value)


def _minus(value: float) -> Write:
    return lambda d: f"x-{d.double(value)}"


def _above(value: float) -> Write:
    return lambda d: f"x>{d.double(value)}"


def _scaling(factor: float) -> Write:
    return lambda d: d.scale(factor, "x")


def _scaled(factor: float) -> Callable[[float], float]:
    return lambda x: factor * x


# Time

PERIODS: tuple[Period, ...] = ("hour", "day", "week", "month", "quarter", "year")


def period_of(local: int, period: Period) -> tuple[int, ...]:
    """The clock period of local seconds, as Python's calendar has it."""
    moment = datetime(1970, 1, 1) + timedelta(seconds=local)
    match period:
        case "hour":
            return (moment.toordinal(), moment.hour)
        case "day":
            return (moment.toordinal(),)
        case "week":
            return moment.isocalendar()[:2]
        case "month":
            return (moment.year, moment.month)
        case "quarter":
            return (moment.year, (moment.month - 1) // 3)
        case "year":
            return (moment.year,)


VECTORS = tuple(itertools.chain(texts(), literals(), readings(), dates(), numbers(), bits()))
"""All but clock periods, whose numbers are the dialect's own, and aggregates."""
