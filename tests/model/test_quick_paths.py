"""What is read in place, without the reader that knows all of the language, reads the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import leadscore
from leadscore.targets.python.instants import in_utc
from leadscore.values.dates import date_of

MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(
    lambda moment: moment.isoformat(timespec="seconds")
)


@st.composite
def nearly_iso(draw: st.DrawFn) -> str:
    """A time as data has it: cut short, with something behind it, or with a character changed."""
    text = draw(MOMENTS)[: draw(st.sampled_from((10, 13, 16, 19, 19, 19)))]
    text += draw(st.sampled_from(("", "Z", "z", "+00:00", "+02:00", ".5", " ", "Z ", ":00")))
    if draw(st.booleans()):
        place = draw(st.integers(0, len(text) - 1))
        text = text[:place] + draw(st.sampled_from(" T-:0129Z٣")) + text[place + 1 :]
    return text


@given(nearly_iso())
def test_an_instant_that_is_added_up_is_the_one_that_is_read(text: str) -> None:
    assert in_utc(text) == date_of(text, UTC)


NUMBERS = leadscore.loads(
    'score "n"\nunknown values "7"\nproperties\n  a: number\n'
    'group "g"\n  +1 if a >= 1\n  +2 if b >= 1\n  +4 if b is unknown\n'
)
PLAIN = leadscore.loads(
    'score "n"\nproperties\n  a: number\n  c: boolean\n'
    'group "g"\n  +1 if a >= 1\n  +2 if a is unknown\n  +4 if c is yes\n'
)


@pytest.mark.parametrize("value", [7, 7.0, "7", Decimal(7)])
def test_a_number_among_the_unknown_values_is_unknown_in_every_type(value: Any) -> None:
    assert NUMBERS.score({"a": value, "b": value}).score == 4


@pytest.mark.parametrize(
    ("value", "points", "unread"),
    [
        (10**9 - 1, 1, 0),
        (10**9, 1, 0),
        (10**300, 1, 0),
        (10**309, 2, 1),  # past any double
        (-(10**9), 0, 0),
        (float("inf"), 2, 0),
        (float("nan"), 2, 0),
        (True, 2, 1),
        ([1], 2, 1),
    ],
)
def test_numbers_of_every_size_and_kind(value: Any, points: int, unread: int) -> None:
    result = PLAIN.score({"a": value})
    assert result.score == points
    assert sum(entry.count for entry in result.report.unreadable.values()) == unread


def test_yes_and_no_of_python_and_as_numbers() -> None:
    got = [PLAIN.score({"a": 0, "c": value}).score for value in (True, False, 1, 0, 2, "on")]
    assert got == [4, 0, 4, 0, 0, 4]


EVENTS = leadscore.loads(
    'score "e"\ngroup "g"\n  +1 for each "A" where k is "x" in the last 10 days\n'
    '  +10 for each "B" in the last 30 days\n  +100 if event "B" since "C"\n'
)


def test_events_of_as_many_keys_need_not_have_the_same() -> None:
    now = "2026-01-31T00:00:00"
    events = [
        {"event": "A", "time": now, "k": "x"},
        {"k": "x", "time": now, "event": "A"},
        {"event": "A", "time": now, "K ": "x"},
        {"type": "A", "timestamp": now, "k": "x"},
        {"event": "A", "time": now, "other": "x"},
        {"event": "A", "time": now, "k": "x", "K": "y"},
        {"event": "A", "time": now, "k": "x"},
    ]
    assert EVENTS.score({}, events, as_of="2026-01-31").score == 6


@given(st.lists(st.tuples(st.sampled_from("BC"), st.integers(-3, 40)), max_size=8))
def test_old_events_count_where_a_rule_looks_back_without_an_end(
    given_events: list[tuple[str, int]],
) -> None:
    as_of = datetime(2026, 1, 31)
    events = [
        {"event": kind, "time": (as_of - timedelta(days=age)).isoformat()}
        for kind, age in given_events
    ]
    seen = [(kind, age) for kind, age in given_events if age >= 0]
    resets = [age for kind, age in seen if kind == "C"]
    latest = min(resets, default=1000)
    wanted = 10 * sum(kind == "B" and age <= 30 for kind, age in seen)
    wanted += 100 * any(kind == "B" and age < latest for kind, age in seen)
    assert EVENTS.score({}, events, as_of=as_of).score == wanted
