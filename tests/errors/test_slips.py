"""What people write by accident: the first fix of each mends it, and all of them end in a model."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.errors.test_errors import PROGRAMS, Program
from tests.syntax.texts import applied

from leadscore.analysis import Analysis, analyse
from leadscore.diagnostics import Diagnostic
from leadscore.syntax.document import parse

SLIPS = next(program for program in PROGRAMS if program.file == "slips")
_LINES = SLIPS.text.splitlines()
_FIRST = next(at for at, line in enumerate(_LINES) if line.startswith("group"))
_LAST = next(at for at, line in enumerate(_LINES) if line.strip() == "+1 if bol")
RULES = tuple(
    line.strip() for line in _LINES[_FIRST + 1 : _LAST] if line.lstrip().startswith(("+", "-"))
)
"""Rules with a slip each."""
NO_FIX = ("decay by 50%", "decay 50%", "up to 20")
"""Slips whose remedy is not certain: what they lack is not said, or what they ask is not there."""


def errors(text: str) -> list[Diagnostic]:
    analysis: Analysis = analyse(parse(text))
    return [found for found in analysis.diagnostics if found.severity == "error"]


def model(*rules: str) -> str:
    lines = ['score "S"', "properties", "  bol: boolean", 'group "G"', *(f"  {r}" for r in rules)]
    return "\n".join([*lines, "labels", '  "Hot" from 70']) + "\n"


def has_remedy(rule: str) -> bool:
    about_outputs = any(word in rule.split(" if ")[-1] for word in ("score", "fit", "engagement"))
    two_windows = rule.count("in the last") == 2
    return not (rule.endswith(NO_FIX) or about_outputs or two_windows)


@pytest.mark.parametrize("rule", RULES)
def test_every_fix_of_a_slip_leaves_fewer_errors(rule: str) -> None:
    text = model(rule)
    before = errors(text)
    assert len(before) == 1
    assert bool(before[0].fixes) == has_remedy(rule)
    for fix in before[0].fixes:
        assert errors(applied(text, fix)) == [], fix.title


@given(rules=st.lists(st.sampled_from(RULES), min_size=1, max_size=6))
@settings(max_examples=150)
def test_slips_are_mended_one_after_the_other(rules: list[str]) -> None:
    text = model(*rules)
    found = errors(text)
    assert len(found) == len(rules)
    while with_fix := [each for each in found if each.fixes]:
        text = applied(text, with_fix[0].fixes[0])
        left = errors(text)
        assert len(left) == len(found) - 1, text
        found = left
    assert len(found) == sum(not has_remedy(rule) for rule in rules)


@pytest.mark.parametrize("slip", [rule for rule in RULES if has_remedy(rule)])
@pytest.mark.parametrize("more", [" frobnicate", " and 5", ' "x" "y"'])
def test_advice_is_no_worse_where_a_line_has_another_mistake(slip: str, more: str) -> None:
    """Such a line keeps one error, and making the first fixes comes to an end."""
    text = model(slip + more)
    seen = {text}
    for _ in range(8):
        found = errors(text)
        assert len(found) <= 1
        if not found or not found[0].fixes:
            break
        text = applied(text, found[0].fixes[0])
        assert text not in seen
        seen.add(text)
    else:
        pytest.fail(f"the advice goes on and on: {text}")


@pytest.mark.parametrize("program", [p for p in PROGRAMS if p.file == "slips"])
def test_whole_files_of_slips_get_better_with_every_fix(program: Program) -> None:
    text = program.text
    found = errors(text)
    while with_fix := [each for each in found if each.fixes]:
        text = applied(text, with_fix[0].fixes[0])
        left = errors(text)
        assert len(left) <= len(found)
        # A label that parses again may show that no score reaches it; it has no fix.
        assert sum(bool(each.fixes) for each in left) <= len(with_fix)
        assert [each for each in left if each.fixes] != with_fix
        found = left


def test_a_rephrased_time_keeps_its_side() -> None:
    for written, right in {
        "< 30 days ago": "is more than 30 days ago",
        "<= 30 days ago": "is more than 30 days ago",
        "> 30 days ago": "is within the last 30 days",
        "is less than 30 days old": "is within the last 30 days",
        "is more than 30 days old": "is more than 30 days ago",
    }.items():
        text = model(f"+1 if created_at {written}")
        [found] = errors(text)
        assert f"+1 if created_at {right}\n" in applied(text, found.fixes[0]), written


def test_words_in_texts_are_no_phrases() -> None:
    text = model('+1 if a is "b is more than" 5')
    [found] = errors(text)
    assert not found.fixes
