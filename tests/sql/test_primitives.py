"""Every primitive of every dialect that can run here, against the language."""

from __future__ import annotations

import math
import time
import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sql import unicode_ages
from tests.sql.inputs import LOCALS
from tests.sql.runners import Columns, Runner
from tests.sql.vectors import PERIODS, VECTORS, Vector, period_of

from leadscore.targets.sql.dialect import Period
from leadscore.values import number, text, units

PYTHON_HAS = (*map(int, unicodedata.unidata_version.split(".")[:2]),)


def same(got: Any, expected: Any) -> bool:
    """Of one type and equal; the sign of a zero says nothing in the language."""
    return type(got) is type(expected) and got == expected


def differences(
    got: Sequence[Any], expected: Sequence[Any], inputs: Sequence[Any]
) -> list[tuple[Any, Any, Any]]:
    """(input, what the engine gave, what is right) of the rows that are wrong."""
    return [
        (given_, engine, right)
        for given_, engine, right in zip(inputs, got, expected, strict=True)
        if not same(engine, right)
    ]


def carried(runner: Runner, columns: Columns) -> list[int]:
    """The rows that the engine can hold: not all have a place for U+0000."""
    rows = list(zip(*(values for _, values in columns.values()), strict=True))
    return [
        index
        for index, row in enumerate(rows)
        if runner.nul or not any(isinstance(x, str) and "\x00" in x for x in row)
    ]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_vector(runner: Runner, vector: Vector) -> None:
    kept = carried(runner, vector.columns)
    columns: Columns = {
        name: (kind, [values[index] for index in kept])
        for name, (kind, values) in vector.columns.items()
    }
    inputs = list(zip(*(values for _, values in columns.values()), strict=True))
    rows = runner.rows([case.write(runner.dialect) for case in vector.cases], columns)
    wrong = {
        case.label: found
        for at, case in enumerate(vector.cases)
        if (
            found := differences(
                [row[at] for row in rows], [case.expected[index] for index in kept], inputs
            )
        )
    }
    assert wrong == {}


# All characters


def assigned() -> list[int]:
    """The code points that Python's Unicode has, U+0000 and lone surrogates left out."""
    return [
        point
        for point in range(1, 0x110000)
        if unicodedata.category(chr(point)) not in ("Cn", "Cs")
    ]


def test_ages_are_those_of_unicode() -> None:
    # Of the versions of Unicode that this Python has.
    for version, points in unicode_ages.NEW.items():
        for point in points:
            category = unicodedata.category(chr(point))
            assert category[0] in "LN" if version <= PYTHON_HAS else category == "Cn", hex(point)


@pytest.mark.parametrize("primitive", ["trim", "lower", "words"])
def test_every_character(runner: Runner, primitive: str) -> None:
    """An engine may differ only in letters and digits that are newer than its Unicode."""
    python = {"trim": text.text_of, "lower": text.lower, "words": text.words}[primitive]
    points = assigned()
    # Between letters, so that no engine takes a character for something about the whole text.
    inputs = [
        form
        for c in map(chr, points)
        for form in ([c, f"{c}a", f"a{c}"] if primitive == "trim" else [f"x{c}y"])
    ]
    got = runner.evaluate(getattr(runner.dialect, primitive)("x"), {"x": ("text", inputs)})
    may_differ = unicode_ages.newer_than(runner.unicode)
    wrong = [
        found
        for found in differences(got, [python(x) for x in inputs], inputs)
        if primitive == "trim" or ord(found[0][1]) not in may_differ
    ]
    assert wrong == []


# Time


@pytest.mark.parametrize("period", PERIODS)
def test_two_times_are_in_the_same_period_exactly_if_its_number_is_the_same(
    runner: Runner, period: Period
) -> None:
    got = runner.evaluate(runner.dialect.period("x", period), {"x": ("integer", [*LOCALS, None])})
    assert got.pop() is None
    assert {type(value) for value in got} == {int}
    expected = [period_of(local, period) for local in LOCALS]
    # One number a period and one period a number.
    assert len(set(zip(got, expected, strict=True))) == len(set(got)) == len(set(expected))
    assert len(set(got)) > 10


def test_now_is_now(runner: Runner) -> None:
    before = math.floor(time.time())
    got = runner.evaluate(runner.dialect.now(), {"x": ("integer", [1, 2])})
    after = math.floor(time.time())
    assert type(got[0]) is int
    assert before <= got[0] == got[1] <= after


# Aggregates

_INTS = [5, -3, None, 0, 7, 7, 2**40, -(2**40), 11, None]
_HOLDS = [True, True, True, None, False, True, True, True, None, None]
_NAMES = ["a", "A", "a", None, "b", "e\u0301", "é", "a ", "c", None]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, len(_INTS)])
def test_aggregates(runner: Runner, size: int) -> None:
    d = runner.dialect
    ints, holds, names = _INTS[:size], _HOLDS[:size], _NAMES[:size]
    held = [x for x, h in zip(ints, holds, strict=True) if h and x is not None]
    known = {x for x, h in zip(names, holds, strict=True) if h and x is not None}
    got = runner.aggregates(
        [
            d.count_if("h"),
            d.max_if("x", "h"),
            d.min_if("x", "h"),
            d.distinct_if("t", "h"),
            d.sum_if("x", "h"),
            d.wide_sum_if("x", "h"),
            d.count_if("x > 5 AND h"),
        ],
        {"x": ("integer", ints), "h": ("boolean", holds), "t": ("text", names)},
    )
    assert got == (
        sum(h is True for h in holds),
        max(held, default=None),
        min(held, default=None),
        len(known),
        sum(held),
        sum(held),
        sum(x > 5 for x in held),
    )
    assert {type(value) for value in got} <= {int, type(None)}


def test_sums_at_the_end_of_64_bits(runner: Runner) -> None:
    d = runner.dialect
    most = units.MAX_UNITS
    numbers = [most - 10, 3, None, 7, -most, -most, -most]
    columns: Columns = {
        "x": ("integer", numbers),
        "h": ("boolean", [x is None or x > 0 for x in numbers]),
    }
    got = runner.aggregates(
        [
            d.sum_if("x", "h"),
            d.sum("case when h then x else 0 end"),
            d.wide_sum_if("x", "h"),
            d.narrow(d.wide_sum_if("x", "h")),
            d.wide_sum_if("x", "not h"),
            d.wide_sum_if(f"{d.wide('x')} * {d.wide('1000000000000000')}", "not h"),
        ],
        columns,
    )
    assert got == (most, most, most, most, -3 * most, -3 * most * 10**15)


# What nobody thought of


def lists_of(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=1, max_size=200)


# Blocks in which engines differ, beside all of Unicode.
_CHARACTERS = st.one_of(
    st.sampled_from(text.WHITE_SPACE),
    st.sampled_from("aAzZ09_-.,*?%\\'\"[]()\x1f\x7f\u200b"),
    st.sampled_from("ßİıΣςσǅⅧ²½é\u0301日🚀𐐀"),
    st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\x00"),
)
_TEXTS = st.text(_CHARACTERS, max_size=12)
_NUMBER_TEXTS = st.one_of(
    st.floats(allow_nan=True).map(repr),
    st.from_regex(r"[+-]?[0-9]{1,25}(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?", fullmatch=True),
    st.text("0123456789+-.eE_ ", min_size=1, max_size=10).filter(lambda x: x == x.strip()),
    st.integers().map(str),
)


def expect(runner: Runner, expression: str, columns: Columns, expected: Sequence[Any]) -> None:
    inputs = list(zip(*(values for _, values in columns.values()), strict=True))
    assert differences(runner.evaluate(expression, columns), expected, inputs) == []


@settings(max_examples=20)
@given(values=lists_of(_TEXTS))
def test_any_text(runner: Runner, values: list[str]) -> None:
    d = runner.dialect
    columns: Columns = {"x": ("text", values)}
    may_differ = unicode_ages.newer_than(runner.unicode)
    old = [x for x in values if not any(ord(c) in may_differ for c in x)]
    expect(runner, d.trim("x"), columns, [text.text_of(x) for x in values])
    expect(runner, d.lower("x"), {"x": ("text", old)}, [text.lower(x) for x in old])
    expect(runner, d.words("x"), {"x": ("text", old)}, [text.words(x) for x in old])


@settings(max_examples=20)
@given(values=lists_of(_NUMBER_TEXTS.filter(bool)))
def test_any_number_text(runner: Runner, values: list[str]) -> None:
    expect(
        runner,
        runner.dialect.number_of("x", "text"),
        {"x": ("text", values)},
        [number.number_of(x) for x in values],
    )


@settings(max_examples=20)
@given(values=lists_of(st.floats(allow_nan=False)))
def test_any_double(runner: Runner, values: list[float]) -> None:
    d = runner.dialect
    columns: Columns = {"x": ("double", values)}
    expect(runner, d.text_of("x", "double"), columns, [text.text_of(x) for x in values])
    expect(runner, d.number_of("x", "double"), columns, [number.number_of(x) for x in values])


@settings(max_examples=20)
@given(values=lists_of(st.integers(-(2**63), 2**63 - 1)))
def test_any_units(runner: Runner, values: list[int]) -> None:
    d = runner.dialect
    columns: Columns = {"x": ("integer", values)}
    expect(runner, d.points("x"), columns, [x / units.UNIT for x in values])
    expect(runner, d.decimal_text("x"), columns, [units.decimal_text(x) for x in values])


_PATTERN = st.text(st.sampled_from("ab*?\n🚀"), max_size=8)


@settings(max_examples=30)
@given(pattern=_PATTERN, values=lists_of(st.text(st.sampled_from("ab\n🚀"), max_size=10)))
def test_any_pattern(runner: Runner, pattern: str, values: list[str]) -> None:
    fits = text.wildcard(pattern)
    expect(
        runner,
        runner.dialect.matches("x", pattern),
        {"x": ("text", values)},
        [fits(x) for x in values],
    )


@settings(max_examples=20)
@given(values=lists_of(st.integers(LOCALS[0], LOCALS[-1])))
def test_any_local_time(runner: Runner, values: list[int]) -> None:
    rows = runner.rows(
        [runner.dialect.period("x", period) for period in PERIODS], {"x": ("integer", values)}
    )
    for at, period in enumerate(PERIODS):
        got = [row[at] for row in rows]
        expected = [period_of(local, period) for local in values]
        assert len(set(zip(got, expected, strict=True))) == len(set(got)) == len(set(expected))
