"""Findings on points, tests and dates, beyond the examples on their pages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lint.support import findings
from tests.syntax.texts import applied

import leadscore
from leadscore.diagnostics import Diagnostic
from leadscore.lint import Example


def found(text: str, *codes: str) -> list[Diagnostic]:
    return [item for item in findings(Example(text, True)) if item.code in codes]


# Points far outside

SMALL = "".join(f'  +{points} if a is "{points}"\n' for points in (1, 2, 3, 5, 10))


@pytest.mark.parametrize(
    ("lines", "tail", "codes"),
    [
        ('  +1000 if b is "x"\n', "", ["L601"]),
        ('  +999 if b is "x"\n', "", []),
        ('  -5000 if b is "x"\n', "", []),
        ('  +1000 if b is "x" limit 50\n', "", []),
        ('  +1000 if b is "x"\n', "limit 0 to 100\n", []),
        ('  +1000 if b is "x"\n', 'labels\n  "A" from 100\n  "B" below 100\n', []),
        ('  +1001 if b is "x"\n', 'labels\n  "A" from 100\n  "B" below 100\n', ["L601"]),
        ('  +100 if b is "x"\n', 'labels\n  "A" from 9\n  "B" below 9\n', []),
        ('  +1000 if b is "x"\n  +500 if b is "y"\n', "", []),
        ('  by b\n    "x": +5\n    "y": +5000\n', "", ["L601"]),
        ('  +5, +5000 for each "E"\n', "", ["L601"]),
        ("  +5000 for each 1 of b\n", "", ["L601"]),
    ],
)
def test_points_far_outside(lines: str, tail: str, codes: list[str]) -> None:
    text = f'score "S"\n{tail if tail.startswith("limit") else ""}group "g"\n{SMALL}{lines}'
    text += "" if tail.startswith("limit") else tail
    items = found(text, "L601")
    assert [item.code for item in items] == codes
    for item in items:
        assert text[item.span.start : item.span.end] in lines


def test_few_rules_have_no_rest() -> None:
    assert not found('score "S"\ngroup "g"\n  +1 always\n  +1000 if b is "x"\n', "L601")


# Tests


def test_a_test_takes_the_latest_time_that_the_tests_name() -> None:
    text = """\
score "S"
group "g"
  +1 for each "E"
test "one" as of 2026-01-31
  event "E" now
  expect score = 1
test "two"
  event "E" on 2026-03-01T09:30
  expect score = 1
test "three"
  event "E" 3 days ago
  expect score = 1
"""
    two, three = found(text, "L701")
    assert 'test "two" as of 2026-03-01T09:30\n' in applied(text, two.fixes[0])
    assert 'test "three" as of 2026-01-31\n' in applied(text, three.fixes[0])
    for item in (two, three):
        mended = applied(text, item.fixes[0])
        assert leadscore.loads(mended).test().passed
        assert leadscore.loads(mended).plan == leadscore.loads(text).plan


def test_without_any_time_there_is_no_fix() -> None:
    text = 'score "S"\ngroup "g"\n  +1 always\ntest "t"\n  expect score = 1\n'
    (item,) = found(text, "L701")
    assert not item.fixes


def test_a_broken_model_is_told_of_its_tests_too() -> None:
    text = 'score "S"\ngroup "g"\n  +1 allways\ntest "t"\n  expect score = 1\n'
    assert found(text, "L701")


BOUNDED = 'score "S"\ngroup "A" as fit\n  +20 if a is "x"\n  -5 if b is "y"\n'


@given(
    st.sampled_from((">=", ">", "<=", "<", "=", "!=")),
    st.decimals(-10, 30, places=1),
    st.booleans(),
    st.booleans(),
)
def test_a_test_that_cannot_fail_never_fails(
    operator: str, value: Decimal, one: bool, two: bool
) -> None:
    """Where L702 is said, the test passes whatever the lead is; at the bounds it is said."""
    lead = f'given a = "{"x" if one else "-"}", b = "{"y" if two else "-"}"'
    text = (
        f'{BOUNDED}test "t" as of 2026-01-31\n  {lead}\n'
        f'  expect score {operator} {value}, group "A" {operator} {value}\n'
    )
    score = 20 * one - 5 * two
    holds = {
        ">=": score >= value,
        ">": score > value,
        "<=": score <= value,
        "<": score < value,
        "=": score == value,
        "!=": score != value,
    }[operator]
    said = bool(found(text, "L702"))
    assert holds or not said
    sure = {">=": value <= -5, ">": value < -5, "<=": value >= 20, "<": value > 20}
    assert said == sure.get(operator, operator == "!=" and not -5 <= value <= 20)


def test_numbers_of_many_digits_are_compared_exactly() -> None:
    text = BOUNDED + 'test "t" as of 2026-01-31\n  expect score <= 20.{}\n'
    assert found(text.format("0" * 40 + "1"), "L702")
    assert not found(text.replace("20.{}", "19.{}").format("9" * 40), "L702")


def test_where_leads_are_left_out_a_number_says_something() -> None:
    text = BOUNDED + 'test "t" as of 2026-01-31\n  given a = "x"\n  expect score >= -5\n'
    assert found(text, "L702")
    scoped = text.replace("group", 'exclude when a is "z"\ngroup', 1)
    assert not found(scoped, "L702")


@pytest.mark.parametrize(
    ("expect", "idle"),
    [
        ("not excluded", True),
        ("no fast track", True),
        ("not excluded, score = 20", False),
        ("score <= 20, not excluded", True),
        ("excluded", False),
        ("fit >= -5, score <= 100", True),
        ('group "A" != 21', True),
    ],
)
def test_all_that_a_test_expects_has_to_hold(expect: str, idle: bool) -> None:
    text = f'{BOUNDED}test "t" as of 2026-01-31\n  given a = "x"\n  expect {expect}\n'
    assert bool(found(text, "L702")) == idle


GIVEN = """\
score "S"
properties
  staff: number from "Number of Employees"
events
  "Open" from "EMAIL_OPEN"
group "g"
  +1 if staff > 5
  +1 for each "Open" where campaign is "x"
  +1 if in list "Partners"
test "t" as of 2026-01-31
  {}
  expect score = 0
"""


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("given staff = 3", []),
        ("given [Number of Employees] = 3", []),
        ("given stafff = 3", ["L703"]),
        ("given colour = 3", []),
        ('event "EMAIL_OPEN" 3 days ago', []),
        ('event "Opens" 3 days ago', ["L703"]),
        ('event "Bounce" 3 days ago', ["L704"]),
        ('event "Open" now with campain = "x"', ["L703"]),
        ('event "Open" now with colour = "x"', []),
        ('in list "Partner"', ["L703"]),
        ('in list "Fair"', ["L704"]),
        ('in list "partners "', []),
    ],
)
def test_what_tests_state(line: str, codes: list[str]) -> None:
    text = GIVEN.format(line)
    items = found(text, "L703", "L704")
    assert [item.code for item in items] == codes
    if codes == ["L703"]:
        assert not found(applied(text, items[0].fixes[0]), "L703", "L704")


def test_where_any_event_counts_every_type_is_read() -> None:
    text = GIVEN.replace("  +1 if in", "  +1 if any event in the last 3 days\n  +1 if in")
    assert not found(text.format('event "Bounce" 3 days ago'), "L703", "L704")


# Dates


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('+1 if seen is "today"', True),
        ('+1 if seen = "Now"', True),
        ('+1 if seen >= "yesterday"', True),
        ('+1 if seen is any of "tomorrow", "x"', True),
        ('+1 if plan is "today"', False),
        ('+1 for each "E" where due is "today" and due is within the last 3 days', True),
    ],
)
def test_words_for_dates(line: str, expected: bool) -> None:
    line = line.replace("where due", "where (due") + (")" if "where" in line else "")
    text = f'score "S"\nproperties\n  seen: date\ngroup "g"\n  {line}\n'
    items = found(text, "L711")
    assert bool(items) == expected
    for item in items:
        for fix in item.fixes:
            assert "is within the last 1 day" in applied(text, fix)
            assert not found(applied(text, fix), "L711")


@pytest.mark.parametrize(
    ("kind", "test", "expected"),
    [
        ('date "D.M.YYYY"', "due is within the next 1 day", True),
        ('date "D.M.YYYY"', "due is within the next 12 hours", True),
        ('date "D.M.YYYY"', "due is within the next 30 days", False),
        ('date "D.M.YYYY hh:mm"', "due is within the next 1 day", False),
        ("date", "due is within the next 1 day", False),
        ('date "D.M.YYYY"', "due is within the last 1 day", False),
        (
            'date "D.M.YYYY"',
            "due is within the next 1 day or due is within the last 1 day",
            False,
        ),
    ],
)
def test_today_is_past(kind: str, test: str, expected: bool) -> None:
    text = f'score "S"\nproperties\n  due: {kind}\ngroup "g"\n  +1 if {test} and a is "b"\n'
    items = found(text, "L712")
    assert bool(items) == expected
    for item in items:
        mended = applied(text, item.fixes[0])
        assert not found(mended, "L712")
        at_nine = {"as_of": "2026-01-31T09:00"}
        lead = {"due": "31.1.2026", "a": "b"}
        assert leadscore.loads(text).score(lead, **at_nine).score == 0  # type: ignore[arg-type]
        assert leadscore.loads(mended).score(lead, **at_nine).score == 1  # type: ignore[arg-type]
