"""L2: what is said twice."""

from __future__ import annotations

import pytest
from tests.lint.support import findings, places
from tests.syntax.texts import applied

from leadscore.lint import Example

GROUP = 'score "Contacts"\ngroup "Company" as fit\n'


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+1 if a = 1", "+1 if a = 1", True),
        ("+1 if a = 1", "+1  if  A = 1.0 # again", True),
        ("+1 if a = 1", "+2 if a = 1", False),
        ("+1 if a = 1", "+1 if a = 2", False),
        ("+1 if a = 1 and b = 2", "+1 if b = 2 and (a = 1)", True),
        ("+1 if a = 1 and b = 2", "+1 if a = 1 or b = 2", False),
        ('+1 if a is any of "x", "y"', '+1 if a is any of "Y", "X"', True),
        ('+1 if a is any of "x", "y"', '+1 if a contains any of "x", "y"', False),
        ('+1 if a contains "x"', '+1 if a contains the word "x"', False),
        ("+1 if not a = 1", "+1 if a != 1", True),
        ('+1 for each "V"', '+1 for each "v"', True),
        ('+1 for each "V"', '+1 for each "V" latest 2', False),
        ('+1 for each "V" if a = 1', '+1 for each "V" if a = 2', False),
        ('+1 for each "V" limit 5', '+1 for each "V" limit 6', False),
        ('+1 for each "V" named "x"', '+1 for each "V" named "y"', True),
        ("by a\n    1: +1", "by a\n    1: +1", True),
        ("by a\n    1: +1", "by a\n    1: +2", False),
    ],
)
def test_rules_that_stand_twice(one: str, other: str, same: bool) -> None:
    found = places(f"{GROUP}  {one}\n  {other}\n", "L201")
    assert len(found) == same
    # In a group of another kind the same rule counts into something else.
    elsewhere = f'{GROUP}  {one}\ngroup "G" as engagement\n  {other}\n'
    assert places(elsewhere, "L201") == []
    kind = elsewhere.replace("engagement", "fit")
    assert len(places(kind, "L201")) == same
    guarded = kind.replace('"G" as fit', '"G" as fit if z = 1')
    assert places(guarded, "L201") == []


def test_a_rule_in_a_group_that_decays_is_another() -> None:
    rule = '  +1 for each "V"\n'
    text = f'score "C"\ngroup "A"\n{rule}group "B" decay 50% every 1 day\n{rule}'
    assert places(text, "L201") == []
    assert len(places(text.replace("+1 for each", "+1 if event"), "L201")) == 1


def test_taking_a_table_away_takes_its_lines_along() -> None:
    table = "  by a # of all\n    1: +1\n    # and\n    2: +2\n"
    text = f"{GROUP}{table}{table}  +1 if b = 1\n"
    (found,) = findings(Example(text, True))
    assert found.code == "L201"
    assert applied(text, found.fixes[0]) == f"{GROUP}{table}  +1 if b = 1\n"


@pytest.mark.parametrize(
    ("one", "other", "narrow"),
    [
        ('+1 if a is any of "x", "y"', '+1 if a is "x"', 2),
        ('+1 if a is "x"', '+1 if a is any of "x", "y"', 1),
        ('+1 if a contains "man"', '+1 if a contains "manager"', 2),
        ('+1 if a starts with "x"', '+1 if a is "xy"', 2),
        ('+1 if a is any of "x", "y"', '+1 if a is any of "y", "z"', None),
        ('+1 if a is any of "x", "y"', '+2 if a is "x"', None),
        ('+1 if a is any of "x", "y"', '+1 if b is "x"', None),
        ("+1 if a >= 10", "+1 if a >= 20", None),  # steps: meant to add up
        ('+1 if a is any of "x", "y"', '+1 if a is "x" and b = 1', None),
    ],
)
def test_values_that_count_twice(one: str, other: str, narrow: int | None) -> None:
    found = places(f"{GROUP}  {one}\n  {other}\n", "L202")
    assert found == ([] if narrow is None else [(one, other)[narrow - 1]])


def test_a_rule_that_never_holds_does_not_count_twice() -> None:
    text = f'{GROUP}  +1 if a contains "3"\n  +1 if a is "yes"\n'
    assert len(places(text, "L202")) == 0
    head = 'score "S"\nproperties\n  a: number\ngroup "G"\n'
    never = f'{head}  +1 if a contains "3"\n  +1 if a is "yes"\n'
    assert [item.code for item in findings(Example(never, True))] == ["L106"]


def test_unused_definitions() -> None:
    text = (
        'score "C"\n'
        "define a as x = 1\n"
        "define b as a and y = 1\n"
        "define c as z = 1\n"
        "define d as c\n"
        "exclude when d\n"
        'group "G"\n'
    )
    found = findings(Example(text, True))
    assert [text[item.span.start : item.span.end] for item in found] == ["a", "b"]
    assert [len(item.fixes) for item in found] == [0, 1]  # `b` uses `a`, and goes first
    text = applied(text, found[1].fixes[0])
    (left,) = findings(Example(text, True))
    assert applied(text, left.fixes[0]) == (
        'score "C"\ndefine c as z = 1\ndefine d as c\nexclude when d\ngroup "G"\n'
    )
