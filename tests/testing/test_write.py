"""Tests written from leads: whatever the data holds, they parse, pass, and say what is so."""

from __future__ import annotations

import string
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.independent.generate import Call
from tests.independent.support import Sample, many, samples
from tests.testing.support import MODEL, scored

import leadscore
from leadscore.receipt import ValueSeen
from leadscore.testing import Unwritable, Written, written_test
from leadscore.testing.literals import Clock, cleaned, literal
from leadscore.values.text import fold, normal, text_of


def again(model: leadscore.Model, written: Written) -> leadscore.Result:
    """The result of the test, which passes, at the end of the model's file."""
    whole = leadscore.loads(f"{model.source.text}\n{written.text}")
    result = whole.test().results[-1]
    assert result.failures == ()
    return result.result


def amounts(result: leadscore.Result) -> Any:
    """What each rule gave and lost, and each limit."""
    record = result.receipt.to_dict()
    groups = [
        [[rule[key] for key in ("earned", "decayed", "limited")] for rule in group["rules"]]
        for group in record["groups"]
    ]
    return groups, record["limited"], record["excluded"]


@given(samples())
@many
def test_a_test_of_any_lead_gives_the_same(sample: Sample) -> None:
    for call in sample.calls:
        wanted = scored(sample.model, call, "UTC")
        if wanted is not None:
            written = write(sample, call, "UTC")
            got = again(sample.model, written)
            assert got.to_dict() == wanted.to_dict(), written.text
            assert amounts(got) == amounts(wanted), written.text


@given(samples())
@many
def test_in_another_zone_a_test_is_the_same_or_there_is_none(sample: Sample) -> None:
    for call in sample.calls:
        wanted = scored(sample.model, call, call.zone)
        if wanted is None:
            continue
        written = tried(partial(write, sample, call, call.zone))
        if isinstance(written, str):
            assert call.zone != "UTC"
            assert f"depends on {call.zone}" in written
            continue
        got = again(sample.model, written)
        assert got.to_dict() == wanted.to_dict(), written.text
        assert amounts(got) == amounts(wanted), written.text


def tried(make: Callable[[], Written]) -> Written | str:
    """What is written, or why it cannot be."""
    try:
        return make()
    except Unwritable as error:
        return str(error)


def write(sample: Sample, call: Call, zone: str) -> Written:
    return written_test(
        sample.model, call.lead, call.events, call.lists, call.as_of, time_zone=zone
    )


# Values that no generator of plain data has

OFFSETS = st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
VALUES = st.one_of(
    st.text(),
    st.text(alphabet=string.printable + '"“”ßİ\u2028\x85\ud800\x00'),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.booleans(),
    st.none(),
    st.dates(date(2, 1, 1), date(9998, 12, 31)),
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31)),
    st.datetimes(
        min_value=datetime(2, 1, 1),
        max_value=datetime(9998, 12, 31),
        timezones=OFFSETS | st.just(UTC),
    ),
    st.sampled_from(["1e5", "007", "+5", "1.50", "-0", "2026-01-31T09:30", "2026-01-31", "TRUE"]),
)
ODD = '''\
score "Odd"
properties
  n: number
  d: date "D.M.YYYY"
  b: boolean
  [odd ]] name]: text
group "G"
  +1 if n > 0
  +2 if n is known
  +4 if d > 2026-01-31
  +8 if b is yes
  +16 if [odd ]] name] is known
  +32 if x contains "5"
  +64 if x > 5
  +128 if x > 2026-01-31
  +256 if x is yes
  +512 if x < [score]
  +1024 for each "E ""1""" where (a is known and a > 5)
  +2048 if x ends with "0"
  by count of different a in any event
    1: +1
    2: +2
'''
NAMES = st.sampled_from(["n", "d", "b", "odd ] name", "x", "score"])


@given(
    st.dictionaries(NAMES, VALUES),
    st.lists(st.tuples(st.sampled_from(['E "1"', "e\n2", "", "Ü"]), VALUES), max_size=4),
)
def test_any_value_at_all_is_written_right(
    lead: dict[str, Any], attributes: list[tuple[str, Any]]
) -> None:
    model = leadscore.loads(ODD)
    events = [{"event": kind, "time": "2026-01-01", "a": value} for kind, value in attributes]
    wanted = model.score(lead, events, as_of="2026-01-31")
    written = tried(lambda: written_test(model, lead, events, as_of="2026-01-31"))
    if isinstance(written, str):
        # Two texts that differ in what cannot be written are one text when they are.
        assert "line breaks and control characters" in written
        values = [str(value) for value in (*lead.values(), *(value for _, value in attributes))]
        assert any(cleaned(text) != text for text in (*values, *(kind for kind, _ in attributes)))
        return
    assert amounts(again(model, written)) == amounts(wanted), written.text
    written.text.encode("utf-8")
    assert "\r" not in written.text


@given(VALUES)
def test_a_literal_has_the_text_of_its_value(value: Any) -> None:
    plain = normal(value)
    text = text_of(plain)
    if text is None or cleaned(text) != text:
        return
    written = literal(plain, None, Clock(UTC, UTC))
    model = leadscore.loads(
        f'score "S"\ngroup "G"\n  +1 if x is known\ntest "t" as of 2026-01-31\n'
        f"  given x = {written}\n  expect score = 1\n"
    )
    (seen,) = model.test().results[0].result.receipt.groups[0].rules[0].looked
    assert isinstance(seen, ValueSeen)
    assert fold(seen.value or "") == fold(text)


# What a test looks like


def ruled(rules: str) -> leadscore.Model:
    """A model of one group with these rules."""
    return leadscore.loads(f'score "S"\ngroup "G"\n{rules}')


LEAD = {
    "id": "0042",
    "email": "eva@x.com",
    "industry": 'So "called"',
    "employees": "120",
    "country": "DE",
    "stage": None,
    "opted_in": True,
}
EVENTS = [
    {"event": "Visit", "time": "2026-01-30T10:15", "url": "/secret"},
    {"event": "Visit", "time": "2026-01-28"},
    {"event": "Meeting", "time": "2026-01-31"},
    {"event": "Visit", "time": "2026-01-28"},
    {"event": "Unheard of", "time": "2026-01-28"},
    {"event": "Visit", "time": "2026-02-01"},
    {"event": "Visit", "time": "soon"},
]


def test_only_what_the_model_reads_is_in_it():
    model = leadscore.loads(MODEL)
    written = written_test(model, LEAD, EVENTS, ["Newsletter"], "2026-01-31")
    assert written.text == (
        'test "Call now, 45 points" as of 2026-01-31\n'
        '  given industry = "So ""called""", employees = 120, country = "DE", opted_in = yes\n'
        '  event "Visit" 2 times on 2026-01-28\n'
        '  event "Visit" on 2026-01-30T10:15\n'
        '  event "Meeting" now\n'
        "  expect score = 45, fit = 10, engagement = 35\n"
        '  expect label "Call now", matrix "B1", no fast track, not excluded\n'
    )
    assert written.values == ("industry", "employees", "country", "opted_in")
    assert written.attributes == ()
    assert written.notes == (
        "left out: 1 event after the as-of time",
        "left out: 1 event without a time",
    )


def test_an_excluded_lead_and_its_lists_as_the_model_spells_them():
    written = written_test(
        leadscore.loads(MODEL), {}, [], ["newsletter", " competitors "], "2026-01-31T09:30:05"
    )
    assert written.text == (
        'test "an excluded lead" as of 2026-01-31T09:30:05\n'
        '  in list "Competitors"\n'
        "  expect excluded\n"
    )


def test_of_an_event_only_the_attributes_that_its_rules_look_at():
    model = ruled(
        '  +1 for each "A" where x is 1\n  +1 for each any event except "A" where y is 1\n'
    )
    events = [
        {"event": kind, "time": "2026-01-01", "x": 1, "y": 2, "z": 3} for kind in ("A", "B", None)
    ]
    written = written_test(model, {}, events, as_of="2026-03-01")
    assert written.text.splitlines()[1:4] == [
        '  event "A" on 2026-01-01 with x = 1',
        '  event "B" on 2026-01-01 with y = 2',
        '  event "(no type)" on 2026-01-01 with y = 2',
    ]
    assert written.attributes == ("x", "y")


def test_a_name_that_is_taken_gets_a_number():
    model = leadscore.loads(MODEL)
    for number in ("", " (2)", " (3)"):
        written = written_test(model, {}, as_of="2026-01-31", name='the "usual" \n one')
        assert written.text.startswith(f'test "the ""usual""   one{number}" as of 2026-01-31\n')
        model = leadscore.loads(model.source.text + written.text)
    assert model.test().passed
    with pytest.raises(leadscore.DataError, match="name of a test is empty"):
        written_test(model, {}, name=" ")


def test_values_that_say_nothing_are_left_out_and_said():
    model = leadscore.loads(
        'score "S"\nunknown values "Select"\nproperties\n  n: number\n  d: date "D.M.YYYY"\n'
        'group "G"\n  +1 if n > 0\n  +1 if d is known\n  +2 if x is unknown\n'
    )
    written = written_test(
        model, {"n": "many", "d": "1.2.2026", "x": " select "}, as_of="2026-03-01"
    )
    assert written.text.splitlines()[1:-1] == ['  given d = "1.2.2026"']
    assert written.notes == (
        "left out, since the value cannot be read as its type, and so is unknown: n",
    )


def test_what_no_text_holds_is_replaced_and_said():
    model = ruled('  +1 if x contains "b"\n')
    written = written_test(model, {"x": "a\r\nb\x1b[31m\ud800"}, as_of="2026-03-01")
    assert '  given x = "a  b\ufffd[31m\ufffd"' in written.text
    assert written.notes == (
        "line breaks and control characters are replaced, since no text of the language holds "
        "them, in: x",
    )


def test_where_replacing_changes_the_score_there_is_no_test():
    model = ruled('  +1 if x is not "a b"\n')
    with pytest.raises(Unwritable) as error:
        written_test(model, {"x": "a\nb"}, as_of="2026-03-01")
    assert str(error.value) == (
        "no test says what this lead is: a test of it has score = 0, where it is to have "
        "score = 1. No text of the language holds line breaks and control characters, which are "
        "in: x."
    )


def test_a_zone_is_written_as_its_clocks_show_it_or_as_utc():
    model = ruled('  +1 for each "V" between 2026-01-30 and 2026-01-30\n')
    event = [{"event": "V", "time": "2026-01-29T23:30:00Z"}]
    local = written_test(model, {}, event, as_of="2026-02-01", time_zone="Europe/Berlin")
    assert 'as of 2026-02-01\n  event "V" on 2026-01-30T00:30\n' in local.text
    # Berlin's clocks skip an hour on 2026-03-29: ages over it are right in UTC alone.
    ages = ruled('  +1 for each "V" in the last 1 hour\n')
    event = [{"event": "V", "time": "2026-03-29T01:30"}]
    skipped = written_test(ages, {}, event, as_of="2026-03-29T03:15", time_zone="Europe/Berlin")
    assert 'as of 2026-03-29T01:15\n  event "V" on 2026-03-29T00:30\n' in skipped.text


@pytest.mark.parametrize(
    ("value", "spelt"),
    [
        (120, "120"),
        (-2.5, "-2.5"),
        (1e-7, "0.0000001"),
        (1e300, '"1e+300"'),
        (Decimal("12.50"), "12.5"),
        (2**60, str(2**60)),
        (10**50, f'"{10**50}"'),
        ("120", "120"),
        ("007", '"007"'),
        ("1.50", '"1.50"'),
        ("+5", '"+5"'),
        (" SaaS\u00a0", '"SaaS"'),
        ("2026-01-31", "2026-01-31"),
        ("2026-02-30", '"2026-02-30"'),
        ("2026-01-31T09:30", '"2026-01-31T09:30"'),
        ("2026-01-31T09:30:00", "2026-01-31T09:30:00"),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31), "2026-01-31T00:00:00"),
        (datetime(2026, 1, 31, 9, tzinfo=timezone(timedelta(hours=2))), "2026-01-31T07:00:00"),
        (True, "yes"),
        ("yes", '"yes"'),
    ],
)
def test_how_values_are_spelt(value, spelt):
    assert literal(normal(value), None, Clock(UTC, UTC)) == spelt


def test_names_that_need_brackets_have_them():
    model = ruled("  +1 if [score] is 1 or [a ]] b] is 1 or Größe is 1\n")
    written = written_test(model, {"score": 1, "a ] b": 2, "größe": 3}, as_of="2026-03-01")
    assert "  given [score] = 1, [a ]] b] = 2, Größe = 3\n" in written.text


def test_many_events_that_are_alike_take_lines_of_what_one_can_give():
    model = ruled('  +0.001 for each "V"\n')
    event = {"event": "V", "time": "2026-01-01"}
    written = written_test(model, {}, [event] * 100_001, as_of="2026-03-01")
    assert written.text.splitlines()[1:3] == [
        '  event "V" 100000 times on 2026-01-01',
        '  event "V" on 2026-01-01',
    ]


def test_a_score_that_no_test_can_expect_is_bounded():
    model = ruled("  -100000 for each 1 of x\n")
    written = written_test(model, {"x": 9_100_000}, as_of="2026-03-01")
    assert "  expect score < -900000000000\n" in written.text


def test_a_lead_that_cannot_be_scored_raises():
    model = ruled("  +100000 for each 1 of x\n")
    with pytest.raises(leadscore.EvaluationError, match="64 bits"):
        written_test(model, {"x": 1e15}, as_of="2026-03-01")
